"""Clusters under vetoes: union of edges in a given order, unless two marks that exclude each other would meet."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Longs = NDArray[np.int64]


def clusters(n_nodes: int, left: Longs, right: Longs, marks: Longs) -> tuple[Longs, NDArray[np.bool_]]:
    """Join nodes edge by edge, in the order given, and refuse an edge that would break a veto.

    ``left`` and ``right`` are node numbers, shape (E,). ``marks`` has shape (M, n_nodes): a node's mark of
    each kind, 0 for none; a cluster may hold at most one mark of a kind. Answers the smallest node of each
    node's cluster, shape (n_nodes,), and whether each edge was used (or was inside a cluster already).
    Disjoint sets with path halving (Tarjan and van Leeuwen 1984). Raises ``ValueError`` on unequal shapes.
    """
    if left.shape != right.shape or marks.ndim != 2 or marks.shape[1] != n_nodes:
        raise ValueError(
            f"edges {left.shape} and {right.shape} or marks {marks.shape} do not fit {n_nodes} nodes"
        )
    root, used = _clusters(
        n_nodes, left.astype(np.int64), right.astype(np.int64), marks.astype(np.int64).copy()
    )
    return root, used


@njit(cache=True)
def _root(parent: Longs, node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@njit(cache=True)
def _clusters(n_nodes: int, left: Longs, right: Longs, marks: Longs) -> tuple[Longs, NDArray[np.bool_]]:
    parent = np.arange(n_nodes)
    used = np.zeros(left.shape[0], dtype=np.bool_)
    for edge in range(left.shape[0]):
        a, b = _root(parent, left[edge]), _root(parent, right[edge])
        if a > b:
            a, b = b, a
        allowed = True
        for kind in range(marks.shape[0]):
            if marks[kind, a] != 0 and marks[kind, b] != 0 and marks[kind, a] != marks[kind, b]:
                allowed = False
        used[edge] = allowed
        if allowed and a != b:
            parent[b] = a
            for kind in range(marks.shape[0]):
                if marks[kind, a] == 0:
                    marks[kind, a] = marks[kind, b]
    for node in range(n_nodes):
        parent[node] = _root(parent, node)
    return parent, used
