"""Asking a client: a link is sent, handed over, withdrawn, answers taken over; and telling what was graded anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from keepwell.contract.codes import ClientKind
from keepwell.contract.reasons.suitability import FlagReason
from keepwell.contract.suitable import AnsweredOn
from keepwell.desk.assessments import rules
from keepwell.desk.assessments.models import SuitabilityNotice, Told
from keepwell.desk.assessments.notices import KEY
from keepwell.desk.assessments.queries import Known
from keepwell.desk.audit.actions import Actor, record
from keepwell.desk.clients import actions as clients
from keepwell.desk.clients.models import Client, ClientLine
from keepwell.desk.forms import answering, codes
from keepwell.desk.forms.models import Form
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand
from keepwell.policy import answers
from keepwell.policy.packs import Packs
from keepwell.policy.suitability import Version


@dataclass(frozen=True, slots=True)
class Sent:
    """A form and the code of its link, which is told this once and not kept."""

    form: Form
    code: str


@transaction.atomic
def send(
    *,
    line: ClientLine,
    record_code: str,
    version: Version,
    known: Known,
    way: AnsweredOn,
    packs: Packs,
    run: str,
    by: User,
    at: dt.datetime,
) -> Sent:
    """Make the one open form of a client; a link sent before and not answered leads nowhere from now on.

    Raises `Refused` where the client could not prove who they are.
    """
    Client.objects.select_for_update().get(pk=line.client_id)  # two who send at once: one after the other
    proof = clients.hash_tails(client_id=line.client_id, run=run, by=by, at=at)
    demand(rules.may_prove(proof.hashes), subject_kind="client", subject_id=line.client_id)
    open_before = Form.objects.filter(client_id=line.client_id, state=Form.State.OPEN)
    n_before = open_before.update(state=Form.State.WITHDRAWN)
    code, days = codes.new_code(), packs.suitability.links.valid_days
    form = Form.objects.create(
        code_hash=codes.hash_of(code),
        way=way,
        version=version.code,
        client_id=line.client_id,
        client_kind=line.client_kind,
        client_name=line.client_name,
        record_code=record_code,
        proof_kind=proof.kind,
        proofs=proof.hashes,
        **_asked(by, at),
        expires_at=at + dt.timedelta(days=days),
        **_before(known),
    )
    verb = "assessments.hand_over" if way == AnsweredOn.COUNTER else "assessments.send"
    told = {"form": form.pk, "version": version.code, "n_before": n_before, "expires_at": form.expires_at}
    record(by=by, at=at, verb=verb, payload=told, run=run, **_subject(form))
    return Sent(form, code)


@transaction.atomic
def withdraw(*, form: Form, run: str, by: User, at: dt.datetime) -> bool:
    """Make an open link lead nowhere; false where it was answered or withdrawn meanwhile."""
    n = Form.objects.filter(pk=form.pk, state=Form.State.OPEN).update(state=Form.State.WITHDRAWN)
    if n:
        told = {"form": form.pk}
        record(by=by, at=at, verb="assessments.withdraw", payload=told, run=run, **_subject(form))
    return bool(n)


@transaction.atomic
def take_back(*, form: Form, by: Actor | None, at: dt.datetime) -> bool:
    """Make the form on the branch's device lead nowhere, where the client did not go on; nobody is logged in there."""
    n = Form.objects.filter(pk=form.pk, state=Form.State.OPEN).update(state=Form.State.WITHDRAWN)
    if n:
        told = {"form": form.pk, "handed_over_by": form.asked_by_name}
        record(by=by, at=at, verb="assessments.take_back", payload=told, **_subject(form))
    return bool(n)


@transaction.atomic
def read_letter(*, form: Form, run: str, by: User, at: dt.datetime) -> None:
    """Note that the letter of a result was opened."""
    record(by=by, at=at, verb="assessments.read_letter", payload={"form": form.pk}, run=run, **_subject(form))


def receive(*, form_id: int, packs: Packs, by: Actor | None, at: dt.datetime) -> bool:
    """Take over what a client handed in, checked once more: the desk believes no other process.

    Answers whether it goes to the next run.
    """
    with transaction.atomic():
        form = Form.objects.select_for_update().get(pk=form_id)
        if form.state != Form.State.ANSWERED or form.answered_at is None:
            return False
        why = _why_not(form, packs, form.answered_at)
        form.state = Form.State.REFUSED if why else Form.State.RECEIVED
        form.received_at, form.refusal = at, str(why or "")
        form.save(update_fields=["state", "received_at", "refusal"])
        steps = [f"{step.what} {step.at.isoformat(timespec='seconds')}" for step in form.steps.all()]
        told = {
            "form": form.pk,
            "answers": answering.digest(form),
            "way": form.way,
            "level": form.risk_level,
            "why": form.refusal,
            "steps": steps,
        }
        verb = "assessments.refuse" if why else "assessments.receive"
        record(by=by, at=at, verb=verb, subject_kind="client", subject_id=form.client_id, payload=told)
    return not why


@transaction.atomic
def tell(
    *,
    line: ClientLine,
    record_code: str,
    notices: Sequence[SuitabilityNotice],
    told_on: dt.date,
    channel: str,
    proof_code: str,
    run: str,
    by: User,
    at: dt.datetime,
) -> int:
    """Note that the client was told of new gradings; answers of how many: what somebody noted meanwhile stands."""
    Client.objects.select_for_update().get(pk=line.client_id)  # two who told at once: one after the other
    how = {"told_on": told_on, "channel": channel, "proof_code": proof_code, "record_code": record_code}
    who = {"by_id": by.pk, "by_name": by.display_name, "staff_code": by.staff_code, "at": at, "run": run}
    n = 0
    for notice in notices:
        levels = {"level_before": notice.level_before or "", "level_now": notice.level_now or ""}
        key = {name: getattr(notice, name) for name in KEY}
        _row, is_new = Told.objects.get_or_create(**key, defaults=how | who | levels)
        if not is_new:
            continue
        n += 1
        told = {name: str(value) for name, value in (key | levels).items() if name != "client_id"}
        payload = told | {"told_on": told_on, "channel": channel, "proof": proof_code}
        record(
            by=by,
            at=at,
            verb="assessments.tell",
            subject_kind="client",
            subject_id=line.client_id,
            payload=payload,
            run=run,
        )
    return n


def _asked(by: User, at: dt.datetime) -> dict[str, Any]:
    return {"asked_by_id": by.pk, "asked_by_name": by.display_name, "asked_at": at}


def _before(known: Known) -> dict[str, Any]:
    return {
        "level_before": str(known.level or ""), "level_before_on": known.on, "elsewhere_on": known.elsewhere_on,
    }  # fmt: skip


def _subject(form: Form) -> dict[str, Any]:
    return {"subject_kind": "client", "subject_id": form.client_id}


def _why_not(form: Form, packs: Packs, at: dt.datetime) -> FlagReason | None:
    """Why a form is not taken over: the article it breaks, or a level that its answers do not make."""
    fault = answering.fault_of(form, packs, at)
    if fault:
        return fault.reason
    version = answers.version_of(packs.questionnaires, form.version, ClientKind.of(form.client_kind))
    made = answers.marked(version, answering.sheet(form)) if version else None
    agrees = made and (made.score, str(made.risk_level)) == (form.score, form.risk_level)
    return None if agrees else FlagReason.LEVEL_DISAGREES
