"""公平: one branch at a time."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from keepwell.desk.books import fairness_pages, leanings
from keepwell.desk.books.views_plan import who
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import page, requires


@requires(fairness_pages.READ)
@needs_run
def fairness(request: Pinned) -> HttpResponse:
    """Is it shared out fairly, against how it is, and what does each limit cost?"""
    user, asked = who(request), request.GET.get("branch", "")[:16]
    context = fairness_pages.shown(user, asked, desk_day(request.generation)) | leanings.shown(user)
    if user.may(fairness_pages.EXPORT) and context["chosen"]:
        query = urlencode({"branch": context["chosen"]})
        address = reverse("people:export", args=[fairness_pages.EXPORT])
        context["export"] = f"{address}?{urlencode({'query': query})}"
    return page(request, "books/fairness.html", context)
