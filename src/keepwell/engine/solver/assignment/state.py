"""A plan in the making: who has which edge, what each row is loaded with, and who is with which manager.

The members of a manager are a doubly linked list, so that a move costs the same however many there are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keepwell.engine.solver.assignment.lean import lean
from keepwell.engine.solver.assignment.problem import Floats, Longs
from keepwell.engine.solver.assignment.work import Work


class State(NamedTuple):
    """``edge`` (N,) into the work; ``load``, ``lower``, ``upper``, ``weight`` by row; ``links``: head, next, before.

    ``weight`` is what a unit over or under a limit costs while the plan is not feasible yet; ``log`` keeps the moves
    that can be undone, client and edge, ``n_logged`` how many.
    """

    edge: Longs
    load: Floats
    lower: Floats
    upper: Floats
    weight: Floats
    links: Longs
    log: Longs
    n_logged: Longs


def new_state(work: Work, edge: Longs, lower: Floats, upper: Floats, weight: Floats) -> State:
    """A state in which each client of the work has the edge given."""
    n_managers, n_clients = max((len(lower) - 1) // max(work.use.shape[1] - 1, 1), 1), len(edge)
    size = max(n_clients, n_managers)
    state = State(
        edge.copy(), np.zeros(len(lower)), lower, upper, weight.copy(), np.full((3, size), -1, np.int64),
        np.zeros((2, 4096 + 2 * n_clients), np.int64), np.zeros(1, np.int64),
    )  # fmt: skip
    _begin(work, state)
    return state


@lean
def _begin(work: Work, state: State) -> None:
    for i in range(state.edge.shape[0] - 1, -1, -1):
        charge(work, state, state.edge[i], 1.0)
        _link(state, i, work.manager[state.edge[i]])


@lean
def charge(work: Work, state: State, e: int, sign: float) -> None:
    """Add an edge's use to the loads, or take it away."""
    n_resources = work.use.shape[1] - 1
    base = work.manager[e] * n_resources
    for r in range(n_resources):
        state.load[base + r] += sign * work.use[e, r]
    state.load[state.load.shape[0] - 1] += sign * work.use[e, n_resources]


@lean
def _link(state: State, i: int, m: int) -> None:
    head = state.links[0, m]
    state.links[1, i], state.links[2, i] = head, -1
    if head >= 0:
        state.links[2, head] = i
    state.links[0, m] = i


@lean
def _unlink(state: State, i: int, m: int) -> None:
    later, before = state.links[1, i], state.links[2, i]
    if before >= 0:
        state.links[1, before] = later
    else:
        state.links[0, m] = later
    if later >= 0:
        state.links[2, later] = before


@lean
def move(work: Work, state: State, i: int, e: int) -> None:
    """Give a client another edge; the log forgets nothing until it is emptied or full."""
    old = state.edge[i]
    if state.n_logged[0] < state.log.shape[1]:
        state.log[0, state.n_logged[0]], state.log[1, state.n_logged[0]] = i, old
    state.n_logged[0] += 1
    charge(work, state, old, -1.0)
    charge(work, state, e, 1.0)
    if work.manager[old] != work.manager[e]:
        _unlink(state, i, work.manager[old])
        _link(state, i, work.manager[e])
    state.edge[i] = e


@lean
def undo(work: Work, state: State, down_to: int) -> None:
    """Take moves back, the last first, until so many are left in the log."""
    while state.n_logged[0] > down_to:
        last = state.n_logged[0] - 1
        move(work, state, state.log[0, last], state.log[1, last])
        state.n_logged[0] = last


@lean
def broken(state: State, row: int, load: float) -> float:
    """By how much a row at this load would miss its limits, at its weight."""
    over, under = load - state.upper[row], state.lower[row] - load
    worst = max(over, under)
    return state.weight[row] * worst if worst > 0 else 0.0


@lean
def total_broken(state: State) -> float:
    """What all broken limits cost at their weights."""
    total = 0.0
    for row in range(state.load.shape[0]):
        total += broken(state, row, state.load[row])
    return total


@lean
def change(work: Work, state: State, i: int, e: int) -> float:
    """By how much broken limits would cost more if the client took that edge."""
    old, n_resources, more = state.edge[i], work.use.shape[1] - 1, 0.0
    a, b = work.manager[old] * n_resources, work.manager[e] * n_resources
    for r in range(n_resources):
        less, use = work.use[old, r], work.use[e, r]
        if a == b:
            more += _step(state, a + r, use - less)
        else:
            more += _step(state, a + r, -less) + _step(state, b + r, use)
    return more + _step(state, state.load.shape[0] - 1, work.use[e, n_resources] - work.use[old, n_resources])


@lean
def _step(state: State, row: int, by: float) -> float:
    if by == 0.0:
        return 0.0
    load = state.load[row]
    return broken(state, row, load + by) - broken(state, row, load)


@lean
def worth(work: Work, state: State) -> float:
    """Sum of scores."""
    total = 0.0
    for i in range(state.edge.shape[0]):
        total += work.score[state.edge[i]]
    return total
