"""Chapter 5, continued. How a client trades and fares: rhythm, breadth, results, transfers, changes of manager (R025).

Gaps lie between the distinct trading days of twelve months, and are told from five trading days on. Clumpiness is one
less the entropy of all gaps, the ones from the year's beginning and up to the cut among them.
"""

import datetime as dt
import math
from decimal import Decimal
from functools import cache
from itertools import pairwise
from statistics import mean, stdev
from typing import Any

from tests.small_firm import AS_OF, Facts, account, ago, assets, client, coverage, features, firm, flow, trade

EVEN = tuple(range(60, 365, 61))
CLUMPED = (100, 101, 102, 103, 104, 105)
UNEVEN = (300, 200, 100, 50, 40, 39, 10)
TOMORROW = AS_OF + dt.timedelta(days=1)


def sale(
    name: str, on: dt.date, amount: int, quantity: int, product: str = "P1", **facts: Any
) -> dict[str, Any]:
    given = {"side": "sell", "quantity": Decimal(quantity), "product_code": product}
    return trade(name, on, amount, **given, **facts)


def purchase(name: str, on: dt.date, amount: int, quantity: int, **facts: Any) -> dict[str, Any]:
    return trade(name, on, amount, quantity=Decimal(quantity), **facts)


def entitled(name: str, on: dt.date, *, cash: int = 0, shares: int = 0) -> dict[str, Any]:
    row = {"account_code": name, "product_code": "P1", "paid_on": on, "known_on": on}
    return {**row, "cash_amount": Decimal(cash), "quantity": Decimal(shares)}


def transfer(name: str, on: dt.date, kind: str, amount: int) -> dict[str, Any]:
    row = {"transfer_code": f"{name}{on}{kind}", "account_code": name, "transferred_on": on, "known_on": on}
    return {**row, "transfer_kind": kind, "transfer_amount": Decimal(amount)}


def served(name: str, staff: str, on: dt.date, relation: str = "service") -> dict[str, Any]:
    return {"record_code": name, "staff_code": staff, "relation": relation, "starts_on": on}


FEES: dict[str, Any] = {"commission_amount": Decimal(5), "tax_amount": Decimal(1)}
TRADES = [
    *(trade("even", ago(n)) for n in EVEN),
    *(trade("clumped", ago(n)) for n in CLUMPED),
    *(trade("uneven", ago(n)) for n in UNEVEN),
    *(trade("few", ago(n)) for n in (1, 2, 3, 4)),
    *(trade("two", ago(n)) for n in (1, 2, 3)),
    *(trade("second", ago(n)) for n in (3, 4, 5)),
    purchase("gains", ago(500), 1000, 100, **FEES),
    purchase("gains", ago(400), 3000, 100, **FEES),
    sale("gains", ago(20), 1500, 50, **FEES),
    sale("gains", ago(20), 9999, 7, "never bought"),
    purchase("unbought", ago(30), 100, 10),
    sale("unbought", ago(2), 400, 20),
    purchase("split", ago(100), 1000, 100),
    sale("split", ago(1), 600, 100),
    *(trade("wider", ago(n), product_code=f"P{n}") for n in (1, 2, 3, 200, 300)),
    trade("wider", ago(190), product_code="P1"),
]
TRANSFERS = [
    transfer("moves", ago(3), "custody_out", 100),
    transfer("moves", ago(80), "revoke", 50),
    transfer("moves", ago(100), "custody_in", 30),
    transfer("moves", ago(3), "non_trade", 9999),
]
SERVED = [
    served("handed", "S1", ago(900)),
    served("handed", "S2", ago(300)),
    served("handed", "S2", ago(200)),
    served("handed", "S9", ago(100), "development"),
    served("handed", "S3", TOMORROW),
]
DECIDED = {"assignment_key": "1", "client_id": "whoever it was", **served("handed", "S4", ago(10))}
NAMES = ("even", "clumped", "uneven", "few", "two", "gains", "unbought", "split", "moves", "handed", "wider")


@cache
def done() -> Facts:
    tables = firm(
        *NAMES,
        trade=TRADES,
        transfer=TRANSFERS,
        assignment=SERVED,
        returned_assignment=[DECIDED],
        entitlement=[entitled("split", ago(50), shares=100), entitled("gains", ago(5), cash=70)],
    )
    accounts = [*tables["client_account"], account("second", "two")]
    people = [client(str(row["client_id"])) for row in tables["client"] if row["client_id"] != "handed"]
    handed = client("handed", manager_since_on=ago(10))
    return features({**tables, "client": [*people, handed], "client_account": accounts})


def entropy_of(days_ago: tuple[int, ...]) -> float:
    """One less the normed entropy of the gaps, counted by hand."""
    bounds = [365, *sorted(days_ago, reverse=True), -1]
    parts = [(late - early) / 366 for late, early in pairwise(bounds)]
    return 1 + sum(part * math.log(part) for part in parts) / math.log(len(days_ago) + 1)


def test_r025_clumpiness_is_one_less_the_entropy_of_the_gaps() -> None:
    found = done()
    for name, days in {"even": EVEN, "clumped": CLUMPED, "uneven": UNEVEN}.items():
        assert abs(float(found[name]["trade_clumpiness_share"]) - entropy_of(days)) < 1e-6
    assert found["even"]["trade_clumpiness_share"] < Decimal("0.001")
    assert found["clumped"]["trade_clumpiness_share"] > Decimal("0.5")


def test_r145_silence_is_judged_against_the_own_gaps() -> None:
    gaps = [late - early for late, early in pairwise(UNEVEN)]
    row = done()["uneven"]
    assert float(row["usual_trade_gap"]) == round(mean(gaps), 2)
    assert abs(float(row["trade_gap_score"]) - (10 - mean(gaps)) / stdev(gaps)) < 0.006
    even = done()["even"]
    assert (even["usual_trade_gap"], even["trade_gap_score"]) == (61, None), "gaps all alike have no spread"


def test_r025_four_trading_days_say_nothing_of_a_rhythm_and_a_day_on_two_accounts_is_one() -> None:
    few, two = done()["few"], done()["two"]
    assert (few["n_trade_days_365d"], few["usual_trade_gap"], few["trade_clumpiness_share"]) == (
        4,
        None,
        None,
    )
    assert (two["n_trade_days_365d"], two["usual_trade_gap"]) == (5, 1)


def test_r025_a_sale_is_measured_by_the_mean_cost_of_all_purchases_after_charges() -> None:
    """50 of 200 shares that cost 4,012 brought 1,494; dividends of 70 count, what was never bought does not."""
    assert done()["gains"]["realised_365d_amount"] == Decimal(1494) - Decimal("1003.00") + 70
    assert done()["unbought"]["realised_365d_amount"] == 200 - 100, "of twenty sold ten had been bought"
    assert done()["split"]["realised_365d_amount"] == 600 - 500, "shares of a split halve the mean cost"
    assert done()["few"]["realised_365d_amount"] == 0


def test_r025_breadth_is_told_against_the_half_year_before() -> None:
    row = done()["wider"]
    assert (row["n_products_180d"], row["n_products_365d"]) == (3, 5)
    assert row["n_products_more_180d"] == 0, "three of the last half-year, three of the one before"


def test_r145_securities_moved_to_other_firms_are_told_and_other_transfers_have_no_direction() -> None:
    row = done()["moves"]
    assert (row["transfer_out_90d_amount"], row["transfer_out_365d_amount"]) == (150, 150)
    assert (row["transfer_in_90d_amount"], row["transfer_in_365d_amount"]) == (0, 30)


def test_r025_a_change_of_manager_counts_once_whether_the_firm_or_the_desk_tells_it() -> None:
    row = done()["handed"]
    assert (row["n_manager_changes_365d"], row["days_with_manager"]) == (2, 10)
    assert (done()["few"]["n_manager_changes_365d"], done()["few"]["days_with_manager"]) == (0, None)


INDEX = {"index_code": "KW300"}


@cache
def fared() -> Facts:
    """Worth 1,000 a year ago; 1,200 in spring, 900 in autumn with 100 paid in, 810 now."""
    tables = firm(
        "falls", "new",
        daily_asset=[
            assets("falls", ago(400), 1000),
            assets("falls", dt.date(2026, 4, 15), 1200),
            assets("falls", dt.date(2026, 10, 15), 1000, stock=0),
            assets("falls", dt.date(2026, 11, 10), 810),
            assets("new", dt.date(2026, 11, 2), 500),
        ],
        cash_flow=[flow("falls", dt.date(2026, 10, 15), "in", 100), flow("new", dt.date(2026, 11, 2), "in", 500)],
        index_price=[
            {**INDEX, "priced_on": ago(400), "level": Decimal(3000)},
            {**INDEX, "priced_on": dt.date(2026, 6, 30), "level": Decimal(4000)},
            {**INDEX, "priced_on": AS_OF, "level": Decimal(3600)},
            {**INDEX, "priced_on": TOMORROW, "level": Decimal(1)},
            {"index_code": "000000", "priced_on": AS_OF, "level": Decimal(7)},
        ],
    )  # fmt: skip
    return features(tables)


def test_r025_a_result_leaves_out_the_money_moved() -> None:
    row = fared()["falls"]
    assert row["result_12m_amount"] == 810 - 1000 - 100
    assert row["n_losing_months"] == 2
    assert (fared()["new"]["result_12m_amount"], fared()["new"]["n_losing_months"]) == (0, 0)


def test_r025_a_drawdown_is_told_beside_that_of_the_index() -> None:
    """From the highest end on 1,300 became 1,000 and 1,000 became 810; the index lost a tenth."""
    row = fared()["falls"]
    assert abs(float(row["drawdown_12m_share"]) - (1 - 1000 / 1300 * 810 / 1000)) < 1e-6
    assert row["index_drawdown_12m_share"] == Decimal("0.1")
    assert row["drawdown_over_index_share"] == row["drawdown_12m_share"] - Decimal("0.1")


def test_r009_without_prices_of_an_index_the_drawdown_stands_alone() -> None:
    row = features(firm("falls", daily_asset=[assets("falls", ago(400), 10), assets("falls", ago(2), 8)]))[
        "falls"
    ]
    assert (row["drawdown_12m_share"], row["drawdown_over_index_share"]) == (Decimal("0.2"), None)


def test_r009_changes_of_assets_stand_beside_those_at_constant_prices() -> None:
    row = fared()["falls"]
    assert row["assets_change_365d_share"] == Decimal("-0.19")
    assert (row["constant_change_90d_share"], row["constant_change_365d_share"]) == (
        Decimal("0.083333"),
        Decimal("0.1"),
    )


def test_r009_a_result_is_unknown_where_assets_or_flows_are_not_delivered() -> None:
    tables = firm("falls", daily_asset=[assets("falls", ago(400), 10)], source_coverage=coverage("cash_flow"))
    row = features(tables)["falls"]
    assert (row["result_12m_amount"], row["drawdown_12m_share"], row["n_losing_months"]) == (None, None, None)


def test_r025_a_shorter_window_is_a_part_of_the_year() -> None:
    row = done()["uneven"]
    assert (row["trades_30d_of_365d_share"], row["trades_90d_of_365d_share"]) == (
        Decimal("0.142857"),
        Decimal("0.571429"),
    )
    assert done()["moves"]["trades_30d_of_365d_share"] is None
