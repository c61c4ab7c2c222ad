"""A plan checked by itself: value, loads, slack and a bound from prices, with nothing of the solver but the question.

Any prices bound every plan (Geoffrion 1974): no plan is worth more than each client's best score after prices, plus
each price times the limit on its side. Numpy alone, sums by ``math.fsum``, which rounds once.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np

from keepwell.engine.solver.assignment.problem import Floats, Longs, Problem, is_whole

PART = 1 << 19
CAUTION = 2.0**-50
"""Relative error a client's net score may have gathered in a handful of float operations; the bound is raised by it."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What can be said of a plan. ``load``, ``slack`` (M, R): slack to the nearer limit, negative where one is broken.

    ``n_broken`` counts limits beyond rounding, clients without a manager and managers who are no candidates.
    ``question`` is the SHA-256 of all arrays asked with, ``answer`` that of the plan and its prices.
    """

    value: float
    bound: float
    load: Floats
    slack: Floats
    n_switches: int
    n_broken: int
    question: str
    answer: str

    @property
    def is_feasible(self) -> bool:
        """Whether everything is kept."""
        return self.n_broken == 0

    @property
    def gap(self) -> float:
        """What a better plan could gain at most, as a share of the value."""
        return max(self.bound - self.value, 0.0) / max(abs(self.value), 1e-12)


def certify(problem: Problem, manager: Longs, price: Floats, switch_price: float) -> Certificate:
    """Check a plan: ``manager`` (N,) with -1 for nobody, signed prices (M, R) and the price of a switch."""
    edge = chosen_edges(problem, manager)
    placed = np.flatnonzero(edge >= 0)
    value = math.fsum(problem.score[edge[placed]].tolist())
    load = loads(problem, edge)
    slack = np.minimum(problem.upper - load, load - problem.lower)
    bound = upper_bound(problem, price, switch_price)
    if is_whole(problem.score) and math.isfinite(bound):
        bound = math.floor(bound)
    answer = _digest(manager.astype(np.int64), price, np.array([switch_price]))
    broken = n_broken(problem, manager, edge)
    return Certificate(
        value, bound, load, slack, n_switches(problem, manager), broken, digest(problem), answer
    )


def n_switches(problem: Problem, manager: Longs) -> int:
    """How many clients leave their manager."""
    return int(((problem.current >= 0) & (manager != problem.current)).sum())


def n_broken(problem: Problem, manager: Longs, edge: Longs) -> int:
    """Limits beyond rounding, clients without a manager, and one if too many change hands."""
    load = loads(problem, edge)
    slack = np.minimum(problem.upper - load, load - problem.lower)
    room = problem.room()[:-1].reshape(load.shape)
    too_many = int(n_switches(problem, manager) > problem.most_switches)
    return int((slack < -room).sum()) + too_many + int((edge < 0).sum())


def chosen_edges(problem: Problem, manager: Longs) -> Longs:
    """The edge each client uses, -1 where the manager is none of its candidates."""
    edge = np.full(problem.n_clients, -1, dtype=np.int64)
    for first in range(0, problem.n_clients, PART // 16):
        start = problem.start[first : first + PART // 16 + 1]
        holder = np.repeat(manager[first : first + len(start) - 1], np.diff(start))
        hits = start[0] + np.flatnonzero(problem.manager[start[0] : start[-1]] == holder)
        edge[first + np.searchsorted(start, hits, side="right") - 1] = hits
    return edge


def loads(problem: Problem, edge: Longs) -> Floats:
    """What each manager uses of each resource, (M, R)."""
    placed = np.flatnonzero(edge >= 0)
    holder = problem.manager[edge[placed]]
    at = edge[placed] if problem.is_per_edge else placed
    found = [np.bincount(holder, weights=row[at], minlength=problem.n_managers) for row in problem.use]
    return np.stack(found, axis=1) if found else np.zeros((problem.n_managers, 0))


def upper_bound(problem: Problem, price: Floats, switch_price: float) -> float:
    """What no plan can exceed; infinite if a price stands at no limit, a positive one at the upper, else the lower."""
    limits = np.where(price > 0, problem.upper, problem.lower)
    rows = np.where(price == 0, 0.0, price * np.where(price == 0, 0.0, limits)).ravel()
    switches = switch_price * problem.most_switches if switch_price > 0 else 0.0
    if switch_price < 0 or not np.isfinite(rows).all() or not math.isfinite(switches):
        return math.inf
    parts, size = [math.fsum([*rows.tolist(), switches])], float(np.abs(rows).sum()) + switches
    for first in range(0, problem.n_clients, PART // 16):
        best, sizes = _best(problem, price, switch_price, first, min(first + PART // 16, problem.n_clients))
        parts.append(math.fsum(best.tolist()))
        size += sizes
    return math.fsum(parts) + size * CAUTION


def _best(
    problem: Problem, price: Floats, switch_price: float, first: int, last: int
) -> tuple[Floats, float]:
    """Each client's best score after prices, and the size of what it was made of."""
    start = problem.start[first : last + 1]
    edges = slice(start[0], start[-1])
    holder, n_each = problem.manager[edges], np.diff(start)
    net = problem.score[edges].astype(np.float64)
    size = np.abs(net)
    for r in range(problem.n_resources):
        use = problem.use[r, edges] if problem.is_per_edge else np.repeat(problem.use[r, first:last], n_each)
        cost = price[holder, r] * use
        net -= cost
        size += np.abs(cost)
    if switch_price:
        current = np.repeat(problem.current[first:last], n_each)
        net -= switch_price * ((current >= 0) & (current != holder))
    at = start[:-1] - start[0]
    return np.maximum.reduceat(net, at), float(np.maximum.reduceat(size, at).sum()) + switch_price * (
        last - first
    )


def digest(problem: Problem) -> str:
    """SHA-256 of everything asked with."""
    return _digest(
        problem.start, problem.manager, problem.score, problem.use, problem.lower, problem.upper, problem.current,
        np.array([problem.most_switches]),
    )  # fmt: skip


def _digest(*arrays: np.ndarray) -> str:
    hashed = hashlib.sha256()
    for array in arrays:
        hashed.update(f"{array.dtype.str}{array.shape}".encode())
        hashed.update(np.ascontiguousarray(array).data)
    return hashed.hexdigest()
