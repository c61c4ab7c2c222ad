"""The books of one person: buying, selling, money in and out, value and margin. Nothing goes below zero."""

from __future__ import annotations

from keepwell.engine.simulator import products as product
from keepwell.engine.simulator.accounts import A_CHANGE, A_MINIMUM, A_MINIMUM_NEW, A_RATE, A_RATE_NEW, CREDIT
from keepwell.engine.simulator.compiled import inlined
from keepwell.engine.simulator.world import (
    ASSET,
    FLOW,
    HOLDING,
    INCOME,
    MONTH_OUT,
    MONTH_TRADES,
    NET_IN,
    SLOTS,
    TRADE,
    Life,
    Tape,
    World,
    put,
)

_ONE = 100_000_000  # rates count 1e-8
BUY, SELL = 0, 1
IN, OUT = 0, 1


@inlined
def worth(quantity: int, price: int) -> int:
    """Value in fen of a quantity at a price, rounded half up."""
    return (quantity * price + 500_000) // 1_000_000


@inlined
def quantity_for(fen: int, price: int, lot: int) -> int:
    """The most whole lots that cost no more than ``fen``."""
    return fen * 1_000_000 // price // lot * lot


@inlined
def account_value(w: World, s: Life, u: int, day: int) -> int:
    """Cash and positions of an account at the close of a day; debt is apart."""
    total = int(s.cash[u])
    for k in range(SLOTS):
        if s.product[u, k] >= 0:
            total += worth(s.quantity[u, k], w.price[s.product[u, k], day])
    return total


@inlined
def total_value(w: World, s: Life, n_accounts: int, day: int) -> int:
    """What the person has in all accounts, less debt."""
    total = 0
    for u in range(n_accounts):
        total += account_value(w, s, u, day) - int(s.debt[u])
    return total


@inlined
def _charges(w: World, account: int, p: int, day: int, amount: int, side: int) -> tuple[int, int, int]:
    """Commission, the fees inside it, and stamp tax with transfer fee; rules.md §4.2."""
    fee = w.cells[p, product.FEE]
    if fee == 3:
        return 0, 0, 0
    late = w.accounts[account, A_CHANGE] <= day
    rate = int(w.accounts[account, A_RATE_NEW if late else A_RATE])
    least = int(w.accounts[account, A_MINIMUM_NEW if late else A_MINIMUM])
    commission = max((amount * rate + _ONE // 2) // _ONE, least)
    if fee == 0:
        inside = (amount * int(w.passes[day]) + _ONE // 2) // _ONE
        tax = (amount * (1_000 + (int(w.stamp[day]) if side == SELL else 0)) + _ONE // 2) // _ONE
        return commission, inside, tax
    inside = (amount * 4_000 + _ONE // 2) // _ONE if fee == 1 else 0
    return commission, inside, 0


@inlined
def _slot(s: Life, u: int, p: int) -> int:
    free = -1
    for k in range(SLOTS):
        if s.product[u, k] == p:
            return k
        if s.product[u, k] < 0 and free < 0:
            free = k
    return free


@inlined
def _record(
    w: World, s: Life, t: Tape, account: int, p: int, at: tuple[int, int, int], side: int, q: int, price: int
) -> int:
    """Writes the trade; returns what it does to cash."""
    day, second, how = at
    amount = worth(q, price)
    commission, inside, tax = _charges(w, account, p, day, amount, side)
    if p >= 0 and (how // 4 == 5):
        commission, inside, tax = 0, 0, 0
    n = put(t, TRADE, account, day, second, p, side, q, price)
    t.rows[n, 8], t.rows[n, 9], t.rows[n, 10] = amount, commission, inside
    t.rows[n, 11], t.rows[n, 12] = tax, how
    s.memory[MONTH_TRADES] += 1.0
    return -(amount + commission + tax) if side == BUY else amount - commission - tax


@inlined
def wake_for(w: World, s: Life, p: int, day: int) -> None:
    """Marks the days after ``day`` on which something comes of holding a product."""
    if w.cells[p, product.ENDS] < s.wake.size:
        s.wake[max(w.cells[p, product.ENDS], 0)] = 1
    for a in range(w.action_range[p, 0], w.action_range[p, 1]):
        if w.actions[a, product.A_DAY] > day:
            s.wake[w.actions[a, product.A_DAY]] = 1


@inlined
def buy(
    w: World,
    s: Life,
    t: Tape,
    u: int,
    account: int,
    p: int,
    wanted: int,
    price: int,
    at: tuple[int, int, int],
) -> bool:
    """Buys whole lots for about ``wanted`` fen within cash; false when not even one lot is affordable."""
    lot = int(w.cells[p, product.LOT])
    k = _slot(s, u, p)
    free = int(s.cash[u]) - 600 - int(s.cash[u]) // 250
    per_lot = worth(lot, price)
    if k < 0 or per_lot <= 0 or free < per_lot:
        return False
    q = max(quantity_for(min(wanted, free), price, lot), lot)
    change = _record(w, s, t, account, p, at, BUY, q, price)
    s.cash[u] += change
    s.product[u, k] = p
    s.quantity[u, k] += q
    s.cost[u, k] -= change
    s.dirty[u] = 1
    wake_for(w, s, p, at[0])
    if w.cells[p, product.FEE] == 3:
        s.income[u] -= change * (30 if w.cells[p, product.KIND] == product.FUND else 12) // 10_000
    return True


@inlined
def sell(
    w: World,
    s: Life,
    t: Tape,
    u: int,
    account: int,
    k: int,
    wanted: int,
    price: int,
    at: tuple[int, int, int],
) -> bool:
    """Sells whole lots for about ``wanted`` fen, all of it when little would remain; false when fees exceed it."""
    p, held = int(s.product[u, k]), int(s.quantity[u, k])
    lot = int(w.cells[p, product.LOT])
    q = min(quantity_for(min(wanted, worth(held, price)), price, lot) + lot, held)
    if held - q < lot:
        q = held
    amount = worth(q, price)
    if amount + int(s.cash[u]) < 1_000 + amount // 200:
        return False
    _take(w, s, t, u, account, k, q, price, at)
    return True


@inlined
def _take(
    w: World, s: Life, t: Tape, u: int, account: int, k: int, q: int, price: int, at: tuple[int, int, int]
) -> None:
    """Books the sale of a quantity out of a slot."""
    held = int(s.quantity[u, k])
    s.cash[u] += _record(w, s, t, account, int(s.product[u, k]), at, SELL, q, price)
    s.cost[u, k] -= s.cost[u, k] * q // held if q < held else s.cost[u, k]
    s.quantity[u, k] -= q
    if s.quantity[u, k] == 0:
        s.product[u, k] = -1
    s.dirty[u] = 1


@inlined
def pay_back(
    w: World, s: Life, t: Tape, u: int, account: int, k: int, price: int, at: tuple[int, int, int]
) -> None:
    """Redeems a slot whole, however little it is: the end of a term costs nothing."""
    _take(w, s, t, u, account, k, int(s.quantity[u, k]), price, at)


@inlined
def move(s: Life, t: Tape, u: int, account: int, side: int, amount: int, at: tuple[int, int, int]) -> None:
    """Money from or to the bank, with the balance after; a withdrawal never exceeds the cash."""
    if side == OUT:
        amount = min(amount, int(s.cash[u]))
    if amount <= 0:
        return
    s.cash[u] += amount if side == IN else -amount
    s.memory[NET_IN] += amount if side == IN else -amount
    if side == OUT:
        s.memory[MONTH_OUT] += amount
    else:
        s.memory[MONTH_OUT] -= amount
    s.dirty[u] = 1
    put(t, FLOW, account, at[0], at[1], side, amount, int(s.cash[u]), at[2])


@inlined
def largest(w: World, s: Life, u: int, day: int) -> int:
    """The slot that is worth most, −1 when there is none."""
    best, most = -1, 0
    for k in range(SLOTS):
        if s.product[u, k] >= 0:
            value = worth(s.quantity[u, k], w.price[s.product[u, k], day])
            if value > most:
                best, most = k, value
    return best


@inlined
def show(w: World, s: Life, t: Tape, u: int, account: int, day: int) -> None:
    """Writes the day's row of assets by kind when it differs from the last one shown, and the day's income."""
    if s.income[u] > 0:
        put(t, INCOME, account, day, 0, 1, int(s.income[u]), 0, 0)
        s.income[u] = 0
    row = t.rows[int(t.n[0])]
    for c in range(3, 12):
        row[c] = 0
    row[3] = s.cash[u]
    for k in range(SLOTS):
        if s.product[u, k] >= 0:
            p = int(s.product[u, k])
            row[4 + w.cells[p, product.COLUMN]] += worth(s.quantity[u, k], w.price[p, day])
    row[10] = s.debt[u]
    same = True
    for c in range(9):
        same = same and s.shown[u, c] == row[3 + c]
        s.shown[u, c] = row[3 + c]
    if not same:
        row[0], row[1], row[2] = ASSET, account, day
        t.n[0] += 1
    s.dirty[u] = 0


@inlined
def margin(w: World, s: Life, t: Tape, u: int, account: int, day: int) -> None:
    """Month's interest on margin debt; below the call ratio positions are sold and debt repaid."""
    if s.debt[u] <= 0:
        return
    interest = int(float(s.debt[u]) * w.habit[0].margin_interest / 12.0 + 0.5)
    put(t, INCOME, account, day, 0, 0, interest, 0, 0)
    paid = min(interest, int(s.cash[u]))
    s.cash[u] -= paid
    s.debt[u] += interest - paid
    value = account_value(w, s, u, day)
    if float(value) < w.habit[0].margin_call_ratio * float(s.debt[u]):
        ratio = w.habit[0].margin_restore_ratio
        need = min(int((ratio * float(s.debt[u]) - float(value)) / (ratio - 1.0)), int(s.debt[u]))
        for k in range(SLOTS):
            if s.product[u, k] >= 0 and s.cash[u] < need:
                price = int(w.price[s.product[u, k], day])
                sell(w, s, t, u, account, k, need - int(s.cash[u]) + 1_000, price, (day, 53_700 + k, 1))
        repaid = min(need, int(s.cash[u]), int(s.debt[u]))
        s.cash[u] -= repaid
        s.debt[u] -= repaid


@inlined
def hold(w: World, s: Life, t: Tape, u: int, account: int, day: int) -> None:
    """Writes what the account holds at the close of the last day."""
    for k in range(SLOTS):
        if s.product[u, k] >= 0:
            p = int(s.product[u, k])
            value = worth(s.quantity[u, k], w.price[p, day])
            put(t, HOLDING, account, day, 0, p, int(s.quantity[u, k]), value, int(s.cost[u, k]))


@inlined
def is_credit(w: World, account: int) -> bool:
    """Whether it is a margin account."""
    return bool(w.accounts[account, 2] == CREDIT)
