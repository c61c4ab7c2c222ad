"""What each record of a client with several says of each fact: one row a record and fact, in standard form."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.golden import Fact
from keepwell.engine import frames
from keepwell.engine.identity.rules import masks
from keepwell.policy.packs import Packs

AS_WRITTEN = (Fact.CLIENT_KIND, Fact.SEX, Fact.NATIONALITY, Fact.OCCUPATION, Fact.INCOME_BAND)


def held(
    client_record: Any,
    customer_record: Any,
    record_identity: Any,
    questionnaire: Any,
    packs: Packs,
    as_of: dt.date,
) -> Any:
    """Values that are there, of clients with several records; ``value`` compares them, ``shown_value`` is masked.

    A value is in force unless its check digit is wrong or its time is over.
    """
    records = _several(client_record, customer_record, record_identity)
    always = ibis.literal(value=True)
    today = frames.day(as_of)
    parts = [_said(records, fact, records[str(fact)], records[str(fact)], always) for fact in AS_WRITTEN]
    born, ends = records.birth_on.cast("string"), records.id_valid_to.cast("string")
    parts += [
        _said(records, Fact.CLIENT_NAME, records.standard_name, records.client_name, always),
        _said(
            records, Fact.ID_NUMBER, records.id_number, masks.number(records.id_number), records.id_is_valid
        ),
        _said(records, Fact.ID_VALID_TO, ends, ends, records.id_valid_to >= today),
        _said(records, Fact.BIRTH_ON, born, born, always),
        _said(records, Fact.PHONE, records.phone, masks.phone(records.phone), always),
        _said(records, Fact.EMAIL, records.email, masks.email(records.email), always),
        _said(records, Fact.ADDRESS, records.address, masks.address(records.address), always),
    ]
    return ibis.union(*parts, _levels(records, questionnaire, packs, as_of), distinct=False)


def _several(client_record: Any, customer_record: Any, record_identity: Any) -> Any:
    """Records of clients that have more than one, raw facts beside those in standard form."""
    sizes = client_record.group_by("client_id").agg(n=client_record.record_code.count())
    wanted = client_record.select(
        "record_code", "client_id", "branch_code", "opened_on", "closed_on"
    ).semi_join(sizes.filter(sizes.n > 1), "client_id")
    raw = customer_record.select(
        "record_code", "client_kind", "client_name", "id_valid_to", "sex", "birth_on", "nationality", "occupation",
        "income_band", "updated_on",
    )  # fmt: skip
    standard = record_identity.select(
        "record_code", "id_number", "id_is_valid", "phone", "email", "address", standard_name="client_name"
    )
    joined = wanted.join(raw, "record_code").join(standard, "record_code")
    return joined.mutate(
        known_on=ibis.coalesce(joined.updated_on, joined.opened_on), is_open=joined.closed_on.isnull()
    )


def _said(records: Any, fact: Fact, value: Any, shown: Any, is_in_force: Any) -> Any:
    rows = records.mutate(value=value, shown_value=shown, is_in_force=is_in_force)
    rows = rows.filter(rows.value.notnull())
    return _row(rows, fact, rows.known_on.cast("timestamp"))


def _row(rows: Any, fact: Fact, known_at: Any) -> Any:
    return rows.select(
        "client_id",
        "record_code",
        "branch_code",
        "is_open",
        "value",
        "shown_value",
        "is_in_force",
        "known_on",
        golden_field=ibis.literal(str(fact)),
        n_seconds=known_at.epoch_seconds(),
    )


def _levels(records: Any, questionnaire: Any, packs: Packs, as_of: dt.date) -> Any:
    """The latest declared level of each record, and whether it still holds."""
    told = questionnaire.filter(questionnaire.answered_on <= frames.day(as_of))
    order = [told.answered_at.desc(), told.questionnaire_code.desc()]
    ranked = told.mutate(nth=ibis.row_number().over(group_by="record_code", order_by=order))
    last = ranked.filter(ranked.nth == 0).select(
        "record_code", "risk_level", "answered_on", "answered_at", "valid_to"
    )
    months = packs.suitability.questionnaire.valid_months
    joined = records.join(last, "record_code")
    ends_on = ibis.coalesce(joined.valid_to, frames.months_after(joined.answered_on, months))
    rows = joined.mutate(
        value=joined.risk_level,
        shown_value=joined.risk_level,
        is_in_force=ends_on >= frames.day(as_of),
        known_on=joined.answered_on,
    )
    return _row(rows, Fact.RISK_LEVEL, rows.answered_at)
