"""What is done with a client at this desk: reading, which always leaves a trace before anything is shown."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from keepwell.contract.identity import Client
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.clients import reveals, sealing
from keepwell.desk.clients.models import ClientSecret
from keepwell.desk.clients.scope import visible_to
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand

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


@transaction.atomic
def reveal(
    *, client_id: str, field: str, purpose: str, by: User, at: dt.datetime, run: str, note: str = ""
) -> str | None:
    """A secret fact of a client in full, traced with its purpose and never with its value; `None`: not delivered.

    The only place that decrypts one. Raises `Refused` without the permission or a purpose, `Http404` out of scope.
    """
    demand(reveals.may_reveal(by), subject_kind="client", subject_id=client_id)
    demand(reveals.has_purpose(purpose, note), subject_kind="client", subject_id=client_id)
    if not visible_to(by, on=timezone.localdate(at)).filter(client_id=client_id).exists():
        raise Http404(client_id)
    row = ClientSecret.objects.filter(pk=client_id).first()
    facts = sealing.opened(run, ClientSecret.contract_table, (client_id,), row.sealed) if row else {}
    value = facts.get(field, "")
    record(
        by=by,
        at=at,
        verb="clients.reveal",
        subject_kind="client",
        subject_id=client_id,
        payload={"field": field, "purpose": purpose, "note": reveals.kept(note, value)},
        run=run,
    )
    return value or None
