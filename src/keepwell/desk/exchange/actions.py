"""What is done with runs at the desk: their pages that show source text are traced."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from keepwell.desk.audit.actions import record
from keepwell.desk.people.models import User

LONGEST = 64  # of what the log names as a subject


@transaction.atomic
def read_quarantine(*, file_name: str, reason: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that quarantined rows were read: of a file, or of the whole run."""
    record(
        by=by,
        at=at,
        verb="exchange.read_quarantine",
        subject_kind="file" if file_name else "run",
        subject_id=(file_name or run)[:LONGEST],
        payload={"reason": reason},
        run=run,
    )


@transaction.atomic
def read_run(*, run_id: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that somebody read why a run stopped; `run` is the one in use."""
    record(by=by, at=at, verb="exchange.read_run", subject_kind="run", subject_id=run_id, run=run)


@transaction.atomic
def read_source_text(*, file_name: str, line_no: int, run: str, by: User, at: dt.datetime) -> None:
    """Trace that a quarantined row was read as the source wrote it, secret columns masked."""
    record(
        by=by,
        at=at,
        verb="exchange.read_source_text",
        subject_kind="file",
        subject_id=file_name[:LONGEST],
        payload={"line_no": line_no},
        run=run,
    )
