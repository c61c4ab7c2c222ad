"""Chapter 4. Groups too large for their key are found among the records whose values many share (R211)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract import TABLES
from keepwell.engine.identity.rules import links, pairs
from keepwell.policy.packs import Packs
from tests.book import Rows, decide
from tests.rulebook.identity.test_one_client import WANG, record, standards_of

PHONES = ("13912345678", "13712345678", "13612345678")
NAMES = ("王伟", "李娜", "张敏", "刘洋", "陈静", "杨帆")


def told(found: Any) -> Any:
    """Crowds in the form of a table of the contract."""
    return found.select(
        record_code="last_code", anchor_code="first_code", link_reason=ibis.literal("phone_name")
    )


def among_all(record_identity: Any, investor: Any, bank_link: Any, account: Any, packs: Packs) -> Any:
    return told(links.crowded(record_identity, investor, bank_link, account, packs))


def among_some(record_identity: Any, investor: Any, bank_link: Any, account: Any, packs: Packs) -> Any:
    some = pairs.in_crowds(record_identity, investor, bank_link, account, packs.identity)
    return told(links.crowded(some, investor, bank_link, account, packs))


def firm() -> dict[str, Rows]:
    """Six of one name and phone, six names at a hotline, seven of one e-mail, 21 of a number, 11 of a bank account."""
    facts: list[dict[str, Any]] = [{"phone": PHONES[0]}] * 6
    facts += [{"phone": PHONES[1], "client_name": name} for name in NAMES] + [{"phone": PHONES[1]}] * 6
    facts += [{"email": "a@example.com", "client_name": NAMES[n == 0]} for n in range(7)]
    facts += [{"id_number": WANG, "phone": PHONES[2] if n < 2 else None} for n in range(21)]
    facts += [{}] * 32
    codes = [f"{number:02}" for number in range(1, len(facts) + 1)]
    rows = [{**record("01", **given), "record_code": code} for code, given in zip(codes, facts, strict=True)]
    accounts = [{"account_code": code, "record_code": code} for code in codes[-32:]]
    held = [
        {"account_code": code, "bank_code": "B", "bank_account_number": "6222000000000001"}
        for code in codes[-32:-21]
    ]
    known = [{"record_code": code, "investor_code": "180000000001"} for code in codes[-21:]]
    return {"record_identity": standards_of(rows), "account": accounts, "bank_link": held, "investor": known}


def test_r211_crowds_are_found_among_the_records_whose_values_many_share() -> None:
    given = firm()
    every, some = (decide(way, given, writes=TABLES["record_link"]) for way in (among_all, among_some))
    assert some == every
    assert len(every) == 5
