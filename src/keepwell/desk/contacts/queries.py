"""What was said: within scope, told by the customer record, so that a merge or a split loses nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, Q, QuerySet

from keepwell.contract.codes import ContactOutcome
from keepwell.desk.clients.models import Client, ClientLine, ClientRecord
from keepwell.desk.clients.queries import visible_to
from keepwell.desk.contacts.models import Contact
from keepwell.desk.generations.queries import pinned
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.records import events
from keepwell.desk.ui.paging import Keyset, keyset
from keepwell.desk.work.queries import owners_of

MERGES_FOLLOWED = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the log."""

    author: str = ""
    channel: str = ""
    first_on: dt.date | None = None
    last_on: dt.date | None = None
    promise_open: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a timeline: a contact of the desk, or one that the run brought."""

    at: dt.datetime
    author: str
    channel: str
    outcome: str
    contact: Contact | None = None
    row: Mapping[str, Any] = field(default_factory=dict)


def within(user: User, on: dt.date) -> QuerySet[Contact]:
    """The contacts of the clients in the user's scope."""
    rows = Contact.objects.all()
    if user.scope is Scope.FIRM:
        return rows
    lines = visible_to(user, on).values("client_id")
    return rows.filter(record_code__in=ClientRecord.objects.filter(client_id__in=lines).values("record_code"))


def log(user: User, on: dt.date, wanted: Wanted, cursor: str) -> Keyset[Contact]:
    """One page of the log, newest first; what was taken back is not in it."""
    rows = within(user, on).filter(is_withdrawn=False)
    if wanted.author == "me":
        rows = rows.filter(author_id=user.pk)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.first_on:
        rows = rows.filter(contacted_on__gte=wanted.first_on)
    if wanted.last_on:
        rows = rows.filter(contacted_on__lte=wanted.last_on)
    if wanted.promise_open:
        rows = rows.filter(~Q(promise=""), promise_due_on__gte=on)
    return keyset(rows, ("-contacted_at", "-id"), cursor)


def lines_of(user: User, on: dt.date, contacts: Sequence[Contact]) -> dict[int, ClientLine]:
    """The client of today behind each contact, by the contact's number: two queries."""
    owners = owners_of({contact.record_code for contact in contacts})
    ids = {owners.get(contact.record_code, contact.client_id) for contact in contacts}
    lines = {line.client_id: line for line in visible_to(user, on).filter(client_id__in=ids)}
    return {
        contact.pk: lines[owner]
        for contact in contacts
        if (owner := owners.get(contact.record_code, contact.client_id)) in lines
    }


def one(user: User, on: dt.date, pk: int) -> Contact | None:
    """A contact in the user's scope."""
    return within(user, on).filter(pk=pk).first()


def owner_now(user: User, on: dt.date, client_id: str, record_code: str) -> ClientLine | None:
    """Who the client is today, told by the record, else by the anchor's merges; `None` outside the scope."""
    owner = owners_of([record_code]).get(record_code) if record_code else None
    owner = owner or _merged(client_id)
    return visible_to(user, on).filter(client_id=owner).first()


def _merged(client_id: str) -> str:
    for _step in range(MERGES_FOLLOWED):
        into = Client.objects.filter(pk=client_id).values_list("merged_into_id", flat=True).first()
        if not into:
            break
        client_id = into
    return client_id


def records_of(line: ClientLine, branch_code: str = "") -> list[ClientRecord]:
    """The client's customer numbers, those of the reader's branch first."""
    rows = ClientRecord.objects.filter(client_id=line.client_id).order_by("opened_on", "record_code")
    return sorted(rows, key=lambda row: row.branch_code != branch_code)


def timeline(
    line: ClientLine, run_id: str, *, author: str = "", channel: str = "", limit: int = 20
) -> list[Said]:
    """What was said to the client, newest first: the desk's own contacts and those the run brought."""
    codes = [row.record_code for row in records_of(line)]
    own = Contact.objects.filter(record_code__in=codes, is_withdrawn=False).prefetch_related(
        "versions", "remarks"
    )
    said = [
        Said(row.contacted_at, row.author_name, row.channel, row.outcome, contact=row)
        for row in own.order_by("-contacted_at", "-pk")[:limit]
    ]
    said += [
        Said(row["contacted_at"], row["staff_code"], row["channel"], row["outcome"], row=row)
        for row in events.of_records(run_id, "contact", codes, newest=limit)
    ]
    chosen = [one for one in said if author in {"", one.author} and channel in {"", one.channel}]
    return sorted(chosen, key=lambda one: one.at, reverse=True)[:limit]


def lay(rows: Sequence[ClientLine], owners: Mapping[str, str]) -> None:
    """Lay the latest contact that reached each client over the run's lines: one query, however many rows."""
    reached = Contact.objects.filter(
        record_code__in=list(owners), outcome=str(ContactOutcome.REACHED), is_withdrawn=False
    )
    latest: dict[str, dt.date] = {}
    for code, on in reached.values_list("record_code").annotate(last_on=Max("contacted_on")).order_by():
        latest[owners[code]] = max(on, latest.get(owners[code], on))
    for row in rows:
        row.desk_contact_on = latest.get(row.client_id)


def reached_since_run(after: dt.date | None) -> QuerySet[Any]:
    """Clients whom a contact reached after a day, or at all, that the current run does not count yet."""
    generation = pinned()
    rows = Contact.objects.filter(outcome=str(ContactOutcome.REACHED), is_withdrawn=False)
    if generation is not None and generation.returns_cut is not None:
        rows = rows.filter(recorded_at__gt=generation.returns_cut)
    if after is not None:
        rows = rows.filter(contacted_on__gt=after)
    return ClientRecord.objects.filter(record_code__in=rows.values("record_code")).values("client_id")


def promises(line_ids: Sequence[str], on: dt.date) -> int:
    """How many promises to these clients are still open."""
    records = ClientRecord.objects.filter(client_id__in=line_ids).values("record_code")
    return Contact.objects.filter(~Q(promise=""), record_code__in=records, promise_due_on__gte=on).count()
