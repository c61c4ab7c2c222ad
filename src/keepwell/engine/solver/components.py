"""Clusters under vetoes: what people said first, then edges in a given order unless something forbids them.

Disjoint sets with path halving (Tarjan and van Leeuwen 1984). Each set carries its marks, of several kinds, and a
chain of the nodes it must never meet; both are joined with the sets, so that an edge is checked for the whole
cluster, not only for its two ends.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
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
    marks of one are among those of the other. ``weak`` edges are tried again until none of them joins any more.
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
    starts, ends = _neighbours(n_nodes, edges) if weak else (np.zeros(n_nodes + 1, np.int64), edges[0, :0])
    used = _join(
        parent, enemies, chain, edges, sets, held,
        is_weak, weak.millionths if weak else 0, starts, ends, _members(_flat(parent)),
    )  # fmt: skip
    return Clustered(_flat(parent), used, upheld)


def _neighbours(n_nodes: int, edges: Longs) -> tuple[Longs, Longs]:
    """For each node where its neighbours begin, and all neighbours; two edges between two nodes count once."""
    apart = edges[:, edges[0] != edges[1]]
    both = np.unique(np.concatenate([apart, apart[::-1]], axis=1), axis=1)
    return np.searchsorted(both[0], np.arange(n_nodes + 1)), both[1].copy()


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
def _is_supported(
    parent: Longs, members: Longs, starts: Longs, ends: Longs, millionths: int, a: int, b: int
) -> bool:
    """Whether enough different edges run between two clusters; the smaller one is walked."""
    if members[2, a] > members[2, b]:
        a, b = b, a
    missing = max(1, (members[2, a] * millionths + WHOLE - 1) // WHOLE)
    node = a
    while node != -1 and missing > 0:
        for place in range(starts[node], starts[node + 1]):
            if _root(parent, ends[place]) == b:
                missing -= 1
        node = members[0, node]
    return missing <= 0


@njit(cache=True)
def _join(
    parent: Longs, enemies: Longs, chain: Longs, edges: Longs, sets: Longs, held: Longs,
    is_weak: Flags, millionths: int, starts: Longs, ends: Longs, members: Longs,
) -> Flags:  # fmt: skip
    used = np.zeros(edges.shape[1], dtype=np.bool_)
    has_weak = bool(is_weak.any())
    has_joined = True
    while has_joined:
        has_joined = False
        for edge in range(edges.shape[1]):
            if used[edge]:
                continue
            a, b = _root(parent, edges[0, edge]), _root(parent, edges[1, edge])
            if a > b:
                a, b = b, a
            allowed = a == b or not _are_enemies(parent, enemies, chain, a, b)
            for kind in range(sets.shape[0]):
                allowed = allowed and (
                    _among(held, sets[kind, a], sets[kind, b]) or _among(held, sets[kind, b], sets[kind, a])
                )
            if allowed and a != b and is_weak[edge]:
                allowed = _is_supported(parent, members, starts, ends, millionths, a, b)
            used[edge] = allowed
            if allowed and a != b:
                has_joined = has_weak
                _unite(parent, enemies, chain, a, b)
                _enchain(members, a, b)
                for kind in range(sets.shape[0]):
                    if sets[kind, a, 1] - sets[kind, a, 0] < sets[kind, b, 1] - sets[kind, b, 0]:
                        sets[kind, a] = sets[kind, b]
    return used
