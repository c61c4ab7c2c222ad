"""A life, month by month and day by day: decides, plans, acts, and is written to the tape."""

from __future__ import annotations

import math

from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.accounts import A_AT, A_KIND, A_SHARE, CREDIT, DOLLAR, MOST
from keepwell.engine.simulator.books import IN, OUT, account_value, hold, margin, move, show, total_value
from keepwell.engine.simulator.compiled import compiled, inlined
from keepwell.engine.simulator.entitlements import entitle, pay_for_advice
from keepwell.engine.simulator.handles import life_object, tape_object, world_object
from keepwell.engine.simulator.leaving import contacts60, custody, decide, effect, hazard, score
from keepwell.engine.simulator.orders import falls_due, first_portfolio, raise_cash, redeem, session
from keepwell.engine.simulator.plans import plan_flows, plan_sessions, write_logins
from keepwell.engine.simulator.planted import do_acts
from keepwell.engine.simulator.streams import four, normal, uniform
from keepwell.engine.simulator.touches import (
    WELCOME,
    complain,
    fit,
    holder,
    remember_touch,
    satisfaction,
    survey,
    touch,
    write_contact,
)
from keepwell.engine.simulator.world import (
    ARM,
    CLOSE,
    CLOSE_DAY,
    CLOSED,
    CUSTODY_DAY,
    HAZARD,
    LAST_COMPLAINT,
    LAST_CONTACT,
    LAST_LOGINS,
    LOSSES,
    MONTH,
    MONTH_LOGINS,
    MONTH_OUT,
    MONTH_TRADES,
    MOOD,
    N_MONTHS,
    NET_IN,
    NEXT_GAP,
    OUTS,
    QUARTER,
    RETAINED,
    RETURNS,
    SECOND,
    START_VALUE,
    STATE,
    TRADED,
    UNDECIDED,
    USUAL_LOGINS,
    Life,
    Tape,
    World,
    put,
    reset,
)

LIVE_FEN = 10_000


@inlined
def _begin(w: World, s: Life, i: int, n_accounts: int) -> None:
    """Opening balances of clients from before, funding plans of new ones, and what came before the first month."""
    base, row = int(w.account_range[i, 0]), w.rows[i]
    assets = math.exp(row[who_is.LOG_ASSETS]) * 100.0
    x = four(w.seed, w.first + i, purposes.PORTFOLIO, 99, 0)
    for u in range(n_accounts):
        at = int(w.accounts[base + u, A_AT])
        fen = int(assets * float(w.accounts[base + u, A_SHARE]) * 1e-6)
        kind = int(w.accounts[base + u, A_KIND])
        fen = fen // 7 if kind == DOLLAR else fen
        if row[who_is.LIVES] == 0.0:
            fen = int(x[1] * 9_000.0) if u == 0 and row[who_is.FUNDED] > 0.0 and at < 0 else 0
        if at < 0:
            first_portfolio(w, s, i, u, base + u, fen)
            s.dirty[u] = 1
        elif fen > 0:
            s.in_fen[u, min(at + int(x[2] * 10.0), s.in_fen.shape[1] - 1)] += fen
    for k in range(w.acts.shape[0]):
        if w.acts[k, 0] == i:
            s.wake[w.acts[k, 1]] = 1
    m = s.memory
    m[CLOSE_DAY], m[LAST_COMPLAINT] = 1 << 30, -99.0
    m[LAST_CONTACT] = -1.0 - math.floor(-math.log(x[3]) * 5.0)
    m[MOOD] = 0.7 * normal(uniform(w.seed, w.first + i, purposes.MOOD, 4_000, 0))
    idle = -math.log(x[0]) / max(row[who_is.TRADES], 0.01)
    m[TRADED] = 1.0 if idle < 1.0 else 0.0
    m[TRADED + 1] = 1.0 if idle < 2.0 else 0.0
    m[TRADED + 2] = 1.0 if idle < 3.0 else 0.0
    m[NEXT_GAP] = uniform(w.seed, w.first + i, purposes.GAPS, 1 << 20, 0)


@inlined
def _truth(w: World, s: Life, t: Tape, i: int, month: int, staff: int, eta: float, level: float) -> float:
    """One row of truth for the month; returns the hazard that holds."""
    tau = effect(w, i, contacts60(s) + 1.0)
    latent = eta + w.rows[i, who_is.LOYAL]
    called = s.memory[RETAINED] >= 1.0
    h0, h1 = hazard(latent), hazard(latent + tau)
    h = h1 if called else h0
    n = int(t.n[1])
    row = t.months[n]
    row[0], row[1], row[2], row[3] = i, month, staff, h
    row[4], row[5], row[6], row[7] = hazard(eta + tau if called else eta), h0, h1, tau
    row[8], row[9] = 1.0 - (1.0 - h) ** 2.7, 1.0 if called else 0.0
    row[10], row[11], row[12] = s.memory[ARM], s.memory[STATE], level
    t.n[1] = n + 1
    return h


@inlined
def _month_begins(
    w: World, s: Life, t: Tape, i: int, n_accounts: int, month: int, value: int, lives: bool
) -> None:
    """Touches, truth and decision of the month, all from what is known at its start."""
    day = month * 21
    staff = holder(w, i, day)
    gamma = float(w.gamma[staff]) if staff >= 0 else 0.0
    match = fit(w, i, staff)
    undecided = s.memory[STATE] == UNDECIDED
    touch(w, s, t, i, month, day, staff, lives, undecided)
    if not lives:
        return
    due = falls_due(w, s, n_accounts, day, day + 21)
    level = satisfaction(w, s, i, month, gamma, match)
    eta = score(w, s, i, month, value, gamma, match, due)
    h = _truth(w, s, t, i, month, staff, eta, level)
    s.memory[HAZARD] = h
    survey(w, t, i, month, level, staff)
    complain(w, s, t, i, month, gamma, staff)
    x = four(w.seed, w.first + i, purposes.DECISION, month, 0)
    if undecided and x[0] < h:
        decide(w, s, t, i, n_accounts, day + int(x[1] * 16.0), value)


@inlined
def _withdraw(w: World, s: Life, t: Tape, i: int, u: int, day: int) -> None:
    """A planned share of the account goes to the bank: at once from cash, else sold today and moved tomorrow."""
    share = s.out_share[u, day]
    value = account_value(w, s, u, day) - int(s.debt[u])
    wanted = int(max(float(value), 0.0) * min(share, 1.0))
    repay = int(float(s.debt[u]) * min(share, 1.0)) + (1 if s.debt[u] > 0 else 0)
    account = int(w.account_range[i, 0]) + u
    if wanted <= s.cash[u] and share <= 1.0 and s.debt[u] == 0:
        move(s, t, u, account, OUT, wanted, (day, 54_300 + 37 * (day % 80), 1))
        return
    raise_cash(w, s, t, i, u, day, wanted + repay, share > 1.0)
    repaid = min(repay, int(s.debt[u]), int(s.cash[u]))
    s.debt[u] -= repaid
    s.cash[u] -= repaid
    s.out_fen[u, day + 1] += 1 << 52 if share > 1.0 else wanted
    s.dirty[u] = 1


@inlined
def _quiet(w: World, s: Life, n_accounts: int, day: int) -> bool:
    """Whether nothing is to be done on the day."""
    if s.sessions[day] > 0 or s.wake[day] > 0 or w.month_end[day] > 0:
        return False
    for u in range(n_accounts):
        if s.in_fen[u, day] > 0 or s.out_fen[u, day] > 0 or s.out_share[u, day] > 0.0 or s.dirty[u] > 0:
            return False
    return True


@inlined
def _charge(w: World, s: Life, t: Tape, i: int, u: int, account: int, day: int) -> None:
    """What the firm takes at the end of a month: interest on margin debt, and every quarter the fee for advice."""
    if w.accounts[account, A_KIND] == CREDIT:
        margin(w, s, t, u, account, day)
    if u == 0 and w.month_end[day] == QUARTER and w.advised[i] > 0:
        pay_for_advice(w, s, t, u, account, day)


@inlined
def _day(w: World, s: Life, t: Tape, i: int, n_accounts: int, day: int) -> None:
    """Everything of one day in the order of the clock: money in, redemptions, orders, money out, the day's books."""
    base = int(w.account_range[i, 0])
    s.memory[SECOND] = -1.0
    for u in range(n_accounts):
        account = base + u
        if s.in_fen[u, day] > 0:
            move(s, t, u, account, IN, int(s.in_fen[u, day]), (day, 30_600 + 10 * (day % 70), 1))
        if s.out_fen[u, day] > 0:
            move(s, t, u, account, OUT, int(s.out_fen[u, day]), (day, 31_500 + u, 1))
        entitle(w, s, t, u, account, day)
        redeem(w, s, t, u, account, day)
    do_acts(w, s, t, i, day)
    if s.memory[CUSTODY_DAY] == day and day > 0:
        custody(w, s, t, i, day)
    for _ in range(s.sessions[day]):
        session(w, s, t, i, n_accounts, day)
    for u in range(n_accounts):
        if s.out_share[u, day] > 0.0:
            _withdraw(w, s, t, i, u, day)
        if w.month_end[day] in (MONTH, QUARTER):
            _charge(w, s, t, i, u, base + u, day)
        if (s.dirty[u] > 0 or w.month_end[day] > 0) and day >= w.accounts[base + u, A_AT]:
            show(w, s, t, u, base + u, day)


@inlined
def _month_ends(w: World, s: Life, n_accounts: int, month: int, last: int) -> None:
    """Remembers the month: return, net outflow, trades, log-ins, losing streak, contacts."""
    m = s.memory
    value = float(total_value(w, s, n_accounts, last))
    basis = m[START_VALUE] + max(m[NET_IN], 0.0)
    change = (value - m[START_VALUE] - m[NET_IN]) / basis if basis > 10_000.0 else 0.0
    change = min(max(change, -0.9), 2.0)
    m[RETURNS + 2], m[RETURNS + 1], m[RETURNS] = m[RETURNS + 1], m[RETURNS], change
    m[LOSSES] = m[LOSSES] + 1.0 if change < 0.0 else 0.0
    m[OUTS + 2], m[OUTS + 1], m[OUTS] = m[OUTS + 1], m[OUTS], m[MONTH_OUT]
    m[TRADED + 2], m[TRADED + 1], m[TRADED] = m[TRADED + 1], m[TRADED], m[MONTH_TRADES]
    m[USUAL_LOGINS] += m[LAST_LOGINS] if month > 0 else 0.0
    m[N_MONTHS] += 1.0 if month > 0 else 0.0
    m[LAST_LOGINS] = m[MONTH_LOGINS]
    m[MONTH_OUT], m[MONTH_TRADES], m[MONTH_LOGINS], m[NET_IN] = 0.0, 0.0, 0.0, 0.0
    m[START_VALUE] = value
    remember_touch(s, month)


@inlined
def _close(w: World, s: Life, t: Tape, i: int, n_accounts: int, day: int) -> None:
    """Accounts that are empty are closed; what could not be sold keeps its account open."""
    m = s.memory
    empty = True
    for u in range(n_accounts):
        empty = empty and account_value(w, s, u, day) == 0 and s.debt[u] == 0
    if empty:
        put(t, CLOSE, i, day, 0, 0, 0, 0, 0)
        m[STATE] = CLOSED
    m[CLOSE_DAY] = 1 << 30


@inlined
def _month(w: World, s: Life, t: Tape, i: int, n_accounts: int, month: int) -> None:
    day, m = month * 21, s.memory
    opens = int(w.rows[i, who_is.OPENS_AT])
    last = min(day + 21, w.n_days)
    lives = w.rows[i, who_is.LIVES] > 0.0 and opens < day
    value = total_value(w, s, n_accounts, day)
    lives = lives and value >= LIVE_FEN
    x = four(w.seed, w.first + i, purposes.MOOD, month, 0)
    m[MOOD] = w.habit[0].mood_keeps * m[MOOD] + w.habit[0].mood_sd * normal(x[0])
    if month == 0 or m[START_VALUE] == 0.0:
        m[START_VALUE] = value
    if opens >= day:
        staff = holder(w, i, opens)
        if opens < last and staff >= 0:
            write_contact(w, t, i, opens, staff, WELCOME, x[1] >= w.talk[0].callback_unanswered_share, month)
    else:
        _month_begins(w, s, t, i, n_accounts, month, value, lives)
    plan_sessions(w, s, i, month, lives or opens >= day)
    plan_flows(w, s, i, n_accounts, month, value, lives)
    for d in range(max(day, opens), last):
        if not _quiet(w, s, n_accounts, d):
            _day(w, s, t, i, n_accounts, d)
        if d >= m[CLOSE_DAY]:
            _close(w, s, t, i, n_accounts, d)
            if m[STATE] == CLOSED:
                write_logins(w, s, t, i, month, d + 1)
                return
    write_logins(w, s, t, i, month, last)
    _month_ends(w, s, n_accounts, month, last - 1)


@compiled
def live(world: World, life: Life, tape: Tape, start: int, stop: int, margin_rows: int, n_months: int) -> int:
    """Lives the persons ``start`` to ``stop − 1`` of the block until the tape might overflow; returns who is next."""
    w, s, t = world_object(world), life_object(life), tape_object(tape)
    for i in range(start, stop):
        if t.n[0] + margin_rows > t.rows.shape[0] or t.n[1] + n_months + 1 > t.months.shape[0]:
            return i
        if w.rows[i, who_is.OPENS_AT] >= w.n_days:
            continue
        base = int(w.account_range[i, 0])
        n_accounts = min(int(w.account_range[i, 1]) - base, MOST)
        reset(s, n_accounts)
        _begin(w, s, i, n_accounts)
        for month in range(n_months):
            if s.memory[STATE] == CLOSED:
                break
            if w.rows[i, who_is.OPENS_AT] < month * 21 + 21:
                _month(w, s, t, i, n_accounts, month)
        if s.memory[STATE] != CLOSED:
            for u in range(n_accounts):
                hold(w, s, t, u, base + u, w.n_days - 1)
    return stop
