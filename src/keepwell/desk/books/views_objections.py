"""Objections to plans of allocation, and their answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from keepwell.desk.books import assignments, objecting, plan_rows, rules
from keepwell.desk.books.views_plan import move_or_404, who
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import page, requires


@requires(rules.OBJECT)
@needs_run
def objections(request: Pinned) -> HttpResponse:
    """Who does not agree, until when is it answered, and what may I object to?"""
    asked = {name: request.GET.get(name, "") for name in ("state", "after", "moves")}
    return page(
        request, "books/objections.html", objecting.page_of(who(request), desk_day(request.generation), asked)
    )


@require_POST
@requires(rules.OBJECT)
@needs_run
def object_to(request: Pinned, pk: int) -> HttpResponse:
    """Object to a move, for oneself or for the client."""
    row = assignments.object_to(
        move=move_or_404(request, pk),
        whose=request.POST.get("whose", "")[:8],
        reason=request.POST.get("reason", ""),
        generation=request.generation,
        by=who(request),
        at=timezone.now(),
    )
    told = gettext("Recorded. It is answered by %(day)s, by somebody else.") % {"day": row.due_on.isoformat()}
    messages.success(request, told)
    return redirect("books:objections")


@require_POST
@requires(rules.ANSWER)
@needs_run
def answer(request: Pinned, pk: int) -> HttpResponse:
    """Accept an objection, or not, with the reason."""
    user = who(request)
    row = plan_rows.objections_of(user).filter(pk=pk).first()
    if row is None:
        raise Http404(pk)
    assignments.answer_objection(
        objection=row,
        is_accepted=request.POST.get("decision", "") == "accept",
        answer=request.POST.get("answer", ""),
        by=user,
        at=timezone.now(),
    )
    messages.success(request, gettext("Answered; whoever objected has been told."))
    return redirect("books:objections")
