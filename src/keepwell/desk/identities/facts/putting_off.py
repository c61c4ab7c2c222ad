"""Which due dates were put off, and who waits for a second person; every query starts from `reach`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from keepwell.desk.identities.models import Extension, IdentityConflict
from keepwell.desk.identities.reach import within
from keepwell.desk.people.models import User

State = Extension.State


def said_of(conflict_key: str) -> list[Extension]:
    """All that was asked about a conflict's due date, newest first."""
    rows = Extension.objects.filter(conflict_key=conflict_key).select_related("by", "decided_by")
    return list(rows.order_by("-at", "-pk"))


def due_dates(keys: Iterable[str]) -> dict[str, dt.date]:
    """Until when conflicts are put off, so far as that is agreed."""
    rows = Extension.objects.filter(conflict_key__in=list(keys), state=State.APPROVED).order_by("to_on")
    return dict(rows.values_list("conflict_key", "to_on"))


def one(user: User, pk: int) -> Extension | None:
    """What was asked, within reach."""
    rows = Extension.objects.filter(pk=pk).select_related("by", "decided_by")
    return within(user, rows, "client_id").first()


def waiting(user: User) -> list[Extension]:
    """What waits for a second person, oldest first."""
    rows = Extension.objects.filter(state=State.PROPOSED).select_related("by", "client__line")
    return list(within(user, rows, "client_id").order_by("at", "pk")[:200])


def decided_by(user: User) -> list[Extension]:
    """What the person has agreed to or returned, newest first."""
    rows = within(user, Extension.objects.filter(decided_by=user), "client_id")
    return list(rows.select_related("by", "client__line").order_by("-decided_at")[:20])


def overlay(rows: Iterable[IdentityConflict]) -> None:
    """Lay later due dates that are agreed over conflicts of a run: one query for a page of rows."""
    rows = list(rows)
    agreed = due_dates(row.conflict_key for row in rows)
    for row in rows:
        vars(row).update(due_on=agreed.get(row.conflict_key, row.due_on))
