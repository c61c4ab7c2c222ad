"""Exchanges that keep every limit: a client who lost something takes a better edge, others go on, the last may end
where the first began (cyclic transfers, Thompson and Psaraftis 1993).

Each manager on the way takes one and gives one and must keep its limits with that; what those who go on lose must be
less than what was gained. So few branches are left that all can be looked at.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from keepwell.engine.solver.assignment.chains import LEAST_GAIN
from keepwell.engine.solver.assignment.lean import lean
from keepwell.engine.solver.assignment.problem import Floats, Longs
from keepwell.engine.solver.assignment.state import State, move
from keepwell.engine.solver.assignment.work import Work


class Path(NamedTuple):
    """The way so far, a column for each manager on it: who arrives by which edge, who is looked at to leave by which;
    what is left of the regret gained, score gained, switches added. ``looked`` counts edges.
    """

    client: Longs
    arrives: Longs
    leaver: Longs
    leaves: Longs
    left: Floats
    gained: Floats
    switches: Floats
    looked: Longs


def new_path(longest: int) -> Path:
    """An empty way of at most so many managers."""
    who, comes, leaver, goes = np.zeros((4, longest + 1), np.int64)
    left, gained, switches = np.zeros((3, longest + 1))
    return Path(who, comes, leaver, goes, left, gained, switches, np.zeros(2, np.int64))


class Effort(NamedTuple):
    """What an exchange may lose at prices before it gains, how many edges it looks at, and all of them together."""

    slip: float
    most: int
    most_together: float


@njit(cache=True, nogil=True)
def exchange_all(work: Work, state: State, clients: Longs, effort: Effort, path: Path) -> float:
    """Look for exchanges that begin with each client in turn; the score gained. ``path.looked[1]`` counts."""
    total = 0.0
    path.looked[1] = 0
    for i in clients:
        found = 1.0
        while found > 0.0 and path.looked[1] <= effort.most_together:
            found = exchange(work, state, i, effort.slip, effort.most, path)
            total += found
            path.looked[1] += path.looked[0]
    state.n_logged[0] = 0
    return total


@lean
def exchange(work: Work, state: State, i: int, slip: float, most: int, path: Path) -> float:
    """The first exchange found that begins with this client and gains; ``most`` edges are looked at."""
    own = state.edge[i]
    is_free = _fits(work, state, work.manager[own], -1, own)
    path.looked[0] = 0
    for e in range(work.start[i], work.start[i + 1]):
        left = work.regret[own] - work.regret[e] + slip
        if left <= 0.0 or path.looked[0] > most:
            break
        if e == own:
            continue
        _step(work, state, path, 0, i, e, left, 0.0, 0.0)
        if is_free and _ends(work, state, path, 0, -1):
            return _done(work, state, path, 0)
        depth = _search(work, state, path, i, is_free, most)
        if depth >= 0:
            return _done(work, state, path, depth)
    return 0.0


@lean
def _step(
    work: Work, state: State, path: Path, depth: int, i: int, e: int, left: float, gained: float, switches: float
) -> None:  # fmt: skip
    """Write one more arrival on the way."""
    own, last = state.edge[i], work.use.shape[1] - 1
    path.client[depth], path.arrives[depth] = i, e
    path.left[depth] = left
    path.gained[depth] = gained + work.score[e] - work.score[own]
    path.switches[depth] = switches + work.use[e, last] - work.use[own, last]
    path.leaver[depth], path.leaves[depth] = state.links[0, work.manager[e]], -1


@lean
def _fits(work: Work, state: State, m: int, comes: int, goes: int) -> bool:
    """Whether a manager keeps its limits when one edge comes and one goes."""
    n_resources = work.use.shape[1] - 1
    for r in range(n_resources):
        row = m * n_resources + r
        load = state.load[row]
        if comes >= 0:
            load += work.use[comes, r]
        if goes >= 0:
            load -= work.use[goes, r]
        if load > state.upper[row] or load < state.lower[row]:
            return False
    return True


@lean
def _ends(work: Work, state: State, path: Path, depth: int, goes: int) -> bool:
    """Whether the way may end with the last arrival: it gains, the last manager and the switches keep their limits."""
    last = state.load.shape[0] - 1
    if path.gained[depth] <= LEAST_GAIN or state.load[last] + path.switches[depth] > state.upper[last]:
        return False
    e = path.arrives[depth]
    return _fits(work, state, work.manager[e], e, goes)


@lean
def _search(work: Work, state: State, path: Path, i: int, is_free: bool, most: int) -> int:
    """Depth first from the first arrival; the depth at which the way ends well, -1 if nowhere."""
    depth, longest, own = 0, path.client.shape[0] - 1, state.edge[i]
    home = work.manager[own]
    while depth >= 0:
        k, m = path.leaver[depth], work.manager[path.arrives[depth]]
        if k < 0:
            depth -= 1
            continue
        gone = state.edge[k]
        if path.leaves[depth] < 0:
            path.leaves[depth] = work.start[k]
            if not _fits(work, state, m, path.arrives[depth], gone):
                path.leaves[depth] = work.start[k + 1]
        e = path.leaves[depth]
        left = path.left[depth] - (work.regret[e] - work.regret[gone] if e < work.start[k + 1] else 0.0)
        if e >= work.start[k + 1] or left <= 0.0:
            path.leaver[depth], path.leaves[depth] = state.links[1, k], -1
            continue
        path.leaves[depth] = e + 1
        path.looked[0] += 1
        if path.looked[0] > most:
            return -1
        if _is_on_way(work, path, depth, work.manager[e]):
            continue
        _step(work, state, path, depth + 1, k, e, left, path.gained[depth], path.switches[depth])
        is_home = work.manager[e] == home
        if (is_home or is_free) and _ends(work, state, path, depth + 1, own if is_home else -1):
            return depth + 1
        if depth + 1 < longest and not is_home:
            depth += 1
    return -1


@lean
def _is_on_way(work: Work, path: Path, depth: int, m: int) -> bool:
    place = depth
    while place >= 0 and work.manager[path.arrives[place]] != m:
        place -= 1
    return place >= 0


@lean
def _done(work: Work, state: State, path: Path, depth: int) -> float:
    """Move everybody on the way."""
    gained = path.gained[depth]
    for place in range(depth + 1):
        move(work, state, path.client[place], path.arrives[place])
    return gained
