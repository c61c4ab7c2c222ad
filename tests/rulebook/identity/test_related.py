"""Chapter 4, section 6. Who stands in connection with a client: declared, or something in common; never one client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from keepwell.engine.identity.rules.related import related_person
from keepwell.policy.packs import Packs
from tests.book import Rows, decide

AS_OF = dt.date(2026, 11, 20)
OPENED = dt.date(2020, 3, 2)
GROWN, CHILD = dt.date(1980, 5, 1), dt.date(2015, 5, 1)
NUMBER = "11010519491231002X"


def firm(n: int = 3, **kinds: str) -> dict[str, Rows]:
    """Clients C1, C2, … with a record R1 and an account F1 each; of kinds other than a person as told."""
    codes = range(1, n + 1)
    return {
        "client": [
            {"client_id": f"C{k}", "client_kind": kinds.get(f"C{k}", "person"), "birth_on": GROWN} for k in codes
        ],
        "client_record": [
            {"record_code": f"R{k}", "client_id": f"C{k}", "opened_on": OPENED + dt.timedelta(days=k)} for k in codes
        ],
        "client_account": [
            {"account_code": f"F{k}", "record_code": f"R{k}", "client_id": f"C{k}"} for k in codes
        ],
    }  # fmt: skip


def related(tables: dict[str, Rows], packs: Packs | None = None) -> list[dict[str, Any]]:
    rows = decide(related_person, tables, as_of=AS_OF, packs=packs)
    return sorted(rows, key=lambda row: (row["client_id"], row["related_kind"], row["related_key"]))


def briefly(rows: list[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    return [(row["client_id"], row["related_kind"], row["related_client_id"]) for row in rows]


def party(kind: str, **facts: Any) -> dict[str, Rows]:
    """The company C1 with one declared party; C2 is a person with a valid number."""
    tables = firm(2, C1="company")
    tables["record_identity"] = [
        {"record_code": "R2", "id_kind": "resident", "id_number": NUMBER, "id_is_valid": True}
    ]
    tables["related_party"] = [{"relation_code": "G1", "record_code": "R1", "party_kind": kind, **facts}]
    return tables


def test_r224_an_agent_stands_on_the_principals_card_and_the_principal_on_the_agents() -> None:
    since = dt.date(2024, 2, 3)
    tables = {**firm(), "account_agent": [{"account_code": "F1", "record_code": "R2", "starts_on": since}]}
    here, there = related(tables)
    assert (here["client_id"], here["related_kind"], here["related_client_id"]) == ("C1", "agent", "C2")
    assert (here["related_ground"], here["related_reason"], here["since_on"]) == ("declared", "agent", since)
    assert (here["record_code"], here["related_record_code"]) == ("R1", "R2")
    assert (there["client_id"], there["related_kind"], there["related_client_id"]) == (
        "C2",
        "principal",
        "C1",
    )
    assert (there["record_code"], there["related_record_code"]) == ("R2", "R1")


@pytest.mark.parametrize(
    ("entry", "n"),
    [
        ({"ends_on": AS_OF}, 0),
        ({"ends_on": AS_OF + dt.timedelta(days=1)}, 2),
        ({"starts_on": AS_OF + dt.timedelta(days=1)}, 0),
        ({"starts_on": AS_OF}, 2),
        ({}, 2),
        ({"record_code": "R1"}, 0),
    ],
    ids=["ended", "ends tomorrow", "begins tomorrow", "begins today", "no days", "the client itself"],
)
def test_r224_only_what_is_in_force_and_between_two_clients_counts(entry: dict[str, Any], n: int) -> None:
    tables = {**firm(), "account_agent": [{"account_code": "F1", "record_code": "R2"} | entry]}
    assert len(related(tables)) == n


def test_r224_an_agent_of_two_accounts_is_one_row_from_the_earliest_on() -> None:
    tables = firm()
    tables["client_account"] = [
        *tables["client_account"],
        {"account_code": "F9", "record_code": "R1", "client_id": "C1"},
    ]
    tables["account_agent"] = [
        {"account_code": account, "record_code": "R2", "starts_on": on}
        for account, on in (("F1", dt.date(2025, 1, 1)), ("F9", dt.date(2023, 1, 1)))
    ]
    here, _there = related(tables)
    assert here["since_on"] == dt.date(2023, 1, 1)


@pytest.mark.parametrize(
    ("born", "kind", "reason"),
    [
        (CHILD, "guardian", "guardian_of_minor"),
        (dt.date(2008, 11, 21), "guardian", "guardian_of_minor"),
        (dt.date(2008, 11, 20), "guardian", "guardian_of_age"),
        (GROWN, "guardian", "guardian_of_age"),
    ],
)
def test_r224_a_guardian_of_someone_of_age_is_to_be_looked_at(born: dt.date, kind: str, reason: str) -> None:
    tables = party("guardian", party_record_code="R2")
    tables["client"] = [{"client_id": "C1", "birth_on": born}, {"client_id": "C2", "birth_on": GROWN}]
    here, there = related(tables)
    assert (here["related_kind"], here["related_reason"], there["related_kind"]) == (kind, reason, "ward")


def test_r224_an_agent_of_a_minor_may_be_the_guardian() -> None:
    tables = {**firm(), "account_agent": [{"account_code": "F1", "record_code": "R2"}]}
    tables["client"] = [{"client_id": "C1", "birth_on": CHILD}, {"client_id": "C2", "birth_on": GROWN}]
    assert {row["related_reason"] for row in related(tables)} == {"agent_of_minor"}


@pytest.mark.parametrize(
    ("declared", "share", "other", "kind", "reason"),
    [
        ("shareholder", "0.25", "person", "beneficial_owner", "holds_enough"),
        ("shareholder", "0.249999", "person", "shareholder", "holds_less"),
        ("shareholder", None, "person", "shareholder", "holds_unknown"),
        ("shareholder", "0.6", "company", "shareholder", "holder_no_person"),
        ("beneficial_owner", "0.25", "person", "beneficial_owner", "holds_enough"),
        ("beneficial_owner", "0.1", "person", "beneficial_owner", "owner_below"),
        ("beneficial_owner", None, "person", "beneficial_owner", "owner_named"),
        ("controller", None, "person", "controller", "controls"),
        ("legal_representative", None, "person", "legal_representative", "represents"),
    ],
)
def test_r224_a_quarter_makes_a_beneficial_owner_of_a_natural_person(
    declared: str, share: str | None, other: str, kind: str, reason: str
) -> None:
    """Order 2025 No. 12, Art. 8: not less than 25%; control and daily management count without a share."""
    held = {"held_share": Decimal(share)} if share else {}
    tables = party(declared, party_name="周大有", party_client_kind=other, **held)
    (row,) = related(tables)
    assert (row["related_kind"], row["related_reason"]) == (kind, reason)
    assert (row["related_name"], row["related_client_id"], row["related_key"]) == ("周大有", None, "G1")


def test_r230_the_firm_signs_the_bound(firm_packs: Callable[..., Packs]) -> None:
    packs = firm_packs("related", 'held_share = "0.25"', 'held_share = "0.10"')
    (row,) = related(party("shareholder", party_name="周大有", held_share=Decimal("0.1")), packs)
    assert row["related_kind"] == "beneficial_owner"


@pytest.mark.parametrize(
    ("number", "whose"),
    [(NUMBER, "C2"), (" 11010519491231002x ", "C2"), ("110105491231002", "C2"), ("110105194912310021", None)],
    ids=["the same", "written otherwise", "fifteen digits", "wrong check digit"],
)
def test_r224_who_is_declared_by_a_clients_valid_number_is_that_client(
    number: str, whose: str | None
) -> None:
    rows = related(party("controller", party_name="周大有", id_kind="resident", id_number=number))
    assert rows[0]["related_client_id"] == whose
    assert rows[0]["related_name"] == (None if whose else "周大有")
    assert len(rows) == (2 if whose else 1)


def test_r224_a_number_that_two_clients_have_names_nobody() -> None:
    tables = party("controller", party_name="周大有", id_kind="resident", id_number=NUMBER)
    more = firm(3, C1="company")
    number = [
        {"record_code": code, "id_kind": "resident", "id_number": NUMBER, "id_is_valid": True} for code in ("R2", "R3")
    ]  # fmt: skip
    (row,) = related({**tables, **more, "record_identity": number})
    assert row["related_client_id"] is None


def phones(n: int, phone: str = "13912340001") -> dict[str, Rows]:
    tables = firm(n)
    tables["record_identity"] = [{"record_code": f"R{k}", "phone": phone} for k in range(1, n + 1)]
    return tables


def test_r224_two_clients_with_a_phone_are_related_by_evidence_since_the_later_of_them() -> None:
    here, there = related(phones(2))
    assert (here["client_id"], here["related_client_id"], here["related_kind"]) == ("C1", "C2", "same_phone")
    assert (here["related_ground"], here["n_clients"]) == ("evidence", 2)
    assert here["since_on"] == there["since_on"] == OPENED + dt.timedelta(days=2)


def test_r224_a_company_with_a_persons_phone_is_related_to_the_person() -> None:
    tables = phones(2) | {"client": firm(2, C1="company")["client"]}
    assert briefly(related(tables)) == [("C1", "same_phone", "C2"), ("C2", "same_phone", "C1")]


@pytest.mark.parametrize(("n", "found"), [(10, 90), (11, 0), (3_000, 0)])
def test_r224_a_hub_phone_relates_nobody_and_makes_no_pairs(n: int, found: int) -> None:
    assert len(related(phones(n))) == found


def test_r224_a_hundred_thousand_records_under_one_key_relate_nobody() -> None:
    """Neither a phone, a device nor a bank account that everybody has is ever paired."""
    n = 100_000
    tables = phones(n)
    tables["login"] = [
        {"login_code": f"L{k}", "account_code": f"F{k}", "logged_in_on": AS_OF, "device_code": "D1"}
        for k in range(1, n + 1)
    ]
    tables["bank_link"] = [
        {"account_code": f"F{k}", "bank_code": "B", "bank_account_number": "6222"} for k in range(1, n + 1)
    ]
    assert related(tables) == []


def test_r224_the_phone_and_the_device_of_staff_relate_nobody() -> None:
    tables = phones(2)
    tables["login"] = [
        {"login_code": f"L{k}", "account_code": f"F{k}", "logged_in_on": AS_OF, "device_code": "D1"} for k in (1, 2)
    ]  # fmt: skip
    assert {row["related_kind"] for row in related(tables)} == {"same_phone", "same_device"}
    tables["staff_device"] = [{"staff_code": "S1", "device_code": "D1", "phone": "+86 139-1234-0001"}]
    assert related(tables) == []


@pytest.mark.parametrize(("days", "n"), [(179, 2), (180, 0)])
def test_r224_a_device_counts_for_the_signed_days(days: int, n: int) -> None:
    tables = firm(2)
    tables["login"] = [
        {"login_code": f"L{k}", "account_code": f"F{k}", "device_code": "D1",
         "logged_in_on": AS_OF - dt.timedelta(days=days if k == 1 else 0)}
        for k in (1, 2)
    ]  # fmt: skip
    rows = related(tables)
    assert len(rows) == n
    assert {row["since_on"] for row in rows} <= {AS_OF}


def test_r224_one_bank_account_of_two_clients_counts_while_it_is_linked() -> None:
    tables = firm(2)
    tables["bank_link"] = [
        {"account_code": f"F{k}", "bank_code": "B", "bank_account_number": "6222", "starts_on": OPENED} for k in (1, 2)
    ]  # fmt: skip
    assert briefly(related(tables)) == [
        ("C1", "same_bank_account", "C2"),
        ("C2", "same_bank_account", "C1"),
    ]
    tables["bank_link"] = [row | {"ends_on": AS_OF} for row in tables["bank_link"]]
    assert related(tables) == []


def test_r224_records_that_are_closed_have_nothing_in_common() -> None:
    tables = phones(2)
    tables["client_record"] = [row | {"closed_on": AS_OF} for row in tables["client_record"]]
    assert related(tables) == []


def test_r210_two_records_of_one_client_are_not_related_to_each_other() -> None:
    tables = phones(2)
    tables["client_record"] = [row | {"client_id": "C1"} for row in tables["client_record"]]
    assert related(tables) == []
