"""The search for small questions: disturb a plan, let chains settle it, keep it if it is not much worse; many times.

Iterated local search with adaptive weights: limits that stay broken weigh more, and all weigh less while none is
broken, so that the search walks along the edge of what is feasible (Yagiura, Ibaraki and Glover 2004). How long it
seeks is a number of looks, never seconds: the same question has the same answer on a slow machine.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, uint64

from keepwell.engine.solver.assignment.chains import Reach, enqueue, new_queue, settle
from keepwell.engine.solver.assignment.keys import Words, mixed
from keepwell.engine.solver.assignment.lean import lean
from keepwell.engine.solver.assignment.problem import Floats, Longs
from keepwell.engine.solver.assignment.state import State, broken, move, total_broken, undo, worth
from keepwell.engine.solver.assignment.work import FAR, Work

RISE, FALL = 1.15, 0.985


class Terms(NamedTuple):
    """When to stop: at a value that cannot be beaten, or after so many looks. ``worse`` is how much may be lost.

    ``floor`` is the least a limit's weight falls to.
    """

    target: float
    most_looks: int
    worse: float
    floor: Floats


def seek(work: Work, state: State, reach: Reach, terms: Terms, seed: int) -> tuple[float, Longs]:
    """The best feasible plan found, its value -1e300 when there was none; ``state`` is left where the search ended."""
    best = np.full(1, -FAR)
    best_edge = state.edge.copy()
    queue, waiting = new_queue(len(state.edge))
    random = np.array([seed], dtype=np.uint64)
    _seek(work, state, reach, terms, random, queue, waiting, best, best_edge)
    return float(best[0]), best_edge


@njit(cache=True)
def _seek(
    work: Work, state: State, reach: Reach, terms: Terms, random: Words, queue: Longs, waiting: Longs,
    best: Floats, best_edge: Longs,
) -> None:  # fmt: skip
    looked, full = 0, state.log.shape[1] - reach.longest - 1
    _remember(work, state, best, best_edge)
    for i in range(queue.shape[0]):
        enqueue(i, queue, waiting)
    looked += settle(work, state, queue, waiting, reach, terms.most_looks, False)
    while True:
        _remember(work, state, best, best_edge)
        if looked >= terms.most_looks or best[0] >= terms.target:
            break
        _reweigh(state, terms.floor)
        before = worth(work, state) - total_broken(state)
        state.n_logged[0] = 0
        for i in range(queue.shape[0] if waiting[1] > 0 else 0):
            waiting[2 + i] = 0
        waiting[1] = 0
        _kick(work, state, random, queue, waiting)
        looked += 1 + settle(work, state, queue, waiting, reach, terms.most_looks - looked, False)
        after = worth(work, state) - total_broken(state)
        if after > before:
            _remember(work, state, best, best_edge)
        if after < before - terms.worse and state.n_logged[0] < full:
            undo(work, state, 0)


@njit(cache=True)
def _remember(work: Work, state: State, best: Floats, best_edge: Longs) -> None:
    if total_broken(state) == 0.0:
        value = worth(work, state)
        if value > best[0]:
            best[0] = value
            best_edge[:] = state.edge


@njit(cache=True)
def _reweigh(state: State, floor: Floats) -> None:
    is_feasible = total_broken(state) == 0.0
    for row in range(state.load.shape[0]):
        if is_feasible:
            state.weight[row] = max(state.weight[row] * FALL, floor[row])
        elif broken(state, row, state.load[row]) > 0.0:
            state.weight[row] *= RISE


@lean
def draw(random: Words, below: int) -> int:
    """A number by lot; splitmix64, so that it is the same everywhere."""
    random[0] = mixed(random[0])
    return int(random[0] % uint64(below))


@njit(cache=True)
def _kick(work: Work, state: State, random: Words, queue: Longs, waiting: Longs) -> None:
    """Send two to five clients, drawn by lot, to another of their better edges."""
    n = state.edge.shape[0]
    for _ in range(2 + draw(random, 4)):
        i = draw(random, n)
        while work.start[i + 1] - work.start[i] < 2:
            i = draw(random, n)
        choice = min(work.start[i + 1] - work.start[i], 2 + draw(random, 4))
        e = work.start[i] + draw(random, choice)
        left = work.manager[state.edge[i]]
        if e == state.edge[i]:
            continue
        move(work, state, i, e)
        for m in (left, work.manager[e]):
            k = state.links[0, m]
            while k >= 0:
                if k != i:
                    enqueue(k, queue, waiting)
                k = state.links[1, k]
        enqueue(i, queue, waiting)
