"""The client list, the search, the card and its parts, and how each figure was made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from keepwell.contract.codes import CarriedChange
from keepwell.desk.clients import actions, cards, explanation, queries, rules
from keepwell.desk.clients import search as words
from keepwell.desk.clients.filters import Filters
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand, page, requires

TYPED_AT_MOST = 64


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


@requires("clients.read")
@needs_run
def client_list(request: Pinned) -> HttpResponse:
    """Who fits? The clients in one's scope, largest assets first."""
    user = _user(request)
    filters = Filters.read(request.GET)
    listed = queries.listed(user, filters, request.GET.get("after", ""))
    context = {
        "filters": filters,
        "listed": listed,
        "elsewhere": [] if listed.n_found or filters.chosen else cards.elsewhere(user),
        "service": rules.may_see_service(user),
        **cards.filter_choices(user, filters),
    }
    return page(request, "clients/list.html", context, part="found")


@requires("clients.search")
@needs_run
@require_POST
def search(request: Pinned) -> HttpResponse:
    """Find a client; what was typed comes by POST and goes into no address, log or database."""
    user = _user(request)
    typed = request.POST.get("q", "")[:TYPED_AT_MOST]
    listed = queries.found(user, words.words(typed))
    actions.search(n_found=listed.n_found, run=request.generation.run_id, by=user, at=timezone.now())
    context = {"typed": typed, "listed": listed, "service": rules.may_see_service(user)}
    return page(request, "clients/search.html", context, part="found")


@requires("clients.read_changes")
@needs_run
def changes(request: Pinned) -> HttpResponse:
    """What changed overnight about one's clients."""
    user = _user(request)
    changed = request.GET.get("what", "")
    changed = changed if changed in set(map(str, CarriedChange)) else ""
    rows = queries.changes(user, changed, request.GET.get("after", ""))
    return page(request, "clients/changes.html", cards.changes(user, rows, changed), part="found")


def _in_scope(request: Pinned, client_id: str) -> ClientLine:
    """The client, if in scope; a miss is traced and answered as an unknown address is."""
    user = _user(request)
    line = queries.one(user, client_id)
    if line is None:
        actions.miss_card(client_id=client_id, run=request.generation.run_id, by=user, at=timezone.now())
        raise Http404(client_id)
    return line


def _opened(request: Pinned, client_id: str, part: str) -> ClientLine:
    """The client, if in scope and if the part is one the role sees; the reading is traced before it is shown."""
    user = _user(request)
    line = _in_scope(request, client_id)
    if part not in rules.tabs(user):
        demand(rules.may_see_service(user), subject_kind="client", subject_id=client_id)
    actions.read_card(
        client_id=client_id, part=part, run=request.generation.run_id, by=user, at=timezone.now()
    )
    return line


def _part(request: Pinned, client_id: str, part: str, more: Callable[..., dict[str, Any]]) -> HttpResponse:
    line = _opened(request, client_id, part)
    user = _user(request)
    context = cards.band(line, user, part, request.generation.as_of_on) | more(line, request.generation)
    return page(request, f"clients/{part}.html", context)


@requires("clients.read")
@needs_run
def card(request: Pinned, client_id: str) -> HttpResponse:
    """How is this client, and why is it said so?"""
    first = rules.tabs(_user(request))[0]
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


@requires("clients.read_explanation")
@needs_run
def explain(request: Pinned, client_id: str, figure: str) -> HttpResponse:
    """How a figure was made: rule, policy version, inputs, run."""
    user = _user(request)
    line = _in_scope(request, client_id)
    if figure not in explanation.FIGURES:
        raise Http404(figure)
    demand(rules.may_see_service(user), subject_kind="client", subject_id=client_id)
    run = request.generation
    actions.read_explanation(client_id=client_id, figure=figure, run=run.run_id, by=user, at=timezone.now())
    made = explanation.explain(figure, line, run, cards.staff_of(line))
    return page(request, "clients/explain.html", {"line": line, "made": made, "name": figure}, part="body")
