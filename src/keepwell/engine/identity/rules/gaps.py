"""What is missing, expired, misread or contradictory in the data of each open client (R006, R008, R213)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import IdKind, Population
from keepwell.contract.golden import Fact
from keepwell.contract.quality import DataGap, GapKind
from keepwell.engine import frames
from keepwell.policy.packs import Packs
from keepwell.policy.remediation import Required

OPEN = (Population.EXISTING, Population.NEVER_FUNDED)
CHECKED = (IdKind.RESIDENT, IdKind.CREDIT_CODE)  # documents with a check digit
RAW = (Fact.SEX, Fact.NATIONALITY, Fact.OCCUPATION, Fact.INCOME_BAND, Fact.BIRTH_ON, Fact.ID_VALID_TO)
STANDARD = (Fact.CLIENT_NAME, Fact.ID_NUMBER, Fact.PHONE, Fact.EMAIL, Fact.ADDRESS)


def data_gap(
    client: Any,
    client_record: Any,
    customer_record: Any,
    record_identity: Any,
    identity_conflict: Any,
    packs: Packs,
    as_of: dt.date,
) -> Any:
    """A row for each fact that falls short, once a kind: no record holds it, it is over, misread, or contradictory."""
    required = packs.remediation.required
    known = _known(client, client_record, customer_record, record_identity)
    parts = [
        *(_missing(known, row) for row in required),
        _outdated(known, as_of),
        _misread(known),
        _differing(known, identity_conflict),
    ]
    found = ibis.union(*parts, distinct=False)
    is_asked = [
        (found.client_kind == str(row.client_kind))
        & found.golden_field.isin([str(fact) for fact in row.facts])
        for row in required
    ]
    is_required = ibis.literal(value=False)
    for is_one in is_asked:
        is_required = is_required | is_one
    return found.mutate(is_required=is_required).select(*DataGap.names())


def _known(client: Any, client_record: Any, customer_record: Any, record_identity: Any) -> Any:
    """Each open client with, for every fact, whether any record of theirs holds it."""
    raw = customer_record.select("record_code", *(str(fact) for fact in RAW))
    standard = record_identity.select("record_code", *(str(fact) for fact in STANDARD))
    owned = (
        client_record.select("record_code", "client_id")
        .join(raw, "record_code")
        .join(standard, "record_code")
    )
    held = owned.group_by("client_id").agg(
        **{f"has_{fact}": owned[str(fact)].notnull().any() for fact in (*RAW, *STANDARD)}
    )
    is_open = client.population.isin([str(one) for one in OPEN])
    whose = client.filter(is_open).select("client_id", "client_kind", "id_kind", "id_valid_to", "id_is_valid")
    return whose.join(held, "client_id")


def _missing(known: Any, required: Required) -> Any:
    """The facts asked for of clients of a kind that nobody has written down; a kind itself is always there."""
    of_kind = known.filter(known.client_kind == str(required.client_kind))
    parts = [
        _gap(of_kind.filter(~of_kind[f"has_{fact}"]), fact, GapKind.MISSING)
        for fact in required.facts
        if fact in (*RAW, *STANDARD)
    ]
    return ibis.union(*parts, distinct=False) if len(parts) > 1 else parts[0]


def _outdated(known: Any, as_of: dt.date) -> Any:
    """Documents that are no longer in force, since the day after their last one."""
    over = known.filter(known.id_valid_to < frames.day(as_of))
    return _gap(over, Fact.ID_VALID_TO, GapKind.EXPIRED, frames.days_after(over.id_valid_to, 1))


def _misread(known: Any) -> Any:
    """Numbers of which the check digit does not fit, where the document has one."""
    has_digit = known.id_kind.isin([str(kind) for kind in CHECKED])
    wrong = known.filter(has_digit & known[f"has_{Fact.ID_NUMBER}"] & ~known.id_is_valid)
    return _gap(wrong, Fact.ID_NUMBER, GapKind.MISREAD)


def _differing(known: Any, identity_conflict: Any) -> Any:
    """Conflicts about a fact that nobody has settled; a fact with two of them is one gap."""
    waits = identity_conflict.filter(
        identity_conflict.golden_field.notnull() & identity_conflict.settled_on.isnull()
    )
    once = waits.group_by("client_id", "golden_field").agg(since_on=waits.since_on.min())
    told = once.join(known.select("client_id", "client_kind"), "client_id")
    return told.select(
        "client_id", "client_kind", "golden_field", gap_kind=ibis.literal(str(GapKind.DIFFERS)), since_on=told.since_on
    )  # fmt: skip


def _gap(rows: Any, fact: Fact, kind: GapKind, since_on: Any = None) -> Any:
    return rows.select(
        "client_id",
        "client_kind",
        golden_field=ibis.literal(str(fact)),
        gap_kind=ibis.literal(str(kind)),
        since_on=ibis.null("date") if since_on is None else since_on,
    )
