"""Keeping what a run joined and parted when the run itself is long gone."""

from __future__ import annotations

import datetime as dt

from keepwell.desk.identities.models import ClientEvent, KeptEvent

BATCH = 500  # no write transaction at the desk lasts over 50 ms


def keep(*, run: str, on: dt.date) -> None:
    """Keep the merges and splits of the run the connection reads; again, it adds nothing."""
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
