"""Opening a client: in scope or unknown, in a part the role sees, and traced before anything is shown."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from keepwell.desk.clients import actions, queries, rules
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.generations.http import Pinned
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand


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
