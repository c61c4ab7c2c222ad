"""Putting a conflict's due date off, agreeing to it, taking it back: rules and acts, each act with its trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.clients.models import Client, Place
from keepwell.desk.gates import signed
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import disagreements, putting_off, rules
from keepwell.desk.identities.models import Extension, IdentityConflict
from keepwell.desk.people import approvers
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand

EXTEND, AGREE = "identities.settle_conflict", "identities.approve_extension"
State = Extension.State


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is signed of putting off: until when at the latest, how often, and whether a second person agrees."""

    from_on: dt.date | None
    latest_on: dt.date
    n_times_at_most: int
    needs_second_person: bool


def bounds(conflict: IdentityConflict, said: Sequence[Extension], generation: Generation) -> Bounds:
    """Days count from the due date, or from the desk's day when that is past; never beyond the measure's last day."""
    today = signed.desk_day(generation)
    pack = signed.packs(generation, today).remediation
    agreed = [row.to_on for row in said if row.state == State.APPROVED]
    due_on = max(agreed, default=conflict.due_on)
    latest = max(due_on or today, today) + dt.timedelta(days=pack.extension.n_days_at_most)
    return Bounds(
        due_on,
        min(latest, pack.existing.last_on),
        pack.extension.n_times_at_most,
        pack.extension.needs_second_person,
    )


def may_ask(said: Sequence[Extension], within: Bounds, *, is_settled: bool) -> Verdict:
    """There is a due date, nothing waits, and it was not put off as often as is signed."""
    if is_settled:
        return refuse(Refusal.SETTLED_ALREADY)
    if within.from_on is None:
        return refuse(Refusal.NO_DUE_DATE)
    if any(row.state == State.PROPOSED for row in said):
        return refuse(Refusal.EXTENSION_WAITS)
    n_times = sum(row.state == State.APPROVED for row in said)
    if n_times >= within.n_times_at_most or within.latest_on <= within.from_on:
        return refuse(Refusal.EXTENDED_ALREADY, n_times=n_times, due_on=within.from_on.isoformat())
    return ALLOWED


def may_put_off(within: Bounds, to_on: dt.date | None, reason: str, today: dt.date) -> Verdict:
    """To a day after the due date and after today, within what is signed, for a reason (M20)."""
    after = max(within.from_on or today, today)
    if to_on is None or not after < to_on <= within.latest_on:
        return refuse(
            Refusal.EXTENSION_TOO_FAR, from_on=after.isoformat(), latest_on=within.latest_on.isoformat()
        )
    return ALLOWED if reason else refuse(Refusal.PURPOSE)


def may_agree(user: User, row: Extension, version: int) -> Verdict:
    """Another person than who asked for it, while it waits; of what was read (M12, M25)."""
    is_open = row.state == State.PROPOSED
    return rules.may_sign(user, row.by, version, row.version, is_open=is_open, permission=AGREE)


def may_withdraw(user: User, row: Extension) -> Verdict:
    """One's own proposal, by whichever login, while it waits."""
    return rules.may_withdraw(user, row.by, is_open=row.state == State.PROPOSED)


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
    signed_of = bounds(conflict, said, generation)
    is_settled = disagreements.in_force(conflict.conflict_key) is not None
    demand(may_ask(said, signed_of, is_settled=is_settled), **_of(conflict.client_id))
    demand(may_put_off(signed_of, to_on, reason, signed.desk_day(generation)), **_of(conflict.client_id))
    is_alone = not signed_of.needs_second_person
    days: Any = {"from_on": signed_of.from_on, "to_on": to_on}  # both are there, the verdicts say
    row = Extension.objects.create(
        conflict_key=conflict.conflict_key, client_id=conflict.client_id, **days,
        reason=reason, state=State.APPROVED if is_alone else State.PROPOSED, by=by, at=at, run=generation.run_id,
    )  # fmt: skip
    _record(row, "identities.extend_conflict", generation, by, at)
    if not is_alone:
        home = Place.objects.filter(pk=row.client_id).values_list("home_branch_code", flat=True).first()
        approvers.ask(permission=AGREE, title=title(row), key=_key(row), branch_code=home or "", by=by, at=at)
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
    demand(may_agree(by, row, version), **_of(row.client_id))
    row.state = State.APPROVED if is_agreed else State.RETURNED
    row.decided_by, row.decided_at, row.decision_reason = by, at, reason
    row.version += 1
    row.save()
    verb = "identities.agree_extension" if is_agreed else "identities.return_extension"
    _record(row, verb, generation, by, at)
    approvers.answer(
        to=row.by_id, title=title(row), key=f"{_key(row)}:{row.version}", is_approved=is_agreed, reason=reason,
        by=by, at=at, url=reverse("identities:conflicts"),
    )  # fmt: skip


@transaction.atomic
def withdraw_extension(*, row: Extension, generation: Generation, by: User, at: dt.datetime) -> None:
    """Take one's own proposal back. Raises `Refused`."""
    row = Extension.objects.select_for_update().get(pk=row.pk)
    demand(may_withdraw(by, row), **_of(row.client_id))
    Extension.objects.filter(pk=row.pk).update(state=State.WITHDRAWN, version=row.version + 1)
    _record(row, "identities.withdraw_extension", generation, by, at)


def title(row: Extension) -> str:
    """What a notice calls it: the client number and the days, no name."""
    return f"{row.client_id}: {row.from_on} → {row.to_on}"


def _key(row: Extension) -> str:
    return f"identities.extension:{row.pk}"


def _record(row: Extension, verb: str, generation: Generation, by: User, at: dt.datetime) -> None:
    payload = {
        "extension": row.pk, "conflict": row.conflict_key, "from": row.from_on.isoformat(),
        "to": row.to_on.isoformat(), "reason": row.reason,
    }  # fmt: skip
    record(by=by, at=at, verb=verb, run=generation.run_id, payload=payload, **_of(row.client_id))


def _of(client_id: str) -> dict[str, Any]:
    return {"subject_kind": "client", "subject_id": client_id}
