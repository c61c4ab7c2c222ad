"""Who holds whom today: the status quo with its planted bias, and how well client and holder match (§5)."""

from __future__ import annotations

import math

import numpy as np

from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.compiled import compiled, inlined
from keepwell.engine.simulator.firm import Leaving, Staffing
from keepwell.engine.simulator.staff import S_BEFORE, S_LEVEL, S_NOW
from keepwell.engine.simulator.streams import Floats, Integers, four, uniform


@inlined
def matched(row: Floats, taste: Floats) -> float:
    """Need times specialty, summed over the six needs."""
    total = 0.0
    for k in range(6):
        total += row[who_is.NEEDS + k] * taste[k]
    return total


@inlined
def _seat(
    seed: int,
    who: int,
    lots: tuple[int, int],
    seats: Integers,
    tilt: Floats,
    s: Staffing,
    score: float,
) -> int:
    """One seat of the branch, by the biased weights."""
    u = four(seed, who, purposes.SEAT, 2, 0)
    total = 0.0
    chosen = lots[0]
    for turn in range(2):
        left = u[0] * total
        total = 0.0
        for j in range(lots[0], lots[1]):
            x = tilt[0] * s.bias_level * (seats[j, S_LEVEL] - 3.0) * score
            x += tilt[2] * s.bias_list * (j - lots[0])
            if uniform(seed, who, purposes.ACQUAINTED, j, 0) < s.acquainted_share:
                x += tilt[1] * s.bias_acquainted
            weight = math.exp(min(max(x, -20.0), 20.0))
            total += weight
            if turn == 1 and left >= 0.0:
                chosen = j
                left -= weight
    return chosen


@compiled
def seating(
    seed: int,
    first: int,
    rows: Floats,
    ends: Floats,
    ranges: Integers,
    seats: Integers,
    taste: Floats,
    tilt: Floats,
    s: Staffing,
    leaving: Leaving,
) -> tuple[Integers, Floats]:
    """Seat of each person (−1: nobody's client), match with its holder and the one before, and the branch's mean.

    The mean is over the first holders of the seats, so that nothing depends on who takes over later.
    """
    n = rows.shape[0]
    seat_of, match = np.full(n, -1, np.int64), np.zeros((n, 3))
    for i in range(n):
        row, b = rows[i], 0
        while b < ends.size - 1 and row[who_is.PLACE] > ends[b]:
            b += 1
        if row[who_is.LIVES] == 0.0 and uniform(seed, first + i, purposes.SEAT, 3, 0) > s.served_empty_share:
            continue
        score = (row[who_is.LOG_ASSETS] - leaving.log_assets_mean) / leaving.log_assets_sd
        lots = (int(ranges[b, 0]), int(ranges[b, 1]))
        j = _seat(seed, first + i, lots, seats, tilt, s, score)
        seat_of[i] = j
        match[i, 0] = matched(row, taste[seats[j, S_NOW]])
        match[i, 1] = matched(row, taste[seats[j, S_BEFORE]]) if seats[j, S_BEFORE] >= 0 else 0.0
        for k in range(lots[0], lots[1]):
            first_holder = seats[k, S_BEFORE] if seats[k, S_BEFORE] >= 0 else seats[k, S_NOW]
            match[i, 2] += matched(row, taste[first_holder]) / (lots[1] - lots[0])
    return seat_of, match
