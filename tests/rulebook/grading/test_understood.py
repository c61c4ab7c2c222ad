"""Chapter 6, continued. A class can be understood and checked: tags of several dimensions, each with its own reason.

What classes are made of is what happened on accounts and in dealings; how somebody lives is not among it (X13).
"""

from decimal import Decimal
from typing import Any

import pytest

from keepwell.contract import TABLES, Kind
from keepwell.contract.features import ClientFeature
from keepwell.contract.reasons.grading import ActivityReason, GradeReason, GroupingReason, ServiceTypeReason
from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.schema import Sensitivity
from keepwell.engine.features.stage import STAGE
from keepwell.engine.grading.rules import client_grade
from tests.small_firm import AS_OF, answer, client, counted, yuan

DIMENSIONS = ("grade", "service_type", "activity_state", "tier", "segment", "rhythm")
WEALTHY: dict[str, Any] = {"net_assets_20d_amount": yuan("10000000"), "tenure_days": 4000}
ASLEEP: dict[str, Any] = {
    "assets_amount": yuan(900000),
    "tenure_days": 4000,
    "days_since_trade": 100,
    "days_since_seen": 100,
}
FREQUENT: dict[str, Any] = {"n_trade_days_365d": 200, "turnover_rate": Decimal(30), "n_trades_ever": 400}
KNOWN = {
    **{name: AS_OF for name, column in ClientFeature.columns.items() if column.kind is Kind.DATE},
    **counted(
        {
            "days_since_trade": 4,
            "days_since_seen": 4,
            "usual_logins_30d": Decimal(4),
            "turnover_rate": Decimal(1),
        }
    ),
}
REASONS = {
    "grade_reason": GradeReason,
    "service_type_reason": ServiceTypeReason,
    "activity_reason": ActivityReason,
    "grouping_reason": GroupingReason,
}


def told(**facts: Any) -> dict[str, Any]:
    feature = {"client_id": "wang", **facts}
    (row,) = answer(client_grade, {"client": [client("wang")], "client_feature": [feature]})
    return row


def changed(**facts: Any) -> set[str]:
    """The dimensions in which these facts make another client of one of whom nothing special is known."""
    plain, other = told(tenure_days=4000), told(**{"tenure_days": 4000, **facts})
    return {name for name in DIMENSIONS if plain[name] != other[name]}


def test_r029_each_dimension_has_facts_of_its_own() -> None:
    assert changed(**WEALTHY) == {"grade", "tier", "segment"}
    assert "activity_state" in changed(**ASLEEP)
    assert "grade" not in changed(**ASLEEP)
    assert "rhythm" in changed(**FREQUENT)
    assert not {"grade", "tier", "service_type"} & changed(**FREQUENT)
    assert changed(risk_level="C5") == {"service_type"}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("facts", [WEALTHY, ASLEEP, FREQUENT])
def test_r032_every_dimension_of_a_class_says_why_in_words(facts: dict[str, Any], language: str) -> None:
    row = told(**facts)
    for name, codes in REASONS.items():
        words = sentence(codes.of(row[name]), {**KNOWN, **facts, **row}, language)
        assert len(words) > 5
        assert "{" not in words


def test_r032_the_grade_can_be_checked_from_its_own_row() -> None:
    row = told(**WEALTHY)
    assert row["net_assets_20d_amount"] >= row["assets_cut_amount"]
    less = told(**{**WEALTHY, "net_assets_20d_amount": row["assets_cut_amount"] - Decimal("0.01")})
    assert less["grade"] != row["grade"]


def test_r005_trading_and_money_are_known_of_each_client_and_nothing_personal_is() -> None:
    needs = {column.needs for column in ClientFeature.columns.values()}
    assert needs >= {"trade", "cash_flow", "daily_asset", "holding", "login"}
    assert {column.sensitivity for column in ClientFeature.columns.values()} == {Sensitivity.OPEN}


def test_x13_no_rule_of_the_features_reads_how_somebody_lives() -> None:
    """Occupation, income, sex, birth and wishes stand in the customer record and the needs: neither is read."""
    read = {name for rule in STAGE.rules for name in rule.reads}
    personal = {"customer_record", "client_need", "questionnaire_answer", "related_party"}
    assert personal <= set(TABLES)
    assert read & personal == set()
