"""The twelve classes of one's scope, one class of them, and how it all was made."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from keepwell.contract import changes
from keepwell.desk.classes import explanation, exporting, flows, grid, naming, owed, queries
from keepwell.desk.columns import undelivered
from keepwell.desk.gates.signed import packs
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import page, requires
from keepwell.policy.clients import Grading


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _signed(request: Pinned) -> Grading:
    """The grading pack as it was when the run decided."""
    return packs(request.generation, request.generation.as_of_on).grading


def _why() -> str:
    """Why assets may be unknown."""
    return undelivered(changes.BranchStatistic.columns["assets_amount"])


@requires("classes.read")
@needs_run
def spread(request: Pinned) -> HttpResponse:
    """How do clients spread over the classes, and who moves?"""
    user, signed = _user(request), _signed(request)
    held, compared_on = queries.held(user), queries.compared_on()
    moved = queries.moved(user) if compared_on else []
    between, counts = flows.between(moved), grid.by_class(held)
    told = grid.facts(held, moved, owed.levels(signed), is_compared=bool(compared_on))
    context = {
        "has_clients": bool(held),
        "figures": grid.figures(held, _why()),
        "grid": grid.of(told),
        "states": grid.states(held),
        "classes": [one for one in told.values() if one.is_any],
        "compared_on": compared_on,
        "chart": flows.drawn(between),
        "flows": flows.told(between[: flows.MOST]),
        "rest": flows.rest(between),
        "state_moves": flows.states(held, moved) if compared_on else None,
        "duties": owed.duties(signed, counts),
        "policy": f"{signed.header.id} {signed.header.version}",
        "why": _why(),
        "export": exporting.address() if user.may(exporting.NAME) else "",
    }
    return page(request, "classes/spread.html", context)


@requires("classes.read")
@needs_run
def cell(request: Pinned) -> HttpResponse:
    """Who is in a class, what they are owed, and what changed."""
    chosen = request.GET.get("grade", ""), request.GET.get("service_type", "")
    if chosen not in naming.CELLS:
        raise Http404(chosen)
    user, signed = _user(request), _signed(request)
    everybody, compared_on = queries.held(user), queries.compared_on()
    held = [row for row in everybody if (row.grade, row.service_type) == chosen]
    between = flows.between(queries.moved(user)) if compared_on else []
    context = {
        "name": naming.name_of(chosen, is_before=False),
        "link": naming.list_of(chosen),
        "n": grid.n_of(held),
        "n_everybody": grid.n_of(everybody),
        "assets": grid.assets_of(held),
        "why": _why(),
        "states": grid.states(held, chosen),
        "members": queries.members(user, *chosen),
        "may_override": user.may("clients.propose_override"),
        "owed": owed.of_cell(signed, chosen),
        "policy": f"{signed.header.id} {signed.header.version}",
        "compared_on": compared_on,
        "came": flows.told([flow for flow in between if flow.now == chosen]),
        "went": flows.told([flow for flow in between if flow.then == chosen]),
    }
    return page(request, "classes/cell.html", context)


@requires("classes.read")
@needs_run
def explain(request: Pinned) -> HttpResponse:
    """How were the figures made?"""
    return page(request, "classes/explain.html", {"rules": explanation.RULES}, part="body")
