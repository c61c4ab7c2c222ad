"""R210: clusters under a veto hold at most one mark of a kind, whatever the edges."""

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.engine.solver.components import Clustered, Judged, Longs, Weak, clusters

Graph = tuple[int, list[tuple[int, int]], list[int]]
Said = tuple[Graph, list[tuple[int, int, bool]]]


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
    found = clusters(n_nodes, pairs[:, 0], pairs[:, 1], np.array([marks], dtype=np.int64))
    return found.root, found.used.tolist()


@st.composite
def judged_graphs(draw: st.DrawFn) -> Said:
    graph = draw(graphs())
    node = st.integers(0, graph[0] - 1)
    said = draw(st.lists(st.tuples(node, node, st.booleans()), max_size=12))
    return graph, [(left, right, is_same) for left, right, is_same in said if left != right]


def _judged(said: Said) -> Clustered:
    (n_nodes, edges, marks), judgements = said
    pairs = np.array(edges, dtype=np.int64).reshape(-1, 2)
    left, right = (np.array([one[side] for one in judgements], dtype=np.int64) for side in (0, 1))
    judged = Judged(left, right, np.array([one[2] for one in judgements], dtype=np.bool_))
    return clusters(n_nodes, pairs[:, 0], pairs[:, 1], np.array([marks], dtype=np.int64), judged)


def _cores(n_nodes: int, judgements: list[tuple[int, int, bool]], upheld: list[bool]) -> list[set[int]]:
    """The sets that judgements alone have joined, by repeated union: slow and plain."""
    cores = [{node} for node in range(n_nodes)]
    for (left, right, is_same), holds in zip(judgements, upheld, strict=True):
        if is_same and holds:
            one = next(core for core in cores if left in core)
            other = next(core for core in cores if right in core)
            if one is not other:
                cores.remove(other)
                one |= other
    return cores


@given(judged_graphs())
def test_r210_judgements_that_are_upheld_always_win(said: Said) -> None:
    found = _judged(said)
    for (left, right, is_same), holds in zip(said[1], found.upheld.tolist(), strict=True):
        assert not holds or (found.root[left] == found.root[right]) == is_same


@given(judged_graphs())
def test_r210_a_judgement_yields_only_to_weightier_ones_that_contradict_it(said: Said) -> None:
    upheld = _judged(said).upheld.tolist()
    for place, (left, right, is_same) in enumerate(said[1]):
        before = _cores(said[0][0], said[1][:place], upheld[:place])
        one = next(core for core in before if left in core)
        other = next(core for core in before if right in core)
        apart = [
            {a, b} for (a, b, same), holds in zip(said[1][:place], upheld, strict=False) if holds and not same
        ]
        forbidden = any(pair & one and pair & other for pair in apart) and one is not other
        assert upheld[place] == (not forbidden if is_same else one is not other)


@given(judged_graphs())
def test_r210_two_marks_of_a_kind_meet_only_where_people_joined_them(said: Said) -> None:
    found = _judged(said)
    marks = np.array(said[0][2])
    cores = _cores(said[0][0], said[1], found.upheld.tolist())
    joined = [set(marks[sorted(core)].tolist()) - {0} for core in cores]
    for cluster in set(found.root.tolist()):
        held = set(marks[found.root == cluster].tolist()) - {0}
        assert len(held) < 2 or held in joined


def test_r210_what_must_stay_apart_stays_apart_through_others() -> None:
    said: Said = ((4, [(0, 1), (1, 2), (2, 3)], [0] * 4), [(0, 3, False)])
    assert _judged(said).root.tolist() == [0, 0, 0, 3]


def test_r210_a_judgement_joins_two_marks_and_nothing_else_does() -> None:
    said: Said = ((4, [(0, 2), (2, 3)], [1, 2, 2, 3]), [(0, 1, True)])
    found = _judged(said)
    assert (found.root.tolist(), found.used.tolist()) == ([0, 0, 0, 3], [True, False])


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


def test_r210_one_weak_edge_does_not_join_two_groups_but_half_the_smaller_ones_nodes_do() -> None:
    strong = [(0, 1), (1, 2), (3, 4), (4, 5)]
    for weak, n_clusters in (([(2, 3)], 2), ([(2, 3), (2, 3)], 2), ([(2, 3), (0, 5)], 1)):
        edges = np.array([*strong, *weak], dtype=np.int64)
        is_weak = np.arange(len(edges)) >= len(strong)
        found = clusters(
            6, edges[:, 0], edges[:, 1], np.zeros((1, 6), dtype=np.int64), weak=Weak(is_weak, 500_000)
        )
        assert len(set(found.root.tolist())) == n_clusters


@st.composite
def weak_graphs(draw: st.DrawFn) -> tuple[Graph, list[bool], int]:
    graph = draw(graphs())
    n_edges = len(graph[1])
    is_weak = draw(st.lists(st.booleans(), min_size=n_edges, max_size=n_edges))
    return graph, is_weak, draw(st.sampled_from([300_000, 500_000, 1_000_000]))


def _plainly(graph: Graph, is_weak: list[bool], millionths: int) -> list[int]:
    """The first edge that may join, again and again from the start: slow and plain."""
    n_nodes, edges, marks = graph
    root = list(range(n_nodes))
    between = {frozenset(edge) for edge in edges if edge[0] != edge[1]}

    def may_join(left: int, right: int, weak: bool) -> bool:
        one, other = (
            {node for node in range(n_nodes) if root[node] == end} for end in (root[left], root[right])
        )
        told = [{marks[node] for node in side} - {0} for side in (one, other)]
        support = sum(1 for pair in between if len(pair & one) == 1 and len(pair & other) == 1)
        needed = math.ceil(min(len(one), len(other)) * millionths / 1_000_000)
        is_free = told[0] <= told[1] or told[1] <= told[0]
        return one != other and is_free and (not weak or support >= needed)

    while True:
        ways = (edge for edge, weak in zip(edges, is_weak, strict=True) if may_join(*edge, weak))
        first = next(ways, None)
        if first is None:
            return root
        low, high = sorted(root[end] for end in first)
        root = [low if one == high else one for one in root]


@given(weak_graphs())
def test_r210_what_joins_is_the_first_edge_that_may_again_and_again(
    case: tuple[Graph, list[bool], int],
) -> None:
    graph, is_weak, millionths = case
    pairs = np.array(graph[1], dtype=np.int64).reshape(-1, 2)
    weak = Weak(np.array(is_weak, dtype=np.bool_), millionths)
    marks = np.array([graph[2]], dtype=np.int64)
    found = clusters(graph[0], pairs[:, 0], pairs[:, 1], marks, weak=weak)
    assert found.root.tolist() == _plainly(graph, is_weak, millionths)


def _chain(n: int) -> float:
    """CPU seconds for triangles of which each joins only when the one before has; the last stands first."""
    first = 3 * np.arange(n)
    strong = np.concatenate([np.stack([first, first + 1], 1), np.stack([first + 1, first + 2], 1)])
    last = first[:1:-1]
    weak = np.stack([np.repeat(last, 2), (np.repeat(last, 2).reshape(-1, 2) - [3, 6]).ravel()], 1)
    edges = np.concatenate([strong, weak, [[3, 0], [4, 1]]])
    told = Weak(np.arange(len(edges)) >= len(strong), 500_000)
    began = time.process_time()
    found = clusters(3 * n, edges[:, 0], edges[:, 1], np.zeros((1, 3 * n), dtype=np.int64), weak=told)
    spent = time.process_time() - began
    assert set(found.root.tolist()) == {0}
    return spent


def test_r210_a_chain_that_joins_one_link_after_the_other_costs_in_step_with_its_length() -> None:
    """Each link joins only after the one before, which stands behind it: tried over and over, costs were squared."""
    _chain(10)
    short, long = (min(_chain(n) for _ in range(3)) for n in (10_000, 100_000))
    assert long <= 20 * max(short, 0.02)
