"""待分配: whom nobody can look after, or nobody was in touch with for long; opened one by one, so many a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from keepwell.contract.reasons.allocation import PoolReason
from keepwell.contract.reasons.plan_refusals import PlanRefusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.books.models import AllocationPool
from keepwell.desk.books.pooled import PoolView
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.queries import staff_names
from keepwell.desk.clients.scope import numbered, visible_ids
from keepwell.desk.clients.sentences import reason_of
from keepwell.desk.gates.signed import desk_day, packs
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.ui.http import demand
from keepwell.desk.ui.paging import keyset

READ = "books.read_pool"
WAITS = (str(PoolReason.UNPLACED), str(PoolReason.UNTOUCHED))


def waiting(user: User) -> QuerySet[AllocationPool]:
    """Clients of the pool in the user's scope who need somebody; those never funded or closed stay with the branch."""
    rows = AllocationPool.objects.filter(branch_code=user.branch_code or "-", pool_reason__in=WAITS)
    return rows.filter(client_id__in=visible_ids(user))


def listed(user: User, generation: Generation, cursor: str) -> dict[str, Any]:
    """The pool under masked names, with what is left of today's limit."""
    found = keyset(waiting(user), ("client_id",), cursor)
    rows: list[Any] = list(found.rows)
    lines = {line.pk: line for line in numbered(ClientLine.objects.all(), [row.client_id for row in rows])}
    names = staff_names(row.manager_code for row in rows)
    on = desk_day(generation)
    limit = packs(generation, on).allocation.pool.n_views_a_day
    return {
        "found": found,
        "lines": [
            {
                "row": row,
                "line": lines.get(row.client_id),
                "name": formats.mask_name(lines[row.client_id].client_name)
                if row.client_id in lines
                else "—",
                "holder": names.get(row.manager_code or "", row.manager_code or ""),
                "why": reason_of(row, "pool_reason", names),
            }
            for row in rows
        ],
        "n_left": max(limit - n_opened(user, on), 0),
        "limit": limit,
    }


def n_opened(user: User, on: dt.date) -> int:
    """How many the user opened on a day."""
    return PoolView.objects.filter(by_id=user.pk, on=on).count()


def may_open(user: User, client_id: str, generation: Generation) -> Verdict:
    """Whether the user may open one more today; one opened already today counts no more."""
    allowed = user.may(READ)
    on = desk_day(generation)
    if not allowed or PoolView.objects.filter(by_id=user.pk, on=on, client_id=client_id).exists():
        return allowed
    limit = packs(generation, on).allocation.pool.n_views_a_day
    return ALLOWED if n_opened(user, on) < limit else refuse(PlanRefusal.POOL_LIMIT, n_limit=limit)


@transaction.atomic
def open_client(*, client_id: str, generation: Generation, by: User, at: dt.datetime) -> None:
    """Open a client of the pool; raises `Refused` once the day's limit is reached."""
    subject: dict[str, Any] = {"subject_kind": "client", "subject_id": client_id}
    User.objects.select_for_update().get(pk=by.pk)  # two at once do not go over the limit together
    demand(may_open(by, client_id, generation), **subject)
    PoolView.objects.get_or_create(
        by_id=by.pk, on=desk_day(generation), client_id=client_id, defaults={"at": at}
    )
    record(by=by, at=at, verb="books.open_pooled", payload={}, run=generation.run_id, **subject)
