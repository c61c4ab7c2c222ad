"""Chapter 5, continued. Amounts in other currencies (R009): at the rate of their day, never guessed."""

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.small_firm import account, ago, assets, client, features, firm, flow, holding, trade


def rate(currency: str, on: dt.date, value: str) -> dict[str, Any]:
    return {"currency": currency, "quoted_on": on, "rate": Decimal(value)}


QUOTES = [rate("USD", ago(100), "7.0"), rate("USD", ago(10), "7.2")]


def test_r009_foreign_amounts_count_at_the_rate_of_their_day() -> None:
    tables = firm(
        "wang",
        client_account=[account("wang", "wang"), account("dollars", "wang", currency="USD")],
        exchange_rate=QUOTES,
        daily_asset=[assets("wang", ago(50), 100), assets("dollars", ago(9), 10)],
        trade=[trade("dollars", ago(11), 10), trade("dollars", ago(10), 10), trade("wang", ago(10), 10)],
        cash_flow=[flow("dollars", ago(5), "in", 10)],
    )
    row = features(tables)["wang"]
    assert row["assets_amount"] == 100 + Decimal("72.00")
    assert row["turnover_30d_amount"] == Decimal("70.00") + Decimal("72.00") + 10
    assert row["inflow_30d_amount"] == Decimal("72.00")
    assert row["n_unconverted_accounts"] == 0


def test_r009_b_and_hong_kong_shares_count_in_yuan_at_the_rate_of_the_day() -> None:
    tables = firm(
        "wang",
        client_account=[
            account("wang", "wang"),
            account("dollars", "wang", currency="USD"),
            account("hk", "wang", currency="HKD"),
        ],
        exchange_rate=[*QUOTES, rate("HKD", ago(10), "0.92")],
        daily_asset=[assets("dollars", ago(1), b_stock=10), assets("hk", ago(1), stock=100, debt=25)],
        holding=[holding("hk", "00700", 100, held_on=ago(1)), holding("wang", "600000", 7)],
        product=[
            {"product_code": "00700", "product_kind": "stock", "market": "hk"},
            {"product_code": "600000", "product_kind": "stock", "market": "sh"},
        ],
    )
    row = features(tables)["wang"]
    assert (row["b_stock_amount"], row["hk_stock_amount"]) == (72, 92)
    assert (row["stock_amount"], row["debt_amount"]) == (72 + 92, 23)
    assert (row["assets_amount"], row["net_assets_amount"]) == (164, 141)


def test_r009_hong_kong_shares_told_day_by_day_are_a_kind_of_their_own() -> None:
    """Shares of Hong Kong Connect in a yuan account stand there in yuan; told so, holdings do not count them again."""
    tables = firm(
        "wang",
        client_account=[account("wang", "wang"), account("hk", "wang", currency="HKD")],
        exchange_rate=[rate("HKD", ago(10), "0.92")],
        daily_asset=[
            assets("wang", ago(2), 10, stock=100, hk_stock=40, debt=30),
            assets("hk", ago(1), hk_stock=100),
        ],
        holding=[holding("wang", "00700", 40)],
        product=[{"product_code": "00700", "product_kind": "stock", "market": "hk"}],
    )
    row = features(tables)["wang"]
    assert (row["hk_stock_amount"], row["stock_amount"]) == (40 + 92, 100 + 40 + 92)
    assert (row["assets_amount"], row["net_assets_amount"]) == (242, 212)
    assert row["net_assets_20d_amount"] == Decimal("27.20"), "120 on three of twenty trading days, 92 on two"


def test_r009_before_its_first_quotation_a_currency_has_the_first_rate() -> None:
    tables = firm(
        client=[client("wang")],
        client_account=[account("wang", "wang"), account("dollars", "wang", currency="USD")],
        exchange_rate=QUOTES,
        daily_asset=[assets("dollars", ago(200), 10)],
    )
    assert features(tables)["wang"]["assets_amount"] == 70


def test_r009_one_currency_of_the_whole_firm_needs_no_rate() -> None:
    tables = firm(
        client=[client("novak")],
        client_account=[account("novak", "novak", currency="CZK")],
        daily_asset=[assets("novak", ago(50), 1000)],
    )
    row = features(tables)["novak"]
    assert row["assets_amount"] == 1000
    assert row["n_unconverted_accounts"] == 0


def test_r009_without_a_rate_an_account_counts_zero_and_is_told() -> None:
    tables = firm(
        client=[client("wang")],
        client_account=[account("wang", "wang"), account("crowns", "wang", currency="CZK")],
        daily_asset=[assets("wang", ago(50), 100), assets("crowns", ago(50), 1000)],
    )
    row = features(tables)["wang"]
    assert row["assets_amount"] == 100
    assert row["n_unconverted_accounts"] == 1
