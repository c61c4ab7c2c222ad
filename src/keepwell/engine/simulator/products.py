"""Securities and products: terms, levels and price paths. Names and codes are invented."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from keepwell.contract import codes
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.compiled import compiled, inlined
from keepwell.engine.simulator.firm import Markets, Size
from keepwell.engine.simulator.market import Index
from keepwell.engine.simulator.span import Span
from keepwell.engine.simulator.streams import Floats, Integers, four, normal, student, uniform

STOCK, ETF, FUND, BOND, WEALTH, STRUCTURED, B_STOCK, WARRANT, NOTE = range(9)
KINDS = (
    codes.ProductKind.STOCK,
    codes.ProductKind.ETF,
    codes.ProductKind.FUND,
    codes.ProductKind.BOND,
    codes.ProductKind.WEALTH,
    codes.ProductKind.STRUCTURED,
    codes.ProductKind.B_STOCK,
    codes.ProductKind.WARRANT,
    codes.ProductKind.NOTE,
)
# asset column of each kind: stock 0, b_stock 1, fund 2, warrant 3, bond 4, wealth 5; Hong Kong shares 7
_COLUMN = np.array([0, 2, 2, 4, 5, 5, 1, 3, 5])
_LOT = np.array([1_000_000, 1_000_000, 100, 100_000, 10_000, 10_000, 1_000_000, 100_000_000, 10_000])
_TICK = np.array([100, 10, 1, 10, 1, 1, 10, 1, 1])
# 0 stock, 1 exchange fund, 2 bond, 3 no commission (its sale earns other income instead)
_FEE = np.array([0, 1, 3, 2, 3, 3, 0, 2, 3])
NOTE_TERMS = (28, 91, 182, 364)
NOTE_CYCLE = 28
_NOTE_ENDS = (14, 7, 10, 21)
"""Every four weeks one note of each term; the series are so laid that the coming weeks see some of them mature."""
NEVER = 1 << 30

# columns of ``Goods.cells``
KIND, COLUMN, LEVEL, FIRST, ENDS, LOT, TICK, FEE, MARKET, CURRENCY, ISSUED, MATURES, BOARD = range(13)
MARKETS = (
    codes.Market.SHANGHAI,
    codes.Market.SHENZHEN,
    codes.Market.BEIJING,
    codes.Market.COUNTER,
    codes.Market.HONG_KONG,
)
CURRENCIES = (codes.Currency.CNY, codes.Currency.USD, codes.Currency.HKD)
MAIN_SH, MAIN_SZ, STAR, CHINEXT, BEIJING, HONG_KONG, NO_BOARD = range(7)
HK_COLUMN = 7


# columns of ``Goods.actions``; terms are ppm of the price for a dividend, new shares for ten for a split
A_PRODUCT, A_DAY, A_KIND, A_TERMS, A_AMOUNT = range(5)
DIVIDEND, SPLIT = range(2)
HALF_YEAR = 120
_NOTICE_DAYS, _DIVIDENDS, _SPLITS = 10, 0.35, 0.02


class Goods(NamedTuple):
    """Products: whole-number cells [product, column], price [product, day] in units of .0001, pools [kind, 2].

    ``actions`` are corporate actions of stocks in the order of products and days, ``action_range`` those of each
    product; the amount of a dividend per unit is in units of price, and 0 before its day has come.
    """

    cells: Integers
    price: Integers
    pools: Integers
    yields: Floats
    actions: Integers
    action_range: Integers


def _counts(size: Size, span: Span) -> list[int]:
    notes = 4 * _note_count(span)
    rest = max(size.n_products - notes - 9, 120)
    shares = (0.60, 0.09, 0.20, 0.06, 0.04)
    counts = [int(rest * share) for share in shares]
    return [*counts, max(3, rest - sum(counts)), 6, 3, notes]


def _stock_cells(cells: Integers, seed: int) -> None:
    n = cells.shape[0]
    for i in range(n):
        part = i / n
        u = uniform(seed, i, purposes.PRODUCT, 1, 0)
        if part < 0.70:
            board = MAIN_SH if u < 0.5 else MAIN_SZ
        else:
            board = STAR if u < 0.4 else (CHINEXT if u < 0.8 else (HONG_KONG if u < 0.9 else BEIJING))
        cells[i, BOARD] = board
        cells[i, LEVEL] = 3 if part < 0.70 else 4
        cells[i, MARKET] = (0, 1, 0, 1, 2, 4)[board]
        if board == HONG_KONG:
            cells[i, COLUMN] = HK_COLUMN


def _note_count(span: Span) -> int:
    """Issues of each term, from those that are still alive on the first day to the last day."""
    return -(-(int(span.on[-1]) - span.first + max(NOTE_TERMS)) // NOTE_CYCLE) + 1


def _note_cells(cells: Integers, span: Span) -> None:
    """Four notes every four weeks, a year of them issued before the first day; terms in natural days."""
    n, until = _note_count(span), int(span.on[-1])
    for i in range(cells.shape[0]):
        turn, k = divmod(i, 4)
        latest = NOTE_CYCLE * ((NOTE_TERMS[k] - _NOTE_ENDS[k]) // NOTE_CYCLE)
        matures = until + _NOTE_ENDS[k] + latest - NOTE_CYCLE * (n - 1 - turn)
        issued = matures - NOTE_TERMS[k]
        ends = int(np.searchsorted(span.on, matures))
        cells[i, [FIRST, ISSUED, MATURES]] = int(np.searchsorted(span.on, issued)), issued, matures
        cells[i, ENDS] = ends if ends < span.on.size else NEVER
        cells[i, LEVEL] = 1 + (k + 1) // 2


def _cells(size: Size, span: Span, seed: int) -> tuple[Integers, Integers]:
    counts = _counts(size, span)
    bounds = np.concatenate(([0], np.cumsum(counts)))
    cells = np.zeros((int(bounds[-1]), 13), np.int64)
    kinds = np.repeat(np.arange(9), counts)
    cells[:, KIND], cells[:, COLUMN], cells[:, LOT] = kinds, _COLUMN[kinds], _LOT[kinds]
    cells[:, TICK], cells[:, FEE], cells[:, BOARD] = _TICK[kinds], _FEE[kinds], NO_BOARD
    cells[:, FIRST], cells[:, ENDS] = -NEVER, NEVER
    cells[:, ISSUED], cells[:, MATURES] = span.first - 2_000 - np.arange(kinds.size) % 1_500, 0
    turn = np.arange(kinds.size)
    level = np.array([3, 3, 1, 2, 2, 5, 3, 4, 1])[kinds]
    level += np.where(kinds == ETF, turn % 4 == 3, 0) + np.where(kinds == FUND, turn % 4, 0)
    level += np.where(kinds == WEALTH, turn % 2, 0)
    cells[:, LEVEL] = level
    cells[:, MARKET] = np.where(np.isin(kinds, [ETF, BOND, B_STOCK]), turn % 2, 3)
    cells[:, MARKET] = np.where(kinds == WARRANT, 0, cells[:, MARKET])
    cells[:, CURRENCY] = np.where(kinds == B_STOCK, 1 + turn % 2, 0)
    _stock_cells(cells[: counts[0]], seed)
    b_shares = cells[bounds[B_STOCK] : bounds[B_STOCK + 1]]
    b_shares[:, MARKET] = b_shares[:, CURRENCY] - 1  # Shanghai in US dollars, Shenzhen in Hong Kong dollars
    _note_cells(cells[bounds[NOTE] :], span)
    return cells, np.stack([bounds[:-1], bounds[1:]], axis=1).astype(np.int64)


@compiled
def _actions(seed: int, n_stocks: int, n_days: int) -> Integers:
    """At most one a stock and half year: a dividend for a third of them, now and then new shares for old."""
    out = np.zeros((n_stocks * (n_days // HALF_YEAR + 1), 5), np.int64)
    n = 0
    for p in range(n_stocks):
        for turn in range(n_days // HALF_YEAR + 1):
            u = four(seed, p, purposes.ACTIONS, turn, 0)
            day = turn * HALF_YEAR + _NOTICE_DAYS + int(u[1] * (HALF_YEAR - _NOTICE_DAYS))
            if u[0] >= _DIVIDENDS + _SPLITS or day >= n_days:
                continue
            out[n, A_PRODUCT], out[n, A_DAY] = p, day
            out[n, A_KIND] = DIVIDEND if u[0] < _DIVIDENDS else SPLIT
            out[n, A_TERMS] = (
                int(5_000.0 + 25_000.0 * u[2]) if u[0] < _DIVIDENDS else (5 if u[2] < 0.6 else 10)
            )
            n += 1
    return out[:n]


@inlined
def _after(action: Integers, last: int) -> float:
    """Sets what a dividend pays by the last price before its day; answers what the price loses, as a logarithm."""
    if action[A_KIND] == SPLIT:
        return math.log(1.0 + action[A_TERMS] / 10.0)
    action[A_AMOUNT] = last * action[A_TERMS] // 1_000_000
    return -math.log(1.0 - action[A_AMOUNT] / last)


@compiled
def _prices(
    seed: int,
    cells: Integers,
    returns: Floats,
    on: Integers,
    m: Floats,
    yields: Floats,
    actions: Integers,
    ranges: Integers,
) -> Integers:
    """``m``: β's s.d., β of funds, noise of stocks, funds and bonds; price in units of .0001. Fills in dividends."""
    n, days = cells.shape[0], returns.size
    price = np.empty((n, days), np.int64)
    beta_of = np.array([1.0, 1.0, m[1], 0.02, 0.05, 0.6, 0.9, 4.0, 0.0])
    noise_of = np.array([m[2], 0.006, m[3], m[4], 0.0006, 0.008, m[2], 0.05, 0.0])
    level_of = np.array([15.0, 1.8, 1.3, 100.0, 1.05, 1.0, 2.0, 0.5, 1.0])
    drift_of = np.array([0.0, 0.0, 0.0001, 0.00012, 0.00014, 0.0001, 0.0, -0.002, 0.0])
    for p in range(n):
        kind, tick, coming = cells[p, KIND], cells[p, TICK], ranges[p, 0]
        u = four(seed, p, purposes.PRODUCT, 0, 0)
        beta = beta_of[kind] * (1.0 + m[0] * normal(u[0]))
        log_price = math.log(level_of[kind]) + normal(u[1]) * (0.7 if kind in (0, 6) else 0.15)
        for t in range(days):
            if kind == NOTE:
                held = max(min(on[t], cells[p, MATURES]) - cells[p, ISSUED], 0)
                price[p, t] = 10_000 + int(yields[p] * held / 365.0 * 10_000.0)
                continue
            v = four(seed, p, purposes.PRODUCT_NOISE, t, 0)
            step = beta * returns[t] + noise_of[kind] * student(v[0], v[1], 5) + drift_of[kind]
            log_price += math.log(1.0 + min(max(step, -0.2), 0.2))
            if coming < ranges[p, 1] and actions[coming, A_DAY] == t:
                log_price -= _after(actions[coming], price[p, t - 1])
                coming += 1
            raw = math.exp(min(max(log_price, -4.0), 9.0)) * 10_000.0
            price[p, t] = max(int(raw / tick + 0.5), 1) * tick
    return price


def goods(market: Markets, index: Index, size: Size, span: Span, seed: int) -> Goods:
    """All products of a firm of this size with their prices on the days that happen."""
    cells, pools = _cells(size, span, seed)
    shape = np.array(
        [market.beta_sd, market.fund_beta, market.noise_sd, market.fund_noise_sd, market.bond_noise_sd]
    )
    yields: Floats = (0.018 + 0.0015 * (np.arange(cells.shape[0]) % 4)).astype(np.float64)
    actions = _actions(seed, int(pools[STOCK, 1]), span.on.size)
    every = np.arange(cells.shape[0])
    ranges = np.stack(
        [np.searchsorted(actions[:, A_PRODUCT], every, side) for side in ("left", "right")], axis=1
    )
    ranges = ranges.astype(np.int64)
    price = _prices(seed, cells, index.returns, span.on[: span.n_run], shape, yields, actions, ranges)
    return Goods(cells, price, pools, yields, actions, ranges)
