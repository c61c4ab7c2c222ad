"""Chapter 5, continued. What a client holds (R083), and the curve of the months (R009)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from keepwell.engine.features.rules import client_holding, client_month
from tests.small_firm import AS_OF, account, ago, answer, assets, client, features, firm, flow, holding, trade

NOTE = {"product_code": "NOTE", "product_kind": "note", "matures_on": dt.date(2026, 12, 1)}
STOCK = {"product_code": "S1", "product_kind": "stock"}


def months(**tables: Any) -> list[dict[str, Any]]:
    return answer(client_month, firm("wang", **tables))


def test_r083_holdings_add_up_over_accounts_and_take_the_products_term() -> None:
    tables = firm(
        "wang", holding=[holding("wang", "NOTE", 100), holding("second", "NOTE", 50)], product=[NOTE]
    )
    tables["client_account"] = [*tables["client_account"], account("second", "wang")]
    (row,) = answer(client_holding, tables)
    assert (row["market_amount"], row["quantity"], row["matures_on"]) == (150, 2, dt.date(2026, 12, 1))


def test_r083_only_the_latest_delivery_of_an_account_counts_and_nothing_sold_out() -> None:
    rows = [
        holding("wang", "S1", 100, held_on=ago(30)),
        holding("wang", "S2", 200),
        holding("wang", "S3", 0, quantity=Decimal(0)),
        holding("wang", "S4", 900, held_on=AS_OF + dt.timedelta(days=1)),
    ]
    found = answer(client_holding, firm("wang", holding=rows))
    assert [row["product_code"] for row in found] == ["S2"]


def test_r083_the_next_maturity_and_all_that_matures_on_that_day() -> None:
    rows = [
        holding("wang", "N0", 7, matures_on=ago(1)),
        holding("wang", "N1", 100, matures_on=AS_OF),
        holding("wang", "N2", 50, matures_on=AS_OF),
        holding("wang", "N3", 900, matures_on=dt.date(2027, 1, 1)),
    ]
    row = features(firm("wang", holding=rows, product=[NOTE, STOCK]))["wang"]
    assert (row["next_maturity_on"], row["next_maturity_amount"]) == (AS_OF, 150)
    assert (row["n_holdings"], row["largest_holding_share"]) == (4, Decimal("0.851466"))


def test_r009_the_curve_runs_from_the_month_of_opening_to_the_cut() -> None:
    found = months(client=[client("wang", opened_on=dt.date(2026, 9, 30))])
    assert [row["month_on"] for row in found] == [dt.date(2026, 9, 30), dt.date(2026, 10, 31), AS_OF]


def test_r009_the_curve_has_at_most_thirty_six_months() -> None:
    found = months()
    assert len(found) == 36
    assert found[0]["month_on"] == dt.date(2023, 12, 31)


def test_r009_a_closed_client_ends_with_the_month_of_closing_and_others_have_no_curve() -> None:
    closed = client("wang", population="closed", opened_on=ago(100), closed_on=dt.date(2026, 10, 5))
    found = months(client=[closed, client("li", population="never_funded")])
    assert [row["month_on"] for row in found] == [
        dt.date(2026, 8, 31),
        dt.date(2026, 9, 30),
        dt.date(2026, 10, 31),
    ]


def test_r009_month_end_assets_are_those_in_force_then() -> None:
    rows = [
        assets("wang", dt.date(2020, 5, 5), 10),
        assets("wang", dt.date(2026, 9, 30), 20),
        assets("wang", dt.date(2026, 10, 1), 30, debt=5),
        assets("wang", dt.date(2026, 11, 2), 40),
    ]
    found = {row["month_on"]: row for row in months(daily_asset=rows)}
    assert found[dt.date(2023, 12, 31)]["assets_amount"] == found[dt.date(2026, 8, 31)]["assets_amount"] == 10
    assert found[dt.date(2026, 9, 30)]["assets_amount"] == 20
    assert found[dt.date(2026, 10, 31)]["net_assets_amount"] == 25
    assert found[AS_OF]["assets_amount"] == 40


def test_r009_money_moved_belongs_to_its_month() -> None:
    found = {
        row["month_on"]: row
        for row in months(
            cash_flow=[
                flow("wang", dt.date(2026, 10, 31), "in", 5),
                flow("wang", dt.date(2026, 11, 1), "out", 7),
            ],
            trade=[trade("wang", dt.date(2026, 10, 1), 11, commission_amount=Decimal("0.5"))],
        )
    }
    october, november = found[dt.date(2026, 10, 31)], found[AS_OF]
    assert (october["inflow_amount"], october["turnover_amount"]) == (5, 11)
    assert october["commission_amount"] == Decimal("0.50")
    assert (november["inflow_amount"], november["outflow_amount"]) == (0, 7)


def test_r009_a_cut_on_a_month_end_ends_that_month() -> None:
    as_of = dt.date(2024, 2, 29)
    tables = firm(client=[client("wang", opened_on=dt.date(2024, 1, 31))])
    assert [row["month_on"] for row in answer(client_month, tables, as_of)] == [dt.date(2024, 1, 31), as_of]
