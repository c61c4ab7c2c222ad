"""What comes of holding and of being advised: dividends, bonus shares, the quarter's fee for advice."""

from __future__ import annotations

from keepwell.engine.simulator import products as product
from keepwell.engine.simulator.books import account_value, worth
from keepwell.engine.simulator.compiled import inlined
from keepwell.engine.simulator.world import ENTITLED, INCOME, SLOTS, Life, Tape, World, put

ADVICE = 2
"""Kind of income, after interest and product sales."""


@inlined
def entitle(w: World, s: Life, t: Tape, u: int, account: int, day: int) -> None:
    """Whoever held a security at the close before gets its dividend or its bonus shares on the day."""
    for k in range(SLOTS):
        p = int(s.product[u, k])
        if p < 0:
            continue
        for a in range(w.action_range[p, 0], w.action_range[p, 1]):
            if w.actions[a, product.A_DAY] == day:
                _entitled(w, s, t, u, account, k, a)


@inlined
def _entitled(w: World, s: Life, t: Tape, u: int, account: int, k: int, a: int) -> None:
    held, day = int(s.quantity[u, k]), int(w.actions[a, product.A_DAY])
    kind, fen, more = int(w.actions[a, product.A_KIND]), 0, 0
    if kind == product.DIVIDEND:
        fen = worth(held, int(w.actions[a, product.A_AMOUNT]))
        s.cash[u] += fen
    else:
        more = held * int(w.actions[a, product.A_TERMS]) // 10
        s.quantity[u, k] += more
    if fen > 0 or more > 0:
        put(t, ENTITLED, account, day, 0, int(s.product[u, k]), kind, more, fen)
        s.dirty[u] = 1


@inlined
def pay_for_advice(w: World, s: Life, t: Tape, u: int, account: int, day: int) -> None:
    """The quarter's fee for advice out of cash; waived when there is not enough of it."""
    fee = int(float(account_value(w, s, u, day)) * w.fees[0].advice_yearly / 4.0)
    if 0 < fee <= s.cash[u]:
        s.cash[u] -= fee
        s.dirty[u] = 1
        put(t, INCOME, account, day, 0, ADVICE, fee, 0, 0)
