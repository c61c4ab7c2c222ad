"""From each client's best edge after prices to a plan within limits: the cheapest moves out of what is broken.

Regret over relief (Martello and Toth 1990): for each manager over a limit the member that loses least for each unit of
broken limit it takes away leaves; for one under a limit whoever does so comes. Limits that stay broken weigh more in
each further round.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from keepwell.engine.solver.assignment.lean import lean
from keepwell.engine.solver.assignment.problem import Longs
from keepwell.engine.solver.assignment.state import State, broken, change, move
from keepwell.engine.solver.assignment.work import FAR, Work


class Reverse(NamedTuple):
    """The edges that lead to each manager, with their clients."""

    start: Longs
    edge: Longs
    client: Longs


def reversed_edges(work: Work, n_managers: int) -> Reverse:
    """Who might come to each manager, in the order of the work."""
    by_manager = np.argsort(work.manager, kind="stable")
    start = np.append(0, np.cumsum(np.bincount(work.manager, minlength=n_managers)))
    client = np.repeat(np.arange(len(work.client)), np.diff(work.start))
    return Reverse(start, by_manager, client[by_manager])


@njit(cache=True)
def repair(work: Work, state: State, back: Reverse, n_rounds: int, sharper: float) -> int:
    """Relieve broken rows until none is left or nothing helps any more; the number of rows still broken."""
    n_managers = back.start.shape[0] - 1
    n_resources = work.use.shape[1] - 1
    left = 0
    for _ in range(n_rounds):
        n_moved = 0
        for m in range(n_managers):
            n_moved += _relieve(work, state, back, m)
        n_moved += _relieve_switches(work, state)
        state.n_logged[0] = 0
        left = 0
        for row in range(n_managers * n_resources + 1):
            if broken(state, row, state.load[row]) > 0:
                left += 1
                state.weight[row] *= sharper
        if left == 0 or (n_moved == 0 and sharper == 1.0):
            break
    return left


@lean
def _missed(state: State, m: int, n_resources: int) -> tuple[bool, bool]:
    """Whether a manager is over a limit, and whether under one."""
    over = under = False
    for row in range(m * n_resources, (m + 1) * n_resources):
        over |= state.load[row] > state.upper[row]
        under |= state.load[row] < state.lower[row]
    return over, under


@njit(cache=True)
def _relieve(work: Work, state: State, back: Reverse, m: int) -> int:
    """Move clients away from a manager, or to it, the cheapest for what it mends first; how many were moved."""
    n_resources, n_moved = work.use.shape[1] - 1, 0
    while n_moved < state.edge.shape[0]:
        over, under = _missed(state, m, n_resources)
        who, where, best = -1, -1, FAR
        if over:
            who, where, best = _leaver(work, state, m)
        if under:
            other, there, cost = _comer(work, state, back, m)
            if cost < best:
                who, where, best = other, there, cost
        if who < 0:
            break
        move(work, state, who, where)
        n_moved += 1
    return n_moved


@lean
def _ratio(work: Work, state: State, i: int, e: int) -> float:
    """What a unit of relief costs in regret; far where there is no relief."""
    relief = -change(work, state, i, e)
    if relief <= 1e-12:
        return FAR
    loss = work.regret[e] - work.regret[state.edge[i]]
    return loss / relief if loss > 0 else loss - 1.0 / relief


@lean
def _leaver(work: Work, state: State, m: int) -> tuple[int, int, float]:
    who, where, best = -1, -1, FAR
    i = state.links[0, m]
    while i >= 0:
        for e in range(work.start[i], work.start[i + 1]):
            if work.manager[e] != m:
                cost = _ratio(work, state, i, e)
                if cost < best or (cost == best and i < who):
                    who, where, best = i, e, cost
        i = state.links[1, i]
    return who, where, best


@lean
def _comer(work: Work, state: State, back: Reverse, m: int) -> tuple[int, int, float]:
    who, where, best = -1, -1, FAR
    for place in range(back.start[m], back.start[m + 1]):
        i, e = back.client[place], back.edge[place]
        if work.manager[state.edge[i]] != m:
            cost = _ratio(work, state, i, e)
            if cost < best:
                who, where, best = i, e, cost
    return who, where, best


@njit(cache=True)
def _relieve_switches(work: Work, state: State) -> int:
    """Send clients back to whom they had while more change hands than may, those that lose least first."""
    row, moves, n_moved = state.load.shape[0] - 1, work.use.shape[1] - 1, 0
    if state.load[row] <= state.upper[row]:
        return 0
    n, home = 0, np.empty(state.edge.shape[0], dtype=np.int64)
    cost = np.empty(state.edge.shape[0])
    for i in range(state.edge.shape[0]):
        home[i] = -1
        for e in range(work.start[i], work.start[i + 1]):
            if work.use[state.edge[i], moves] > 0 and work.use[e, moves] == 0:
                home[i] = e
                cost[n] = work.regret[e] - work.regret[state.edge[i]]
                n += 1
    if n == 0:
        return 0
    needed = min(n, int(np.ceil(state.load[row] - state.upper[row])))
    worst = np.sort(cost[:n])[needed - 1]
    for i in range(state.edge.shape[0]):
        if home[i] < 0 or state.load[row] <= state.upper[row]:
            continue
        if work.regret[home[i]] - work.regret[state.edge[i]] <= worst and change(work, state, i, home[i]) < 0:
            move(work, state, i, home[i])
            n_moved += 1
    return n_moved
