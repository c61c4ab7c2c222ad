"""What is done with runs at the desk: their pages that show source text are traced."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from keepwell.desk.audit.actions import record
from keepwell.desk.people.models import User


@transaction.atomic
def read_quarantine(*, file_name: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that quarantined rows of a file were read."""
    record(by=by, at=at, verb="exchange.read_quarantine", subject_kind="file", subject_id=file_name, run=run)
