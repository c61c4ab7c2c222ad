"""Chapter 5, suitability. The lowest class, how long an assessment holds, kinds of investor (R026, rules.md §1.2)."""

import datetime as dt
from functools import cache

import pytest

from keepwell.contract.codes import RiskLevel
from tests.rulebook.suitability.answered import Row, assessed, classes, sheet, tables
from tests.small_firm import AS_OF


@cache
def decided() -> dict[str, Row]:
    given = {
        "declared": [assessed("declared", sheet(15, q15="B"), is_lowest_class=True)],
        "no loss": [assessed("no loss", sheet(15, q15="A"))],
        "no loss, high": [assessed("no loss, high", sheet(70, q15="A"))],
        "child": [assessed("child", None, risk_level="C3")],
        "unassessed child": [],
        "of age today": [assessed("of age today", None, risk_level="C1")],
        "of age tomorrow": [assessed("of age tomorrow", None, risk_level="C1")],
        "unassessed": [],
        "no birth": [],
        "company": [assessed("company", None, risk_level="C1")],
        "company, declared": [assessed("company, declared", None, risk_level="C1", is_lowest_class=True)],
        "product": [],
        **{str(level): [assessed(str(level), None, risk_level=str(level))] for level in RiskLevel},
    }
    kinds: dict[str, Row] = {
        "child": {"birth_on": dt.date(2012, 1, 1)},
        "unassessed child": {"birth_on": dt.date(2012, 1, 1)},
        "of age today": {"birth_on": dt.date(2008, 11, 20)},
        "of age tomorrow": {"birth_on": dt.date(2008, 11, 21)},
        "no birth": {"birth_on": None},
        "company": {"client_kind": "company", "birth_on": None},
        "company, declared": {"client_kind": "company", "birth_on": None},
        "product": {"client_kind": "product", "birth_on": None},
    }
    return classes(tables(given, **kinds))


@pytest.mark.parametrize(
    ("name", "is_lowest", "reason", "at_most"),
    [
        ("declared", True, "declared", "R1"),
        ("no loss", True, "no_loss", "R1"),
        ("no loss, high", True, "no_loss", "R1"),
        ("child", True, "minor", "R1"),
        ("unassessed child", True, "minor", "R1"),
        ("of age today", False, "not_lowest", "R1"),
        ("of age tomorrow", True, "minor", "R1"),
        ("unassessed", None, "unknown", None),
        ("no birth", None, "unknown", None),
        ("company", False, "not_a_person", "R1"),
        ("company, declared", True, "declared", "R1"),
        ("C1", False, "not_lowest", "R1"),
        ("C2", False, "not_lowest", "R2"),
        ("C3", False, "not_lowest", "R3"),
        ("C4", False, "not_lowest", "R4"),
        ("C5", False, "not_lowest", "R5"),
    ],
)
def test_r026_who_is_of_the_lowest_class_and_what_matches(
    name: str, is_lowest: bool | None, reason: str, at_most: str | None
) -> None:
    row = decided()[name]
    assert (row["is_lowest_class"], row["lowest_reason"], row["product_level_at_most"]) == (
        is_lowest,
        reason,
        at_most,
    )


def test_r026_age_is_counted_in_whole_years() -> None:
    ages = {name: decided()[name]["age"] for name in ("of age today", "of age tomorrow", "no birth", "C1")}
    assert ages == {"of age today": 18, "of age tomorrow": 17, "no birth": None, "C1": 45}


def test_r022_a_product_of_an_asset_manager_is_professional_by_kind_anybody_else_is_protected() -> None:
    found = {name: decided()[name] for name in ("product", "company", "C5")}
    assert {name: row["investor_kind"] for name, row in found.items()} == {
        "product": "professional", "company": "ordinary", "C5": "ordinary"
    }  # fmt: skip
    assert found["product"]["investor_reason"] == "product_by_kind"
    assert found["C5"]["investor_reason"] == "no_evidence"


@pytest.mark.parametrize(
    ("ends_on", "state", "remind_on"),
    [
        (dt.date(2026, 11, 19), "expired", None),
        (dt.date(2026, 11, 20), "ends_soon", None),
        (dt.date(2026, 11, 27), "ends_soon", dt.date(2026, 11, 20)),
        (dt.date(2026, 11, 28), "ends_soon", dt.date(2026, 11, 21)),
        (dt.date(2026, 12, 31), "ends_soon", dt.date(2026, 12, 1)),
        (dt.date(2027, 1, 19), "ends_soon", dt.date(2026, 11, 20)),
        (dt.date(2027, 1, 20), "valid", dt.date(2026, 11, 21)),
    ],
)
def test_r026_an_assessment_holds_to_its_last_day_and_is_announced_60_30_and_7_days_before(
    ends_on: dt.date, state: str, remind_on: dt.date | None
) -> None:
    given = {"wang": [assessed("wang", None, dt.date(2025, 1, 6), risk_level="C3", valid_to=ends_on)]}
    row = classes(tables(given))["wang"]
    assert (row["valid_to"], row["assessment_state"], row["remind_on"]) == (ends_on, state, remind_on)


def test_r026_without_a_delivered_end_it_holds_two_years() -> None:
    given = {"wang": [assessed("wang", None, dt.date(2024, 2, 29), risk_level="C3")]}
    row = classes(tables(given), as_of=AS_OF)["wang"]
    assert (row["valid_to"], row["assessment_state"]) == (dt.date(2026, 2, 28), "expired")
