"""Where repairs end with limits still broken: chains from everybody near them, heavier weights, a disturbance by lot.

Weights of what stays broken only rise (Morris 1993, breakout): no arrangement that breaks them stays the best for long.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from keepwell.engine.solver.assignment.chains import Reach, enqueue, new_queue, settle
from keepwell.engine.solver.assignment.keys import Words
from keepwell.engine.solver.assignment.lean import lean
from keepwell.engine.solver.assignment.problem import Longs
from keepwell.engine.solver.assignment.repair import Reverse, repair
from keepwell.engine.solver.assignment.seeking import draw
from keepwell.engine.solver.assignment.state import State, broken, move, total_broken
from keepwell.engine.solver.assignment.work import Work

HEAVIER, WIDER, PATIENCE = 1.3, 1.25, 4


def mend(work: Work, state: State, back: Reverse, reach: Reach, most_looks: int, seed: int) -> bool:
    """Look for a plan that breaks no limit, whatever it costs; whether one was found."""
    queue, waiting = new_queue(len(state.edge))
    random = np.array([seed + 1], dtype=np.uint64)
    looked, turn = 0, 0
    while total_broken(state) > 0 and looked < most_looks:
        state.n_logged[0] = 0
        waiting[:] = 0
        _gather_round(work, state, back, reach.widest / 4, queue, waiting)
        if turn % PATIENCE == PATIENCE - 1:
            _shake(work, state, random, queue, waiting)
            reach = reach._replace(widest=reach.widest * WIDER)
        looked += 1 + int(settle(work, state, queue, waiting, reach, most_looks - looked, True))
        if total_broken(state) > 0:
            _press(state)
            repair(work, state, back, 2, 1.0)
        turn += 1
    return bool(total_broken(state) == 0)


@njit(cache=True)
def _gather_round(
    work: Work, state: State, back: Reverse, widest: float, queue: Longs, waiting: Longs
) -> None:
    """Everybody with a manager who breaks a limit or who could come to one below it; those moved if too many were."""
    n_resources, last = work.use.shape[1] - 1, state.load.shape[0] - 1
    for row in range(last):
        if broken(state, row, state.load[row]) > 0:
            m = row // n_resources
            i = state.links[0, m]
            while i >= 0:
                enqueue(i, queue, waiting)
                i = state.links[1, i]
            if state.load[row] < state.lower[row]:
                for place in range(back.start[m], back.start[m + 1]):
                    enqueue(back.client[place], queue, waiting)
    if broken(state, last, state.load[last]) > 0:
        for i in range(state.edge.shape[0]):
            own = state.edge[i]
            for e in range(work.start[i], work.start[i + 1]):
                is_home = work.use[e, n_resources] < work.use[own, n_resources]
                if is_home and work.regret[e] - work.regret[own] <= widest:
                    enqueue(i, queue, waiting)


@njit(cache=True)
def _press(state: State) -> None:
    for row in range(state.load.shape[0]):
        if broken(state, row, state.load[row]) > 0:
            state.weight[row] *= HEAVIER


@lean
def _shake(work: Work, state: State, random: Words, queue: Longs, waiting: Longs) -> None:
    """Send a few of those waiting to another of their better edges."""
    for _ in range(min(waiting[1], 2 + draw(random, 4))):
        i = queue[(waiting[0] + draw(random, waiting[1])) % queue.shape[0]]
        n_edges = work.start[i + 1] - work.start[i]
        move(work, state, i, work.start[i] + draw(random, min(n_edges, 4)))
