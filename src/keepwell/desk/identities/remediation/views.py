"""存量整改 and 资料质量: whom to bring up to date by when, how far it has come, and what is worth mending first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from keepwell.desk.clients.queries import branch_names
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.identities.reach import sees_all
from keepwell.desk.identities.remediation import exporting, queries, telling
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import page, requires

READ = "identities.read_remediation"


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _place(user: User, branch: str) -> dict[str, Any]:
    """Which branch the page is about, in words."""
    return {
        "branch": branch,
        "branch_name": branch_names([branch]).get(branch, branch) if branch else "",
        "sees_firm": sees_all(user),
        "is_firm": sees_all(user) and not branch,
    }


@requires(READ)
@needs_run
def remediation(request: Pinned) -> HttpResponse:
    """Will everybody be brought up to date in time? The firm by branch, a branch by client."""
    user, on = _user(request), request.generation.as_of_on
    wanted = exporting.wanted_of(user, request.GET.urlencode())
    context = _place(user, wanted.branch) | telling.board(wanted.branch, on)
    context |= {
        "as_of": on,
        "last": telling.evidence_of(request.generation, "existing.last_on"),
        "batches": telling.evidence_of(request.generation, "existing.batches"),
        "has_batches": telling.has_batches(request.generation),
    }
    if context["is_firm"]:
        context |= telling.branches_told(request.GET.get("after", ""), on)
        return page(request, "identities/remediation_firm.html", context)
    rows = queries.listed(user, wanted, on, request.GET.get("after", ""))
    shown = telling.rows_told(rows.rows, user)
    context |= {
        "rows": rows,
        "shown": shown,
        "chips": (chips := telling.kinds(wanted)),
        "cleared": f"?{chips[0]['query']}",
        "query": exporting.query_of(wanted),
        "next": telling.next_of(shown),
        "may_export": bool(user.may(exporting.NAME)),
    }
    return page(request, "identities/remediation.html", context)


@requires(READ)
@needs_run
def quality(request: Pinned) -> HttpResponse:
    """How whole are the data of a branch, where does it go, and what is worth mending first?"""
    user = _user(request)
    branch = queries.branch_of(user, request.GET.get("branch", "")[:16])
    context = _place(user, branch) | telling.quality_of(branch)
    context |= {
        "as_of": request.generation.as_of_on,
        "fixes": telling.rows_told(queries.fixes(user, branch), user),
        "rates": telling.rates(request.generation),
        "signed": telling.evidence_of(request.generation, "fixes"),
    }
    if context["is_firm"]:
        context |= telling.branches_told(request.GET.get("after", ""), request.generation.as_of_on)
    return page(request, "identities/quality.html", context)
