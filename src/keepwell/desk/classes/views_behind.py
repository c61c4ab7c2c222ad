"""How was this figure made, down to the rows: asked of the engine's host, shown once it has answered."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from keepwell.desk.asks import asking, queries
from keepwell.desk.classes import behind
from keepwell.desk.clients import rules
from keepwell.desk.clients.opening import in_scope, who
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import demand, page, requires

READ = "clients.read_explanation"
STOP_POLLING = 286  # htmx's own status


@requires(READ)
@needs_run
def rows_behind(request: Pinned, client_id: str, feature: str) -> HttpResponse:
    """Which events make this figure of the client?"""
    user, line = who(request), in_scope(request, client_id)
    if not behind.is_feature(feature):
        raise Http404(feature)
    demand(rules.may_see_service(user), subject_kind="client", subject_id=client_id)
    ask = behind.asked(user, request.generation.run_id, client_id, feature, timezone.now())
    return page(request, "classes/behind.html", {"line": line, **behind.answer(ask)})


@requires(READ)
@needs_run
def rows_answer(request: Pinned, key: str) -> HttpResponse:
    """The rows alone, asked for anew until they are there; the client has to be in scope still."""
    row = queries.one(who(request), key)
    if row is None or "feature" not in row.body:
        raise Http404(key)
    line = in_scope(request, row.body[behind.OWNER])
    ask = asking.look(row, timezone.now())
    status = STOP_POLLING if ask.is_over else 200
    return render(request, "classes/behind_answer.html", {"line": line, **behind.answer(ask)}, status=status)
