"""What is counted and noted at the gates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from keepwell.desk.audit.actions import record
from keepwell.desk.gates.models import NoContact, Touch
from keepwell.desk.people.models import User


@transaction.atomic
def count_touch(
    *, client_id: str, record_code: str, on: dt.date, source: str, by: User, at: dt.datetime, run: str = ""
) -> Touch:
    """Count a contact against the client's cap; `source` names the entry, so that it counts once."""
    touch, _made = Touch.objects.update_or_create(
        source=source, defaults={"client_id": client_id, "record_code": record_code, "touched_on": on}
    )
    record(
        by=by,
        at=at,
        verb="gates.count_touch",
        payload={"source": source, "on": on},
        run=run,
        **_of(client_id),
    )
    return touch


@transaction.atomic
def uncount_touch(*, client_id: str, source: str, by: User, at: dt.datetime, run: str = "") -> None:
    """Take a contact that was undone off the cap."""
    Touch.objects.filter(source=source).delete()
    record(by=by, at=at, verb="gates.uncount_touch", payload={"source": source}, run=run, **_of(client_id))


@transaction.atomic
def refuse_contact(
    *, client_id: str, record_code: str, on: dt.date, by: User, at: dt.datetime, run: str = ""
) -> NoContact:
    """Note the client's wish not to be contacted, from a day; noting it twice changes nothing."""
    noted = {"noted_by_id": by.pk, "noted_by_name": by.display_name, "noted_at": at}
    wish, _made = NoContact.objects.get_or_create(
        record_code=record_code, until_on=None, defaults={"client_id": client_id, "since_on": on, **noted}
    )
    record(
        by=by,
        at=at,
        verb="gates.refuse_contact",
        payload={"since_on": wish.since_on},
        run=run,
        **_of(client_id),
    )
    return wish


@transaction.atomic
def allow_contact(
    *, client_id: str, record_codes: list[str], on: dt.date, by: User, at: dt.datetime, run: str = ""
) -> None:
    """Close the wish: the client said that contact is welcome again."""
    NoContact.objects.filter(record_code__in=record_codes, until_on=None).update(until_on=on)
    record(by=by, at=at, verb="gates.allow_contact", payload={"on": on}, run=run, **_of(client_id))


def _of(client_id: str) -> dict[str, Any]:
    return {"subject_kind": "client", "subject_id": client_id}
