"""Clusters under vetoes: what people said first, then edges in a given order unless something forbids them.

Disjoint sets with path halving (Tarjan and van Leeuwen 1984). Each set carries its marks, of several kinds, and a
chain of the nodes it must never meet; both are joined with the sets, so that an edge is checked for the whole
cluster, not only for its two ends.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
from numba import int64, njit
from numba.typed import Dict
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Judged(NamedTuple):
    """What people said of pairs of nodes, the weightiest first: one cluster, or two."""

    left: Longs
    right: Longs
    is_same: Flags


class Clustered(NamedTuple):
    """The smallest node of each node's cluster; which edges were used and which judgements were upheld.

    An edge inside a cluster counts as used.
    """

    root: Longs
    used: Flags
    upheld: Flags


class Weak(NamedTuple):
    """Which edges do not join two clusters alone, and the share of the smaller one's nodes that must have an edge.

    As many different edges must run between the two as that share of the smaller cluster's nodes, rounded up: one
    edge is enough for one or two nodes at a half, three nodes need two. The share is told in millionths.
    """

    is_weak: Flags
    millionths: int


NOTHING = Judged(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.bool_))
WHOLE = 1_000_000


def clusters(
    n_nodes: int, left: Longs, right: Longs, marks: Longs, judged: Judged = NOTHING, weak: Weak | None = None
) -> Clustered:
    """Join nodes by judgements, then edge by edge in the order given, and refuse an edge that breaks a veto.

    ``left`` and ``right`` are node numbers, shape (E,). ``marks`` has shape (M, n_nodes): a node's mark of each
    kind, 0 for none. Only a judgement brings two marks of a kind together: an edge joins two clusters if the
    marks of one are among those of the other. After every join the first edge that may join now is next.
    A judgement yields to those before it that contradict it. Raises ``ValueError`` on unequal shapes.
    """
    if left.shape != right.shape or marks.ndim != 2 or marks.shape[1] != n_nodes:
        raise ValueError(
            f"edges {left.shape} and {right.shape} or marks {marks.shape} do not fit {n_nodes} nodes"
        )
    parent = np.arange(n_nodes)
    enemies = np.full((3, n_nodes), -1, dtype=np.int64)
    enemies[2] = 0
    chain = np.full((2, 2 * judged.left.size), -1, dtype=np.int64)
    upheld = _judge(
        parent, enemies, chain, judged.left.astype(np.int64), judged.right.astype(np.int64), judged.is_same
    )
    sets, held = _sets(_flat(parent), marks.astype(np.int64))
    edges = np.stack([left, right]).astype(np.int64)
    is_weak = weak.is_weak if weak else np.zeros(left.size, dtype=np.bool_)
    alone = (np.zeros(n_nodes + 1, np.int64), edges[0, :0], edges[0, :0])
    _join(
        parent, enemies, chain, edges, sets, held, is_weak, weak.millionths if weak else 0,
        *(_neighbours(n_nodes, edges) if weak else alone), _members(_flat(parent)),
    )  # fmt: skip
    root = _flat(parent)
    return Clustered(root, root[edges[0]] == root[edges[1]], upheld)


def _neighbours(n_nodes: int, edges: Longs) -> tuple[Longs, Longs, Longs]:
    """For each node where its neighbours begin, all neighbours and the first edge to each, however many there are."""
    apart = np.flatnonzero(edges[0] != edges[1])
    both = np.concatenate([edges[:, apart], edges[::-1, apart]], axis=1)
    nth = np.tile(apart, 2)
    order = np.lexsort((nth, both[1], both[0]))
    sorted_ends = both[:, order]
    is_first = np.append(True, (np.diff(sorted_ends, axis=1) != 0).any(axis=0))[: order.size]
    found = sorted_ends[:, is_first]
    return np.searchsorted(found[0], np.arange(n_nodes + 1)), found[1].copy(), nth[order][is_first]


def _members(root: Longs) -> Longs:
    """The nodes of each cluster as a chain: rows next, last and how many; the root comes first."""
    chained = np.full((3, root.size), -1, dtype=np.int64)
    chained[1] = np.arange(root.size)
    chained[2] = 1
    for node in np.flatnonzero(root != np.arange(root.size)):
        _enchain(chained, int(root[node]), int(node))
    return chained


def _sets(root: Longs, marks: Longs) -> tuple[Longs, Longs]:
    """The marks of each cluster: begin and end, shape (M, n_nodes, 2), in one list of marks, sorted in each cluster."""
    sets = np.zeros((*marks.shape, 2), dtype=np.int64)
    lists: list[Longs] = []
    n_listed = 0
    for kind in range(marks.shape[0]):
        marked = np.flatnonzero(marks[kind])
        pairs = np.unique(np.stack([root[marked], marks[kind, marked]], axis=1), axis=0)
        owners, starts, sizes = np.unique(pairs[:, 0], return_index=True, return_counts=True)
        sets[kind, owners, 0] = n_listed + starts
        sets[kind, owners, 1] = n_listed + starts + sizes
        lists.append(pairs[:, 1])
        n_listed += len(pairs)
    return sets, np.concatenate(lists) if lists else np.empty(0, np.int64)


@njit(cache=True)
def _root(parent: Longs, node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@njit(cache=True)
def _flat(parent: Longs) -> Longs:
    for node in range(parent.shape[0]):
        parent[node] = _root(parent, node)
    return parent.copy()


@njit(cache=True)
def _are_enemies(parent: Longs, enemies: Longs, chain: Longs, a: int, b: int) -> bool:
    """Whether two clusters must not meet; the shorter chain is walked. Rows: first, last, how many; next, whom."""
    if enemies[2, a] > enemies[2, b]:
        a, b = b, a
    entry = enemies[0, a]
    while entry != -1:
        if _root(parent, chain[1, entry]) == b:
            return True
        entry = chain[0, entry]
    return False


@njit(cache=True)
def _add_enemy(enemies: Longs, chain: Longs, root: int, entry: int, whom: int) -> None:
    chain[1, entry] = whom
    chain[0, entry] = enemies[0, root]
    if enemies[0, root] == -1:
        enemies[1, root] = entry
    enemies[0, root] = entry
    enemies[2, root] += 1


@njit(cache=True)
def _unite(parent: Longs, enemies: Longs, chain: Longs, a: int, b: int) -> None:
    """Put cluster ``b`` into ``a``, its enemies with it."""
    parent[b] = a
    if enemies[0, b] == -1:
        return
    if enemies[0, a] == -1:
        enemies[0, a] = enemies[0, b]
    else:
        chain[0, enemies[1, a]] = enemies[0, b]
    enemies[1, a] = enemies[1, b]
    enemies[2, a] += enemies[2, b]


@njit(cache=True)
def _judge(parent: Longs, enemies: Longs, chain: Longs, left: Longs, right: Longs, is_same: Flags) -> Flags:
    upheld = np.zeros(left.shape[0], dtype=np.bool_)
    for n in range(left.shape[0]):
        a, b = _root(parent, left[n]), _root(parent, right[n])
        if is_same[n]:
            upheld[n] = a == b or not _are_enemies(parent, enemies, chain, a, b)
            if upheld[n] and a != b:
                _unite(parent, enemies, chain, min(a, b), max(a, b))
        elif a != b:
            upheld[n] = True
            _add_enemy(enemies, chain, a, 2 * n, right[n])
            _add_enemy(enemies, chain, b, 2 * n + 1, left[n])
    return upheld


@njit(cache=True)
def _among(held: Longs, few: Longs, many: Longs) -> bool:
    """Whether the marks from ``few[0]`` to ``few[1]`` are all among those from ``many[0]`` to ``many[1]``."""
    if few[1] - few[0] > many[1] - many[0]:
        return False
    place = many[0]
    for one in range(few[0], few[1]):
        while place < many[1] and held[place] < held[one]:
            place += 1
        if place == many[1] or held[place] != held[one]:
            return False
    return True


@njit(cache=True)
def _enchain(members: Longs, a: int, b: int) -> None:
    """Hang the chain of ``b`` behind that of ``a``."""
    members[0, members[1, a]] = b
    members[1, a] = members[1, b]
    members[2, a] += members[2, b]


@njit(cache=True)
def _between(tag: Longs, starts: Longs, ends: Longs, firsts: Longs) -> tuple[dict[int, int], dict[int, int]]:
    """For each two clusters with edges between them, how many different ones and the first of them."""
    n_edges, first = Dict.empty(int64, int64), Dict.empty(int64, int64)
    n_nodes = tag.shape[0]
    for node in range(n_nodes):
        for place in range(starts[node], starts[node + 1]):
            one, other = tag[node], tag[ends[place]]
            if one >= other:
                continue
            key = one * n_nodes + other
            n_edges[key] = n_edges.get(key, 0) + 1
            first[key] = min(first.get(key, firsts[place]), firsts[place])
    return n_edges, first


@njit(cache=True)
def _take_over(
    taken: int, kept: int, taken_root: int, parent: Longs, members: Longs, tag: Longs,
    starts: Longs, ends: Longs, n_edges: dict[int, int], first: dict[int, int], woken: list[int], wakes_all: bool,
) -> None:  # fmt: skip
    """Count the edges of the cluster tagged ``taken`` to others as those of ``kept``; wake what both have edges to."""
    n_nodes = tag.shape[0]
    node = taken_root
    while node != -1:
        for place in range(starts[node], starts[node + 1]):
            other = tag[_root(parent, ends[place])]
            key = min(taken, other) * n_nodes + max(taken, other)
            if other in (taken, kept) or key not in n_edges:
                continue
            n_moved, first_moved = n_edges.pop(key), first.pop(key)
            new = min(kept, other) * n_nodes + max(kept, other)
            is_shared = new in n_edges
            n_edges[new] = n_edges.get(new, 0) + n_moved
            first[new] = min(first.get(new, first_moved), first_moved)
            if is_shared or wakes_all:
                heappush(woken, first[new])
        node = members[0, node]


@njit(cache=True)
def _wake(
    root: int, own: int, parent: Longs, members: Longs, tag: Longs, starts: Longs, ends: Longs,
    first: dict[int, int], woken: list[int],
) -> None:  # fmt: skip
    """Try everything that has an edge to the cluster once more: its marks are more than they were."""
    node = root
    while node != -1:
        for place in range(starts[node], starts[node + 1]):
            other = tag[_root(parent, ends[place])]
            key = min(own, other) * tag.shape[0] + max(own, other)
            if key in first:
                heappush(woken, first[key])
        node = members[0, node]


@njit(cache=True)
def _may_join(a: int, b: int, parent: Longs, enemies: Longs, chain: Longs, sets: Longs, held: Longs) -> bool:
    """Whether neither a judgement nor a mark stands against one cluster of two."""
    allowed = not _are_enemies(parent, enemies, chain, a, b)
    for kind in range(sets.shape[0]):
        allowed = allowed and (
            _among(held, sets[kind, a], sets[kind, b]) or _among(held, sets[kind, b], sets[kind, a])
        )
    return allowed


@njit(cache=True)
def _grow(sets: Longs, a: int, b: int) -> tuple[bool, bool]:
    """Give ``a`` the marks of both; whether those of ``a`` and of ``b``, if it had any, are more than they were."""
    has_grown = np.zeros(2, dtype=np.bool_)
    for kind in range(sets.shape[0]):
        n_a, n_b = sets[kind, a, 1] - sets[kind, a, 0], sets[kind, b, 1] - sets[kind, b, 0]
        has_grown[0] |= 0 < n_a < n_b
        has_grown[1] |= 0 < n_b < n_a
        if n_a < n_b:
            sets[kind, a] = sets[kind, b]
    return has_grown[0], has_grown[1]


@njit(cache=True)
def _are_enough(a: int, b: int, members: Longs, tag: Longs, n_edges: dict[int, int], millionths: int) -> bool:
    """Whether as many different edges run between two clusters as the smaller one needs."""
    n_found = n_edges.get(min(tag[a], tag[b]) * tag.shape[0] + max(tag[a], tag[b]), 0)
    fewer = min(members[2, a], members[2, b])
    return bool(n_found >= max(1, (fewer * millionths + WHOLE - 1) // WHOLE))


@njit(cache=True)
def _meet(
    a: int, b: int, parent: Longs, sets: Longs, members: Longs, tag: Longs, degree: Longs,
    starts: Longs, ends: Longs, n_edges: dict[int, int], first: dict[int, int], woken: list[int],
) -> None:  # fmt: skip
    """Let two clusters have their marks and edges in common, under the tag of the one with more edges."""
    few, many = (a, b) if degree[a] < degree[b] else (b, a)
    kept, taken = tag[many], tag[few]
    a_grew, b_grew = _grow(sets, a, b)
    few_grew, many_grew = (a_grew, b_grew) if few == a else (b_grew, a_grew)
    _take_over(taken, kept, few, parent, members, tag, starts, ends, n_edges, first, woken, few_grew)
    if many_grew:
        _wake(many, kept, parent, members, tag, starts, ends, first, woken)
    tag[a] = kept
    degree[a] += degree[b]


@njit(cache=True)
def _join(
    parent: Longs, enemies: Longs, chain: Longs, edges: Longs, sets: Longs, held: Longs,
    is_weak: Flags, millionths: int, starts: Longs, ends: Longs, firsts: Longs, members: Longs,
) -> None:  # fmt: skip
    """Join along the first edge that may, again and again.

    A refused edge is tried again only when it may have become enough: when its two clusters' common neighbour joined
    one of them, or marks have grown. Of two clusters that join, the one with fewer edges is walked, so that no edge is
    walked more often than the logarithm of their number, however they are chained.
    """
    tag, degree = parent.copy(), np.zeros(parent.shape[0], dtype=np.int64)
    for node in range(parent.shape[0]):
        degree[parent[node]] += starts[node + 1] - starts[node]
    n_edges, first = _between(tag, starts, ends, firsts)
    woken = [0 for _ in range(0)]
    n, next_edge = edges.shape[1], 0
    while next_edge < n or len(woken) > 0:
        if len(woken) > 0 and (next_edge == n or woken[0] < next_edge):
            edge = heappop(woken)
        else:
            edge = next_edge
            next_edge += 1
        one, other = _root(parent, edges[0, edge]), _root(parent, edges[1, edge])
        a, b = min(one, other), max(one, other)
        if a == b or not _may_join(a, b, parent, enemies, chain, sets, held):
            continue
        if is_weak[edge] and not _are_enough(a, b, members, tag, n_edges, millionths):
            continue
        _meet(a, b, parent, sets, members, tag, degree, starts, ends, n_edges, first, woken)
        _unite(parent, enemies, chain, a, b)
        _enchain(members, a, b)
