"""Facts of profiles: declared by the manager, confirmed by the leader, ended; and what a client needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.books import profile_rows, profile_rules
from keepwell.desk.books.profiled import NeedFact, ProfileFact
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.models import Generation
from keepwell.desk.people import approvers
from keepwell.desk.people.models import User
from keepwell.desk.ui import notices
from keepwell.desk.ui.http import demand

State = ProfileFact.State


def _about(staff_code: str, run: str, **payload: Any) -> dict[str, Any]:
    return {"subject_kind": "staff", "subject_id": staff_code, "payload": payload, "run": run}


@transaction.atomic
def declare(
    *, staff_code: str, kind: str, facts: Mapping[str, Any], by: User, at: dt.datetime, run: str
) -> ProfileFact:
    """Declare a fact of one's own profile; one that waits already is replaced. Raises `Refused`."""
    verdict = profile_rules.may_declare(by, staff_code)
    demand(verdict, subject_kind="staff", subject_id=staff_code)
    value = facts.get("value", "")
    waiting = ProfileFact.objects.filter(staff_code=staff_code, kind=kind, value=value, state=State.DECLARED)
    waiting.update(state=State.ENDED)
    row = ProfileFact.objects.create(
        staff_code=staff_code,
        kind=kind,
        **facts,
        declared_by_id=by.pk,
        declared_by=by.display_name,
        declared_at=at,
    )
    for user in approvers.others(profile_rules.CONFIRM, but=by, branch_code=by.branch_code):
        told = {"by": by.display_name}
        url = reverse("books:profile", args=[staff_code])
        notices.tell(to=user.pk, kind="books.profile_declared", key=f"{row.pk}", at=at, facts=told, url=url)
    record(by=by, at=at, verb="books.declare_profile", **_about(staff_code, run, kind=kind, value=value))
    return row


@transaction.atomic
def decide(
    *, fact: ProfileFact, is_confirmed: bool, reason: str, by: User, at: dt.datetime, run: str
) -> ProfileFact:
    """Confirm a fact, which ends the one before it, or not, with the reason. Raises `Refused`."""
    row = ProfileFact.objects.select_for_update().get(pk=fact.pk)
    demand(profile_rules.may_confirm(by, row), subject_kind="staff", subject_id=row.staff_code)
    if not is_confirmed and not reason.strip():
        demand(refuse(Refusal.PURPOSE), subject_kind="staff", subject_id=row.staff_code)
    same = {"staff_code": row.staff_code, "kind": row.kind, "value": row.value}
    if is_confirmed:
        ProfileFact.objects.filter(**same, state=State.CONFIRMED).update(state=State.ENDED)
    row.state = State.CONFIRMED if is_confirmed else State.RETURNED
    row.decided_by_id, row.decided_by, row.decided_at = by.pk, by.display_name, at
    row.reason = reason.strip()[:200]
    row.save()
    kind = "books.profile_confirmed" if is_confirmed else "books.profile_returned"
    facts = {"by": by.display_name, "what": _kind_told(row), "reason": row.reason}
    url = reverse("books:profile", args=[row.staff_code])
    notices.tell(to=row.declared_by_id, kind=kind, key=f"{row.pk}", at=at, facts=facts, url=url)
    told = _about(row.staff_code, run, kind=row.kind, value=row.value, state=str(row.state))
    record(by=by, at=at, verb="books.confirm_profile", **told)
    return row


def _kind_told(row: ProfileFact) -> dict[str, str]:
    """The kind in each language, for whoever reads the notice."""
    told = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            told[code] = str(ProfileFact.Kind(row.kind).label)
    return told


@transaction.atomic
def end(*, fact: ProfileFact, by: User, at: dt.datetime, run: str) -> None:
    """End a fact of one's own profile, or take a declaration back; the row stays. Raises `Refused`."""
    row = ProfileFact.objects.select_for_update().get(pk=fact.pk)
    demand(profile_rules.may_end(by, row), subject_kind="staff", subject_id=row.staff_code)
    ProfileFact.objects.filter(pk=row.pk).update(state=State.ENDED)
    record(
        by=by, at=at, verb="books.end_profile", **_about(row.staff_code, run, kind=row.kind, value=row.value)
    )


@transaction.atomic
def record_need(
    *, line: ClientLine, facts: Mapping[str, Any], generation: Generation, by: User, at: dt.datetime
) -> NeedFact:
    """Record what a client needs; the word before stays on record and counts no more. Raises `Refused`."""
    demand(by.may(profile_rules.RECORD), subject_kind="client", subject_id=line.client_id)
    latest = NeedFact.objects.filter(client_id=line.client_id, need=facts["need"], is_latest=True)
    latest.update(is_latest=False)
    row = NeedFact.objects.create(
        client_id=line.client_id,
        record_code=profile_rows.first_record(line.client_id),
        **facts,
        by_id=by.pk,
        by_name=by.display_name,
        at=at,
        recorded_on=desk_day(generation),
    )
    told = {"need": row.need, "strength": row.strength, "source": row.source}
    subject: dict[str, Any] = {"subject_kind": "client", "subject_id": line.client_id}
    record(by=by, at=at, verb="books.record_need", payload=told, run=generation.run_id, **subject)
    return row
