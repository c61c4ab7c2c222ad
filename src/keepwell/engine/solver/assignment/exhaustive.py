"""Every plan that could still be better, for questions small enough: depth first, cut off by the bound from prices.

No completion is worth more than the dual bound less the regrets already accepted (Fisher 1981), nor feasible when an
upper limit is broken or a lower one cannot be reached any more by those left.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from keepwell.engine.solver.assignment.lean import lean
from keepwell.engine.solver.assignment.problem import Floats, Longs
from keepwell.engine.solver.assignment.work import Work

ALL_SEEN, TOO_MANY = 1, 0


def exhaust(
    work: Work, lower: Floats, upper: Floats, bound: float, value: float, step: float, most: int
) -> tuple[bool, float, Longs]:
    """Whether all was seen within ``most`` nodes, the best value, and its edges (-1 each if ``value`` stands).

    ``step`` is the least by which two values differ: 1 where scores are whole numbers, else a hair.
    """
    degree = np.diff(work.start)
    second = np.where(degree > 1, work.regret[np.minimum(work.start[:-1] + 1, len(work.regret) - 1)], np.inf)
    clients = np.argsort(-second, kind="stable")
    hope = _hope(work, clients, len(lower))
    best_edge = np.full(len(clients), -1, dtype=np.int64)
    best = np.array([value])
    seen = _exhaust(work, lower, upper, clients, hope, bound, step, most, best, best_edge)
    return seen == ALL_SEEN, float(best[0]), best_edge


@njit(cache=True)
def _hope(work: Work, clients: Longs, n_rows: int) -> Floats:
    """The most that the clients from each place on could add to each row."""
    hope = np.zeros((clients.shape[0] + 1, n_rows))
    n_resources = work.use.shape[1] - 1
    for n in range(clients.shape[0] - 1, -1, -1):
        hope[n] = hope[n + 1]
        for e in range(work.start[clients[n]], work.start[clients[n] + 1]):
            for r in range(n_resources):
                row = work.manager[e] * n_resources + r
                hope[n, row] = max(hope[n, row], hope[n + 1, row] + work.use[e, r])
    return hope


@lean
def _fits(work: Work, load: Floats, lower: Floats, upper: Floats, hope: Floats, e: int) -> bool:
    """Whether the edge breaks no upper limit and everybody can still come up to the lower ones."""
    n_resources, last = work.use.shape[1] - 1, load.shape[0] - 1
    base = work.manager[e] * n_resources
    for r in range(n_resources):
        if load[base + r] + work.use[e, r] > upper[base + r]:
            return False
    if load[last] + work.use[e, n_resources] > upper[last]:
        return False
    for row in range(last):
        more = work.use[e, row - base] if base <= row < base + n_resources else 0.0
        if load[row] + more + hope[row] < lower[row]:
            return False
    return True


@lean
def _add(work: Work, load: Floats, e: int, sign: float) -> None:
    n_resources = work.use.shape[1] - 1
    base = work.manager[e] * n_resources
    for r in range(n_resources):
        load[base + r] += sign * work.use[e, r]
    load[load.shape[0] - 1] += sign * work.use[e, n_resources]


@njit(cache=True)
def _exhaust(
    work: Work, lower: Floats, upper: Floats, clients: Longs, hope: Floats, bound: float, step: float, most: int,
    best: Floats, best_edge: Longs,
) -> int:  # fmt: skip
    n, depth = clients.shape[0], 0
    chosen = np.full(n + 1, -1, dtype=np.int64)
    value, lost = np.zeros(n + 1), np.zeros(n + 1)
    load = np.zeros(lower.shape[0])
    for _ in range(most):
        if depth == n:
            if value[n] > best[0]:
                best[0] = value[n]
                best_edge[clients] = chosen[:n]
            depth -= 1
        if depth < 0:
            return ALL_SEEN
        i = clients[depth]
        e = chosen[depth]
        if e >= 0:
            _add(work, load, e, -1.0)
        e = work.start[i] if e < 0 else e + 1
        while e < work.start[i + 1] and not _fits(work, load, lower, upper, hope[depth + 1], e):
            e += 1
        if e == work.start[i + 1] or bound - lost[depth] - work.regret[e] < best[0] + step:
            chosen[depth] = -1
            depth -= 1
            continue
        _add(work, load, e, 1.0)
        chosen[depth] = e
        value[depth + 1] = value[depth] + work.score[e]
        lost[depth + 1] = lost[depth] + work.regret[e]
        depth += 1
        chosen[depth] = -1
    return TOO_MANY
