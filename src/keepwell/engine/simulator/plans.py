"""What a client intends at the start of a month: sessions, log-ins, money in and out, a scare (§3)."""

from __future__ import annotations

import math

from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.accounts import A_AT, A_KIND, DOLLAR
from keepwell.engine.simulator.books import account_value
from keepwell.engine.simulator.compiled import inlined
from keepwell.engine.simulator.streams import Floats, four, normal, poisson, uniform
from keepwell.engine.simulator.world import (
    GAPS,
    LOGIN,
    MONTH_LOGINS,
    MOOD,
    NEXT_GAP,
    STATE,
    UNDECIDED,
    Life,
    Tape,
    World,
    put,
)

MOST_SESSIONS, MOST_ORDERS = 12, 12


@inlined
def _gap(w: World, s: Life, i: int) -> float:
    """The next gap in operational time: log-normal, mean 1."""
    u = uniform(w.seed, w.first + i, purposes.GAPS, int(s.memory[GAPS]), 0)
    s.memory[GAPS] += 1.0
    sd = w.habit[0].gap_log_sd
    return math.exp(sd * normal(u) - 0.5 * sd * sd)


@inlined
def plan_sessions(w: World, s: Life, i: int, month: int, lives: bool) -> None:
    """Marks the days of the month on which the client trades: renewals in operational time."""
    b, m = w.habit[0], s.memory
    clip = b.regime_return_clip
    regime = min(max(b.regime_return_factor * w.month_return[month], -clip), clip)
    rate = w.rows[i, who_is.TRADES] * math.exp(
        b.regime_return_weight * regime + b.mood_trade_weight * m[MOOD]
    )
    rate *= 1.0 if lives else b.empty_factor
    if m[STATE] != UNDECIDED:
        rate *= w.leave[0].trade_factor
    first = month * 21
    poor = not lives and account_value(w, s, 0, first) < 200_000
    for day in range(first, first + 21):
        m[NEXT_GAP] -= rate / 21.0
        while m[NEXT_GAP] <= 0.0 and s.sessions[day] < MOST_SESSIONS:
            s.sessions[day] += 1
            m[NEXT_GAP] += _gap(w, s, i)
        m[NEXT_GAP] = max(m[NEXT_GAP], 0.0)
        if poor and s.sessions[day] > 0:
            x = four(w.seed, w.first + i, purposes.WAKING, day, 0)
            s.in_fen[0, day] += int(
                math.exp(8.3 + 1.0 * normal(x[0])) * 100.0
            )  # one who wakes brings some money


@inlined
def _weighted_day(weights: Floats, first: int, n: int, u: float) -> int:
    total = 0.0
    for k in range(n):
        total += weights[first + k]
    u *= total
    for k in range(n):
        u -= weights[first + k]
        if u <= 0.0:
            return first + k
    return first + n - 1


@inlined
def _mass(weights: Floats, first: int, n: int) -> float:
    total = 0.0
    for k in range(n):
        total += weights[first + k]
    return total


@inlined
def _which(n_accounts: int, u: float, v: float) -> int:
    return 0 if n_accounts == 1 or u < 0.85 else int(v * n_accounts)


@inlined
def may_receive(w: World, i: int, u: int, day: int) -> bool:
    """Whether ordinary money may come into the account: it is open and in yuan."""
    account = int(w.account_range[i, 0]) + u
    return bool(w.accounts[account, A_AT] <= day and w.accounts[account, A_KIND] < DOLLAR)


@inlined
def plan_flows(w: World, s: Life, i: int, n_accounts: int, month: int, value: int, lives: bool) -> None:
    """Ordinary money in and out of the month, and the scare that looks like leaving."""
    first = month * 21
    if not lives:
        return
    b = w.habit[0]
    x = four(w.seed, w.first + i, purposes.FLOWS, month, 0)
    y = four(w.seed, w.first + i, purposes.FLOWS, month, 1)
    z = four(w.seed, w.first + i, purposes.FLOWS, month, 2)
    if x[0] < b.flow_rate * _mass(w.out, first, 21):
        u, day = _which(n_accounts, z[0], z[1]), _weighted_day(w.out, first, 21, x[1])
        share = min(math.exp(b.out_log_mean + b.flow_log_sd * normal(x[2])), b.out_cap)
        s.out_share[u, day] = max(s.out_share[u, day], share)
    if y[0] < b.flow_rate * _mass(w.into, first, 21) and s.memory[STATE] == UNDECIDED:
        u, day = _which(n_accounts, z[2], z[3]), _weighted_day(w.into, first, 21, y[1])
        share = min(math.exp(b.in_log_mean + b.flow_log_sd * normal(y[2])), b.in_cap)
        u = u if may_receive(w, i, u, day) else 0
        s.in_fen[u, day] += int(share * float(value))
    v = four(w.seed, w.first + i, purposes.SCARES, month, 0)
    if v[0] < b.scare_rate and s.memory[STATE] == UNDECIDED:
        _scare(w, s, i, first + int(v[1] * 21.0), value, month, v[2])


@inlined
def _scare(w: World, s: Life, i: int, day: int, value: int, month: int, u: float) -> None:
    x = four(w.seed, w.first + i, purposes.SCARES, month, 1)
    share = 0.3 + 0.6 * u
    s.out_share[0, day] = max(s.out_share[0, day], share)
    back = day + 3 + int(x[1] * 40.0)
    if x[0] < w.habit[0].scare_return_share and back < s.in_fen.shape[1] - 2:
        s.in_fen[0, back] += int(share * float(value))


@inlined
def write_logins(w: World, s: Life, t: Tape, i: int, month: int, last: int) -> None:
    """Session days of the month: those of the trades and, beyond them, as many as the habit says."""
    first, b, m = month * 21, w.habit[0], s.memory
    lives = w.rows[i, who_is.LIVES] > 0.0
    account, opens = int(w.account_range[i, 0]), int(w.rows[i, who_is.OPENS_AT])
    x = four(w.seed, w.first + i, purposes.LOGINS, month, 0)
    rate = w.rows[i, who_is.LOGINS] * math.exp(
        b.mood_login_weight * m[MOOD] + b.move_login_weight * abs(w.month_return[month])
    )
    rate *= (w.leave[0].login_factor if m[STATE] != UNDECIDED else 1.0) * (1.0 if lives else 0.01)
    wanted, seen = poisson(x[0], min(rate, 60.0), 63), 0
    for day in range(max(first, opens), first + 21):
        seen += 1 if s.sessions[day] > 0 else 0
    for k in range(seen, wanted):
        y = four(w.seed, w.first + i, purposes.LOGINS, month, 2 + k)
        s.visits[k] = first + int(y[3] * 21.0)
    m[MONTH_LOGINS] = max(seen, wanted)
    for day in range(max(first, opens), last):
        if s.sessions[day] > 0:
            y = four(w.seed, w.first + i, purposes.LOGINS, day, 1)
            _login(t, account, day, 33_000 + int(y[0] * 1_100.0), y[1], y[2])
        for k in range(seen, wanted):
            if s.visits[k] == day:
                y = four(w.seed, w.first + i, purposes.LOGINS, month, 2 + k)
                _login(t, account, day, 25_200 + int(y[0] * 57_600.0), y[1], y[2])


@inlined
def _login(t: Tape, account: int, day: int, second: int, u: float, v: float) -> None:
    put(t, LOGIN, account, day, second, int(u * 1_000_000.0), int(v * 1_000_000.0), 0, 0)
