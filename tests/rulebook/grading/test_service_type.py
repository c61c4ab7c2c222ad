"""Chapter 6, continued. Three service types by the declared level, twelve classes with the grades (R026, R028)."""

from typing import Any

import pytest

from keepwell.engine.grading.rules import client_grade
from tests.small_firm import answer, client, yuan


def classed(risk_level: str | None) -> dict[str, Any]:
    feature = {"client_id": "wang", "risk_level": risk_level}
    (row,) = answer(client_grade, {"client": [client("wang")], "client_feature": [feature]})
    return row


@pytest.mark.parametrize(
    ("risk_level", "service_type"),
    [
        ("C1", "cautious"),
        ("C2", "cautious"),
        ("C3", "balanced"),
        ("C4", "enterprising"),
        ("C5", "enterprising"),
    ],
)
def test_r026_the_signed_table_gives_the_type(risk_level: str, service_type: str) -> None:
    row = classed(risk_level)
    assert (row["service_type"], row["served_as"]) == (service_type, service_type)
    assert row["service_type_reason"] == "by_risk_level"


def test_r028_the_unassessed_stand_beside_the_twelve_and_are_served_with_the_greatest_care() -> None:
    row = classed(None)
    assert (row["service_type"], row["served_as"]) == ("unassessed", "cautious")
    assert row["service_type_reason"] == "not_assessed"


def test_r028_four_grades_by_three_types_make_twelve_classes() -> None:
    cells = [
        (amount, level) for amount in ("0", "50000", "500000", "3000000") for level in ("C1", "C3", "C5")
    ]
    names = [f"{amount} {level}" for amount, level in cells]
    rows = [
        {"client_id": name, "net_assets_20d_amount": yuan(amount), "risk_level": level}
        for name, (amount, level) in zip(names, cells, strict=True)
    ]
    found = answer(client_grade, {"client": [client(name) for name in names], "client_feature": rows})
    assert len({(row["grade"], row["service_type"]) for row in found}) == 12
