"""Finding out what is true where records disagree, putting that off, taking it back: each act with its trace."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse

from keepwell.contract.golden import Finding
from keepwell.desk.audit.actions import record
from keepwell.desk.clients.models import Client, Place
from keepwell.desk.gates import signed
from keepwell.desk.generations.cuts import stamped
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import naming
from keepwell.desk.identities.facts import deadlines, putting_off, queries, rules, traces
from keepwell.desk.identities.models import Extension, IdentityConflict, Verification, WriteBackRow
from keepwell.desk.people import approvers
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
    demand(rules.is_unsettled(queries.in_force(conflict.conflict_key)), **naming.subject(conflict.client_id))
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
    record(by=by, at=at, verb=verb, **traces.of_finding(row, generation))
    return row


@transaction.atomic
def undo_settlement(*, row: Verification, generation: Generation, by: User, at: dt.datetime) -> None:
    """Take a finding back: the conflict waits again. Raises `Refused`."""
    list(Client.objects.select_for_update().filter(pk=row.client_id))
    row.refresh_from_db()
    demand(rules.may_take_back(row), **naming.subject(row.client_id))
    Verification.objects.filter(pk=row.pk).update(state=State.UNDONE, undone_by=by, undone_at=at)
    WriteBackRow.objects.filter(verification=row, is_back=True).update(is_back=False)
    record(by=by, at=at, verb="identities.undo_settlement", **traces.of_finding(row, generation))


@transaction.atomic
def read_conflict(*, conflict: IdentityConflict, run: str, by: User, at: dt.datetime) -> None:
    """Trace that somebody read in what a client's records disagree."""
    payload = {"conflict": conflict.conflict_reason, "field": conflict.golden_field}
    record(
        by=by,
        at=at,
        verb="identities.read_conflict",
        run=run,
        payload=payload,
        **naming.subject(conflict.client_id),
    )


@transaction.atomic
def extend(
    *,
    conflict: IdentityConflict,
    to_on: dt.date | None,
    reason: str,
    generation: Generation,
    by: User,
    at: dt.datetime,
) -> Extension:
    """Ask that a conflict be mended later; as signed, it waits for a second person. Raises `Refused`."""
    list(Client.objects.select_for_update().filter(pk=conflict.client_id))
    said = putting_off.said_of(conflict.conflict_key)
    signed_of = deadlines.bounds(conflict, said, generation)
    is_settled = queries.in_force(conflict.conflict_key) is not None
    demand(deadlines.may_ask(said, signed_of, is_settled=is_settled), **naming.subject(conflict.client_id))
    demand(
        deadlines.may_put_off(signed_of, to_on, reason, signed.desk_day(generation)),
        **naming.subject(conflict.client_id),
    )
    is_alone = not signed_of.needs_second_person
    days: Any = {"from_on": signed_of.from_on, "to_on": to_on}  # both are there, the verdicts say
    row = Extension.objects.create(
        conflict_key=conflict.conflict_key, client_id=conflict.client_id, **days,
        reason=reason, state=Extension.State.APPROVED if is_alone else Extension.State.PROPOSED,
        by=by, at=at, run=generation.run_id,
    )  # fmt: skip
    record(by=by, at=at, verb="identities.extend_conflict", **traces.of_extension(row, generation))
    if not is_alone:
        home = Place.objects.filter(pk=row.client_id).values_list("home_branch_code", flat=True).first()
        approvers.ask(
            permission=deadlines.AGREE,
            title=traces.title(row),
            key=traces.key(row),
            branch_code=home or "",
            by=by,
            at=at,
        )
    return row


@transaction.atomic
def decide_extension(
    *,
    row: Extension,
    is_agreed: bool,
    reason: str,
    version: int,
    generation: Generation,
    by: User,
    at: dt.datetime,
) -> None:
    """Agree to a later due date, or return the proposal, as it was read. Raises `Refused`."""
    row = Extension.objects.select_for_update().get(pk=row.pk)
    demand(deadlines.may_agree(by, row, version), **naming.subject(row.client_id))
    row.state = Extension.State.APPROVED if is_agreed else Extension.State.RETURNED
    row.decided_by, row.decided_at, row.decision_reason = by, at, reason
    row.version += 1
    row.save()
    verb = "identities.agree_extension" if is_agreed else "identities.return_extension"
    record(by=by, at=at, verb=verb, **traces.of_extension(row, generation))
    approvers.answer(
        to=row.by_id, title=traces.title(row), key=f"{traces.key(row)}:{row.version}", is_approved=is_agreed,
        reason=reason, by=by, at=at, url=reverse("identities:conflicts"),
    )  # fmt: skip


@transaction.atomic
def withdraw_extension(*, row: Extension, generation: Generation, by: User, at: dt.datetime) -> None:
    """Take one's own proposal back. Raises `Refused`."""
    row = Extension.objects.select_for_update().get(pk=row.pk)
    demand(deadlines.may_withdraw(by, row), **naming.subject(row.client_id))
    Extension.objects.filter(pk=row.pk).update(state=Extension.State.WITHDRAWN, version=row.version + 1)
    record(by=by, at=at, verb="identities.withdraw_extension", **traces.of_extension(row, generation))
