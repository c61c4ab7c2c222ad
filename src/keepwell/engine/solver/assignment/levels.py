"""Prices from few clients first, then from more: each level looks only at edges close to the best at the last prices.

A sample of n clients misses loads by a share of one over the root of n / M, which moves prices so much that nothing
is gained from a lower temperature there; each level takes eight times as many clients and cools as far as they allow.
"""

from __future__ import annotations

import numpy as np

from keepwell.engine.solver.assignment.prices import minimise, rows_for
from keepwell.engine.solver.assignment.problem import Floats, Longs
from keepwell.engine.solver.assignment.setting import Setting
from keepwell.engine.solver.assignment.work import FAR, Picked, hefts, select, thinned

HOT = 8.0
"""The first temperature is the spread over this."""
COOLING = 4.0
FEWEST, PER_MANAGER, TIMES, MOST_TRIES = 2_000, 20, 8, 6
SAMPLED = 0.031
"""Temperature a sample of one client a manager allows, as a share of the spread; more by the root of their number."""
WINDOW, MOST = 12.0, 12


def prices(at: Setting, warm: tuple[Floats, float] | None) -> Floats:
    """Signed prices of all rows, managers by rank; ``warm`` are those of an earlier question, by manager."""
    price, hot = np.zeros(len(at.lower)), at.spread / HOT
    if warm is not None:
        price, hot = np.append(warm[0][at.managers].ravel(), warm[1]), at.spread / 50
    cold = at.spread * _coldest(at)
    most, widest = at.most_degree, FAR
    for size in _sizes(at):
        mild = max(cold, SAMPLED * at.spread * (at.problem.n_managers / size) ** 0.5)
        last = cold if size == at.problem.n_clients else mild
        picked, price = _begun(at, size, price, most, widest, max(hot, last))
        price, width = _cooled(at, picked, price, hot, min(last, hot))
        hot, most, widest = mild, MOST, WINDOW * mild
    return _snapped(at, price, width)


def _begun(
    at: Setting, size: int, price: Floats, most: int, widest: float, hot: float
) -> tuple[Picked, Floats]:
    """Prices at a level's first temperature; no price moves farther than the edges looked at allow before they are
    looked for again.
    """
    clients, weight = _sample(at, size)
    for _ in range(MOST_TRIES):
        picked = select(at.of, clients, price, most, widest, weight)
        rows = rows_for(picked, at.lower, at.upper, at.spread * _coldest(at), is_part=not at.is_small)
        found = minimise(picked.work, rows, price, hot, is_last=False)
        farthest = rows.unit * widest / 2
        if bool((np.abs(found - price) <= farthest).all()):
            break
        found = np.clip(found, price - farthest, price + farthest)
        price = found
    return picked, found


def _sizes(at: Setting) -> list[int]:
    n = at.problem.n_clients
    size = n if at.is_small else min(n, max(FEWEST, PER_MANAGER * at.problem.n_managers))
    sizes = [size]
    while sizes[-1] < n:
        sizes.append(min(n, TIMES * sizes[-1]))
    return sizes


def _coldest(at: Setting) -> float:
    if at.is_small:
        return 1e-4
    return float(np.clip(at.problem.n_managers / at.problem.n_clients / 9, 5e-5, 2e-3))


def _sample(at: Setting, size: int) -> tuple[Longs, Floats]:
    """Clients drawn by their words, those who use much more likely, and for how many each stands."""
    n = at.problem.n_clients
    if size >= n:
        return at.clients, np.ones(n)
    chance = np.minimum(size / n * (0.5 + 0.5 * hefts(at.of)), 1.0)
    drawn = at.clients[at.words < chance[at.clients] * 2.0**64]
    return drawn, 1.0 / chance[drawn]


def _cooled(at: Setting, picked: Picked, price: Floats, hot: float, cold: float) -> tuple[Floats, Floats]:
    """Prices at falling temperature, edges that fall behind left out; and the rows' widths at the end."""
    rows = rows_for(picked, at.lower, at.upper, at.spread * _coldest(at), is_part=not at.is_small)
    for temperature in _falling(hot, cold)[1:] or [cold]:
        price = minimise(picked.work, rows, price, temperature, is_last=temperature <= cold)
        if not at.is_small and temperature > cold:
            picked = thinned(at.of, picked, price, 2 * WINDOW * temperature)
            rows = rows_for(picked, at.lower, at.upper, rows.cold, is_part=True)
    return price, rows.width(cold)


def _falling(first: float, last: float) -> list[float]:
    n = max(int(np.ceil(np.log(first / last) / np.log(COOLING))), 0)
    return [last * (first / last) ** (1 - step / n) for step in range(n)] + [last]


def _snapped(at: Setting, price: Floats, width: Floats) -> Floats:
    """Prices the parabola holds near zero are zero unless that bounds worse; none stands at a limit that is none."""
    limits = np.where(price > 0, at.upper, at.lower)
    lawful = np.where(np.isfinite(limits), price, 0.0)
    lawful[-1] = max(lawful[-1], 0.0)
    snapped = np.where(np.abs(lawful) < width, 0.0, lawful)
    return snapped if at.bound(snapped) <= at.bound(lawful) else lawful
