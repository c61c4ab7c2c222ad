"""R210: clusters under a veto hold at most one mark of a kind, whatever the edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.engine.solver.components import Longs, clusters

Graph = tuple[int, list[tuple[int, int]], list[int]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    n_nodes = draw(st.integers(1, 12))
    node = st.integers(0, n_nodes - 1)
    edges = draw(st.lists(st.tuples(node, node), max_size=20))
    marks = draw(st.lists(st.integers(0, 3), min_size=n_nodes, max_size=n_nodes))
    return n_nodes, edges, marks


def _run(graph: Graph) -> tuple[Longs, list[bool]]:
    n_nodes, edges, marks = graph
    pairs = np.array(edges, dtype=np.int64).reshape(-1, 2)
    root, used = clusters(n_nodes, pairs[:, 0], pairs[:, 1], np.array([marks], dtype=np.int64))
    return root, used.tolist()


@given(graphs())
def test_r210_no_cluster_holds_two_marks_of_a_kind(graph: Graph) -> None:
    root, _ = _run(graph)
    marks = np.array(graph[2])
    for cluster in set(root.tolist()):
        assert len(set(marks[(root == cluster) & (marks > 0)].tolist())) <= 1


@given(graphs())
def test_r210_used_edges_join_and_refused_edges_separate(graph: Graph) -> None:
    root, used = _run(graph)
    for (left, right), joined in zip(graph[1], used, strict=True):
        assert (root[left] == root[right]) or not joined


@given(graphs())
def test_r210_a_cluster_is_named_after_its_first_node(graph: Graph) -> None:
    root, _ = _run(graph)
    assert all(root[node] == min(np.flatnonzero(root == root[node])) for node in range(graph[0]))


def test_r210_without_marks_clusters_are_the_connected_components() -> None:
    root, used = _run((5, [(0, 1), (1, 2), (3, 4), (2, 0)], [0] * 5))
    assert root.tolist() == [0, 0, 0, 3, 3]
    assert used == [True] * 4


def test_r210_marks_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        clusters(3, np.array([0]), np.array([1]), np.zeros((1, 2), dtype=np.int64))
