"""Chapter 4, section 4. Where records disagree: what counts as a conflict, how grave it is, until when."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from keepwell.contract.reasons.identity import ConflictReason
from keepwell.engine.identity.rules import chosen, conflicts
from keepwell.policy.packs import Packs
from tests.book import Rows, decide
from tests.rulebook.identity.test_golden_field import AS_OF, LI, NEW, OLD, WANG, firm

Conflicts = dict[str, dict[str, Any]]
Said = list[dict[str, Any]]


def conflicts_of(tables: dict[str, Rows], packs: Packs | None = None, said: Said | None = None) -> Conflicts:
    """The conflicts of the client's records, by reason."""
    words = {"returned_verification": said or []}
    golden_field = decide(chosen.golden_field, {**tables, **words}, as_of=AS_OF, packs=packs)
    given = {name: tables[name] for name in ("client_record", "record_identity")}
    rows = decide(
        conflicts.identity_conflict,
        {"golden_field": golden_field, **given, **words},
        as_of=AS_OF,
        packs=packs,
    )
    assert len({row["conflict_reason"] for row in rows}) == len(rows)
    return {row["conflict_reason"]: row for row in rows}


@pytest.mark.parametrize(
    ("one", "other", "reason", "severity"),
    [
        ({"occupation": "freelance"}, {"occupation": "unemployed"}, "occupations_opposed", "high"),
        ({"occupation": "unemployed"}, {"occupation": "self_employed"}, "occupations_opposed", "high"),
        ({"occupation": "teacher"}, {"occupation": "doctor"}, "two_occupations", "medium"),
        ({"address": "杭州市上城区1号"}, {"address": "杭州市上城区2号"}, "two_addresses", "medium"),
        ({"phone": "13912345678"}, {"phone": "13900005678"}, "two_phones", "medium"),
        ({"email": "a@x.cn"}, {"email": "b@x.cn"}, "two_emails", "low"),
        ({"income_band": "to_10"}, {"income_band": "to_50"}, "two_incomes", "low"),
        ({"client_name": "王伟"}, {"client_name": "王炜"}, "two_names", "high"),
        ({"birth_on": OLD.replace(year=1980)}, {"birth_on": OLD.replace(year=1981)}, "two_births", "high"),
        ({"sex": "male"}, {"sex": "female"}, "two_sexes", "high"),
        ({"nationality": "中国"}, {"nationality": "法国"}, "two_nationalities", "medium"),
        (
            {"id_number": WANG, "id_is_valid": True},
            {"id_number": LI, "id_is_valid": True},
            "two_numbers",
            "high",
        ),
        ({"id_number": WANG, "id_is_valid": True}, {"id_number": LI}, "number_misread", "medium"),
        (
            {"id_valid_to": dt.date(2030, 1, 5)},
            {"id_valid_to": dt.date(2031, 1, 5)},
            "two_validities",
            "low",
        ),
        ({"client_kind": "person"}, {"client_kind": "company"}, "two_kinds", "high"),
    ],
)
def test_r213_two_values_are_a_conflict_of_the_signed_severity(
    one: dict[str, Any], other: dict[str, Any], reason: str, severity: str
) -> None:
    found = conflicts_of(firm(one, other))
    assert list(found) == [reason]
    row = found[reason]
    assert (row["severity"], row["n_values"], row["n_records"], row["n_branches"]) == (severity, 2, 2, 2)
    assert row["due_on"] is None


def test_r213_one_value_beside_none_or_twice_is_no_conflict() -> None:
    assert conflicts_of(firm({"occupation": "teacher"}, {"occupation": "teacher"}, {})) == {}


def test_r006_a_document_expired_at_one_branch_is_to_be_mended_within_the_signed_days() -> None:
    tables = firm({"id_valid_to": dt.date(2026, 10, 1)}, {"id_valid_to": dt.date(2036, 10, 1)})
    row = conflicts_of(tables)["document_expired"]
    assert (row["severity"], row["due_on"]) == ("medium", dt.date(2026, 12, 30))


def test_r213_a_conflict_waits_since_its_last_value_came_in() -> None:
    tables = firm(
        {"occupation": "teacher", "updated_on": OLD}, {"occupation": "doctor", "updated_on": NEW},
        {"occupation": "doctor", "updated_on": AS_OF},
    )  # fmt: skip
    assert conflicts_of(tables)["two_occupations"]["since_on"] == NEW


@pytest.mark.parametrize(("valid_to", "reasons"), [(AS_OF, ["two_levels"]), (OLD, [])])
def test_r213_two_levels_disagree_only_while_both_are_in_force(valid_to: dt.date, reasons: list[str]) -> None:
    at = dt.datetime(2026, 3, 2, 3)  # noqa: DTZ001 - instants are UTC without a zone in Arrow
    told = {"answered_at": at, "answered_on": at.date()}
    tables = firm({}, {})
    tables["questionnaire"] = [
        {"questionnaire_code": "Q1", "record_code": "R1", "risk_level": "C4", **told},
        {"questionnaire_code": "Q2", "record_code": "R2", "risk_level": "C2", "valid_to": valid_to, **told},
    ]
    assert list(conflicts_of(tables)) == reasons


def test_r008_a_number_under_two_names_is_a_conflict_of_both_clients() -> None:
    tables = firm({"id_number": WANG, "id_is_valid": True}, {"id_number": WANG, "id_is_valid": True})
    tables["client_record"] = [
        {**row, "client_id": f"C{row['record_code'][1:]}"} for row in tables["client_record"]
    ]
    given = {name: tables[name] for name in ("client_record", "record_identity")}
    rows = decide(conflicts.identity_conflict, given, as_of=AS_OF)
    assert [(row["client_id"], row["conflict_reason"], row["severity"]) for row in rows] == [
        ("C1", "number_elsewhere", "high"),
        ("C2", "number_elsewhere", "high"),
    ]


def test_r008_the_key_stays_until_a_value_changes_whatever_else_does() -> None:
    one, other = {"phone": "13912345678"}, {"phone": "13900005678"}
    key = conflicts_of(firm(one, other))["two_phones"]["conflict_key"]
    again = conflicts_of(firm({**other, "occupation": "teacher", "updated_on": NEW}, one, one))["two_phones"]
    changed = conflicts_of(firm(one, {"phone": "13900015678"}))["two_phones"]
    assert again["conflict_key"] == key
    assert changed["conflict_key"] != key


@pytest.mark.parametrize("finding", ["one_is_right", "all_are_right"])
def test_r212_what_was_found_out_settles_the_conflict_until_a_value_changes(finding: str) -> None:
    tables = firm({"phone": "13912345678"}, {"phone": "13900005678"})
    key = conflicts_of(tables)["two_phones"]["conflict_key"]
    said = [{"verification_key": "1", "record_code": "R1", "conflict_key": key, "finding": finding,
             "golden_field": "phone", "verified_on": AS_OF}]  # fmt: skip
    assert conflicts_of(tables, said=said)["two_phones"]["settled_on"] == AS_OF
    changed = firm({"phone": "13912345678"}, {"phone": "13900015678"})
    assert conflicts_of(changed, said=said)["two_phones"]["settled_on"] is None


def test_r230_severity_order_and_days_are_what_the_firm_signed(firm_packs: Callable[..., Packs]) -> None:
    packs = firm_packs(
        "identity", 'conflict = "two_emails"\nseverity = "low"',
        'conflict = "two_emails"\nseverity = "low"\nn_days_to_mend = 30',
    )  # fmt: skip
    row = conflicts_of(firm({"email": "a@x.cn"}, {"email": "b@x.cn", "updated_on": NEW}), packs)["two_emails"]
    assert row["due_on"] == NEW + dt.timedelta(days=30)
    assert row["urgency"] == len(ConflictReason)
