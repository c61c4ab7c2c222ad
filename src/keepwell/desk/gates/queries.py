"""What the gates must know of clients and staff: bounded queries, however many clients are asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from keepwell.desk.clients.models import ClientLine, ClientRecord
from keepwell.desk.gates.models import NoContact, Touch
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.records import events


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts against contacting one client: days of contacts in the window, and since when they want none."""

    touched_on: tuple[dt.date, ...] = ()
    refused_since_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """The registrations of a member of staff: kinds in force, `None` where the firm delivers none."""

    kinds: frozenset[str] | None = field(default=None)


def records_of(client_ids: Iterable[str]) -> dict[str, str]:
    """Customer number to client, for all numbers of these clients."""
    rows = ClientRecord.objects.filter(client_id__in=list(client_ids))
    return dict(rows.values_list("record_code", "client_id"))


def standings(
    lines: Collection[ClientLine], on: dt.date, n_days: int, records: Mapping[str, str] | None = None
) -> dict[str, Standing]:
    """What stands against contacting each of these clients: three queries, two with `records` given."""
    owners = records_of(line.client_id for line in lines) if records is None else records
    first = on - dt.timedelta(days=n_days - 1)
    touched: dict[str, list[dt.date]] = {
        line.client_id: [line.last_contact_on]
        for line in lines
        if line.last_contact_on and first <= line.last_contact_on <= on
    }
    ledger = Touch.objects.filter(record_code__in=list(owners), touched_on__gte=first, touched_on__lte=on)
    for code, day in ledger.values_list("record_code", "touched_on"):
        touched.setdefault(owners[code], []).append(day)
    refused: dict[str, dt.date] = {}
    wishes = NoContact.objects.filter(record_code__in=list(owners), until_on=None)
    for code, since_on in wishes.values_list("record_code", "since_on"):
        refused[owners[code]] = max(since_on, refused.get(owners[code], since_on))
    return {
        line.client_id: Standing(
            tuple(sorted(set(touched.get(line.client_id, ())))), refused.get(line.client_id)
        )
        for line in lines
    }


def registration(user: User, generation: Generation, on: dt.date) -> Registration:
    """The kinds of registration the user holds on a day, from the firm's own files."""
    if not events.delivers_licences(generation.run_id):
        return Registration()
    rows = events.licences(generation.run_id, user.staff_code) if user.staff_code else []
    held = {
        row["licence_kind"]
        for row in rows
        if row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"])
    }
    return Registration(frozenset(held))


def wish_of(record_codes: Iterable[str]) -> NoContact | None:
    """The wish not to be contacted that holds for one of the records, if any."""
    rows = NoContact.objects.filter(record_code__in=list(record_codes), until_on=None)
    return rows.order_by("-since_on", "-pk").first()
