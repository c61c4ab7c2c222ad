"""One look at every edge: who has no candidate, who is too large, who must change hands, which parts hang together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from keepwell.engine.solver.assignment.lean import lean
from keepwell.engine.solver.assignment.problem import Floats, Ints, Longs, Problem


class Survey(NamedTuple):
    """Clients without a candidate, with one, alone above every candidate's limit, whose manager is none of theirs.

    ``part`` (M,): the smallest manager of those who share clients, directly or not.
    """

    n_lonely: int
    n_sole: int
    n_large: int
    n_must_switch: int
    part: Longs


def survey(problem: Problem) -> Survey:
    """Count what needs a closer look."""
    counts, part = np.zeros(4, np.int64), np.arange(problem.n_managers)
    upper = problem.upper + problem.room()[:-1].reshape(problem.upper.shape)
    _look(
        problem.start, problem.manager, np.ascontiguousarray(problem.use), problem.is_per_edge, upper, problem.current,
        counts, part,
    )  # fmt: skip
    n_lonely, n_sole, n_large, n_must_switch = map(int, counts)
    return Survey(n_lonely, n_sole, n_large, n_must_switch, part)


@njit(cache=True, nogil=True)
def _look(
    start: Longs, manager: Ints, use: Floats, is_per_edge: bool, upper: Floats, current: Ints, counts: Longs,
    part: Longs,
) -> None:  # fmt: skip
    for i in range(start.shape[0] - 1):
        first, last = start[i], start[i + 1]
        if last - first < 2:
            counts[last - first] += 1
        if last == first:
            continue
        counts[2] += 0 if _has_room(manager, use, is_per_edge, upper, i, first, last) else 1
        root, stays = _root(part, manager[first]), current[i] < 0
        for e in range(first, last):
            m = manager[e]
            stays |= m == current[i]
            if part[m] != root:
                other = _root(part, m)
                root, other = min(root, other), max(root, other)
                part[other] = root
        counts[3] += 0 if stays else 1
    for m in range(part.shape[0]):
        part[m] = _root(part, m)


@lean
def _root(part: Longs, m: int) -> int:
    while part[m] != m:
        part[m] = part[part[m]]
        m = part[m]
    return m


@lean
def _has_room(
    manager: Ints, use: Floats, is_per_edge: bool, upper: Floats, i: int, first: int, last: int
) -> bool:
    """Whether for each resource some candidate may take the client."""
    for r in range(upper.shape[1]):
        e = first
        while e < last and use[r, e if is_per_edge else i] > upper[manager[e], r]:
            e += 1
        if e == last:
            return False
    return True
