"""Opening a client: in scope or unknown, in a part the role sees, and traced before anything is shown."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from keepwell.desk.clients import actions, queries, rules, scope
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.sentences import class_of
from keepwell.desk.generations.http import Pinned
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand, page


def who(request: HttpRequest) -> User:
    """The person who asks."""
    user: Any = request.user
    return user


def in_scope(request: Pinned, client_id: str) -> ClientLine:
    """The client, if in scope; a miss is traced and answered as an unknown address is."""
    user = who(request)
    line = queries.one(user, client_id)
    if line is None:
        actions.miss_card(client_id=client_id, run=request.generation.run_id, by=user, at=timezone.now())
        raise Http404(client_id)
    return line


def opened(request: Pinned, client_id: str, part: str) -> ClientLine:
    """The client, if in scope and if the part is one the role sees; the reading is traced before it is shown."""
    user = who(request)
    line = in_scope(request, client_id)
    if part not in rules.tabs(user):
        demand(rules.may_see_service(user), subject_kind="client", subject_id=client_id)
    actions.read_card(
        client_id=client_id, part=part, run=request.generation.run_id, by=user, at=timezone.now()
    )
    return line


def as_guest(request: Pinned, client_id: str) -> HttpResponse | None:
    """The restricted card for a branch where the client has a number but is not at home; `None` for all others.

    It shows what lies at that branch, the class, and where the client is at home: no amounts, no contact, no phone.
    """
    user = who(request)
    line = scope.guest(user, client_id)
    if line is None:
        return None
    actions.read_card(
        client_id=client_id, part="guest", run=request.generation.run_id, by=user, at=timezone.now()
    )
    service = bool(rules.may_see_service(user)) and line.grade
    context = {
        "name": line.client_name,
        "class_of": class_of(getattr(line.client, "grade", None)) if service else "",
        "home": queries.branch_names([line.home_branch_code]).get(
            line.home_branch_code, line.home_branch_code
        ),
        **queries.here(line, user.branch_code),
    }
    return page(request, "clients/guest.html", context)
