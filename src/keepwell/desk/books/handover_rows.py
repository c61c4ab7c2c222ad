"""Hand-overs as rows: whose sheets somebody sees, which wait for them, and what is handed over with a client."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from keepwell.contract.codes import Role
from keepwell.desk.books.handed import WAITING, HandOver
from keepwell.desk.clients.models import ClientLine, ClientRecord
from keepwell.desk.clients.scope import team_codes
from keepwell.desk.people.models import User
from keepwell.desk.people.queries import covers_in_force, staff_codes
from keepwell.desk.people.roles import Scope
from keepwell.desk.work.models import WorkItem
from keepwell.desk.work.queries import of_moments

MOST_TASKS = 30


def of_scope(user: User) -> QuerySet[HandOver]:
    """The sheets that concern somebody: their own, their team's, or all of the branch."""
    rows = HandOver.objects.all()
    match user.scope:
        case Scope.BRANCH if user.branch_code:
            return rows.filter(plan__branch_code=user.branch_code)
        case Scope.TEAM if user.team_code:
            return _between(rows, team_codes(user))
        case Scope.OWN if user.staff_code:
            return _between(rows, staff_codes(user, timezone.localdate()))
    return rows.none()


def _between(rows: QuerySet[HandOver], codes: list[str]) -> QuerySet[HandOver]:
    return rows.filter(Q(from_code__in=codes) | Q(to_code__in=codes))


def one(user: User, pk: int) -> HandOver | None:
    """A sheet within scope, `None` outside of it."""
    return of_scope(user).select_related("plan", "move", "client__line").filter(pk=pk).first()


def to_sign(user: User) -> QuerySet[HandOver]:
    """The sheets that wait for this user's own signature: as giver or for one covered, as taker once they moved."""
    if not user.staff_code:
        return HandOver.objects.none()
    covered = covers_in_force(timezone.localdate()).filter(covering=user).values("covered_code")
    gives = Q(from_code=user.staff_code) | Q(from_code__in=covered)
    takes = Q(to_code=user.staff_code, move__is_moved=True, state=HandOver.State.OPEN, given_at__isnull=False)
    return HandOver.objects.filter(gives & Q(given_at=None) | takes, state__in=WAITING)


def late(rows: QuerySet[HandOver], on: dt.date) -> QuerySet[HandOver]:
    """Those of the sheets that should have been signed before a day."""
    return rows.filter(state__in=WAITING, due_on__lt=on)


def content(client_id: str, on: dt.date) -> dict[str, Any]:
    """What stands open about a client on a day: promises and tasks that people opened, occasions of the run."""
    records = ClientRecord.objects.filter(client_id=client_id).values("record_code")
    opened = WorkItem.objects.filter(record_code__in=records, is_open=True).order_by("due_on", "pk")
    lines = ClientLine.objects.filter(client_id=client_id)
    nobody = User(role=str(Role.MANAGER))
    moments = of_moments(nobody, on, lines).order_by("due", "priority", "rule", "occasion")[:MOST_TASKS]
    return {
        "items": [
            {"kind": row.kind, "facts": row.facts, "reason": row.reason, "due_on": row.due_on.isoformat()}
            for row in opened[:MOST_TASKS]
        ],
        "moments": [{"rule": row.rule, "due_on": row.due.isoformat()} for row in moments],
    }
