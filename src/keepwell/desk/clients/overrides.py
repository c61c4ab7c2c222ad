"""Reading overrides: those of a client, those in one's scope, those that wait for one's signature."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from keepwell.contract import grading
from keepwell.desk.clients.acted import Override
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.scope import visible_ids, visible_to
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui.paging import Keyset, keyset

State = Override.State
CODES = {name: list(grading.ClientGrade.columns[name].codes or ()) for name in ("grade", "service_type")}


def in_scope(user: User) -> QuerySet[Override]:
    """Overrides of the clients a user may see."""
    rows = Override.objects.select_related("proposed_by", "decided_by")
    if user.scope is Scope.FIRM:
        return rows
    return rows.filter(client_id__in=visible_ids(user))


def of_client(line: ClientLine) -> list[Override]:
    """Overrides of a client that wait or were approved, newest first."""
    rows = Override.objects.filter(client_id=line.client_id, state__in=[State.PROPOSED, State.APPROVED])
    return list(rows.select_related("proposed_by", "decided_by").order_by("-proposed_at", "-pk"))


def listed(user: User, state: str, cursor: str) -> Keyset[Override]:
    """Overrides in the user's scope, newest first; all states or one."""
    rows = in_scope(user)
    if state:
        rows = rows.filter(state=state)
    return keyset(rows, ("-proposed_at", "-id"), cursor)


def named(user: User, rows: Sequence[Override]) -> dict[str, ClientLine]:
    """The lines of the clients on a page of overrides, by client."""
    lines = visible_to(user).filter(client_id__in=[row.client_id for row in rows])
    return {line.client_id: line for line in lines}


def one(user: User, pk: int) -> Override | None:
    """An override in the user's scope, or `None`."""
    return in_scope(user).filter(pk=pk).first()


def waiting(user: User) -> list[Override]:
    """Proposals in the user's scope, oldest first."""
    return list(in_scope(user).filter(state=State.PROPOSED).order_by("proposed_at", "pk")[:200])


def decided_by(user: User) -> list[Override]:
    """What the user has approved or returned, newest first."""
    return list(in_scope(user).filter(decided_by=user).order_by("-decided_at")[:20])


def has_waiting(client_id: str, field: str) -> bool:
    """Whether a proposal about this already waits."""
    return Override.objects.filter(client_id=client_id, field=field, state=State.PROPOSED).exists()


def is_in_force(row: Override, on: dt.date) -> bool:
    """Whether people's decision stands on the day."""
    return row.state == State.APPROVED and row.expires_on > on
