"""The edges that matter: for some clients those closest to their best after prices, gathered in a fixed order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from keepwell.engine.solver.assignment.lean import lean
from keepwell.engine.solver.assignment.problem import Floats, Ints, Longs, Numbers, Problem

FAR = 1e300


class Work(NamedTuple):
    """A part of the question in an order of its own: clients as given, edges by regret, uses beside each edge.

    Managers are told by their rank.

    ``use`` (E, R+1): the last column is 1 where the edge takes a client from its current manager. Rows of limits are
    numbered rank of the manager * R + resource, the switches last. ``regret`` is what an edge loses against the best.
    """

    client: Longs
    edge: Longs
    start: Longs
    manager: Longs
    score: Floats
    use: Floats
    regret: Floats


class Asked(NamedTuple):
    """A problem as its kernels see it; ``rank`` is each manager's place in the order of ``keys``."""

    start: Longs
    manager: Ints
    score: Numbers
    use: Floats
    is_per_edge: bool
    current: Ints
    rank: Longs


def asked(problem: Problem, managers: Longs) -> Asked:
    """The arrays of a problem, with the managers' rank among all."""
    rank = np.empty_like(managers)
    rank[managers] = np.arange(len(managers))
    return Asked(
        problem.start, problem.manager, problem.score, np.ascontiguousarray(problem.use), problem.is_per_edge,
        problem.current, rank,
    )  # fmt: skip


def select(of: Asked, clients: Longs, price: Floats, most: int, widest: float) -> Work:
    """For each of ``clients`` at most ``most`` edges whose regret is at most ``widest``, and always the current one.

    ``price`` (M*R+1,) is signed, managers by rank. Edges are sorted by regret, then by their manager's rank.
    """
    n_resources = of.use.shape[0]
    degree = of.start[clients + 1] - of.start[clients]
    room = np.minimum(degree, most + 1)
    begins = np.append(0, np.cumsum(room))
    edge, regret = np.empty(begins[-1], dtype=np.int64), np.empty(begins[-1])
    found = _select(of, clients, price, most, widest, begins, edge, regret, int(degree.max(initial=0)))
    start = np.append(0, np.cumsum(found))
    _close(begins, start, edge, regret)
    edge, regret = edge[: start[-1]].copy(), regret[: start[-1]].copy()
    use = np.empty((len(edge), n_resources + 1))
    _gather(of, clients, start, edge, use)
    return Work(
        clients, edge, start, of.rank[of.manager[edge]], of.score[edge].astype(np.float64), use, regret
    )


@lean
def net_score(of: Asked, i: int, e: int, price: Floats) -> float:
    """An edge's score after prices."""
    n_resources = of.use.shape[0]
    base, at = of.rank[of.manager[e]] * n_resources, e if of.is_per_edge else i
    net = float(of.score[e])
    for r in range(n_resources):
        net -= price[base + r] * of.use[r, at]
    if of.current[i] >= 0 and of.manager[e] != of.current[i]:
        net -= price[price.shape[0] - 1]
    return net


@njit(cache=True, nogil=True)
def _select(
    of: Asked, clients: Longs, price: Floats, most: int, widest: float, begins: Longs, edge: Longs, regret: Floats,
    most_degree: int,
) -> Longs:  # fmt: skip
    found = np.zeros(clients.shape[0], dtype=np.int64)
    net = np.empty(most_degree)
    for n in range(clients.shape[0]):
        i = clients[n]
        first, last = of.start[i], of.start[i + 1]
        best = -FAR
        for e in range(first, last):
            net[e - first] = net_score(of, i, e, price)
            best = max(best, net[e - first])
        at, kept, stays = begins[n], 0, -1
        for e in range(first, last):
            if of.manager[e] == of.current[i]:
                stays = e
            if best - net[e - first] <= widest:
                kept = _insert(of, edge, regret, at, kept, most, e, best - net[e - first])
        if stays >= 0:
            kept = _keep(edge, regret, at, kept, stays, best - net[stays - first])
        found[n] = kept
    return found


@lean
def _insert(
    of: Asked, edge: Longs, regret: Floats, at: int, kept: int, most: int, e: int, loss: float
) -> int:
    """Put an edge into its place among the kept, which are sorted; the last falls out when there are too many."""
    place, rank = at + kept, of.rank[of.manager[e]]
    while place > at and (
        regret[place - 1] > loss
        or (regret[place - 1] == loss and of.rank[of.manager[edge[place - 1]]] > rank)
    ):
        place -= 1
    if place - at >= most:
        return kept
    for later in range(min(at + kept, at + most - 1), place, -1):
        edge[later], regret[later] = edge[later - 1], regret[later - 1]
    edge[place], regret[place] = e, loss
    return min(kept + 1, most)


@lean
def _keep(edge: Longs, regret: Floats, at: int, kept: int, e: int, loss: float) -> int:
    """See to it that an edge is among the kept; its regret is the largest if it was not."""
    for place in range(at, at + kept):
        if edge[place] == e:
            return kept
    edge[at + kept], regret[at + kept] = e, loss
    return kept + 1


@njit(cache=True)
def _close(begins: Longs, start: Longs, edge: Longs, regret: Floats) -> None:
    """Move what was found side by side."""
    for n in range(start.shape[0] - 1):
        for place in range(start[n + 1] - start[n]):
            edge[start[n] + place] = edge[begins[n] + place]
            regret[start[n] + place] = regret[begins[n] + place]


@njit(cache=True)
def _gather(of: Asked, clients: Longs, start: Longs, edge: Longs, use: Floats) -> None:
    n_resources = of.use.shape[0]
    for n in range(clients.shape[0]):
        i = clients[n]
        for place in range(start[n], start[n + 1]):
            e = edge[place]
            for r in range(n_resources):
                use[place, r] = of.use[r, e if of.is_per_edge else i]
            moves = of.current[i] >= 0 and of.manager[e] != of.current[i]
            use[place, n_resources] = 1.0 if moves else 0.0
