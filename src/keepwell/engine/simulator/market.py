"""The index: three hidden states with their own drift and swing, and a long memory of calm and storm."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.compiled import compiled
from keepwell.engine.simulator.firm import Markets
from keepwell.engine.simulator.span import MONTH, Span
from keepwell.engine.simulator.streams import Floats, Integers, student, uniform

OPENING_LEVEL = 3_000.0


class Index(NamedTuple):
    """The index over the days that happen; ``month_return[m]`` is the return of the month before month m."""

    returns: Floats
    states: Integers
    levels: Floats
    month_return: Floats


@compiled
def _path(
    seed: int, n: int, means: Floats, sds: Floats, stays: Floats, calms: float
) -> tuple[Floats, Integers]:
    returns, states = np.empty(n), np.empty(n, np.int64)
    state = 0
    for t in range(n):
        u = uniform(seed, t, purposes.STATE, 0, 0)
        if u > stays[state]:
            v = uniform(seed, t, purposes.STATE, 0, 1)
            if state == 0:
                state = 1 if v < 0.5 else 2
            else:
                state = 0 if v < calms else 3 - state
        z = uniform(seed, t, purposes.INDEX, 0, 0)
        w = uniform(seed, t, purposes.INDEX_MIX, 0, 0)
        returns[t] = means[state] + sds[state] * student(z, w, 8)
        states[t] = state
    return returns, states


def market_index(market: Markets, span: Span, seed: int) -> Index:
    """The index from some months before the first day to the last day that happens."""
    before = int(market.n_days_before)
    returns, states = _path(
        seed,
        before + span.n_run,
        np.array(market.state_means),
        np.array(market.state_sds),
        np.array(market.state_stays),
        market.state_calms,
    )
    months = np.zeros(span.n_months)
    for m in range(span.n_months):
        months[m] = np.prod(1.0 + returns[before + MONTH * (m - 1) : before + MONTH * m]) - 1.0
    levels: Floats = OPENING_LEVEL * np.cumprod(1.0 + returns[before:]).astype(np.float64)
    return Index(returns[before:], states[before:], levels, months)
