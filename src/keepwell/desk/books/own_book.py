"""My own book: my limits and what they cost, and which clients came and went of late, why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone

from keepwell.desk.books.fairness_pages import price_told
from keepwell.desk.books.models import AllocationLoad
from keepwell.desk.clients.models import Assignment
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

DAYS, MOST = 90, 12


def of(user: User) -> dict[str, Any]:
    """Limits as the run has them, and the dated acts of the last 90 days; whoever went stands under a masked name."""
    load = AllocationLoad.objects.filter(staff_code=user.staff_code or "-").first()
    return {
        "own_load": load,
        "own_price": price_told(load) if load is not None and load.is_eligible else "",
        "own_changes": _changes(user.staff_code) if user.staff_code else [],
    }


def _changes(code: str) -> list[dict[str, Any]]:
    """The latest first, found by their instant: an index holds that one alone."""
    since = timezone.now() - dt.timedelta(days=DAYS)
    rows = Assignment.objects.filter(relation=Assignment.Relation.SERVICE, at__gte=since, staff_code=code)
    moved = rows.filter(Q(ends_on=None) | Q(ends_on__gte=since.date())).select_related("client__line")
    return [_change(row) for row in moved.order_by("-at", "-pk")[:MOST]]


def _change(row: Assignment) -> dict[str, Any]:
    line, has_gone = getattr(row.client, "line", None), row.ends_on is not None
    name = line.client_name if line else f"…{row.client_id[-4:]}"
    return {
        "row": row,
        "has_gone": has_gone,
        "on": row.ends_on or row.starts_on,
        "name": formats.mask_name(name) if has_gone and line else name,
        "is_seen": line is not None and not has_gone,
    }
