"""Chapter 5, continued. Unknown is never zero: what follows from a table that the firm does not deliver is null (R009).

A client without a row in a delivered table is a known zero; where the firm never delivers it, everybody is unknown.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from keepwell.contract import TABLES
from keepwell.engine.changes.rules import branch_month, branch_statistic
from keepwell.engine.features.rules import client_month
from keepwell.engine.ingest.coverage import source_coverage
from tests.small_firm import AS_OF, ago, answer, assets, client, coverage, features, firm, flow, login, trade

FEATURE = TABLES["client_feature"].columns


def town(*without: str) -> dict[str, Any]:
    """A client with something of everything and one with nothing, in a firm that does not deliver some tables."""
    tables = {
        "daily_asset": [assets("busy", dt.date(2025, 1, 2), 1000)],
        "trade": [trade("busy", ago(3), commission_amount=Decimal(8))],
        "cash_flow": [flow("busy", ago(5), "out", 300)],
        "login": [login("busy", ago(2))],
        "other_income": [
            {"account_code": "busy", "earned_on": ago(9), "known_on": ago(9), "income_amount": Decimal(5)}
        ],
    }
    kept = {name: rows for name, rows in tables.items() if name not in without}
    return {**firm("busy", "idle", **kept), "source_coverage": coverage(*without)}


@pytest.mark.parametrize("source", sorted({column.needs for column in FEATURE.values() if column.needs}))
def test_r009_what_follows_from_an_undelivered_table_is_unknown_for_everybody(source: str) -> None:
    found = features(town(source))
    needing = [name for name, column in FEATURE.items() if column.needs == source]
    others = [name for name, column in FEATURE.items() if column.needs and column.needs != source]
    assert needing
    for row in found.values():
        assert [name for name in needing if row[name] is not None] == []
        assert [name for name in others if row[name] is None] == []


def test_r009_a_client_without_a_row_in_a_delivered_table_has_zero() -> None:
    idle = features(town())["idle"]
    assert (idle["assets_amount"], idle["n_trades_ever"], idle["contribution_365d_amount"]) == (0, 0, 0)
    assert (idle["n_contacts_90d"], idle["outflow_30d_amount"], idle["has_credit"]) == (0, 0, False)


def test_r010_other_income_that_is_not_delivered_is_left_out_of_the_contribution() -> None:
    assert features(town())["busy"]["contribution_365d_amount"] == 13
    without = features(town("other_income"))["busy"]
    assert (without["contribution_365d_amount"], without["other_income_365d_amount"]) == (8, None)


def test_r145_shares_and_habits_follow_what_they_are_made_of() -> None:
    row = features(town("daily_asset"))["busy"]
    assert (row["outflow_30d_amount"], row["net_outflow_30d_share"], row["turnover_rate"]) == (
        300,
        None,
        None,
    )
    assert features(town("login"))["busy"]["usual_logins_30d"] is None
    assert features(town())["idle"]["usual_logins_30d"] == 0


def test_r004_the_months_of_a_client_know_no_more_than_was_delivered() -> None:
    rows = answer(client_month, town("daily_asset"))
    assert {row["assets_amount"] for row in rows} == {None}
    (last,) = [row for row in rows if row["client_id"] == "busy" and row["month_on"] == AS_OF]
    assert (last["outflow_amount"], last["turnover_amount"]) == (300, 1000)
    assert {row["turnover_amount"] for row in answer(client_month, town("trade"))} == {None}


def placed(**facts: Any) -> dict[str, Any]:
    return {
        "client": [client(name, home_branch_code="B1") for name in ("wang", "li")],
        "client_feature": [{"client_id": name, **facts} for name in ("wang", "li")],
    }


def test_r004_sums_over_unknown_figures_are_unknown() -> None:
    facts = {"assets_amount": None, "contribution_365d_amount": None, "n_contacts_90d": None}
    (row,) = answer(branch_statistic, placed(**facts))
    assert (row["n_clients"], row["assets_amount"]) == (2, None)
    assert (row["contribution_365d_amount"], row["n_untouched_90d"]) == (None, None)
    (known,) = answer(branch_statistic, placed())
    assert (known["assets_amount"], known["n_untouched_90d"]) == (0, 2)


def test_r004_a_curve_of_unknown_assets_is_unknown() -> None:
    months = [{"client_id": name, "month_on": AS_OF, "inflow_amount": Decimal(7)} for name in ("wang", "li")]
    (row,) = answer(branch_month, {**placed(), "client_month": months})
    assert (row["assets_amount"], row["inflow_amount"], row["outflow_amount"]) == (None, 14, None)


def test_r024_a_table_counts_as_delivered_once_it_has_a_row() -> None:
    rows = answer(source_coverage, {"trade": [trade("busy", ago(3))], "source_coverage": []})
    assert {row["table_name"] for row in rows} >= {
        column.needs for column in FEATURE.values() if column.needs
    }
    assert [row["table_name"] for row in rows if row["is_delivered"]] == ["trade"]
