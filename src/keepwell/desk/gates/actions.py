"""What is counted and noted at the gates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from keepwell.contract.suitable import MatchOutcome, StartedBy
from keepwell.contract.verdict import Verdict
from keepwell.desk.audit.actions import record
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.gates import rules
from keepwell.desk.gates.models import NoContact, OpenMatch, Touch
from keepwell.desk.gates.queries import CHECKED, Named
from keepwell.desk.people.models import User
from keepwell.policy.matching import Matched


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


@transaction.atomic
def check_match(
    *,
    client_id: str,
    record_code: str,
    product: Named,
    started_by: StartedBy,
    found: Matched,
    verdict: Verdict,
    amount: Decimal | None,
    policy: str,
    asked_at: dt.datetime,
    by: User,
    at: dt.datetime,
    run: str,
    named: FirmEntry | None = None,
    named_at: dt.datetime | None = None,
) -> OpenMatch | None:
    """Note that a product was asked about and what came out; a client's own wish that owes something stays open.

    Asked about again while it is open it stays the one it is, unless the answer is another by now. `asked_at` is the
    instant on the desk's day, `named` an earlier check in which staff had named the product, `named_at` its instant
    where that is another.
    """
    told = _asked_about(product, started_by, found, amount) | {"policy": policy}
    if named is not None:
        told["named_by_staff_at"] = named.at
    record(by=by, at=at, verb=CHECKED, payload=told, verdict=verdict, run=run, **_of(client_id))
    if started_by is not StartedBy.CLIENT or found.outcome is MatchOutcome.FORBIDDEN:
        return None
    asking = {
        "client_id": client_id,
        "policy_version": policy,
        "asked_at": asked_at,
        "asked_by": by,
        "run": run,
    }
    return _wish(record_code, product.code, _kept(product, found) | asking | _named(named, named_at), found)


def _wish(record_code: str, product_code: str, kept: dict[str, Any], found: Matched) -> OpenMatch | None:
    """The open wish as it stands from now on; nothing where nothing is owed and nothing was."""
    same: dict[str, Any] = {"record_code": record_code, "product_code": product_code, "recorded_at": None}
    if not found.duties and not OpenMatch.objects.filter(**same).exists():
        return None
    asked, is_new = OpenMatch.objects.get_or_create(**same, defaults=kept)
    is_over = not rules.still_owed(asked, kept["asked_at"]) and not rules.needs_second(asked)
    if not is_new and (is_over or not rules.is_as_asked(asked, found)):
        for name, value in (kept | {"seen_at": None, "seen_by": None}).items():
            setattr(asked, name, value)
        asked.save()
    return asked


def _named(named: FirmEntry | None, at: dt.datetime | None) -> dict[str, Any]:
    """Who of the staff had named the product, by the record."""
    if named is None:
        return {}
    return {
        "staff_named_at": at or named.at,
        "staff_named_by_id": named.actor_id,
        "staff_named_by_name": named.actor_name,
    }


def _asked_about(
    product: Named, started_by: StartedBy, found: Matched, amount: Decimal | None
) -> dict[str, Any]:
    """What the log keeps of a check."""
    return {
        "product": product.code,
        "started_by": str(started_by),
        "outcome": str(found.outcome),
        "match_reason": str(found.reason),
        "tests": {str(one.test): str(one.passing) for one in found.tests},
        "amount": None if amount is None else str(amount),
    }


def _kept(product: Named, found: Matched) -> dict[str, Any]:
    """What stays of the answer as long as the wish is open."""
    return {
        "product_name": product.name,
        "match_reason": str(found.reason),
        "duties": [str(duty) for duty in found.duties],
        "figures": {name: None if value is None else str(value) for name, value in _plain(found).items()},
    }


def _plain(found: Matched) -> dict[str, Any]:
    """The figures of a match that are numbers or levels."""
    return {name: value for name, value in found.facts.items() if isinstance(value, int | str | None)}


@transaction.atomic
def record_warning(
    *,
    asked: OpenMatch,
    warning_on: dt.date,
    warning_code: str,
    recording_code: str,
    by: User,
    at: dt.datetime,
    run: str,
) -> bool:
    """Note the signed warning and the recording linked to it: once, for what is signed does not change.

    False where somebody noted it meanwhile.
    """
    if not OpenMatch.objects.select_for_update().filter(pk=asked.pk, recorded_at=None).exists():
        return False
    asked.warning_on, asked.warning_code, asked.recording_code = warning_on, warning_code, recording_code
    asked.recorded_at, asked.recorded_by = at, by
    asked.save(update_fields=["warning_on", "warning_code", "recording_code", "recorded_at", "recorded_by"])
    told = {
        "product": asked.product_code,
        "warning": warning_code,
        "on": warning_on,
        "recording": recording_code,
    }
    record(by=by, at=at, verb="gates.record_warning", payload=told, run=run, **_of(asked.client_id))
    return True


@transaction.atomic
def second_match(*, asked: OpenMatch, by: User, at: dt.datetime, run: str) -> None:
    """Note that a second person looked at it."""
    asked.seen_at, asked.seen_by = at, by
    asked.save(update_fields=["seen_at", "seen_by"])
    told = {"product": asked.product_code}
    record(by=by, at=at, verb="gates.second_match", payload=told, run=run, **_of(asked.client_id))


def _of(client_id: str) -> dict[str, Any]:
    return {"subject_kind": "client", "subject_id": client_id}
