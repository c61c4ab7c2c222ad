"""Why and when clients decide to leave, what a call does to that, and the path they take (§4)."""

from __future__ import annotations

import math

from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.accounts import A_CHANGE, A_RATE, A_RATE_NEW, A_TARIFF
from keepwell.engine.simulator.books import worth
from keepwell.engine.simulator.compiled import inlined
from keepwell.engine.simulator.products import KIND, MARKET, STOCK
from keepwell.engine.simulator.streams import four, logistic, uniform
from keepwell.engine.simulator.world import (
    CLOSE_DAY,
    CUSTODY_DAY,
    DECISION,
    GOING,
    LAST_COMPLAINT,
    LAST_CONTACT,
    LAST_LOGINS,
    LOSSES,
    MONTH_OUT,
    N_MONTHS,
    NET_IN,
    OUTS,
    RETURNS,
    SLOTS,
    STATE,
    TOUCHED,
    TRADED,
    TRANSFER,
    USUAL_LOGINS,
    Life,
    Tape,
    World,
    put,
)

AT_ONCE, PIECES, CLOSING, CUSTODY = range(4)


@inlined
def fee_excess(w: World, account: int, day: int) -> float:
    """F = rate ÷ tariff − 1 of an account on a day."""
    late = w.accounts[account, A_CHANGE] <= day
    rate = w.accounts[account, A_RATE_NEW if late else A_RATE]
    return float(rate) / float(w.accounts[account, A_TARIFF]) - 1.0


@inlined
def loss90(s: Life) -> float:
    """Loss of the last three months as a share, 0 when there was none."""
    m = s.memory
    return max(1.0 - (1.0 + m[RETURNS]) * (1.0 + m[RETURNS + 1]) * (1.0 + m[RETURNS + 2]), 0.0)


@inlined
def score(w: World, s: Life, i: int, month: int, value: int, gamma: float, match: float, due: bool) -> float:
    """η without loyalty and without a call: everything from earlier months."""
    p, m, row = w.leave[0], s.memory, w.rows[i]
    day = month * 21
    f = fee_excess(w, int(w.account_range[i, 0]), day)
    breaks = month >= w.breaks_at  # then it is who gains and looks in often that leaves
    sign = -1.0 if breaks else 1.0
    eta = p.base + (p.break_rise if breaks else 0.0)
    eta += sign * p.loss * min(loss90(s) / 0.10, 3.0) + p.streak * (1.0 if m[LOSSES] >= 3.0 else 0.0)
    eta += p.fee * row[who_is.PRICE] * f
    eta += p.neglect * row[who_is.NEED] * min(max(month - m[LAST_CONTACT] - 2.0, 0.0), 6.0)
    eta += p.complaint if month - m[LAST_COMPLAINT] <= 3.0 else 0.0
    if m[N_MONTHS] >= 3.0:
        fall = math.log((1.0 + m[USUAL_LOGINS] / m[N_MONTHS]) / (1.0 + m[LAST_LOGINS]))
        eta += sign * p.logins * min(max(fall, -1.0), 2.5)
    gone = max(m[OUTS] + m[OUTS + 1] + m[OUTS + 2], 0.0)
    eta += p.outflow * min(gone / max(gone + float(value), 1.0), 0.8)
    eta += p.maturity if due else 0.0
    eta += p.inactivity if m[TRADED] + m[TRADED + 1] + m[TRADED + 2] == 0.0 else 0.0
    years = max(float(w.on[min(day, w.n_days - 1)]) - row[who_is.OPENED], 0.0) / 365.2425
    eta += p.tenure * math.log(1.0 + years)
    eta += p.assets * (math.log(max(float(value) / 100.0, 100.0)) - p.log_assets_mean) / p.log_assets_sd
    breadth = row[who_is.BREADTH]
    eta += p.second_product if breadth == 2.0 else (p.third_product if breadth > 2.0 else 0.0)
    return eta + gamma + p.match * match


@inlined
def effect(w: World, i: int, called: float) -> float:
    """τ of a call this month; ``called`` counts the contacts of 60 days, this one with them."""
    n, d, p = w.rows[i, who_is.NEED], w.rows[i, who_is.DIGITAL], w.leave[0]
    lower = p.retain_lower * logistic(8.0 * (n - 0.55))
    rise = p.retain_raise * (1.0 - n) * logistic(8.0 * (d - 0.6))
    return lower + rise + p.retain_annoy * max(called - 1.0, 0.0)


@inlined
def contacts60(s: Life) -> float:
    """Contacts of the two months before."""
    return float(s.memory[TOUCHED] + s.memory[TOUCHED + 1])


@inlined
def hazard(eta: float) -> float:
    """Probability of deciding within the month."""
    return 1.0 - math.exp(-math.exp(eta))


@inlined
def _pieces(w: World, s: Life, who: int, n_accounts: int, day: int, n: int, share: float) -> int:
    """Plans n weekly withdrawals that add to the share; returns the last day."""
    total = 0.0
    for k in range(n):
        total += 0.3 + uniform(w.seed, who, purposes.PATH, k, 1)
    left, at = 1.0, day
    for k in range(n):
        piece = share * (0.3 + uniform(w.seed, who, purposes.PATH, k, 1)) / total
        at = day + 5 * k
        if at < s.out_share.shape[1] - 2:
            for u in range(n_accounts):
                s.out_share[u, at] = min(max(s.out_share[u, at], piece / left), 1.0)
        left = max(left - piece, 1e-9)
    return at


@inlined
def custody(w: World, s: Life, t: Tape, i: int, day: int) -> None:
    """Stocks of the main account move to another firm."""
    account = int(w.account_range[i, 0])
    for k in range(SLOTS):
        p = int(s.product[0, k])
        if p >= 0 and w.cells[p, KIND] == STOCK:
            q = int(s.quantity[0, k])
            value = worth(q, w.price[p, day])
            put(t, TRANSFER, account, day, 0, p, q, value, int(w.cells[p, MARKET]))
            s.memory[NET_IN] -= value
            s.memory[MONTH_OUT] += value
            s.product[0, k], s.quantity[0, k], s.cost[0, k] = -1, 0, 0
            s.dirty[0] = 1


@inlined
def decide(w: World, s: Life, t: Tape, i: int, n_accounts: int, day: int, value: int) -> None:
    """Lays out the leaving path from a day on and writes the decision."""
    who = w.first + i
    x = four(w.seed, who, purposes.PATH, 0, 0)
    y = four(w.seed, who, purposes.PATH, 0, 2)
    share = w.leave[0].share_low + w.leave[0].share_span * x[0] ** w.leave[0].share_power
    n = 1 if x[1] < w.leave[0].at_once_share else 2 + int(-math.log(x[2]) * 4.0)
    path = AT_ONCE if n == 1 else PIECES
    if y[0] < w.leave[0].custody_share:
        path = CUSTODY
        s.memory[CUSTODY_DAY], s.wake[day] = day, 1
    ends = _pieces(w, s, who, n_accounts, day, n, share)
    s.memory[STATE] = GOING
    if y[1] < w.leave[0].close_share:
        s.memory[CLOSE_DAY] = ends + 30
        if ends + 28 < s.out_share.shape[1] - 2:
            for u in range(n_accounts):
                s.out_share[u, ends + 28] = 2.0
    elif y[1] < w.leave[0].close_share + w.leave[0].return_share:
        back = ends + 41 + int(y[2] * 82.0)
        if back < s.in_fen.shape[1] - 2:
            s.in_fen[0, back] += int(float(value) * share * (0.5 + 0.5 * y[3]))
    row = put(t, DECISION, i, day, 0, path, int(share * 1e6), min(ends, 1 << 30), 0)
    t.rows[row, 8] = int(s.memory[CLOSE_DAY])
