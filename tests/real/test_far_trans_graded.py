"""R020, R026, R027 on real data: FAR-Trans' investors graded from the capacity they declared, beside their types.

What the set only predicts nobody declared: such a capacity is unknown, such a level leaves the client unassessed. Of a
band the lower end counts, in yuan at a rate of the time [P].
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from keepwell.engine.grading.rules import client_grade
from tests.book import decide
from tests.small_firm import client, counted

AS_OF = date(2022, 11, 29)
YUAN_PER_EURO = Decimal("7.4")
AT_LEAST = {"CAP_LT30K": 0, "CAP_30K_80K": 30_000, "CAP_80K_300K": 80_000, "CAP_GT300K": 300_000}
LEVELS = {"Conservative": "C2", "Income": "C3", "Balanced": "C4", "Aggressive": "C5"}
TYPES = {"C2": "cautious", "C3": "balanced", "C4": "enterprising", "C5": "enterprising", None: "unassessed"}

Rows = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def investors(real_data: Path) -> dict[str, dict[str, str]]:
    """The latest row of each investor."""
    with (real_data / "far-trans" / "customer_information.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["timestamp"])
    return {row["customerID"]: row for row in rows}


@pytest.fixture(scope="module")
def graded(investors: dict[str, dict[str, str]]) -> Rows:
    """The classes of all of them by the engine."""
    facts = [
        counted(
            {
                "client_id": name,
                "net_assets_20d_amount": capacity(row["investmentCapacity"]),
                "risk_level": LEVELS.get(row["riskLevel"]),
            }
        )
        for name, row in investors.items()
    ]
    people = [client(name, client_kind=kind(row["customerType"])) for name, row in investors.items()]
    told = decide(client_grade, {"client": people, "client_feature": facts}, as_of=AS_OF)
    return {row["client_id"]: row for row in told}


def capacity(band: str) -> Decimal | None:
    return AT_LEAST[band] * YUAN_PER_EURO if band in AT_LEAST else None


def kind(customer_type: str) -> str:
    return "company" if customer_type == "Legal Entity" else "person"


def tabled(graded: Rows, investors: dict[str, dict[str, str]], column: str) -> Counter[tuple[str, str]]:
    return Counter((investors[name]["customerType"], str(row[column])) for name, row in graded.items())


def test_r027_investors_are_graded_from_what_they_can_invest(
    graded: Rows, investors: dict[str, dict[str, str]]
) -> None:
    """30,000 euros reach regular, 80,000 important; 300,000 lie below strategic."""
    bands = Counter(row["investmentCapacity"] for row in investors.values())
    found = Counter(row["grade"] for row in graded.values())
    assert found["important"] == bands["CAP_80K_300K"] + bands["CAP_GT300K"] == 4569
    assert found["regular"] == bands["CAP_30K_80K"] == 4537
    assert found["basic"] == len(investors) - 4569 - 4537
    assert found["strategic"] == 0
    unknown = [row for row in graded.values() if row["grade_reason"] == "assets_unknown"]
    assert len(unknown) == sum(n for band, n in bands.items() if band not in AT_LEAST) == 7641


def test_r020_the_banks_own_types_rise_with_the_grades(
    graded: Rows, investors: dict[str, dict[str, str]]
) -> None:
    """Of premium customers a far larger part is important than of the mass."""
    table = tabled(graded, investors, "grade")
    share = {
        name: Decimal(table[name, "important"])
        / sum(table[name, grade] for grade in ("important", "regular", "basic"))
        for name in ("Mass", "Premium", "Inactive")
    }
    assert share["Premium"] > 6 * share["Mass"] > share["Mass"]
    assert share["Premium"] > 6 * share["Inactive"]


def test_r026_only_declared_levels_give_a_type_and_everybody_is_in_one_cell(
    graded: Rows, investors: dict[str, dict[str, str]]
) -> None:
    assert set(graded) == set(investors)
    for name, row in graded.items():
        level = LEVELS.get(investors[name]["riskLevel"])
        assert (row["service_type"], row["served_as"]) == (
            TYPES[level],
            TYPES[level] if level else "cautious",
        )
    assert Counter(row["service_type"] for row in graded.values())["unassessed"] == 7141 + 320


def test_r022_legal_entities_are_institutions(graded: Rows, investors: dict[str, dict[str, str]]) -> None:
    table = tabled(graded, investors, "segment")
    entities = [name for name, row in investors.items() if row["customerType"] == "Legal Entity"]
    assert table["Legal Entity", "institution"] == len(entities) == 39
    assert not any(
        n for (name, segment), n in table.items() if segment == "institution" and name != "Legal Entity"
    )
