"""The commission each account pays: the tariff, what was planted against it, and what only looks planted (§7)."""

from __future__ import annotations

import math

import numpy as np

from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.accounts import (
    A_CHANGE,
    A_KIND,
    A_MAIN,
    A_MINIMUM,
    A_MINIMUM_NEW,
    A_PERSON,
    A_RATE,
    A_RATE_NEW,
    A_RECORD,
    A_TARIFF,
    DOLLAR,
    HONGKONG,
    NEVER,
    R_BRANCH,
)
from keepwell.engine.simulator.compiled import compiled, inlined
from keepwell.engine.simulator.firm import Fees
from keepwell.engine.simulator.streams import Floats, Integers, four

# kinds of plant, and the near-misses beside them
(NONE, DEVIATING, RAISED, BELOW_FLOOR, WAIVED, NO_CELL, BRANCH_EXTRA, ELDER_EXTRA) = range(8)
(CONSENTED, NEW_VERSION, EXCEPTION) = range(8, 11)
PLANTS = (
    "none",
    "deviating",
    "raised_without_consent",
    "below_floor",
    "waived_minimum",
    "outside_any_cell",
    "branch_extra",
    "elder_extra",
    "raised_with_consent",
    "new_tariff_version",
    "approved_exception",
)
TEN_THOUSANDTH = 10_000  # a rate is counted in units of 1e-8


@inlined
def _tariff(row: Floats, f: Fees, first: int) -> float:
    assets = math.exp(row[who_is.LOG_ASSETS])
    band = 0
    while band < 3 and assets >= f.assets_from[band]:
        band += 1
    base = f.assets_base[band]
    if row[who_is.DIGITAL] < 0.25:
        base += f.counter_extra
    if first - row[who_is.OPENED] > f.loyal_years * 365.2425:
        base -= f.loyal_less
    return base


@inlined
def _plant(u: float, v: float, f: Fees) -> int:
    edges = (f.deviating_share, f.raised_share, f.below_floor_share, f.waived_share, f.no_cell_share)
    total = 0.0
    for k in range(5):
        total += edges[k]
        if u < total:
            return k + 1
    if u < total + f.near_miss_share:
        return CONSENTED + min(int(v * 3.0), 2)
    return NONE


@inlined
def _apply(
    account: Integers, kind: int, base: float, w: tuple[float, float, float, float], f: Fees, n_days: int
) -> None:
    rate, minimum = base, f.minimum
    after, change = base, NEVER
    if kind in (DEVIATING, EXCEPTION):
        rate = after = base * (1.1 + 0.9 * w[0])
    elif kind in (RAISED, CONSENTED, NEW_VERSION):
        after, change = base * (1.15 + 0.6 * w[0]), 63 + int(w[1] * max(n_days - 126, 1))
    elif kind == BELOW_FLOOR:
        rate = after = 0.30 + 0.2 * w[0]
    elif kind == WAIVED:
        minimum = 0.0
    elif kind == NO_CELL:
        rate = after = 3.3 + 4.0 * w[0]
    account[A_RATE], account[A_RATE_NEW] = int(rate * TEN_THOUSANDTH), int(after * TEN_THOUSANDTH)
    account[A_MINIMUM] = account[A_MINIMUM_NEW] = int(minimum * 100.0)
    account[A_CHANGE] = change


@compiled
def set_fees(
    seed: int,
    first: int,
    rows: Floats,
    records: Integers,
    accounts: Integers,
    f: Fees,
    start: int,
    n_days: int,
) -> tuple[Integers, Floats]:
    """Writes rates into the accounts; returns the kind of plant and f = rate ÷ tariff − 1 (last rate) of each."""
    kinds, excess = np.zeros(accounts.shape[0], np.int64), np.zeros(accounts.shape[0])
    for a in range(accounts.shape[0]):
        account = accounts[a]
        i = int(account[A_PERSON])
        row, branch = rows[i], records[int(account[A_RECORD]), R_BRANCH]
        u = four(seed, first + i, purposes.RATE, a - int(account[A_MAIN]), 0)
        w = four(seed, first + i, purposes.RATE, a - int(account[A_MAIN]), 1)
        base, kind = _tariff(row, f, start), _plant(u[0], u[1], f)
        paid = base
        if kind == NONE and branch in (1, 3):
            kind, paid = BRANCH_EXTRA, base * (1.0 + f.branch_extra)
        elif kind == NONE and branch == 2 and start - row[who_is.BIRTH] >= 60 * 365.2425:
            kind, paid = ELDER_EXTRA, base * (1.0 + f.elder_extra)
        _apply(account, kind, paid, w, f, n_days)
        if account[A_KIND] in (DOLLAR, HONGKONG):
            account[A_MINIMUM] = account[A_MINIMUM_NEW] = 100 if account[A_KIND] == DOLLAR else 500
        kinds[a], account[A_TARIFF] = kind, int(base * TEN_THOUSANDTH)
        excess[a] = account[A_RATE_NEW] / (base * TEN_THOUSANDTH) - 1.0
    return kinds, excess
