"""One overview a scope: my book, the team, the branch, the firm."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from keepwell.desk.books import (
    actions,
    boards,
    explanation,
    leading,
    overview,
    own_book,
    planning,
    queries,
    reassigning,
    rules,
)
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people.models import User
from keepwell.desk.ui import jobs
from keepwell.desk.ui.http import demand, page, requires
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
        overview.of_scope(user)
        | own_book.of(user)
        | {"moments": overview.due(user, desk_day(request.generation))}
        | {"due_link": reverse("contacts:today"), "due_text": gettext("Today")},
    )


@requires("books.read_team")
@needs_run
def team(request: Pinned) -> HttpResponse:
    """Who is busy, and what is late?"""
    user = _user(request)
    context = _led(request, user)
    context["moments"] = overview.due(user, desk_day(request.generation))
    context |= {"due_link": reverse("books:late"), "due_text": gettext("All overdue")}
    return page(request, "books/team.html", context)


@requires("books.read_team")
@needs_run
def late(request: Pinned) -> HttpResponse:
    """What is past its deadline, all of it, or about one manager's clients."""
    user, on, manager = _user(request), desk_day(request.generation), request.GET.get("manager", "")[:16]
    rows = queries.late(user, on, manager)
    found = keyset(rows, ("due", "priority", "client_id", "key"), request.GET.get("after", ""))
    context = {
        "found": found,
        "moments": overview.told(found.rows, on),
        "n_late": rows.order_by()[: boards.COUNTED_TO + 1].count(),
        "manager": leading.named(manager),
        "query": urlencode({"manager": manager}) if manager else "",
        "back": reverse(_home(user)),
    }
    return page(request, "books/late.html", context, part="found")


@requires("books.read_branch")
@needs_run
def branch(request: Pinned) -> HttpResponse:
    """Is the service of this branch as it should be?"""
    user = _user(request)
    context = _led(request, user)
    context |= {"proof": queries.certificates_of([user.branch_code]).get(user.branch_code)}
    context |= planning.state(user)
    return page(request, "books/branch.html", context)


def _led(request: Pinned, user: User) -> dict[str, Any]:
    """What every leader's home shows."""
    context = overview.of_scope(user)
    return context | leading.board(user, desk_day(request.generation), context["cells"])


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
    messages.success(request, _undoable(request, place.pk, taker.staff_name))
    return redirect(_home(user))


def _home(user: User) -> str:
    return "books:branch" if user.may("books.read_branch") else "books:team"


def _undoable(request: Pinned, client_id: str, name: str) -> SafeString:
    """「周航今起负责这位客户。」 with 「撤销」."""
    act = boards.in_force(client_id)
    return format_html(
        '{} <form method="post" action="{}" class="kw-undo"><input type="hidden" name="csrfmiddlewaretoken" '
        'value="{}"><button class="kw-plain" data-undo>{}</button></form>',
        gettext("%(name)s looks after this client from today.") % {"name": name},
        reverse("books:undo", args=[act.pk if act else 0]),
        get_token(request),
        gettext("Undo"),
    )


@require_POST
@requires("books.reassign")
@needs_run
def undo(request: Pinned, pk: int) -> HttpResponse:
    """Take a reassignment of one's own back: a new act, both stay on record."""
    user = _user(request)
    act = boards.act(user, pk)
    if act is None:
        raise Http404(pk)
    demand(
        rules.may_take_back(user, act, request.generation),
        subject_kind="client",
        subject_id=act.client_id,
    )
    actions.undo_reassign(act=act, generation=request.generation, by=user, at=timezone.now())
    messages.success(request, gettext("Taken back: the client is with whoever had them before."))
    return redirect(_home(user))


@require_POST
@requires("books.reassign")
@needs_run
def undo_many(request: Pinned, pk: int) -> HttpResponse:
    """Take a bulk reassignment of one's own back, by a job of its own."""
    user = _user(request)
    job = jobs.of(user).filter(pk=pk).first()
    if job is None or not jobs.undo_url(job, user):
        raise Http404(pk)
    asked_at = job.created_at.isoformat()
    jobs.start(
        kind=reassigning.UNDO, payload={"asked_at": asked_at}, by=user, at=timezone.now(), key=f"{job.pk}"
    )
    messages.success(request, gettext("Queued: the result stands here when it is done."))
    return redirect("ui:jobs")


@requires("books.read_firm")
@needs_run
def firm(request: Pinned) -> HttpResponse:
    """How is the whole firm?"""
    user = _user(request)
    context = overview.of_scope(user) | {
        "board_figures": [overview.unmanaged(queries.n_unmanaged_of_firm(boards.COUNTED_TO + 1))],
        "branches": overview.branches(queries.largest_branches(LARGEST), request.generation),
        "largest": LARGEST,
    }
    return page(request, "books/firm.html", context)


@requires("books.read_firm")
@needs_run
def branches(request: Pinned) -> HttpResponse:
    """Every branch, by its number."""
    found = keyset(queries.of_branches(), ("branch_code", "branch_code"), request.GET.get("after", ""))
    shown = overview.branches(found.rows, request.generation)
    return page(request, "books/branches.html", {"branches": shown, "found": found})
