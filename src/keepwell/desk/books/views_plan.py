"""The proposed allocation: what it would change, and the decision about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from keepwell.desk.books import actions, planning, queries, rules
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import page, requires


@requires("books.read_team")
@needs_run
def plan(request: Pinned) -> HttpResponse:
    """Who would change manager, to whom and why; how far has it come?"""
    user: User = request.user  # type: ignore[assignment]  # `requires` lets nobody else in
    run = request.generation.run_id
    asked = {name: request.GET.get(name, "")[:16] for name in ("part", "manager")}
    context: dict[str, Any] = planning.state(user, run)
    context |= planning.moves(user, run, asked, request.GET.get("after", ""))
    context["proof"] = queries.certificates_of([user.branch_code]).get(user.branch_code)
    return page(request, "books/plan.html", context)


@require_POST
@requires(rules.APPROVE)
@needs_run
def decide(request: Pinned) -> HttpResponse:
    """Approve the proposal for one's branch, or return it with a reason."""
    user: User = request.user  # type: ignore[assignment]  # `requires` lets nobody else in
    decision = approvals.read_decision(request)
    actions.decide(decision=decision, by=user, at=timezone.now(), run=request.generation.run_id)
    if decision.is_approved:
        messages.success(
            request, gettext("Approved. Managers change from today; see how far it is under jobs.")
        )
    else:
        messages.success(
            request, gettext("Returned. Everybody keeps their manager; the next run proposes anew.")
        )
    return redirect("people:approvals")
