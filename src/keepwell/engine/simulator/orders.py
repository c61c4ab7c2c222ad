"""What clients buy and sell: first portfolios, sessions of orders, redemption of what falls due."""

from __future__ import annotations

import math

from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import products as product
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.accounts import A_KIND, CREDIT, DOLLAR, HONGKONG, OPTION
from keepwell.engine.simulator.books import (
    account_value,
    buy,
    largest,
    pay_back,
    quantity_for,
    sell,
    wake_for,
    worth,
)
from keepwell.engine.simulator.compiled import inlined
from keepwell.engine.simulator.streams import Floats, four, geometric, logistic, normal, uniform
from keepwell.engine.simulator.world import ORDERS, SECOND, SLOTS, Life, Tape, World

APP, WEB, PHONE, COUNTER = 0, 1, 2, 3
REDEEMED = 5 * 4
_MORNING, _NOON, _AFTERNOON = 34_200, 7_200, 46_800


@inlined
def clock(second: int) -> int:
    """Second of the day of a second of the trading session (0 .. 14399)."""
    return _MORNING + second if second < _NOON else _AFTERNOON + second - _NOON


@inlined
def _need(row: Floats, u: float) -> int:
    """Stock, fund, bond or wealth: among as many of them as the client cares for, the strongest needs first."""
    kept = int(row[who_is.BREADTH]) if row[who_is.BREADTH] < 3.0 else 4
    weights = (row[13] + row[17], row[14] + 0.5 * row[18], row[15], row[16] + 0.5 * row[18])
    total = 0.0
    for turn in range(2):
        u *= total if turn == 1 else 1.0
        for k in range(4):
            rank = 0
            for other in range(4):
                if weights[other] > weights[k] or (weights[other] == weights[k] and other < k):
                    rank += 1
            if rank < kept:
                total += weights[k]
                if turn == 1:
                    u -= weights[k]
                    if u < 0.0:
                        return k
    return 0


@inlined
def _kind(w: World, i: int, account_kind: int, u: float, v: float) -> int:
    """The kind of product: by the client's needs, among as many kinds as the client cares for."""
    if account_kind == OPTION:
        return product.WARRANT
    if account_kind in (DOLLAR, HONGKONG):
        return product.B_STOCK
    row = w.rows[i]
    if account_kind == CREDIT:
        return product.STOCK if u < 0.8 else product.ETF
    best = _need(row, u)
    if best == 0:
        return product.STOCK if v < 0.8 else product.ETF
    if best == 1:
        return product.FUND if v < 0.75 else product.ETF
    if best == 2:
        return product.BOND
    if v < 0.45:
        return product.NOTE
    return product.STRUCTURED if v > 0.95 and row[who_is.RISK] >= 5.0 else product.WEALTH


@inlined
def latest_note(w: World, term: int, on: int) -> int:
    """The note of a term that was issued last on a day since 1970."""
    start, end = int(w.pools[product.NOTE, 0]), int(w.pools[product.NOTE, 1])
    back = max(int(w.cells[end - 4 + term, product.ISSUED]) - on, 0)
    p = end - 4 + term - 4 * ((back + product.NOTE_CYCLE - 1) // product.NOTE_CYCLE)
    return max(p, start + term)


@inlined
def _choice(w: World, i: int, kind: int, day: int, u: float, v: float, account_kind: int) -> int:
    """One product of the kind: often a favourite of the client; of notes the last that was issued."""
    start, end = int(w.pools[kind, 0]), int(w.pools[kind, 1])
    if kind == product.NOTE:
        term = 0 if v < 0.08 else (1 if v < 0.30 else (2 if v < 0.65 else 3))
        if day >= 0:
            return latest_note(w, term, int(w.on[day]))
        return latest_note(w, term, int(w.on[0]) - 1 - int(u * (product.NOTE_TERMS[term] - 1)))
    if kind == product.B_STOCK:
        return start + 2 * int(u * 3.0) + (0 if account_kind == DOLLAR else 1)
    n = end - start
    if kind == product.STOCK and w.rows[i, who_is.RISK] < 4.0:
        n = int(n * 0.70)
    if u < 0.6:
        u = uniform(w.seed, w.first + i, purposes.BOOK, kind, int(v * 4.0))
        return start + int(u * n)
    return start + int(v * v * n)


@inlined
def first_portfolio(w: World, s: Life, i: int, u: int, account: int, fen: int) -> None:
    """Positions from before the first day; what does not fit whole lots stays cash. No trades are written."""
    x = four(w.seed, w.first + i, purposes.PORTFOLIO, u, 0)
    s.cash[u] = fen
    if fen < 100_000:
        return
    kind = int(w.accounts[account, A_KIND])
    if kind == CREDIT:
        y = four(w.seed, w.first + i, purposes.MARGIN, u, 0)
        z = four(w.seed, w.first + i, purposes.MARGIN, u, 1)
        low, second = 2.0, 2.0
        for one in (y[0], y[1], y[2], y[3], z[0], z[1]):  # the second of six uniforms is Beta(2, 5)
            if one < low:
                low, second = one, low
            elif one < second:
                second = one
        s.debt[u] = int(second / (1.0 - second) * fen)
        s.cash[u] = fen + int(s.debt[u])
    n = 1 + int(x[0] * 5.0)
    spend = float(s.cash[u]) * (0.95 - 0.3 * x[1])
    for k in range(n):
        y = four(w.seed, w.first + i, purposes.PORTFOLIO, u, k + 1)
        p = _choice(w, i, _kind(w, i, kind, y[0], y[1]), -1, y[2], y[3], kind)
        _place(w, s, u, p, int(spend / n))


@inlined
def _place(w: World, s: Life, u: int, p: int, fen: int) -> None:
    lot, price = int(w.cells[p, product.LOT]), int(w.price[p, 0])
    q = quantity_for(fen, price, lot)
    value = worth(q, price)
    if q <= 0 or value > s.cash[u]:
        return
    wake_for(w, s, p, -1)
    for k in range(SLOTS):
        if s.product[u, k] in (-1, p):
            s.product[u, k] = p
            s.quantity[u, k] += q
            s.cost[u, k] += value
            s.cash[u] -= value
            return


@inlined
def _account(w: World, s: Life, i: int, n_accounts: int, u: float, v: float) -> int:
    """Which of the client's accounts a session is in: mostly the main one."""
    if n_accounts == 1 or u < 0.75:
        return 0
    k = 1 + int(v * (n_accounts - 1))
    kind = int(w.accounts[int(w.account_range[i, 0]) + k, A_KIND])
    if kind in (OPTION, DOLLAR, HONGKONG) and u > 0.8:
        return 0
    return k if s.cash[k] > 0 or s.product[k, 0] >= 0 else 0


@inlined
def _how(w: World, i: int, u: float, v: float) -> int:
    """Channel times four plus device (1, 2; 0 none)."""
    if w.rows[i, who_is.DIGITAL] < 0.25 and u < 0.4:
        return (PHONE if u < 0.2 else COUNTER) * 4
    return (APP if u < 0.85 else WEB) * 4 + (2 if v < 0.15 else 1)


@inlined
def _price(w: World, p: int, day: int, u: float) -> int:
    """A price near the close, on the tick."""
    if w.cells[p, product.FEE] == 3:
        return int(w.price[p, day])
    tick = int(w.cells[p, product.TICK])
    near = float(w.price[p, day]) * (1.0 + 0.004 * normal(u))
    return max(int(near / tick + 0.5), 1) * tick


@inlined
def _buys(
    w: World, s: Life, t: Tape, i: int, u: int, amount: int, at: tuple[int, int, int], serial: int
) -> bool:
    """Buys something for about the amount; false when the cash does not suffice for what is wanted."""
    account, day = int(w.account_range[i, 0]) + u, at[0]
    kind = int(w.accounts[account, A_KIND])
    for attempt in range(2):
        x = four(w.seed, w.first + i, purposes.ORDER, serial, 1 + attempt)
        p = _choice(w, i, _kind(w, i, kind, x[1], x[2]), day, x[3], x[0], kind)
        if w.cells[p, product.ENDS] > day and buy(
            w, s, t, u, account, p, amount, _price(w, p, day, x[2]), at
        ):
            return True
    return False


@inlined
def _sells(
    w: World, s: Life, t: Tape, i: int, u: int, amount: int, at: tuple[int, int, int], serial: int
) -> bool:
    """Sells some of a position for about the amount; false when there is nothing that can be sold."""
    x = four(w.seed, w.first + i, purposes.ORDER_SIZE, serial, 1)
    start = int(x[0] * SLOTS)
    for step in range(SLOTS):
        k = (start + step) % SLOTS
        p = int(s.product[u, k])
        if p >= 0 and w.cells[p, product.KIND] != product.NOTE:
            account = int(w.account_range[i, 0]) + u
            return sell(w, s, t, u, account, k, amount, _price(w, p, at[0], x[1]), at)
    return False


@inlined
def _order(w: World, s: Life, t: Tape, i: int, u: int, at: tuple[int, int, int], serial: int) -> None:
    """One order: rather a purchase the more cash there is, else the other side."""
    x = four(w.seed, w.first + i, purposes.ORDER, serial, 0)
    value = float(account_value(w, s, u, at[0]))
    if value < 10_000.0:
        return
    size = math.exp(w.habit[0].order_log_mean + w.habit[0].order_log_sd * normal(x[1]))
    amount = int(min(value * size, 0.9 * value))
    if x[0] < logistic(6.0 * (float(s.cash[u]) / value - 0.25)):
        if not _buys(w, s, t, i, u, amount, at, serial):
            _sells(w, s, t, i, u, amount, at, serial)
    elif not _sells(w, s, t, i, u, amount, at, serial):
        _buys(w, s, t, i, u, amount, at, serial)


@inlined
def session(w: World, s: Life, t: Tape, i: int, n_accounts: int, day: int) -> None:
    """One visit to the market: a geometric number of orders, mostly in one account."""
    serial = int(s.memory[ORDERS])
    x = four(w.seed, w.first + i, purposes.MINUTE, serial, 0)
    u = _account(w, s, i, n_accounts, x[0], x[1])
    n = geometric(x[2], w.habit[0].orders_mean, 12)
    for k in range(n):
        y = four(w.seed, w.first + i, purposes.DEVICE, serial + k, 0)
        if s.memory[SECOND] < 0.0:
            s.memory[SECOND] = math.floor(x[3] * 12_000.0)
            night = y[3] < w.habit[0].night_share and s.in_fen[u, day] == 0
            second = int(1_800.0 + y[2] * 14_000.0) if night else clock(int(s.memory[SECOND]))
        else:
            s.memory[SECOND] = min(s.memory[SECOND] + 5.0 + math.floor(y[2] * 240.0), 14_399.0)
            second = clock(int(s.memory[SECOND]))
        _order(w, s, t, i, u, (day, second, _how(w, i, y[0], y[1])), serial + k)
    s.memory[ORDERS] += n


@inlined
def redeem(w: World, s: Life, t: Tape, u: int, account: int, day: int) -> None:
    """Pays back notes that have fallen due."""
    for k in range(SLOTS):
        p = int(s.product[u, k])
        if p >= 0 and w.cells[p, product.ENDS] <= day:
            pay_back(w, s, t, u, account, k, int(w.price[p, day]), (day, 32_400 + k, REDEEMED))


@inlined
def falls_due(w: World, s: Life, n_accounts: int, first: int, last: int) -> bool:
    """Whether a note held falls due on a day of ``first`` .. ``last − 1``."""
    for u in range(n_accounts):
        for k in range(SLOTS):
            p = int(s.product[u, k])
            if p >= 0 and first <= w.cells[p, product.ENDS] < last:
                return True
    return False


@inlined
def raise_cash(w: World, s: Life, t: Tape, i: int, u: int, day: int, wanted: int, everything: bool) -> None:
    """Sells the largest positions until the account has ``wanted`` fen, or everything."""
    account = int(w.account_range[i, 0]) + u
    for step in range(SLOTS):
        if s.cash[u] >= wanted and not everything:
            return
        k = largest(w, s, u, day)
        if k < 0:
            return
        p = int(s.product[u, k])
        need = 1 << 50 if everything else (wanted - int(s.cash[u])) * 101 // 100 + 1_000
        at = (day, clock(min(14_000 + step * 20, 14_399)), APP * 4 + 1)
        if not sell(w, s, t, u, account, k, need, _price(w, p, day, 0.5), at):
            return
