"""The client list, the search, and what changed overnight."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from keepwell.contract.codes import CarriedChange
from keepwell.desk.clients import actions, bulk, lists, queries, rules, saved
from keepwell.desk.clients import search as words
from keepwell.desk.clients.filters import Filters
from keepwell.desk.clients.opening import who
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import page, requires

TYPED_AT_MOST = 64
IN_PALETTE = 8
ACTS_IN_PALETTE = 3


@requires("clients.read")
@needs_run
def client_list(request: Pinned) -> HttpResponse:
    """Who fits? The clients in one's scope, largest assets first."""
    user = who(request)
    filters = lists.filters_of(user, Filters.read(request.GET, request.generation.as_of_on))
    listed = queries.listed(user, filters, request.GET.get("after", ""))
    context = {
        "filters": filters,
        "listed": listed,
        "elsewhere": [] if listed.n_found or filters.chosen else lists.elsewhere(user),
        "service": rules.may_see_service(user),
        "bulk_acts": bulk.acts_of(user),
        "may_export": user.may("clients.export"),
        **lists.filter_choices(user, filters),
    }
    return page(request, "clients/list.html", context, part="found")


@requires("clients.search")
@needs_run
@require_POST
def search(request: Pinned) -> HttpResponse:
    """Find a client; what was typed comes by POST and goes into no address, log or database."""
    user = who(request)
    typed = request.POST.get("q", "")[:TYPED_AT_MOST]
    wanted = words.words(typed)
    listed = queries.found(user, wanted)
    actions.search(n_found=listed.n_found, run=request.generation.run_id, by=user, at=timezone.now())
    context = {"typed": typed, "listed": listed, "service": rules.may_see_service(user)}
    context["guests"] = queries.guests_found(user, wanted)
    return page(request, "clients/search.html", context, part="found")


@requires("clients.search")
@needs_run
def palette(request: Pinned) -> HttpResponse:
    """Clients for the command palette: those opened lately, or those found for what was typed (POST, kept nowhere)."""
    user = who(request)
    typed = request.POST.get("q", "")[:TYPED_AT_MOST]
    if not typed:
        return page(request, "clients/palette.html", {"rows": saved.recent(user), "is_recent": True})
    rows = queries.found(user, words.words(typed)).page.rows
    actions.search(n_found=len(rows), run=request.generation.run_id, by=user, at=timezone.now())
    context = {"rows": rows[:IN_PALETTE], "act_on": rows[:ACTS_IN_PALETTE], "is_recent": False}
    return page(request, "clients/palette.html", context)


@requires("clients.read_changes")
@needs_run
def changes(request: Pinned) -> HttpResponse:
    """What changed overnight about one's clients."""
    user = who(request)
    changed = request.GET.get("what", "")
    changed = changed if changed in {*queries.AT_ONCE, *map(str, CarriedChange)} else ""
    rows = queries.changes(user, changed, request.GET.get("after", ""))
    return page(request, "clients/changes.html", lists.changes(user, rows, changed), part="found")


@requires("clients.read")
@needs_run
def ordered(request: Pinned) -> HttpResponse:
    """How the list is ordered."""
    return page(request, "clients/ordered.html", {}, part="body")
