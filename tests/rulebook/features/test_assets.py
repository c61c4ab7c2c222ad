"""Chapter 5. What a client is worth (R009): latest assets by kind, averages over trading days, change.

A row of daily assets holds until the next one. Averages count trading days only; an account without a row counts zero.
The cut is Friday 20 November 2026; the last 20 trading days began on Monday 26 October.
"""

import datetime as dt
from decimal import Decimal
from functools import cache

from tests.small_firm import AS_OF, Facts, account, ago, assets, client, features, firm, trade

LONG_AGO = dt.date(2025, 1, 2)
MONDAY = dt.date(2026, 11, 16)  # five trading days with the cut


@cache
def worth() -> Facts:
    rows = [
        assets("steady", LONG_AGO, 1000),
        assets("arrived on Monday", MONDAY, 1000),
        assets("arrived on Saturday", dt.date(2026, 11, 14), 1000),
        assets("left on Monday", LONG_AGO, 1000),
        assets("left on Monday", MONDAY, 0),
        assets("since the first day of 20", dt.date(2026, 10, 26), 1000),
        assets("one day late for 20", dt.date(2026, 10, 27), 1000),
        assets(
            "every kind", LONG_AGO, 1, stock=2, b_stock=4, fund=8, warrant=16, bond=32, wealth=64, debt=100
        ),
        assets("two accounts", LONG_AGO, 300),
        assets("second", MONDAY, 700),
        assets("grew 29 days ago", LONG_AGO, 1000),
        assets("grew 29 days ago", ago(29), 1500),
        assets("grew 30 days ago", LONG_AGO, 1000),
        assets("grew 30 days ago", ago(30), 1500),
        assets("fell since October", LONG_AGO, 9000),
        assets("fell since October", dt.date(2026, 11, 2), 100),
        assets("grows tomorrow", LONG_AGO, 1000),
        assets("grows tomorrow", AS_OF + dt.timedelta(days=1), 9999),
    ]
    names = dict.fromkeys(row["account_code"] for row in rows if row["account_code"] != "second")
    tables = firm(*names, "without assets", daily_asset=rows)
    tables["client_account"] = [*tables["client_account"], account("second", "two accounts")]
    return features(tables)


def average(name: str, n: int) -> Decimal:
    amount: Decimal = worth()[name][f"net_assets_{n}d_amount"]
    return amount


def test_r009_the_total_counts_every_kind_and_debt_stands_apart() -> None:
    row = worth()["every kind"]
    assert row["assets_amount"] == 127
    assert row["net_assets_amount"] == 27
    assert row["debt_amount"] == 100


def test_r009_each_kind_is_a_column_and_b_shares_are_stocks() -> None:
    row = worth()["every kind"]
    assert (row["cash_amount"], row["stock_amount"], row["b_stock_amount"], row["fund_amount"]) == (
        1,
        6,
        4,
        8,
    )
    assert (row["warrant_amount"], row["bond_amount"], row["wealth_amount"]) == (16, 32, 64)
    kinds = ("cash", "stock", "fund", "warrant", "bond", "wealth")
    assert sum(row[f"{kind}_amount"] for kind in kinds) == row["assets_amount"]


def test_r009_assets_of_all_accounts_add_up() -> None:
    assert worth()["two accounts"]["assets_amount"] == 1000
    assert average("two accounts", 20) == 300 + 700 * 5 // 20


def test_r009_a_row_holds_until_the_next_one() -> None:
    assert [average("steady", n) for n in (20, 60, 250)] == [1000, 1000, 1000]


def test_r009_days_before_the_first_row_count_zero() -> None:
    assert average("arrived on Monday", 20) == 250
    assert average("arrived on Monday", 60) == Decimal("83.33")
    assert average("arrived on Monday", 250) == 20


def test_r009_an_outflow_lowers_the_average_day_by_day() -> None:
    assert worth()["left on Monday"]["assets_amount"] == 0
    assert average("left on Monday", 20) == 750


def test_r009_weekends_are_no_trading_days() -> None:
    assert average("arrived on Saturday", 20) == average("arrived on Monday", 20)


def test_r009_the_window_has_exactly_twenty_trading_days() -> None:
    assert average("since the first day of 20", 20) == 1000
    assert average("one day late for 20", 20) == 950


def test_r009_a_client_without_assets_has_zero_and_unknown_shares() -> None:
    row = worth()["without assets"]
    assert row["assets_amount"] == row["net_assets_250d_amount"] == 0
    assert row["cash_share"] is None
    assert row["assets_change_30d_share"] is None


def test_r145_change_is_against_the_assets_in_force_thirty_days_ago() -> None:
    assert worth()["grew 29 days ago"]["assets_change_30d_share"] == Decimal("0.5")
    assert worth()["grew 30 days ago"]["assets_change_30d_share"] == 0


def test_r009_the_peak_is_the_highest_month_end_of_twelve_months() -> None:
    assert worth()["fell since October"]["peak_assets_365d_amount"] == 9000


def test_r009_what_is_dated_after_the_cut_does_not_count() -> None:
    assert worth()["grows tomorrow"]["assets_amount"] == 1000


def test_r002_every_client_has_a_row_even_when_nothing_ever_happened() -> None:
    tables = firm(client=[client("new", population="never_funded", opened_on=ago(3))])
    row = features(tables)["new"]
    assert row["tenure_days"] == 3
    assert row["n_trades_ever"] == row["n_open_accounts"] == 0
    assert row["last_trade_on"] is None


def test_r010_turnover_is_measured_against_a_year_of_assets() -> None:
    tables = firm("wang", daily_asset=[assets("wang", LONG_AGO, 1000)], trade=[trade("wang", ago(5), 2500)])
    assert features(tables)["wang"]["turnover_rate"] == Decimal("2.5")
