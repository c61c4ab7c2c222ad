"""Fill a desk under measurement with open tasks: one for each five clients, the run's moments among them.

Called by ``pages.py`` with the desk's environment; rows are planted in bulk, not by people's acts. Due dates lie from
three days back to five weeks ahead of today; a tenth as many outcomes tell of tasks that are settled.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import django

EACH = 5
AT_ONCE = 5_000


def main() -> None:
    """Plant what is missing and print how many tasks are open, of which so many are moments."""
    django.setup()
    from django.db import connection, transaction
    from django.utils import timezone

    from keepwell.desk.clients.models import Client, Moment
    from keepwell.desk.generations.queries import read_current
    from keepwell.desk.people.models import User
    from keepwell.desk.work.models import Outcome, WorkItem

    read_current()
    now, by = timezone.now(), User.objects.get(username="bench_manager")
    n_moments = Moment.objects.filter(expires_on__gte=timezone.localdate()).count()
    n_items = max(0, Client.objects.count() // EACH - n_moments)
    with transaction.atomic():
        for rows in batches(items(n_items, by, now)):
            WorkItem.objects.bulk_create(rows)
        for rows in batches(outcomes(n_items // 10, by, now)):
            Outcome.objects.bulk_create(rows)
    if connection.vendor == "postgresql":  # what its own housekeeping does within a minute
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE) work_workitem, work_outcome, clients_place, clients_assignment")
    n_open = WorkItem.objects.filter(is_open=True).count()
    print(json.dumps({"open": n_moments + n_open, "moments": n_moments}))


def records(n: int) -> Iterator[tuple[str, str]]:
    """So many customer records with their clients, spread over the firm."""
    from keepwell.desk.clients.models import ClientRecord

    step = max(1, ClientRecord.objects.count() // max(1, n))
    rows = ClientRecord.objects.order_by("record_code").values_list("client_id", "record_code")
    for at, row in enumerate(rows.iterator()):
        if at % step == 0 and at // step < n:
            yield row


def items(n: int, by: Any, now: dt.datetime) -> Iterator[Any]:
    """Appointments as the contact log makes them."""
    from django.utils import timezone

    from keepwell.desk.work.models import WorkItem

    today = timezone.localdate(now)
    for at, (client_id, record_code) in enumerate(records(n)):
        due = today + dt.timedelta(days=at % 39 - 3)
        yield WorkItem(
            key=f"appointment/{due}", kind="appointment", client_id=client_id, record_code=record_code, due_on=due,
            listed_from_on=today - dt.timedelta(days=9), facts={"about": "定投到期", "by": by.display_name},
            url_name="contacts:today", by_id=by.pk, by_name=by.display_name, opened_at=now,
        )  # fmt: skip


def outcomes(n: int, by: Any, now: dt.datetime) -> Iterator[Any]:
    """What became of earlier tasks of the same clients."""
    from django.utils import timezone

    from keepwell.desk.work.models import Outcome

    for client_id, record_code in records(n):
        yield Outcome(
            key="appointment/2026-10-30", client_id=client_id, record_code=record_code, is_moment=False,
            outcome="done", by_id=by.pk, by_name=by.display_name, at=now, on=timezone.localdate(now),
        )  # fmt: skip


def batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """Lists of at most `AT_ONCE`."""
    kept: list[Any] = []
    for row in rows:
        kept.append(row)
        if len(kept) == AT_ONCE:
            yield kept
            kept = []
    if kept:
        yield kept


if __name__ == "__main__":
    main()
