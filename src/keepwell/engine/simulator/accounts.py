"""Customer records and accounts of a block of persons: how many, of which kind, since when, at which fee."""

from __future__ import annotations

import math

import numpy as np

from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.compiled import compiled, inlined
from keepwell.engine.simulator.firm import Clients
from keepwell.engine.simulator.streams import Floats, Integers, four, uniform

# columns of a record: person (place in the block), number of the record, day opened, day it opens on, branch
R_PERSON, R_K, R_OPENED, R_AT, R_BRANCH, R_FIFTEEN = range(6)
# columns of an account: person, row of its record, kind, day opened, trading day it opens on, share of assets (ppm),
# rate and minimum before and after the change, trading day of the change, unique number
A_PERSON, A_RECORD, A_KIND, A_OPENED, A_AT, A_SHARE = range(6)
A_RATE, A_MINIMUM, A_RATE_NEW, A_MINIMUM_NEW, A_CHANGE, A_NUMBER, A_MAIN, A_TARIFF = range(6, 14)
NORMAL, CREDIT, OPTION, DOLLAR, HONGKONG = range(5)
MOST = 8
NEVER = 1 << 30


@inlined
def _count(u: float, shares: Floats) -> int:
    total = 0.0
    for k in range(shares.size):
        total += shares[k]
        if u < total:
            return k + 1
    return int(shares.size)


@inlined
def _branch(u: float, ends: Floats) -> int:
    b = 0
    while b < ends.size - 1 and u > ends[b]:
        b += 1
    return b


@inlined
def _extra(
    seed: int, person: int, k: int, row: Floats, dates: Integers, fifteen: float
) -> tuple[int, int, int]:
    """Day opened, trading day it opens on, and whether it is from the time of 15-digit numbers."""
    u = four(seed, person, purposes.RECORD_DATES, k, 0)
    first, n_planned = dates[0], dates.size
    if row[who_is.OPENS_AT] >= 0:
        at = min(int(row[who_is.OPENS_AT]) + int(u[0] * 120.0), n_planned - 1)
        return int(dates[at]), at, 0
    if u[1] < fifteen and row[who_is.BIRTH] < 3000 and row[who_is.KIND] == 0:
        return 9200 + int(u[2] * 1700.0), -1, 1  # 1995 to late 1999
    opened = int(row[who_is.OPENED] + u[0] * (first - 1 - row[who_is.OPENED]))
    return opened, -1, 0


@compiled
def record_rows(
    seed: int, first: int, rows: Floats, dates: Integers, shares: Floats, ends: Floats, fifteen: float
) -> Integers:
    """Records of the persons of a block, the main one first; those not yet opened on the last day come too."""
    out = np.zeros((rows.shape[0] * shares.size, 6), np.int64)
    n = 0
    for i in range(rows.shape[0]):
        person, row = first + i, rows[i]
        count = _count(uniform(seed, person, purposes.RECORDS, 0, 0), shares)
        home = _branch(row[who_is.PLACE], ends)
        for k in range(count if row[who_is.KIND] < 2.0 else 1):
            opened, at, old = int(row[who_is.OPENED]), int(row[who_is.OPENS_AT]), 0
            branch = home
            if k > 0:
                opened, at, old = _extra(seed, person, k, row, dates, fifteen)
                u = four(seed, person, purposes.RECORD_DATES, k, 1)
                branch = home if u[0] < 0.6 else _branch(u[1], ends)
            out[n, R_PERSON], out[n, R_K], out[n, R_OPENED], out[n, R_AT] = i, k, opened, at
            out[n, R_BRANCH], out[n, R_FIFTEEN] = branch, old
            n += 1
    return out[:n]


@inlined
def _write(out: Integers, n: int, record: Integers, row: int, kind: int, share: float) -> int:
    out[n, A_PERSON], out[n, A_RECORD], out[n, A_KIND] = record[R_PERSON], row, kind
    out[n, A_OPENED], out[n, A_AT], out[n, A_SHARE] = record[R_OPENED], record[R_AT], int(share * 1e6)
    out[n, A_CHANGE] = NEVER
    return n + 1


@inlined
def _special(seed: int, person: int, row: Floats, c: Clients) -> tuple[int, int, int]:
    """Whether the person has a margin, an option and a B-share account (0, or its kind)."""
    u = four(seed, person, purposes.ACCOUNTS, 0, 0)
    lives, rich = row[who_is.LIVES] > 0.0, math.exp(row[who_is.LOG_ASSETS]) >= c.credit_assets_from
    credit = CREDIT if lives and rich and u[0] < c.credit_share else 0
    option = OPTION if lives and rich and u[1] < c.option_share else 0
    b_share = 0
    if lives and u[2] < c.b_share_share:
        b_share = DOLLAR if u[3] < 0.5 else HONGKONG
    return credit, option, b_share


@compiled
def account_rows(seed: int, first: int, rows: Floats, records: Integers, c: Clients) -> Integers:
    """Accounts of a block: those of a person together, the main one first; shares of assets add to one."""
    out = np.zeros((records.shape[0] + rows.shape[0] * 3, 14), np.int64)
    n, r = 0, 0
    while r < records.shape[0]:
        i = int(records[r, R_PERSON])
        person, main, start = first + i, r, n
        rest = 1.0
        n = _write(out, n, records[main], main, NORMAL, 0.0)
        r += 1
        while r < records.shape[0] and records[r, R_PERSON] == i:
            u = four(seed, person, purposes.ACCOUNTS, int(records[r, R_K]), 1)
            share = 0.05 + 0.15 * u[1] if u[0] < 0.5 and rows[i, who_is.LIVES] > 0.0 else 0.0
            n = _write(out, n, records[r], r, NORMAL, share)
            rest -= share
            r += 1
        credit, option, b_share = _special(seed, person, rows[i], c)
        for kind, share in ((credit, 0.30), (option, 0.05), (b_share, 0.10)):
            if kind > 0 and rows[i, who_is.OPENS_AT] < 0.0:
                n = _write(out, n, records[main], main, kind, share)
                rest -= share
        out[start, A_SHARE] = int(rest * 1e6)
        for a in range(start, n):
            out[a, A_NUMBER], out[a, A_MAIN] = person * 8 + (a - start), start
    return out[:n]
