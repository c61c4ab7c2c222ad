"""R211: who stands near whom in a block is found as looking at every two would find it, each two once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keepwell.engine.solver.meeting import each_once, next_ones

GROUPS = st.lists(st.integers(1, 6), max_size=6)


@given(GROUPS, st.integers(1, 8))
def test_r211_near_ones_of_a_group_meet_and_nobody_else(sizes: list[int], n_next: int) -> None:
    group = np.repeat(np.arange(len(sizes)), sizes)
    node = np.random.default_rng(sum(sizes)).permutation(len(group)).astype(np.int32)
    is_first = np.append(True, np.diff(group) != 0)[: group.size]
    met = next_ones(node, is_first, n_next)
    left, right = each_once([met, met])
    wanted = {
        (min(node[one], node[other]), max(node[one], node[other]))
        for one in range(len(group))
        for other in range(one + 1, min(one + n_next + 1, len(group)))
        if group[one] == group[other]
    }
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == sorted(wanted)
