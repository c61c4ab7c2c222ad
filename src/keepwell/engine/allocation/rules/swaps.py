"""Two clients who would both gain together by changing places: for a branch that wants to change little."""

from __future__ import annotations

import numpy as np

from keepwell.engine.allocation.rules.quantities import Rows
from keepwell.engine.allocation.rules.question import Question
from keepwell.engine.solver.assignment.problem import Longs
from keepwell.policy.allocation import Allocation

FAR = -(1 << 62)


def swap_rows(asked: Question, rules: Allocation) -> Rows:
    """The swaps of today's books that gain the most, each client in one of them at most; heads stay as they are."""
    pairs = [
        pair
        for left in range(len(asked.able))
        for right in range(left + 1, len(asked.able))
        for pair in _between(asked, left, right, rules.shown.n_swaps)
    ]
    taken: set[int] = set()
    told: list[tuple[int, int, int]] = []
    for gain, left, right in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if len(told) < rules.shown.n_swaps and not {left, right} & taken:
            taken |= {left, right}
            told.append((left, right, gain))
    one, other = (np.array([pair[at] for pair in told], dtype=np.int64) for at in (0, 1))
    code = asked.managers.code
    return {
        "branch_code": np.full(len(told), asked.branch, dtype=object),
        "client_id": asked.clients.code[one],
        "manager_code": code[asked.current[one]],
        "other_id": asked.clients.code[other],
        "other_code": code[asked.current[other]],
        "gain": np.array([pair[2] for pair in told], dtype=np.int64),
    }


def _between(asked: Question, left: int, right: int, most: int) -> list[tuple[int, int, int]]:
    """The best swaps of two managers: whoever gains the most by going over, with whoever gains the most coming back."""
    over, back = _movers(asked, left, right, most), _movers(asked, right, left, most)
    n = min(len(over[0]), len(back[0]))
    gain = over[1][:n] + back[1][:n]
    ends = np.sort(np.stack([over[0][:n], back[0][:n]]), axis=0)
    return [(int(gain[at]), int(ends[0, at]), int(ends[1, at])) for at in np.flatnonzero(gain > 0)]


def _movers(asked: Question, start: int, end: int, most: int) -> tuple[Longs, Longs]:
    """Clients of one manager who may go to another, by what they gain, the most first."""
    mine = np.flatnonzero((asked.current == start) & asked.may[:, end] & ~asked.is_pinned)
    gain = asked.score[mine, end] - asked.score[mine, start]
    first = np.argsort(-gain, kind="stable")[:most]
    return mine[first], gain[first]
