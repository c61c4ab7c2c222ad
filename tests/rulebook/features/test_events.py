"""Chapter 5, continued. What a client did: trades, money moved, log-ins, contacts (R010, R024, R025).

A window of 30 days is the cut and the 29 days before it. Only what was known by the cut counts.
"""

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any

from tests.small_firm import (
    AS_OF,
    Facts,
    account,
    ago,
    assets,
    client,
    features,
    firm,
    flow,
    holding,
    login,
    number,
    trade,
)

TOMORROW = AS_OF + dt.timedelta(days=1)


FEES: dict[str, Any] = {"commission_amount": Decimal(30), "pass_through_amount": Decimal("5.41")}
INCOME = {
    "account_code": "earns",
    "income_kind": "interest",
    "income_amount": Decimal(100),
    "known_on": ago(1),
}


@cache
def done() -> Facts:
    tables = firm(
        "edges", "late", "earns", "two accounts", "moves", "habit", "young", "new",
        trade=[
            *(trade("edges", ago(n), 1000, product_code=f"P{n}") for n in (0, 29, 30, 89, 90, 179, 364, 365)),
            trade("late", ago(2), known_on=TOMORROW),
            trade("late", TOMORROW),
            trade("earns", ago(3), 10000, side="sell", **FEES),
            trade("earns", ago(370), 10000, **FEES),
            trade("two accounts", ago(7), product_code="P1"),
            trade("second", ago(7), product_code="P1"),
            trade("second", ago(8), product_code="P2"),
        ],
        other_income=[{**INCOME, "earned_on": ago(1)}, {**INCOME, "earned_on": ago(365)}],
        cash_flow=[
            flow("moves", ago(3), "out", 500),
            flow("moves", ago(6), "out", 500),
            flow("moves", ago(7), "out", 900),
            flow("moves", ago(29), "in", 100),
            flow("moves", ago(30), "in", 9999),
        ],
        login=[
            *(login("habit", ago(30 + 5 * step)) for step in range(36)),
            *(login("habit", ago(2)) for _ in range(3)),
            login("habit", ago(210)),
            login("young", ago(40)),
            login("new", ago(40)),
        ],
        client=[
            *(client(name) for name in ("edges", "late", "earns", "two accounts", "moves", "habit")),
            client("young", opened_on=ago(90)),
            client("new", opened_on=ago(89)),
        ],
    )  # fmt: skip
    tables["client_account"] = [*tables["client_account"], account("second", "two accounts")]
    return features(tables)


def test_r025_windows_end_with_the_cut_and_count_their_days_exactly() -> None:
    row = done()["edges"]
    assert [row[f"n_trades_{n}d"] for n in (30, 90, 180, 365)] == [2, 4, 6, 7]
    assert row["n_trades_ever"] == 8
    assert row["n_trade_days_365d"] == row["n_products_365d"] == 7
    assert row["turnover_90d_amount"] == 4000
    assert row["days_since_trade"] == 0


def test_r025_what_became_known_after_the_cut_does_not_count() -> None:
    assert done()["late"]["n_trades_ever"] == 0
    assert done()["late"]["last_trade_on"] is None


def test_r010_contribution_is_net_commission_and_other_income_of_twelve_months() -> None:
    row = done()["earns"]
    assert row["commission_365d_amount"] == 30
    assert row["net_commission_365d_amount"] == Decimal("24.59")
    assert row["other_income_365d_amount"] == 100
    assert row["contribution_365d_amount"] == Decimal("124.59")


def test_r025_a_sale_is_no_purchase() -> None:
    assert done()["earns"]["last_bought_on"] == ago(370)


def test_r025_days_and_products_of_several_accounts_count_once() -> None:
    row = done()["two accounts"]
    assert (row["n_trades_30d"], row["n_trade_days_365d"], row["n_products_365d"]) == (3, 2, 2)


def test_r145_flows_are_summed_by_direction_and_the_largest_outflow_is_named() -> None:
    row = done()["moves"]
    assert (row["outflow_7d_amount"], row["outflow_30d_amount"], row["inflow_30d_amount"]) == (
        1000,
        1900,
        100,
    )
    assert (row["largest_outflow_30d_amount"], row["largest_outflow_on"]) == (900, ago(7))


def test_r145_of_equal_outflows_the_latest_is_named() -> None:
    assert done()["moves"]["largest_outflow_7d_on"] == ago(3)


def test_r145_the_usual_number_of_logins_is_the_clients_own_before_the_last_month() -> None:
    row = done()["habit"]
    assert row["n_logins_30d"] == 1
    assert row["usual_logins_30d"] == 6


def test_r145_a_short_history_has_no_habit_yet() -> None:
    assert done()["young"]["usual_logins_30d"] == Decimal("0.50")
    assert done()["new"]["usual_logins_30d"] is None


def test_r102_a_client_was_last_seen_trading_logging_in_or_moving_money() -> None:
    seen = {name: done()[name]["days_since_seen"] for name in ("edges", "moves", "habit", "late")}
    assert seen == {"edges": 0, "moves": 3, "habit": 2, "late": None}


def test_r093_only_contacts_that_reached_the_client_count() -> None:
    contact = {"record_code": "wang", "known_on": ago(1)}
    tables = firm(
        "wang",
        contact=[
            {**contact, "contact_code": number("C"), "contacted_on": ago(n), "outcome": outcome}
            for n, outcome in ((89, "reached"), (90, "reached"), (1, "no_answer"))
        ],
        complaint=[
            {
                "complaint_code": number("V"),
                "record_code": "wang",
                "received_on": ago(n),
                "complaint_kind": kind,
            }
            for n, kind in ((4, "complaint"), (3, "enquiry"), (400, "complaint"))
        ],
    )
    row = features(tables)["wang"]
    assert (row["n_contacts_90d"], row["n_contacts_365d"]) == (1, 2)
    assert row["last_contact_on"] == ago(89)
    assert (row["n_complaints_365d"], row["last_enquiry_on"]) == (1, ago(3))


def test_r210_accounts_and_permissions_in_force_are_counted_over_all_accounts() -> None:
    kinds = [
        ("wang", "star", None),
        ("margin", "star", None),
        ("wang", "option", ago(0)),
        ("margin", "margin", None),
    ]
    tables = firm(
        "wang",
        client_account=[
            account("wang", "wang"),
            account("margin", "wang", account_kind="credit"),
            account("old", "wang", closed_on=AS_OF),
        ],
        permission=[
            {"account_code": name, "permission_kind": kind, "granted_on": ago(9), "withdrawn_on": withdrawn}
            for name, kind, withdrawn in kinds
        ],
    )
    row = features(tables)["wang"]
    assert (row["n_open_accounts"], row["has_credit"], row["n_permissions"]) == (2, True, 2)


def styled(n_trades: int, amount: int, worth: int = 1000) -> Any:
    """The style of a client with assets worth so much who traded so often for so much in all."""
    day = ago(400)
    tables = firm(
        "wang",
        daily_asset=[assets("wang", day, worth)],
        trade=[trade("wang", ago(n), Decimal(amount) / n_trades) for n in range(n_trades)],
    )
    return features(tables)["wang"]["trading_style"]


def test_r031_who_turns_assets_over_twice_a_year_or_less_holds_for_long() -> None:
    assert styled(8, 2000) == "long_term"
    assert styled(8, 2008) == "mixed"


def test_r031_who_turns_assets_over_twelve_times_a_year_holds_briefly() -> None:
    assert styled(8, 12000) == "short_term"
    assert styled(8, 11992) == "mixed"


def test_r031_who_hardly_trades_or_has_nothing_has_no_style() -> None:
    assert styled(5, 12000) is None
    assert styled(6, 12000) == "short_term"
    assert styled(8, 12000, worth=0) is None


def test_r078_what_most_holdings_are_for_is_told_from_sixty_percent_on() -> None:
    kinds = ("stock", "etf", "fund", "note")
    tables = firm(
        "loves stocks", "loves funds", "undecided", "none",
        product=[{"product_code": kind, "product_kind": kind} for kind in kinds],
        holding=[
            holding("loves stocks", "stock", 60), holding("loves stocks", "note", 40),
            holding("loves funds", "fund", 30), holding("loves funds", "etf", 30), holding("loves funds", "note", 40),
            holding("undecided", "stock", "59.99"), holding("undecided", "note", "40.01"),
        ],
    )  # fmt: skip
    found = {name: row["leading_need"] for name, row in features(tables).items()}
    assert found == {"loves stocks": "stock", "loves funds": "fund", "undecided": None, "none": None}
