"""The last word on a plan: nobody could be better placed alone, without a limit breaking."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from keepwell.engine.solver.assignment.lean import lean
from keepwell.engine.solver.assignment.problem import Floats, Ints, Longs, Problem

MOST_PASSES = 100


class Standing(NamedTuple):
    """A plan as it stands: what is asked, and who holds what; ``held`` is each client's edge, ``moved`` the changes."""

    start: Longs
    manager: Ints
    score: Floats
    use: Floats
    is_per_edge: bool
    lower: Floats
    upper: Floats
    current: Ints
    most: float
    held: Longs
    load: Floats
    moved: Floats


def settled(problem: Problem, manager: Longs) -> Longs:
    """The plan after every single move that scores more and keeps all limits, client by client in their order.

    What is left anybody can check from scores, loads and limits alone, without solving anything: each client is with
    the best of the managers to whom it could go alone.
    """
    client = problem.client_of()
    held = np.flatnonzero(problem.manager == manager[client]).astype(np.int64)
    at = held if problem.is_per_edge else np.arange(problem.n_clients)
    load = np.zeros(problem.lower.shape)
    np.add.at(load, manager, problem.use[:, at].T)
    moved = ((problem.current >= 0) & (manager != problem.current)).sum()
    plan = Standing(
        problem.start, problem.manager, problem.score.astype(np.float64), np.ascontiguousarray(problem.use),
        problem.is_per_edge, problem.lower, problem.upper, problem.current, float(problem.most_switches), held, load,
        np.array([float(moved)]),
    )  # fmt: skip
    _settle(plan)
    return problem.manager[plan.held].astype(np.int64)


@lean
def _more(plan: Standing, i: int, e: int) -> float:
    """How many changes more there are with an edge than with the one held: -1, 0 or 1."""
    if plan.current[i] < 0:
        return 0.0
    before = 1.0 if plan.manager[plan.held[i]] != plan.current[i] else 0.0
    return (1.0 if plan.manager[e] != plan.current[i] else 0.0) - before


@lean
def _fits(plan: Standing, i: int, e: int) -> bool:
    """Whether a client could go alone to another of its edges."""
    more = _more(plan, i, e)
    if more > 0 and plan.moved[0] + more > plan.most:
        return False
    before, after = plan.manager[plan.held[i]], plan.manager[e]
    for r in range(plan.use.shape[0]):
        out = plan.use[r, plan.held[i] if plan.is_per_edge else i]
        into = plan.use[r, e if plan.is_per_edge else i]
        if out != 0.0 and plan.load[before, r] - out < plan.lower[before, r]:
            return False
        if into != 0.0 and plan.load[after, r] + into > plan.upper[after, r]:
            return False
    return True


@lean
def _go(plan: Standing, i: int, e: int) -> None:
    before, after = plan.manager[plan.held[i]], plan.manager[e]
    for r in range(plan.use.shape[0]):
        plan.load[before, r] -= plan.use[r, plan.held[i] if plan.is_per_edge else i]
        plan.load[after, r] += plan.use[r, e if plan.is_per_edge else i]
    plan.moved[0] += _more(plan, i, e)
    plan.held[i] = e


@njit(cache=True)
def _settle(plan: Standing) -> None:
    for _ in range(MOST_PASSES):
        is_moved = False
        for i in range(plan.start.shape[0] - 1):
            best = plan.held[i]
            for e in range(plan.start[i], plan.start[i + 1]):
                if plan.score[e] > plan.score[best] and _fits(plan, i, e):
                    best = e
            if best != plan.held[i]:
                _go(plan, i, best)
                is_moved = True
        if not is_moved:
            break
