"""Who can see this client, and why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.clients import access, actions, assignments
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.opening import in_scope, who
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import demand, page, requires


@requires("clients.read_access")
@needs_run
def seen_by(request: Pinned, client_id: str) -> HttpResponse:
    """Who can see this client, on what grounds, since when; and who read it lately."""
    line = in_scope(request, client_id)
    run = request.generation.run_id
    actions.read_access(client_id=client_id, run=run, by=who(request), at=timezone.now())
    may_move = bool(who(request).may("clients.choose_home"))
    return page(request, "clients/access.html", {**access.of_client(line), "may_move": may_move})


@require_POST
@requires("clients.choose_home")
@needs_run
def choose_home(request: Pinned, client_id: str) -> HttpResponse:
    """The client wishes another of their branches for a home: from now on its staff see the whole."""
    line = in_scope(request, client_id)
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        demand(refuse(Refusal.PURPOSE), subject_kind="client", subject_id=line.client_id)
    assignments.choose_home(
        client_id=line.client_id,
        branch_code=request.POST.get("branch", "")[:16],
        reason=reason,
        by=who(request),
        at=timezone.now(),
        run=request.generation.run_id,
    )
    messages.success(request, gettext("The home branch is as the client wishes."))
    return redirect("clients:list")


def link(request: Any, line: ClientLine) -> str:
    """The way here from the card."""
    return render_to_string("clients/access_link.html", {"line": line}, request)
