"""待分配: the list, and opening one of it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from keepwell.desk.books import pooling
from keepwell.desk.books.views_plan import who
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import page, requires


@requires(pooling.READ)
@needs_run
def pool(request: Pinned) -> HttpResponse:
    """Whom does nobody look after, and why?"""
    context = pooling.listed(who(request), request.generation, request.GET.get("after", ""))
    return page(request, "books/pool.html", context)


@require_POST
@requires(pooling.READ)
@needs_run
def open_pooled(request: Pinned) -> HttpResponse:
    """Open one client of the pool: it counts against the day's limit."""
    client_id = request.POST.get("client_id", "")[:34]
    if not pooling.waiting(who(request)).filter(client_id=client_id).exists():
        raise Http404
    pooling.open_client(
        client_id=client_id, generation=request.generation, by=who(request), at=timezone.now()
    )
    return redirect("clients:card", client_id)
