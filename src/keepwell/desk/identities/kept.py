"""Keeping what a run joined and parted, and how whole its data were, when the run itself is long gone."""

from __future__ import annotations

import datetime as dt

from django.db.models import Sum

from keepwell.desk.identities.models import (
    BranchQuality,
    ClientEvent,
    KeptEvent,
    KeptQuality,
    RemediationStatistic,
)

BATCH = 500  # no write transaction at the desk lasts over 50 ms


def keep(*, run: str, on: dt.date) -> None:
    """Keep the merges and splits of the run the connection reads, and its figures; again, it adds nothing."""
    _keep_events(run, on)
    _keep_quality(run, on)


def _keep_events(run: str, on: dt.date) -> None:
    rows = ClientEvent.objects.order_by("record_code", "from_client_id", "to_client_id")
    made = [
        KeptEvent(
            run=run,
            on=on,
            record_code=row.record_code,
            from_client_id=row.from_client_id,
            to_client_id=row.to_client_id,
            event=row.event,
            event_reason=row.event_reason,
        )
        for row in rows
    ]
    KeptEvent.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)


def _keep_quality(run: str, on: dt.date) -> None:
    names = ("n_clients", "n_to_mend", "n_missing", "n_expired", "n_misread", "n_differing")
    summed = RemediationStatistic.objects.values("branch_code").annotate(
        all=Sum("n_clients"), done=Sum("n_done")
    )
    progress = {row["branch_code"]: (row["all"], row["done"]) for row in summed}
    made = [
        KeptQuality(
            run=run,
            on=on,
            branch_code=row.branch_code,
            n_existing=progress.get(row.branch_code, (0, 0))[0],
            n_done=progress.get(row.branch_code, (0, 0))[1],
            **{name: getattr(row, name) for name in names},
        )
        for row in BranchQuality.objects.order_by("branch_code")
    ]
    KeptQuality.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
