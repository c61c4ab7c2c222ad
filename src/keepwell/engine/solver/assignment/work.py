"""The edges that matter: for some clients those closest to their best after prices, gathered in a fixed order."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from keepwell.engine.solver.assignment.lean import lean
from keepwell.engine.solver.assignment.problem import Floats, Ints, Longs, Numbers, Problem

FAR = 1e300
PART = 1 << 16


class Work(NamedTuple):
    """A part of the question in an order of its own: clients as given, edges by regret, uses beside each edge.

    Managers are told by their rank. ``weight`` (N,) is for how many a client stands.

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
    weight: Floats


class Picked(NamedTuple):
    """The work of those with a choice; those without (``alone``) with their only edge (``sole``) and what they use."""

    work: Work
    alone: Longs
    sole: Longs
    load: Floats


class Asked(NamedTuple):
    """A problem as its kernels see it; ``rank`` is each manager's place in the order of ``keys``.

    ``unit`` (R,) is one over the mean use of a resource.
    """

    start: Longs
    manager: Ints
    score: Numbers
    use: Floats
    is_per_edge: bool
    current: Ints
    rank: Longs
    unit: Floats


def asked(problem: Problem, managers: Longs) -> Asked:
    """The arrays of a problem, with the managers' rank among all."""
    rank = np.empty_like(managers)
    rank[managers] = np.arange(len(managers))
    use = np.ascontiguousarray(problem.use)
    unit = 1.0 / np.maximum(np.array([math.fsum(row.tolist()) for row in use]) / max(use.shape[1], 1), 1e-300)
    return Asked(
        problem.start, problem.manager, problem.score, use, problem.is_per_edge, problem.current, rank, unit
    )


def select(
    of: Asked, clients: Longs, price: Floats, most: int, widest: float, weight: Floats | None = None
) -> Picked:
    """For each of ``clients`` at most ``most`` edges whose regret is at most ``widest``, and so far the current one.

    ``price`` (M*R+1,) is signed, managers by rank. Edges are sorted by regret, then by their manager's rank. Who uses
    more than most is looked at as many times wider: a wrong price is as many times more wrong for it. Clients left with
    one edge have no choice and are no part of the work.
    """
    load = np.zeros(len(price))
    weight = np.ones(len(clients)) if weight is None else weight
    parts = [
        _picked(of, clients[first : first + PART], price, most, widest, weight[first : first + PART], load)
        for first in range(0, len(clients), PART)
    ]
    edge, regret, chosen, alone, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
    start = np.append(0, np.cumsum(chosen[:, 1]))
    client = np.ascontiguousarray(chosen[:, 0])
    use = np.empty((len(edge), of.use.shape[0] + 1))
    _gather(of, client, start, edge, use)
    score = of.score[edge].astype(np.float64)
    work = Work(client, edge, start, of.rank[of.manager[edge]], score, use, regret, weight)
    return Picked(work, np.ascontiguousarray(alone[:, 0]), np.ascontiguousarray(alone[:, 1]), load)


def _picked(
    of: Asked, clients: Longs, price: Floats, most: int, widest: float, weight: Floats, load: Floats
) -> tuple[Longs, Floats, Longs, Longs, Floats]:
    """Edges with their regret, clients with how many they have, those without a choice with their edge, weights."""
    degree = of.start[clients + 1] - of.start[clients]
    room = int(np.minimum(degree, most + 1).sum())
    edge, regret = np.empty(room, dtype=np.int64), np.empty(room)
    chosen, alone = np.empty((len(clients), 2), np.int64), np.empty((len(clients), 2), np.int64)
    net, some = np.empty(int(degree.max(initial=0))), np.empty(len(clients))
    n_edges, n, n_alone = _pick(
        of, clients, price, most, widest, weight, edge, regret, chosen, alone, some, net, load
    )
    return (
        edge[:n_edges].copy(), regret[:n_edges].copy(), chosen[:n].copy(), alone[:n_alone].copy(), some[:n].copy()
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _pick(
    of: Asked, clients: Longs, price: Floats, most: int, widest: float, weight: Floats, edge: Longs, regret: Floats,
    chosen: Longs, alone: Longs, some: Floats, net: Floats, load: Floats,
) -> tuple[int, int, int]:  # fmt: skip
    at, n, n_alone = 0, 0, 0
    for place in range(clients.shape[0]):
        i = clients[place]
        first, wide = of.start[i], widest * heft(of, i)
        best = _net_scores(of, i, price, net)
        kept, stays = 0, -1
        for e in range(first, of.start[i + 1]):
            loss = best - net[e - first]
            if of.manager[e] == of.current[i]:
                stays = e
            if loss <= wide and (kept < most or loss <= regret[at + kept - 1]):
                kept = _insert(of, edge, regret, at, kept, most, e, loss)
        if stays >= 0 and best - net[stays - first] <= wide:
            kept = _keep(edge, regret, at, kept, stays, best - net[stays - first])
        if kept == 1:
            alone[n_alone, 0], alone[n_alone, 1] = i, edge[at]
            _load(of, i, edge[at], weight[place], load)
            n_alone += 1
        else:
            chosen[n, 0], chosen[n, 1], some[n] = i, kept, weight[place]
            n, at = n + 1, at + kept
    return at, n, n_alone


@lean
def heft(of: Asked, i: int) -> float:
    """How many times the mean a client uses of what it uses most, at least one."""
    most = 1.0
    if not of.is_per_edge:
        for r in range(of.use.shape[0]):
            most = max(most, of.use[r, i] * of.unit[r])
    return most


@njit(cache=True, nogil=True)
def hefts(of: Asked) -> Floats:
    """``heft`` of all clients."""
    return np.array([heft(of, i) for i in range(of.start.shape[0] - 1)])


@lean
def _net_scores(of: Asked, i: int, price: Floats, net: Floats) -> float:
    """Fill ``net`` with the scores after prices of a client's edges; the best of them."""
    first, n_resources, best = of.start[i], of.use.shape[0], -FAR
    holder, switch = of.current[i], price[price.shape[0] - 1]
    for e in range(first, of.start[i + 1]):
        at, m = e if of.is_per_edge else i, of.manager[e]
        base, value = of.rank[m] * n_resources, float(of.score[e])
        for r in range(n_resources):
            value -= price[base + r] * of.use[r, at]
        if holder >= 0 and m != holder:
            value -= switch
        net[e - first] = value
        best = max(best, value)
    return best


@lean
def _load(of: Asked, i: int, e: int, weight: float, load: Floats) -> None:
    """Add what a client uses of the rows by an edge."""
    n_resources = of.use.shape[0]
    base, at = of.rank[of.manager[e]] * n_resources, e if of.is_per_edge else i
    for r in range(n_resources):
        load[base + r] += weight * of.use[r, at]
    if of.current[i] >= 0 and of.manager[e] != of.current[i]:
        load[load.shape[0] - 1] += weight


def best_sum(of: Asked, clients: Longs, price: Floats) -> float:
    """Sum of each client's best score after prices."""
    return float(_best_sum(of, clients, price, np.empty(int(np.diff(of.start).max(initial=0)))))


@njit(cache=True, nogil=True)
def _best_sum(of: Asked, clients: Longs, price: Floats, net: Floats) -> float:
    total = 0.0
    for i in clients:
        total += _net_scores(of, i, price, net)
    return total


@njit(cache=True, nogil=True)
def least_sum(of: Asked) -> float:
    """Sum of each client's least score."""
    total = 0.0
    for i in range(of.start.shape[0] - 1):
        low = FAR
        for e in range(of.start[i], of.start[i + 1]):
            low = min(low, float(of.score[e]))
        total += low
    return total


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


def thinned(of: Asked, picked: Picked, price: Floats, widest: float) -> Picked:
    """The same at other prices with only the edges whose regret is at most ``widest`` there."""
    work, load = picked.work, picked.load.copy()
    start, kept = np.zeros(len(work.start), np.int64), np.empty(len(work.edge), np.int64)
    client, alone = np.empty(len(work.client), np.int64), np.empty((len(work.client), 2), np.int64)
    weight = np.empty(len(work.client))
    net = np.empty(int(np.diff(work.start).max(initial=0)))
    n, n_alone = _thin(of, work, price, widest, start, kept, client, weight, alone, net, load)
    start, own = start[: n + 1].copy(), alone[:n_alone]
    edge = kept[: start[-1]].copy()
    few = Work(
        client[:n].copy(), work.edge[edge], start, work.manager[edge], work.score[edge], work.use[edge],
        work.regret[edge], weight[:n].copy(),
    )  # fmt: skip
    return Picked(few, np.append(picked.alone, own[:, 0]), np.append(picked.sole, own[:, 1]), load)


@lean
def cost(work: Work, e: int, price: Floats) -> float:
    """What an edge costs at prices."""
    n_resources = work.use.shape[1] - 1
    base = work.manager[e] * n_resources
    total = price[price.shape[0] - 1] * work.use[e, n_resources]
    for r in range(n_resources):
        total += price[base + r] * work.use[e, r]
    return total


@lean
def use(work: Work, e: int, share: float, load: Floats) -> None:
    """Add a share of what an edge uses to the loads."""
    n_resources = work.use.shape[1] - 1
    base = work.manager[e] * n_resources
    for r in range(n_resources):
        load[base + r] += share * work.use[e, r]
    load[load.shape[0] - 1] += share * work.use[e, n_resources]


@njit(cache=True, nogil=True)
def _thin(
    of: Asked, work: Work, price: Floats, widest: float, start: Longs, kept: Longs, client: Longs, weight: Floats,
    alone: Longs, net: Floats, load: Floats,
) -> tuple[int, int]:  # fmt: skip
    at, n, n_alone = 0, 0, 0
    for i in range(work.client.shape[0]):
        first, last, best = work.start[i], work.start[i + 1], -FAR
        for e in range(first, last):
            net[e - first] = work.score[e] - cost(work, e, price)
            best = max(best, net[e - first])
        begin, wide = at, widest * heft(of, work.client[i])
        for e in range(first, last):
            if best - net[e - first] <= wide:
                kept[at] = e
                at += 1
        if at - begin > 1:
            client[n], weight[n], start[n + 1] = work.client[i], work.weight[i], at
            n += 1
        else:
            alone[n_alone, 0], alone[n_alone, 1] = work.client[i], work.edge[kept[begin]]
            use(work, kept[begin], work.weight[i], load)
            n_alone, at = n_alone + 1, begin
    return n, n_alone
