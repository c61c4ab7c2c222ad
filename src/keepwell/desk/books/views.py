"""One overview a scope: my book, the team, the branch, the firm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from keepwell.desk.books import actions, boards, explanation, overview, queries
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import page, requires
from keepwell.desk.ui.paging import keyset

LARGEST = 12


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


@requires("clients.read_explanation")
@needs_run
def explain(request: Pinned) -> HttpResponse:
    """How were the sums made?"""
    return page(request, "books/explain.html", {"sums": explanation.SUMS}, part="body")


@requires("books.read_mine")
@needs_run
def mine(request: Pinned) -> HttpResponse:
    """Whom do I look after, and who comes first?"""
    user = _user(request)
    return page(
        request,
        "books/mine.html",
        overview.of_scope(user) | {"moments": overview.due(user, request.generation.as_of_on)},
    )


@requires("books.read_team")
@needs_run
def team(request: Pinned) -> HttpResponse:
    """Who is busy, and what is late?"""
    user = _user(request)
    context = overview.of_scope(user) | overview.board(user, desk_day(request.generation))
    context["moments"] = overview.due(user, request.generation.as_of_on)
    return page(request, "books/team.html", context)


@requires("books.read_branch")
@needs_run
def branch(request: Pinned) -> HttpResponse:
    """Is the service of this branch as it should be?"""
    user = _user(request)
    context = overview.of_scope(user) | overview.board(user, desk_day(request.generation))
    context |= {"proof": overview.certificate(user), "n_unmanaged": overview.n_unmanaged(user)}
    return page(request, "books/branch.html", context)


@require_POST
@requires("books.reassign")
@needs_run
def reassign(request: Pinned) -> HttpResponse:
    """Give a client of the tray to somebody."""
    user = _user(request)
    place = boards.one(user, request.POST.get("client_id", ""))
    if place is None:
        raise Http404
    taker = actions.reassign(
        place=place,
        to=request.POST.get("to", ""),
        reason=request.POST.get("reason", ""),
        by=user,
        at=timezone.now(),
        run=request.generation.run_id,
    )
    messages.success(
        request, gettext("%(name)s looks after this client from today.") % {"name": taker.staff_name}
    )
    return redirect("books:branch" if user.may("books.read_branch") else "books:team")


@requires("books.read_firm")
@needs_run
def firm(request: Pinned) -> HttpResponse:
    """How is the whole firm?"""
    user = _user(request)
    n = queries.n_unmanaged_of_firm(boards.COUNTED_TO + 1)
    context = overview.of_scope(user) | {
        "branches": overview.branches(queries.largest_branches(LARGEST)),
        "n_unmanaged": n,
        "largest": LARGEST,
    }
    return page(request, "books/firm.html", context)


@requires("books.read_firm")
@needs_run
def branches(request: Pinned) -> HttpResponse:
    """Every branch, by its number."""
    found = keyset(queries.of_branches(), ("branch_code", "branch_code"), request.GET.get("after", ""))
    return page(request, "books/branches.html", {"branches": overview.branches(found.rows), "found": found})
