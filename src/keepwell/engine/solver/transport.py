"""Exact assignment of clients to a few managers under lower and upper head counts.

The problem is a transportation problem: maximise the sum of integer scores, every client to exactly one
manager, ``lower[j] <= load[j] <= upper[j]``. It is solved by successive shortest augmenting paths over the
managers alone (Ford and Fulkerson 1962; the client in between is the cheapest mover of each pair, kept in
heaps), which is exact in integers. Prices of the managers' places come from the final residual graph by
Bellman-Ford; they prove the answer: any prices give an upper bound, these give the value itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from numba import njit
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Heap = list[tuple[np.int64, np.int64]]
FAR = np.int64(1) << np.int64(60)
MUST = np.int64(1) << np.int64(44)


@dataclass(frozen=True, slots=True)
class Assignment:
    """``manager`` has shape (N,), ``price`` shape (K,); ``value`` equals ``bound`` when the answer is optimal."""

    manager: Longs
    price: Longs
    value: int
    bound: int


def assign(scores: Longs, lower: Longs, upper: Longs) -> Assignment:
    """The best assignment under head counts, with prices that prove it.

    ``scores`` has shape (N, K), integers below 2**40 in size; ``lower`` and ``upper`` have shape (K,). The
    answer does not depend on threads or platform. Raises ``ValueError`` when no assignment exists: the upper
    limits hold fewer than N, the lower ones ask for more than N, or a lower limit is above its upper one.
    """
    n_clients, n_managers = scores.shape
    if lower.sum() > n_clients or upper.sum() < n_clients or (lower > upper).any() or (lower < 0).any():
        raise ValueError(
            f"{n_clients} clients do not fit limits {int(lower.sum())} to {int(upper.sum())} of {n_managers} managers"
        )
    manager = _augment(np.ascontiguousarray(scores), lower.astype(np.int64), upper.astype(np.int64))
    price = _prices(scores, manager, lower, upper)
    value = int(scores[np.arange(n_clients), manager].sum())
    return Assignment(manager, price, value, upper_bound(scores, price, lower, upper))


def upper_bound(scores: Longs, price: Longs, lower: Longs, upper: Longs) -> int:
    """What no assignment can exceed, for any prices: shares nothing with the solver but the arrays."""
    best = (scores - price[None, :]).max(axis=1).sum() if len(scores) else 0
    limits = np.where(price > 0, price * upper, price * lower).sum()
    return int(best + limits)


@njit(cache=True)
def _top(heap: Heap, manager: Longs, owner: int) -> tuple[np.int64, np.int64]:
    """Cheapest client that still belongs to ``owner``; stale entries fall out on the way."""
    while len(heap) > 0:
        loss, client = heap[0]
        if manager[client] == owner:
            return loss, client
        heappop(heap)
    return FAR, np.int64(-1)


@njit(cache=True)
def _place(heaps: list[Heap], scores: Longs, manager: Longs, client: int, target: int) -> None:
    manager[client] = target
    n_managers = scores.shape[1]
    for other in range(n_managers):
        if other != target:
            loss = scores[client, target] - scores[client, other]
            heappush(heaps[target * n_managers + other], (loss, np.int64(client)))


@njit(cache=True)
def _relax(heaps: list[Heap], manager: Longs, cost: Longs, came_from: Longs, mover: Longs) -> None:
    """Shortest costs over the managers: passing a client on costs its loss (Bellman-Ford)."""
    n_managers = cost.shape[0]
    losses = np.empty((n_managers, n_managers), dtype=np.int64)
    movers = np.empty((n_managers, n_managers), dtype=np.int64)
    for j in range(n_managers):
        for k in range(n_managers):
            losses[j, k], movers[j, k] = FAR, -1
            if j != k:
                losses[j, k], movers[j, k] = _top(heaps[j * n_managers + k], manager, j)
    changed = True
    while changed:
        changed = False
        for j in range(n_managers):
            for k in range(n_managers):
                if losses[j, k] < FAR and cost[j] + losses[j, k] < cost[k]:
                    cost[k] = cost[j] + losses[j, k]
                    came_from[k], mover[k] = j, movers[j, k]
                    changed = True


@njit(cache=True)
def _augment(scores: Longs, lower: Longs, upper: Longs) -> Longs:
    n_clients, n_managers = scores.shape
    heaps = [[(np.int64(0), np.int64(0)) for _ in range(0)] for _ in range(n_managers * n_managers)]
    manager = np.full(n_clients, -1, dtype=np.int64)
    load = np.zeros(n_managers, dtype=np.int64)
    for client in range(n_clients):
        cost = -scores[client]
        came_from = np.full(n_managers, -1, dtype=np.int64)
        mover = np.full(n_managers, -1, dtype=np.int64)
        _relax(heaps, manager, cost, came_from, mover)
        end, best = -1, FAR
        for j in range(n_managers):
            last = -MUST if load[j] < lower[j] else np.int64(0)
            if load[j] < upper[j] and cost[j] + last < best:
                end, best = j, cost[j] + last
        load[end] += 1
        while came_from[end] >= 0:
            _place(heaps, scores, manager, mover[end], end)
            end = came_from[end]
        _place(heaps, scores, manager, client, end)
    return manager


def _prices(scores: Longs, manager: Longs, lower: Longs, upper: Longs) -> Longs:
    """Prices under which every client is best where it is; zero for a manager between its limits.

    Difference constraints ``p[j] - p[k] <= loss[j, k]``, with node K for the price zero.
    """
    n_managers = scores.shape[1]
    load = np.bincount(manager, minlength=n_managers)
    limit = np.full((n_managers + 1, n_managers + 1), int(FAR), dtype=np.int64)
    for j in range(n_managers):
        mine = scores[manager == j]
        if len(mine):
            limit[j, :n_managers] = (mine[:, [j]] - mine).min(axis=0)
    limit[:n_managers, n_managers][load < upper] = 0
    limit[n_managers, :n_managers][load > lower] = 0
    price = np.zeros(n_managers + 1, dtype=np.int64)
    for _ in range(n_managers + 2):
        reachable = np.where(limit < int(FAR), price[None, :] + limit, int(FAR)).min(axis=1)
        tighter = np.minimum(price, reachable)
        if (tighter == price).all():
            return price[:n_managers] - price[n_managers]
        price = tighter
    raise ArithmeticError("no prices prove the assignment: it is not optimal")
