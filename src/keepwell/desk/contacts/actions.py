"""What is done with contacts: recorded, completed, corrected, remarked on, taken back; each with its trace."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from keepwell.contract.codes import Channel, ContactDirection, ContactOutcome, TaskOutcome
from keepwell.desk.audit.actions import record
from keepwell.desk.clients.models import Client
from keepwell.desk.contacts import rules
from keepwell.desk.contacts.models import FIELDS, Contact, ContactVersion, Remark
from keepwell.desk.gates import actions as gates
from keepwell.desk.generations.cuts import stamped
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand
from keepwell.desk.work import actions as work
from keepwell.desk.work import complaints
from keepwell.desk.work.models import Outcome
from keepwell.desk.work.queries import Item

CAME_OF = {
    str(ContactOutcome.REACHED): str(TaskOutcome.REACHED),
    str(ContactOutcome.REFUSED): str(TaskOutcome.REACHED),
    str(ContactOutcome.NO_ANSWER): str(TaskOutcome.NOT_REACHED),
    str(ContactOutcome.RESCHEDULED): str(TaskOutcome.SNOOZED),
}

AT_ONCE = dt.timedelta(minutes=1)
REACHED = {str(ContactOutcome.REACHED), str(ContactOutcome.REFUSED)}


@transaction.atomic
def record_contact(
    *,
    client_id: str,
    record_code: str,
    facts: Mapping[str, Any],
    contacted_at: dt.datetime,
    by: User,
    at: dt.datetime,
    on: dt.date,
    is_capped: bool = True,
    item_key: str = "",
    wants_no_contact: bool = False,
    run: str = "",
) -> Contact:
    """Record a contact, once however often the form is sent; a promise becomes a task of whoever is manager then."""
    Client.objects.select_for_update().get(pk=client_id)  # one after the other about one client
    at = stamped(at)
    said = {name: facts[name] for name in FIELDS if name in facts}
    said |= {"record_code": record_code, "contacted_at": contacted_at, "item_key": item_key}
    if twin := _sent_again(said, by, at):
        return twin
    contact = Contact.objects.create(
        client_id=client_id,
        author_id=by.pk,
        author_name=by.display_name,
        staff_code=by.staff_code,
        recorded_at=at,
        contacted_on=timezone.localdate(contacted_at),
        is_capped=is_capped,
        run=run,
        **said,
    )
    _follow(contact, set(FIELDS), by=by, at=at, on=on, run=run)
    if wants_no_contact:
        gates.refuse_contact(client_id=client_id, record_code=record_code, on=on, by=by, at=at, run=run)
    payload = {"contact": contact.pk, **{name: said.get(name, "") for name in ("channel", "outcome")}}
    payload["task"] = item_key
    record(by=by, at=at, verb="contacts.record_contact", payload=payload, run=run, **_of(client_id))
    return contact


def _sent_again(said: Mapping[str, Any], by: User, at: dt.datetime) -> Contact | None:
    """The contact that the same form made a moment ago."""
    own = Contact.objects.filter(author_id=by.pk, recorded_at__gte=at - AT_ONCE, is_withdrawn=False)
    return own.filter(**said).first()


@transaction.atomic
def record_outcome(
    *,
    item: Item,
    outcome: str,
    record_code: str,
    by: User,
    at: dt.datetime,
    on: dt.date,
    contacted_at: dt.datetime,
    said: Mapping[str, Any] | None = None,
    settled: Mapping[str, Any] | None = None,
    run: str = "",
) -> Outcome:
    """What became of a task, in one click: reached and not reached are contacts with defaults, recorded at once.

    `said` are channel and topic of such a contact; `settled` the reason, words, or day that belong to the outcome.
    """
    who: dict[str, Any] = {"record_code": record_code, "by": by, "at": at, "on": on, "run": run}
    contact = None
    if outcome in {TaskOutcome.REACHED, TaskOutcome.NOT_REACHED}:
        contact = record_contact(
            client_id=item.client_id,
            facts=_of_one_click(said or {}, reached=outcome == TaskOutcome.REACHED),
            contacted_at=contacted_at,
            is_capped=item.is_capped,
            item_key=item.key,
            **who,
        )
    told = dict(settled or {})
    row = work.settle(item=item, outcome=outcome, contact_id=contact.pk if contact else None, **told, **who)
    payload = {"task": item.key, "outcome": outcome, **told}
    record(by=by, at=at, verb="contacts.record_outcome", payload=payload, run=run, **_of(item.client_id))
    return row


@transaction.atomic
def undo_outcome(*, outcome: Outcome, by: User, at: dt.datetime, on: dt.date, run: str = "") -> Outcome:
    """Take an outcome back, and the contact it recorded with it: both stay on record as taken back."""
    back = work.undo(outcome=outcome, on=on, by=by, at=at, run=run)
    contact = Contact.objects.filter(pk=outcome.contact_id).first() if outcome.contact_id else None
    if contact is not None:
        contact.is_withdrawn = True
        contact.save(update_fields=["is_withdrawn"])
        _follow(contact, set(FIELDS), by=by, at=at, on=on, run=run)
    payload = {"task": outcome.key, "outcome": outcome.outcome, "contact": outcome.contact_id}
    record(by=by, at=at, verb="contacts.undo_outcome", payload=payload, run=run, **_of(outcome.client_id))
    return back


@transaction.atomic
def list_again(*, outcome: Outcome, by: User, at: dt.datetime, on: dt.date, run: str = "") -> Outcome:
    """List a task that was put off again from today; a contact recorded with it stays."""
    row = work.undo(outcome=outcome, on=on, by=by, at=at, run=run)
    payload = {"task": outcome.key, "outcome": outcome.outcome, "until_on": outcome.until_on}
    record(by=by, at=at, verb="contacts.list_again", payload=payload, run=run, **_of(outcome.client_id))
    return row


@transaction.atomic
def complete_contact(
    *, contact: Contact, facts: Mapping[str, Any], by: User, at: dt.datetime, on: dt.date, run: str = ""
) -> Contact:
    """Add topic, need and promise to the entry that one click made; the entry before is kept as a version.

    Raises `Refused` when it was taken back or handed on meanwhile.
    """
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    demand(rules.may_correct(contact, by), **_of(contact.client_id))
    changed = _change(contact, facts, "", by, at)
    _follow(contact, changed, by=by, at=at, on=on, run=run)
    payload = {"contact": contact.pk, "version": contact.version, "fields": sorted(facts)}
    record(by=by, at=at, verb="contacts.complete_contact", payload=payload, run=run, **_of(contact.client_id))
    return contact


@transaction.atomic
def correct_contact(
    *,
    contact: Contact,
    facts: Mapping[str, Any],
    reason: str,
    by: User,
    at: dt.datetime,
    on: dt.date,
    also: Mapping[str, Any] | None = None,
    run: str = "",
) -> Contact:
    """Correct what a contact says, as it was read; author and instant stay, the version before can be read.

    `also` are the fields that lost in a conflict: they are kept as a version of their own.
    Raises `Contact.DoesNotExist` when it was corrected or taken back since it was read.
    """
    contact = Contact.objects.select_for_update().get(
        pk=contact.pk, version=contact.version, is_withdrawn=False
    )
    if also:
        _keep(contact, {**contact.facts(), **also}, reason, by, at)
        contact.version += 1
    changed = _change(contact, facts, reason, by, at)
    _follow(contact, changed, by=by, at=at, on=on, run=run)
    payload = {"contact": contact.pk, "version": contact.version, "reason": reason}
    record(by=by, at=at, verb="contacts.correct_contact", payload=payload, run=run, **_of(contact.client_id))
    return contact


@transaction.atomic
def add_remark(*, contact: Contact, text: str, by: User, at: dt.datetime, run: str = "") -> Remark:
    """Add a remark to a contact, whoever recorded it."""
    remark = Remark.objects.create(
        contact=contact, text=text, author_id=by.pk, author_name=by.display_name, added_at=at
    )
    payload = {"contact": contact.pk, "remark": remark.pk}
    record(by=by, at=at, verb="contacts.add_remark", payload=payload, run=run, **_of(contact.client_id))
    return remark


@transaction.atomic
def appoint(
    *,
    client_id: str,
    record_code: str,
    due_on: dt.date,
    about: str,
    by: User,
    at: dt.datetime,
    on: dt.date,
    run: str = "",
) -> None:
    """Make an appointment: a task on its day. The same words twice are one task, others stand beside it."""
    work.open_item(
        key=f"appointment/{due_on}/{_words(about)}" if about.strip() else f"appointment/{due_on}",
        kind="appointment",
        client_id=client_id,
        record_code=record_code,
        due_on=due_on,
        on=on,
        facts={"about": about, "by": by.display_name},
        url_name="contacts:today",
        by=by,
        at=at,
        run=run,
    )
    payload = {"due_on": due_on}
    record(by=by, at=at, verb="contacts.appoint", payload=payload, run=run, **_of(client_id))


@transaction.atomic
def dial(*, client_id: str, task: str, by: User, at: dt.datetime, run: str = "") -> None:
    """Trace that a number was asked for to dial from a task; showing it is traced by the clients' own act."""
    record(by=by, at=at, verb="contacts.dial", payload={"task": task}, run=run, **_of(client_id))


def _of_one_click(said: Mapping[str, Any], *, reached: bool) -> dict[str, str]:
    return {
        "channel": said.get("channel") or str(Channel.PHONE),
        "direction": str(ContactDirection.OUT),
        "outcome": str(ContactOutcome.REACHED if reached else ContactOutcome.NO_ANSWER),
        "topic": said.get("topic", "") if reached else "",
    }


def _change(contact: Contact, facts: Mapping[str, Any], reason: str, by: User, at: dt.datetime) -> set[str]:
    """Set the facts, keep what stood before, and answer which fields changed."""
    before = contact.facts()
    _keep(contact, before, reason, by, at)
    for name, value in facts.items():
        setattr(contact, name, value)
    contact.version += 1
    contact.save(update_fields=[*facts, "version"])
    return {name for name in facts if before[name] != facts[name]}


def _keep(contact: Contact, facts: Mapping[str, Any], reason: str, by: User, at: dt.datetime) -> None:
    ContactVersion.objects.create(
        contact=contact,
        version=contact.version,
        facts=json.loads(json.dumps(dict(facts), cls=DjangoJSONEncoder)),
        reason=reason,
        changed_by_id=by.pk,
        changed_by_name=by.display_name,
        changed_at=at,
    )


def _follow(contact: Contact, changed: set[str], *, by: User, at: dt.datetime, on: dt.date, run: str) -> None:
    """What follows from a contact as it now stands: its promise's task, a complaint's next, the cap."""
    if changed & {"promise", "promise_due_on"}:
        _promise(contact, by=by, at=at, on=on, run=run)
    if "outcome" in changed:
        _move_complaints(contact, by=by, at=at, run=run)
    source, reached = f"contacts/{contact.pk}", contact.outcome in REACHED
    counts = contact.is_capped and contact.direction == ContactDirection.OUT and reached
    one: dict[str, Any] = {"client_id": contact.client_id, "source": source, "by": by, "at": at, "run": run}
    if counts and not contact.is_withdrawn and changed & {"outcome", "direction"}:
        gates.count_touch(record_code=contact.record_code, on=contact.contacted_on, **one)
    elif contact.is_withdrawn or (not counts and contact.version > 1 and changed & {"outcome", "direction"}):
        gates.uncount_touch(**one)


def _move_complaints(contact: Contact, *, by: User, at: dt.datetime, run: str) -> None:
    """Whoever is reached has their complaint settled next; once that is taken back they are to be reached first."""
    of_client: dict[str, Any] = {"client_id": contact.client_id, "by": by, "at": at, "run": run}
    if contact.outcome == ContactOutcome.REACHED and not contact.is_withdrawn:
        complaints.reached(on=contact.contacted_on, but=contact.item_key, **of_client)
    elif contact.is_withdrawn or contact.version > 1:
        others = Contact.objects.filter(client_id=contact.client_id, outcome=str(ContactOutcome.REACHED))
        last_on = others.filter(is_withdrawn=False).aggregate(day=Max("contacted_on"))["day"]
        complaints.unreached(last_on=last_on, **of_client)


def _promise(contact: Contact, *, by: User, at: dt.datetime, on: dt.date, run: str) -> None:
    task: dict[str, Any] = {
        "key": contact.promise_key,
        "record_code": contact.record_code,
        "by": by,
        "at": at,
        "run": run,
    }
    if not contact.promise or not contact.promise_due_on or contact.is_withdrawn:
        work.close_item(**task)
        return
    said_on = contact.contacted_on.isoformat()
    work.open_item(
        kind="promise",
        client_id=contact.client_id,
        due_on=contact.promise_due_on,
        on=on,
        facts={"promise": contact.promise, "by": contact.author_name, "on": said_on},
        url_name="contacts:today",
        **task,
    )


def _words(about: str) -> str:
    return hashlib.sha256(about.strip().encode()).hexdigest()[:12]


def _of(client_id: str) -> dict[str, Any]:
    return {"subject_kind": "client", "subject_id": client_id}
