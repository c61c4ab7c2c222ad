"""Tasks are opened, settled and taken back here, each in one transaction with its trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from keepwell.contract.codes import TaskOutcome
from keepwell.desk.audit.actions import record
from keepwell.desk.clients.models import Client
from keepwell.desk.generations.cuts import stamped
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand
from keepwell.desk.work import queries, rules
from keepwell.desk.work.kinds import kind
from keepwell.desk.work.models import Outcome, WorkItem
from keepwell.desk.work.queries import Item

# Outcomes after which an opened item is done with; the others only hide a moment for a while.
CLOSING = {str(TaskOutcome.REACHED), str(TaskOutcome.SKIPPED), str(TaskOutcome.DONE)}


@transaction.atomic
def open_item(
    *,
    key: str,
    kind: str,
    client_id: str,
    record_code: str,
    due_on: dt.date,
    on: dt.date,
    by: User,
    at: dt.datetime,
    owner_code: str = "",
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    url_name: str = "",
    run: str = "",
) -> WorkItem:
    """Open a task; asked for twice with one key it is the same task, with the newest date and facts."""
    told = {
        "kind": kind,
        "due_on": due_on,
        "reason": reason,
        "facts": dict(facts or {}),
        "url_name": url_name,
    }
    first = {"client_id": client_id, "owner_code": owner_code, "listed_from_on": on, "run": run}
    first |= {"by_id": by.pk, "by_name": by.display_name, "opened_at": at}
    item, _made = WorkItem.objects.update_or_create(
        key=key,
        record_code=record_code,
        defaults={**told, "is_open": True},
        create_defaults={**told, **first},
    )
    payload = {"key": key, "kind": kind, "due_on": due_on}
    record(by=by, at=at, verb="work.open_item", payload=payload, run=run, **_of(client_id))
    return item


@transaction.atomic
def settle(
    *,
    item: Item,
    outcome: str,
    by: User,
    at: dt.datetime,
    on: dt.date,
    record_code: str,
    reason: str = "",
    note: str = "",
    until_on: dt.date | None = None,
    contact_id: int | None = None,
    run: str = "",
) -> Outcome:
    """Record what became of a task; raises `Refused` when it was settled meanwhile, by another click or person."""
    _require_open(item, on, by)
    at = stamped(at)
    row = Outcome.objects.create(
        key=item.key, client_id=item.client_id, record_code=item.record_code or record_code,
        is_moment=item.moment is not None, outcome=outcome, reason=reason, note=note, until_on=until_on,
        contact_id=contact_id, by_id=by.pk, by_name=by.display_name, staff_code=by.staff_code, at=at, on=on,
        run=run,
    )  # fmt: skip
    if item.opened is not None:
        item.opened.is_open = outcome not in CLOSING
        item.opened.listed_from_on = until_on or item.opened.listed_from_on
        item.opened.save(update_fields=["is_open", "listed_from_on"])
        if not item.opened.is_open:
            _go_on(item.opened, by=by, at=at, run=run)
    payload = {"key": item.key, "outcome": outcome, "reason": reason, "until_on": until_on, "id": row.pk}
    record(by=by, at=at, verb="work.settle", payload=payload, run=run, **_of(item.client_id))
    return row


def _require_open(item: Item, on: dt.date, by: User) -> None:
    demand(rules.may_take_up(by, item), **_of(item.client_id))
    Client.objects.select_for_update().get(pk=item.client_id)  # one after the other about one client
    demand(rules.may_settle(queries.is_open(item, on)), **_of(item.client_id))


@transaction.atomic
def undo(*, outcome: Outcome, on: dt.date, by: User, at: dt.datetime, run: str = "") -> Outcome:
    """Take an outcome back, once: the task stands on the list again, and both acts stay on record."""
    held = Outcome.objects.filter(pk=outcome.pk, is_in_force=True).update(is_in_force=False)
    demand(rules.may_settle(bool(held)), **_of(outcome.client_id))
    if not outcome.is_moment:
        items = WorkItem.objects.filter(key=outcome.key, record_code=outcome.record_code)
        items.update(is_open=True, listed_from_on=on)
        for item in items:
            _stay(item, by=by, at=at, run=run)
    row = Outcome.objects.create(
        key=outcome.key,
        client_id=outcome.client_id,
        record_code=outcome.record_code,
        is_moment=outcome.is_moment,
        outcome=str(TaskOutcome.UNDONE),
        by_id=by.pk,
        by_name=by.display_name,
        staff_code=by.staff_code,
        at=at,
        on=on,
        run=run,
        is_in_force=False,
        undoes=outcome,
    )
    payload = {"key": outcome.key, "undoes": outcome.pk}
    record(by=by, at=at, verb="work.undo", payload=payload, run=run, **_of(outcome.client_id))
    return row


@transaction.atomic
def close_item(*, key: str, record_code: str, by: User, at: dt.datetime, run: str = "") -> None:
    """Close a task whose ground is gone, such as a promise that was corrected away."""
    closed = WorkItem.objects.filter(key=key, record_code=record_code, is_open=True).first()
    if closed is None:
        return
    closed.is_open = False
    closed.save(update_fields=["is_open"])
    record(by=by, at=at, verb="work.close_item", payload={"key": key}, run=run, **_of(closed.client_id))


@transaction.atomic
def go_on(*, item: WorkItem, by: User, at: dt.datetime, run: str = "") -> None:
    """Close a task whose ground something else took away, and open the duty that stands next."""
    close_item(key=item.key, record_code=item.record_code, by=by, at=at, run=run)
    _go_on(item, by=by, at=at, run=run)


@transaction.atomic
def go_back(*, item: WorkItem, by: User, at: dt.datetime, run: str = "") -> None:
    """Open a task again that something else had done with and that something was taken back; its next duty ends."""
    if not WorkItem.objects.filter(pk=item.pk, is_open=False).update(is_open=True):
        return
    _stay(item, by=by, at=at, run=run)
    payload = {"key": item.key, "kind": item.kind, "due_on": item.due_on}
    record(by=by, at=at, verb="work.open_item", payload=payload, run=run, **_of(item.client_id))


def _go_on(done: WorkItem, *, by: User, at: dt.datetime, run: str) -> None:
    """Open what stands once a task is done with, in the same transaction: nobody has to wait for a run."""
    then = kind(done.kind).then
    duty = then(done) if then else None
    if duty is None:
        return
    known = {"key": duty.key, "record_code": duty.record_code}
    dealt_with = Outcome.objects.filter(is_in_force=True, outcome__in=CLOSING, **known)
    if dealt_with.exists():
        return
    duty.by_id, duty.by_name, duty.opened_at, duty.run = by.pk, by.display_name, at, run
    if not WorkItem.objects.filter(**known).update(is_open=True):
        duty.save(force_insert=True)
    payload = {"key": duty.key, "kind": duty.kind, "due_on": duty.due_on}
    record(by=by, at=at, verb="work.open_item", payload=payload, run=run, **_of(duty.client_id))


def _stay(undone: WorkItem, *, by: User, at: dt.datetime, run: str) -> None:
    """Close what stood after a task that is open again."""
    then = kind(undone.kind).then
    duty = then(undone) if then else None
    if duty is not None:
        close_item(key=duty.key, record_code=duty.record_code, by=by, at=at, run=run)


@transaction.atomic
def open_many(*, items: Sequence[WorkItem], by: User | None, at: dt.datetime, run: str) -> None:
    """Open tasks that a run's own rows ask for, at most some hundreds at a time; one that stands already stands."""
    WorkItem.objects.bulk_create(items, ignore_conflicts=True)
    payload = {"n": len(items), "kinds": sorted({item.kind for item in items})}
    record(by=by, at=at, verb="work.open_many", subject_kind="run", subject_id=run, payload=payload, run=run)


@transaction.atomic
def turn_many(*, keys: Sequence[str], is_open: bool, by: User | None, at: dt.datetime, run: str) -> None:
    """Close tasks whose ground the run no longer has, or open them again where it is back."""
    WorkItem.objects.filter(key__in=keys).update(is_open=is_open)
    payload = {"n": len(keys), "is_open": is_open}
    record(by=by, at=at, verb="work.turn_many", subject_kind="run", subject_id=run, payload=payload, run=run)


def _of(client_id: str) -> dict[str, Any]:
    return {"subject_kind": "client", "subject_id": client_id}
