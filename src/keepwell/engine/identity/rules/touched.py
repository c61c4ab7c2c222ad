"""Who must be looked at again tonight: records and clients of which anything changed, or for whom a day passed.

Whoever is named too much costs time; whoever is named too little would keep what is no longer so. Tests renew any
nights of any small firm and compare each byte.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.engine import frames
from keepwell.policy.packs import Packs

RECORD, CLIENT = "record_code", "client_id"


def record_fact(
    account: Any, changed_customer_record: Any, changed_investor: Any, changed_account: Any, changed_bank_link: Any
) -> Any:  # fmt: skip
    """Records that came, went or changed, and those whose investor code, accounts or bank accounts did."""
    linked = _owners(changed_bank_link, account)
    return keys(RECORD, changed_customer_record, changed_investor, changed_account, linked)


def client(
    client_record: Any,
    customer_record: Any,
    questionnaire: Any,
    returned_assessment: Any,
    touched_record_fact: Any,
    changed_client_record: Any,
    changed_questionnaire: Any,
    changed_returned_verification: Any,
    changed_returned_assessment: Any,
    packs: Packs,
    since_on: dt.date,
    until_on: dt.date,
) -> Any:
    """Clients, of before and of now, whose golden record may be another: by their records, by words, by a day."""
    months = packs.suitability.questionnaire.valid_months
    tests = frames.assessed(questionnaire, returned_assessment)
    ends_on = ibis.coalesce(tests.valid_to, frames.months_after(tests.answered_on, months))
    over = (
        customer_record.filter(passed(customer_record.id_valid_to, since_on, until_on)),
        tests.filter(passed(ends_on, since_on, until_on)),
    )
    records = keys(
        RECORD,
        touched_record_fact,
        changed_client_record,
        changed_questionnaire,
        changed_returned_verification,
        changed_returned_assessment,
        *over,
    )
    return keys(CLIENT, changed_client_record, client_record.semi_join(records, RECORD))


def passed(day: Any, since_on: dt.date, until_on: dt.date) -> Any:
    """Whether the day is one that may have passed since the parent run."""
    return (day >= frames.day(since_on)) & (day <= frames.day(until_on))


def _owners(rows: Any, account: Any) -> Any:
    """The records of accounts."""
    return account.semi_join(rows.select("account_code"), "account_code").select(RECORD)


def keys(key: str, *parts: Any) -> Any:
    """A key of several tables, each once."""
    return ibis.union(*(rows.select(key) for rows in parts), distinct=True)
