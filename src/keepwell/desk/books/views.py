"""One overview a scope: my book, the team, the branch, the firm."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from keepwell.desk.books import explanation, overview
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import page, requires


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
    context = overview.of_scope(user) | {
        "loads": overview.loads(user),
        "moments": overview.due(user, request.generation.as_of_on),
    }
    return page(request, "books/team.html", context)


@requires("books.read_branch")
@needs_run
def branch(request: HttpRequest) -> HttpResponse:
    """Is the service of this branch as it should be?"""
    user = _user(request)
    context = overview.of_scope(user) | {"loads": overview.loads(user), "proof": overview.certificate(user)}
    context["n_unmanaged"] = overview.n_unmanaged(user)
    return page(request, "books/branch.html", context)


@requires("books.read_firm")
@needs_run
def firm(request: HttpRequest) -> HttpResponse:
    """How is the whole firm?"""
    user = _user(request)
    return page(request, "books/firm.html", overview.of_scope(user) | {"branches": overview.branches(user)})
