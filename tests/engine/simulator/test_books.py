"""The books of the made-up firm: nothing negative, balances to the fen, no trade out of time or on a closed day."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract.codes import CalendarKind
from tests.engine.simulator.making import Tables, calendar, integers, made, span

MONTHS = 24


def tables() -> Tables:
    return made(1_000, MONTHS)


def by_account(table: pa.Table, *columns: str) -> dict[str, list[tuple[int, ...]]]:
    rows: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    values = [integers(table, column) for column in columns]
    for account, *row in zip(table["account_code"].to_pylist(), *values, strict=True):
        rows[account].append(tuple(int(one) for one in row))
    return rows


def test_nothing_is_negative() -> None:
    assets = tables()["daily_asset"]
    for column in assets.column_names[2:]:
        assert integers(assets, column).min() >= 0, column
    for name, column in (
        ("trade", "quantity"),
        ("trade", "traded_amount"),
        ("cash_flow", "flow_amount"),
        ("holding", "quantity"),
    ):
        assert integers(tables()[name], column).min() > 0


def changes(made_up: Tables) -> dict[str, list[tuple[int, int]]]:
    """What moved cash less debt, by account: (day, fen)."""
    moves: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def add(name: str, column: str, word: str, on: str, amounts: tuple[tuple[str, int], ...]) -> None:
        some = made_up[name].filter(pc.equal(made_up[name][column], word))
        signs = [sign for _, sign in amounts]
        for account, rows in by_account(some, on, *(amount for amount, _ in amounts)).items():
            moves[account] += [(day, sum(s * x for s, x in zip(signs, xs, strict=True))) for day, *xs in rows]

    costs = (("commission_amount", -1), ("tax_amount", -1))
    add("cash_flow", "side", "in", "flowed_on", (("flow_amount", 1),))
    add("cash_flow", "side", "out", "flowed_on", (("flow_amount", -1),))
    add("trade", "side", "buy", "traded_on", (("traded_amount", -1), *costs))
    add("trade", "side", "sell", "traded_on", (("traded_amount", 1), *costs))
    add("other_income", "income_kind", "interest", "earned_on", (("income_amount", -1),))
    add("other_income", "income_kind", "advice", "earned_on", (("income_amount", -1),))
    add("entitlement", "entitlement_kind", "dividend", "paid_on", (("cash_amount", 1),))
    return moves


def test_cash_reconciles_to_the_fen() -> None:
    """Between two rows of assets, cash less debt changes by flows, trades, interest, advice, dividends."""
    made_up, last, checked = tables(), span(MONTHS).last - 3, 0
    moves = changes(made_up)
    for account, rows in by_account(made_up["daily_asset"], "held_on", "cash_amount", "debt_amount").items():
        for (day, cash, debt), (then, cash_then, debt_then) in pairwise(sorted(rows)):
            if then <= last:
                moved = sum(amount for at, amount in moves[account] if day < at <= then)
                assert cash_then - debt_then == cash - debt + moved, (account, day, then)
                checked += 1
    assert checked > 20_000


def test_balances_after_flows_follow_the_clock() -> None:
    flows = tables()["cash_flow"]
    side = np.array(flows["side"].to_pylist())
    balance, amount = integers(flows, "balance_amount"), integers(flows, "flow_amount")
    assert (balance >= 0).all()
    assert (balance[side == "in"] >= amount[side == "in"]).all()


def test_holdings_add_up_to_the_last_row_of_assets() -> None:
    assets, held = tables()["daily_asset"], tables()["holding"]
    value: dict[str, int] = defaultdict(int)
    for account, rows in by_account(held, "market_amount").items():
        value[account] = sum(row[0] for row in rows)
    kinds = ("stock", "b_stock", "hk_stock", "fund", "warrant", "bond", "wealth")
    rows = by_account(assets, "held_on", *(f"{kind}_amount" for kind in kinds))
    for account, history in rows.items():
        day, *amounts = max(history)
        assert sum(amounts) == value[account], (account, day)
    assert len(value) > 300


def test_trades_lie_within_the_life_of_the_account_and_on_open_days() -> None:
    made_up = tables()
    accounts = made_up["account"]
    opened = dict(zip(accounts["account_code"].to_pylist(), integers(accounts, "opened_on"), strict=True))
    closed = dict(zip(accounts["account_code"].to_pylist(), integers(accounts, "closed_on"), strict=True))
    for name, on in (("trade", "traded_on"), ("cash_flow", "flowed_on"), ("login", "logged_in_on")):
        days = integers(made_up[name], on)
        assert np.isin(days[days >= calendar(CalendarKind.TRADING)[0]], calendar(CalendarKind.TRADING)).all()
        assert ((days + 3) % 7 < 5).all()
        for account, day in zip(made_up[name]["account_code"].to_pylist(), days, strict=True):
            assert opened[account] <= day
            assert not closed[account] or day <= closed[account]


def test_events_are_known_on_their_day_or_up_to_three_later() -> None:
    trades = tables()["trade"]
    late = integers(trades, "known_on") - integers(trades, "traded_on")
    assert late.min() == 0
    assert late.max() == 3
    assert abs((late > 0).mean() - 0.05) < 0.005


def test_charges_follow_the_tariff() -> None:
    trades = tables()["trade"]
    commission, inside = integers(trades, "commission_amount"), integers(trades, "pass_through_amount")
    products = tables()["product"]
    kind = dict(zip(products["product_code"].to_pylist(), products["product_kind"].to_pylist(), strict=True))
    stock = np.array([kind[code] == "stock" for code in trades["product_code"].to_pylist()])
    amount = integers(trades, "traded_amount")
    assert np.array_equal(inside[stock], (amount[stock] * 541 + 5_000_000) // 10_000_000)
    assert (commission[stock] >= inside[stock]).mean() > 0.99
    sold = np.array(trades["side"].to_pylist()) == "sell"
    tax = integers(trades, "tax_amount")[stock]
    assert np.array_equal(tax, (amount[stock] * (1 + 50 * sold[stock]) + 50_000) // 100_000)
