"""Chapter 6, continued. Other groupings practice texts name: tier, kind and wealth, rhythm (R020, R022, R023, R029).

They follow from the grade in force, the kind of client, net assets and trading; nothing hangs on them but words.
"""

from decimal import Decimal
from typing import Any

import pytest

from keepwell.contract.reasons.grading import GroupingReason
from keepwell.contract.reasons.sentence import sentence
from keepwell.engine.grading.rules import client_grade
from tests.small_firm import answer, client, yuan


def told(kind: str = "person", **facts: Any) -> dict[str, Any]:
    """What is said of the one client."""
    feature = {"client_id": "wang", **facts}
    (row,) = answer(client_grade, {"client": [client("wang", client_kind=kind)], "client_feature": [feature]})
    return row


@pytest.mark.parametrize(
    ("assets", "tier"),
    [("3000000", "strategic"), ("500000", "important"), ("50000", "regular"), ("0", "regular")],
)
def test_r020_the_tier_follows_from_the_grade(assets: str, tier: str) -> None:
    assert told(net_assets_20d_amount=yuan(assets))["tier"] == tier


@pytest.mark.parametrize(
    ("kind", "assets", "segment"),
    [
        ("person", "6000000", "high_net_worth"),
        ("person", "5999999.99", "retail"),
        ("person", "-100", "retail"),
        ("company", "6000000", "institution"),
        ("product", "0", "institution"),
    ],
)
def test_r022_institutions_by_kind_persons_by_wealth(kind: str, assets: str, segment: str) -> None:
    assert told(kind, net_assets_20d_amount=yuan(assets))["segment"] == segment


@pytest.mark.parametrize(
    ("n_days", "rate", "rhythm"),
    [
        (120, "0.1", "high_frequency"),
        (119, "0.1", "ordinary"),
        (24, "2", "steady"),
        (24, "2.000001", "ordinary"),
        (25, "2", "ordinary"),
        (0, "0", "steady"),
        (0, None, "ordinary"),
    ],
)
def test_r023_the_rhythm_follows_from_days_with_trades_and_turnover(
    n_days: int, rate: str | None, rhythm: str
) -> None:
    row = told(n_trade_days_365d=n_days, turnover_rate=rate and Decimal(rate))
    assert (row["rhythm"], row["grouping_reason"]) == (rhythm, "by_trading")
    said = sentence(
        GroupingReason.BY_TRADING, {**row, "n_trade_days_365d": n_days, "turnover_rate": rate}, "zh"
    )
    assert f"{n_days} 天" in said


def test_r022_what_is_not_delivered_is_unknown_never_guessed() -> None:
    row = told(net_assets_20d_amount=None, n_trade_days_365d=None)
    assert (row["segment"], row["rhythm"], row["grouping_reason"]) == (None, None, "trades_unknown")
