"""The client's card and its parts, the panels other rooms hang on it, and how each figure was made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.safestring import mark_safe

from keepwell.desk.clients import actions, cards, explanation, panels, rules
from keepwell.desk.clients.opening import as_guest, in_scope, opened, who
from keepwell.desk.clients.panels import Place
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import demand, page, requires

HUNG = {
    "overview": (Place.MAIN, Place.ASIDE, Place.MAIN_LATER, Place.ASIDE_LATER),
    "accounts": (Place.IDENTITY, Place.RELATED),
    "service": (Place.SERVICE, Place.SERVICE_ASIDE),
}


def _part(request: Pinned, client_id: str, part: str, more: Callable[..., dict[str, Any]]) -> HttpResponse:
    line = opened(request, client_id, part)
    user = who(request)
    context = cards.band(line, user, part, request.generation.as_of_on) | more(line, request.generation)
    hung = panels.shown(request, line, user, Place.ACTS, *HUNG.get(part, ()))
    return page(request, f"clients/{part}.html", {**context, "hung": hung})


@requires("clients.read")
@needs_run
def card(request: Pinned, client_id: str) -> HttpResponse:
    """How is this client, and why is it said so?"""
    restricted = as_guest(request, client_id)
    if restricted is not None:
        return restricted
    first = rules.tabs(who(request))[0]
    return _part(request, client_id, first, cards.PARTS[first])


@requires("clients.read")
@needs_run
def holdings(request: Pinned, client_id: str) -> HttpResponse:
    """What the client holds and what moved."""
    return _part(request, client_id, "holdings", cards.holdings)


@requires("clients.read")
@needs_run
def accounts(request: Pinned, client_id: str) -> HttpResponse:
    """The client's accounts and records, and why they are one client."""
    return _part(request, client_id, "accounts", cards.accounts)


@requires("clients.read")
@needs_run
def service(request: Pinned, client_id: str) -> HttpResponse:
    """Occasions, contacts so far, and who should look after the client."""
    return _part(request, client_id, "service", cards.service)


@requires("clients.read")
@needs_run
def panel(request: Pinned, client_id: str, name: str) -> HttpResponse:
    """One panel of another room, fetched when it is scrolled into view; checked as the card is, and for itself."""
    hung, user = panels.named(name), who(request)
    line = in_scope(request, client_id)
    if hung is None:
        raise Http404(name)
    demand(user.may(hung.permission), subject_kind="client", subject_id=client_id)
    actions.read_card(
        client_id=client_id, part=name, run=request.generation.run_id, by=user, at=timezone.now()
    )
    html = mark_safe(hung.render(request, line))  # noqa: S308  rooms escape what they render
    context = cards.band(line, user, "", request.generation.as_of_on)
    return page(request, "clients/panel.html", {**context, "html": html}, part="inside")


@requires("clients.read_explanation")
@needs_run
def explain(request: Pinned, client_id: str, figure: str) -> HttpResponse:
    """How a figure was made: rule, policy version, inputs, run."""
    user = who(request)
    line = in_scope(request, client_id)
    if figure not in explanation.FIGURES:
        raise Http404(figure)
    demand(rules.may_see_service(user), subject_kind="client", subject_id=client_id)
    run = request.generation
    actions.read_explanation(client_id=client_id, figure=figure, run=run.run_id, by=user, at=timezone.now())
    made = explanation.explain(figure, line, run, cards.staff_of(line))
    return page(request, "clients/explain.html", {"line": line, "made": made, "name": figure}, part="body")
