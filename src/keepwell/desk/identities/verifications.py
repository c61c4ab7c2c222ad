"""Finding out what is true where records disagree, and taking it back: each one transaction with its trace."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from keepwell.contract.golden import Finding
from keepwell.desk.audit.actions import record
from keepwell.desk.clients.models import Client
from keepwell.desk.generations.cuts import stamped
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import disagreements, rules
from keepwell.desk.identities.models import IdentityConflict, Verification, WriteBackRow
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand

State = Verification.State


@transaction.atomic
def settle_conflict(
    *,
    conflict: IdentityConflict,
    finding: str,
    record_code: str,
    how: str,
    grounds: str,
    generation: Generation,
    by: User,
    at: dt.datetime,
) -> Verification:
    """Keep what came of looking into a conflict: in force from the next run on, or only noted when nobody was reached.

    `record_code` is the record that is right. Raises `Refused` when somebody settled the conflict meanwhile.
    """
    list(Client.objects.select_for_update().filter(pk=conflict.client_id))
    demand(rules.is_unsettled(disagreements.in_force(conflict.conflict_key)), **_of(conflict.client_id))
    at, is_noted = stamped(at), finding == Finding.NOT_REACHED
    row = Verification.objects.create(
        conflict_key=conflict.conflict_key,
        client_id=conflict.client_id,
        record_code=record_code,
        golden_field=conflict.golden_field or "",
        finding=finding,
        how=how,
        grounds=grounds,
        by=by,
        at=at,
        run=generation.run_id,
        state=State.NOTED if is_noted else State.IN_FORCE,
    )
    verb = "identities.try_conflict" if is_noted else "identities.settle_conflict"
    record(by=by, at=at, verb=verb, run=generation.run_id, payload=_told(row), **_of(row.client_id))
    return row


@transaction.atomic
def undo_settlement(*, row: Verification, generation: Generation, by: User, at: dt.datetime) -> None:
    """Take a finding back: the conflict waits again. Raises `Refused`."""
    list(Client.objects.select_for_update().filter(pk=row.client_id))
    row.refresh_from_db()
    demand(rules.may_take_back(row), **_of(row.client_id))
    Verification.objects.filter(pk=row.pk).update(state=State.UNDONE, undone_by=by, undone_at=at)
    WriteBackRow.objects.filter(verification=row, is_back=True).update(is_back=False)
    record(
        by=by, at=at, verb="identities.undo_settlement", run=generation.run_id, payload=_told(row),
        **_of(row.client_id),
    )  # fmt: skip


@transaction.atomic
def read_conflict(*, conflict: IdentityConflict, run: str, by: User, at: dt.datetime) -> None:
    """Trace that somebody read in what a client's records disagree."""
    payload = {"conflict": conflict.conflict_reason, "field": conflict.golden_field}
    record(by=by, at=at, verb="identities.read_conflict", run=run, payload=payload, **_of(conflict.client_id))


def _told(row: Verification) -> dict[str, Any]:
    return {
        "verification": row.pk,
        "conflict": row.conflict_key,
        "record": row.record_code,
        "finding": row.finding,
        "how": row.how,
    }


def _of(client_id: str) -> dict[str, Any]:
    return {"subject_kind": "client", "subject_id": client_id}
