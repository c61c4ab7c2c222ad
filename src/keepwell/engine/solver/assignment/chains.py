"""Ejection chains: a client takes a better edge, pushes another on, and so forth, while the whole gains.

Shifts (chains of one) and swaps (of two that end where they began) are special cases; longer ones follow the cheapest
next move (Yagiura, Ibaraki and Glover 2006). Gain is score less what broken limits cost at their weights.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keepwell.engine.solver.assignment.lean import lean
from keepwell.engine.solver.assignment.problem import Longs
from keepwell.engine.solver.assignment.state import State, change, move, total_broken, undo
from keepwell.engine.solver.assignment.work import FAR, Work

LEAST_GAIN = 1e-9


class Reach(NamedTuple):
    """How far chains look: how many moves, and by how much regret a pushed client's edges may be worse."""

    longest: int
    widest: float


@lean
def gain(work: Work, state: State, i: int, e: int) -> float:
    """What one move adds to the sum of scores, less broken limits."""
    return work.score[e] - work.score[state.edge[i]] - change(work, state, i, e)


@lean
def improve(work: Work, state: State, i: int, reach: Reach) -> float:
    """Look for a chain that begins with this client and gains; what was gained, 0 if the plan is as it was."""
    own, begin = state.edge[i], state.n_logged[0]
    for e in range(work.start[i], work.start[i + 1]):
        if e == own:
            continue
        total = gain(work, state, i, e)
        if work.regret[e] - work.regret[own] > reach.widest and total <= LEAST_GAIN:
            break
        move(work, state, i, e)
        if total <= LEAST_GAIN:
            total = _push_on(work, state, i, total, reach)
        if total > LEAST_GAIN:
            return total
        undo(work, state, begin)
    return 0.0


@lean
def _push_on(work: Work, state: State, i: int, total: float, reach: Reach) -> float:
    """Let whoever came push the cheapest other member on, again and again, until the whole gains."""
    came = i
    for _ in range(1, reach.longest):
        who, where, best = _pushed(work, state, came, reach.widest)
        if who < 0:
            break
        move(work, state, who, where)
        total += best
        if total > LEAST_GAIN:
            return total
        came = who
    return total


@lean
def _pushed(work: Work, state: State, came: int, widest: float) -> tuple[int, int, float]:
    m = work.manager[state.edge[came]]
    who, where, best = -1, -1, -FAR
    k = state.links[0, m]
    while k >= 0:
        if k != came:
            own = work.regret[state.edge[k]]
            for e in range(work.start[k], work.start[k + 1]):
                if work.regret[e] - own > widest:
                    break
                if work.manager[e] == m:
                    continue
                found = gain(work, state, k, e)
                if found > best or (found == best and (k, e) < (who, where)):
                    who, where, best = k, e, found
        k = state.links[1, k]
    return who, where, best


@lean
def settle(
    work: Work, state: State, queue: Longs, waiting: Longs, reach: Reach, most: int, only_mend: bool
) -> int:
    """Improve from a queue of clients until it is empty; whoever shares a manager with a moved one is looked at again.

    ``queue`` is a ring as long as there are clients, ``waiting`` begin, number and, from 2 on, a flag for each client.
    With ``only_mend`` no further than until no limit is broken.
    """
    n, looked, full = queue.shape[0], 0, state.log.shape[1] - reach.longest - 1
    while waiting[1] > 0 and looked < most and state.n_logged[0] < full:
        i = queue[waiting[0]]
        waiting[0] = (waiting[0] + 1) % n
        waiting[1] -= 1
        waiting[2 + i] = 0
        begin = state.n_logged[0]
        looked += 1
        if improve(work, state, i, reach) > 0:
            if only_mend and total_broken(state) == 0.0:
                break
            _wake(work, state, begin, queue, waiting)
    return looked


@lean
def _wake(work: Work, state: State, begin: int, queue: Longs, waiting: Longs) -> None:
    last = min(state.n_logged[0], state.log.shape[1])
    for place in range(begin, last):
        i, left = state.log[0, place], work.manager[state.log[1, place]]
        for m in (left, work.manager[state.edge[i]]):
            k = state.links[0, m]
            while k >= 0:
                enqueue(k, queue, waiting)
                k = state.links[1, k]


@lean
def enqueue(i: int, queue: Longs, waiting: Longs) -> None:
    """Put a client at the end of the queue unless it waits already."""
    if waiting[2 + i] == 0:
        queue[(waiting[0] + waiting[1]) % queue.shape[0]] = i
        waiting[1] += 1
        waiting[2 + i] = 1


def new_queue(n: int) -> tuple[Longs, Longs]:
    """An empty queue for so many clients."""
    return np.zeros(n, dtype=np.int64), np.zeros(n + 2, dtype=np.int64)
