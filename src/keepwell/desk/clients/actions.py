"""What is done with a client at this desk: reading, which always leaves a trace before anything is shown."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from keepwell.contract.identity import Client
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.people.models import User

LONGEST_ID = Client.columns["client_id"].length


@transaction.atomic
def read_card(*, client_id: str, part: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that a client's card was opened, and which part of it."""
    record(
        by=by,
        at=at,
        verb="clients.read_card",
        subject_kind="client",
        subject_id=client_id,
        payload={"part": part},
        run=run,
    )


@transaction.atomic
def miss_card(*, client_id: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that someone asked for a client that is unknown or outside their scope: probing is seen."""
    record(
        by=by,
        at=at,
        verb="clients.miss_card",
        subject_kind="client",
        subject_id=client_id[:LONGEST_ID],
        verdict=refuse(Refusal.NOT_FOUND),
        run=run,
    )


@transaction.atomic
def read_explanation(*, client_id: str, figure: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that someone asked how a figure was made."""
    record(
        by=by,
        at=at,
        verb="clients.read_explanation",
        subject_kind="client",
        subject_id=client_id,
        payload={"figure": figure},
        run=run,
    )


@transaction.atomic
def search(*, n_found: int, run: str, by: User, at: dt.datetime) -> None:
    """Trace a search by its number of hits; what was typed is never kept."""
    record(by=by, at=at, verb="clients.search", payload={"n_found": n_found}, run=run)
