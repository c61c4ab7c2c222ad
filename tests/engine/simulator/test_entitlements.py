"""Dividends, splits and fees for advice act on what clients hold; a break of the regime turns leaving over."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache

import numpy as np

from keepwell.engine.simulator import products as product
from keepwell.engine.simulator import world
from keepwell.engine.simulator.block import Block, Town, found, run_block
from keepwell.engine.simulator.firm import Size
from tests.engine.simulator.making import SEED, Tables, firm, integers, made, span

N, MONTHS = 4_000, 18


def tables() -> Tables:
    return made(1_000, 24)


@cache
def lived(regime_break: int | None = None) -> tuple[Town, Block]:
    asked = firm() if regime_break is None else replace(firm(), regime_break=regime_break)
    town = found(asked, Size.of(N), SEED, span(MONTHS))
    return town, run_block(town, 0, N)


def test_a_dividend_is_what_its_notice_says_times_what_was_held() -> None:
    """Every cash dividend is the amount of its action times a whole number of shares, to the fen."""
    town, block = lived()
    actions = {(int(a[0]), int(a[1])): a for a in town.goods.actions}
    paid = block.events[world.ENTITLED]
    cash = paid[paid[:, 5] == product.DIVIDEND]
    assert cash.shape[0] > 300
    for row in cash:
        action = actions[int(row[4]), int(row[2])]
        fen_a_share = int(action[product.A_AMOUNT]) / 100
        shares = round(int(row[7]) / fen_a_share)
        assert abs(shares * fen_a_share - row[7]) <= 1
        assert 0.004 < action[product.A_AMOUNT] / town.goods.price[row[4], row[2] - 1] < 0.031


def test_a_split_gives_shares_and_takes_as_much_from_the_price() -> None:
    town, block = lived()
    paid = block.events[world.ENTITLED]
    new = paid[paid[:, 5] == product.SPLIT]
    assert new.shape[0] > 20
    for p, day, _, terms, _ in town.goods.actions[town.goods.actions[:, product.A_KIND] == product.SPLIT]:
        if day < town.span.n_run:
            ratio = town.goods.price[p, day] / town.goods.price[p, day - 1] * (1 + terms / 10)
            assert 0.75 < ratio < 1.3


def test_notices_announce_what_accounts_receive() -> None:
    notices, paid = tables()["notice"], tables()["entitlement"]
    told = set(zip(notices["product_code"].to_pylist(), notices["effective_on"].to_pylist(),
                   notices["notice_kind"].to_pylist(), strict=True))  # fmt: skip
    for row in paid.to_pylist():
        assert (row["product_code"], row["paid_on"], row["entitlement_kind"]) in told
        assert (row["cash_amount"] > 0) == (row["entitlement_kind"] == "dividend")
        assert (row["quantity"] > 0) == (row["entitlement_kind"] == "split")
    assert (integers(notices, "effective_on")[integers(notices, "effective_on") > 0].size) > 100


def test_clients_of_advisers_pay_for_advice_once_a_quarter() -> None:
    town, block = lived()
    income = block.events[world.INCOME]
    fees = income[income[:, 4] == 2]
    by_account: dict[int, list[int]] = defaultdict(list)
    for row in fees:
        by_account[int(row[1])].append(int(row[2]))
        seat = block.seat_of[block.accounts[row[1], 0]]
        assert town.staff.is_adviser[seat]
        assert town.span.calendar_months()[row[2]] % 3 == 2
    assert len(by_account) > 20
    assert max(len(days) for days in by_account.values()) <= MONTHS * 21 // 60 + 1


def test_no_note_is_held_beyond_its_term() -> None:
    town, block = lived()
    ends = town.goods.cells[block.events[world.HOLDING][:, 4], product.ENDS]
    assert (ends >= town.span.n_run - 1).all()


def test_a_break_of_the_regime_turns_loss_and_logins_over() -> None:
    """§2: from month M on +.8, and the signs of loss and log-ins reversed; before it nothing is different."""
    before, after = lived()[1].months, lived(9)[1].months
    early = before[:, 1] < 9
    assert np.array_equal(before[early], after[after[:, 1] < 9])
    undecided = [
        months[(months[:, 1] >= 9) & (months[:, 11] == world.UNDECIDED)] for months in (before, after)
    ]
    assert undecided[1][:, 3].mean() > 1.6 * undecided[0][:, 3].mean()
    assert lived()[0].firm.leaving.break_rise == 0.8
    at = {(int(m[0]), int(m[1])): float(m[5]) for m in undecided[0]}
    change = [np.log(m[5] / at[int(m[0]), 9]) for m in undecided[1] if m[1] == 9 and (int(m[0]), 9) in at]
    assert min(change) < 0.3  # not a shift alone: who lost or stayed away leaves less than the others
    assert max(change) > 1.5
