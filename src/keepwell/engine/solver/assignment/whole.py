"""From prices to a plan of whole clients: best edges, repairs, exchanges; small questions are searched longer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.engine.solver.assignment.chains import Reach
from keepwell.engine.solver.assignment.exchange import Effort, exchange_all, new_path
from keepwell.engine.solver.assignment.exhaustive import exhaust
from keepwell.engine.solver.assignment.mending import mend
from keepwell.engine.solver.assignment.prices import rows_for
from keepwell.engine.solver.assignment.problem import Floats, Longs, is_whole
from keepwell.engine.solver.assignment.repair import repair, reversed_edges
from keepwell.engine.solver.assignment.seeking import Terms, seek
from keepwell.engine.solver.assignment.setting import MOST_LOOKED_AT, Setting
from keepwell.engine.solver.assignment.state import State, new_state, total_broken
from keepwell.engine.solver.assignment.work import FAR, Picked, Work, select

MOST_NODES, MOST_HOPE = 300_000, 4_000_000
MOST_EDGES = 3_000_000
"""Edges gathered for repairs of large questions."""
SHARES = (0.05, 0.2, 0.35, 0.4)
MOST_MOVES = 8e8
"""Moves weighed in a search at effort 1, a few seconds."""
MOST_EXCHANGED = 8e6
SLIP = 0.005
"""What an exchange may lose at prices before it gains, as a share of the spread."""
LOOKS_TO_MEND, FEWEST_LOOKS, MOST_MENDED = 30, 2_000, 1e9
"""Looks at each client to mend a plan; no more than these moves weighed together, but always some."""
GRAVER = 10.0
"""How much more broken limits weigh in mending than at their price: what is broken comes before what is lost."""


@dataclass(slots=True)
class Answer:
    """The edge of each client as listed, the nearest plan's where none ``is_found``; whether all plans were seen."""

    edge: Longs
    is_found: bool
    is_proven: bool = False


def whole(at: Setting, price: Floats) -> Answer:
    """A plan of whole clients; the edges looked at are widened when none is found among the few."""
    answer = Answer(np.zeros(0, np.int64), is_found=False)
    for most, widest in _widths(at, price):
        picked = select(at.of, at.clients, price, most, widest)
        state = _mended(at, picked, price, LOOKS_TO_MEND)
        answer = Answer(_edges(at, picked, picked.work.edge[state.edge]), total_broken(state) == 0)
        if answer.is_found or most >= at.most_degree:
            break
    if at.is_small:
        return _searched(at, picked, state, price, answer)
    if answer.is_found:
        answer.edge = _edges(at, picked, picked.work.edge[_exchanged(at, picked.work, state).edge])
    return answer


def nearest_plan(at: Setting) -> Answer:
    """What repairs come to from everybody's best edge, where limits are known to contradict each other."""
    price = np.zeros(len(at.lower))
    most, widest = _widths(at, price)[0]
    picked = select(at.of, at.clients, price, most, widest)
    state = _mended(at, picked, price, LOOKS_TO_MEND // 10)
    return Answer(_edges(at, picked, picked.work.edge[state.edge]), total_broken(state) == 0)


def _widths(at: Setting, price: Floats) -> list[tuple[int, float]]:
    """How many edges a client and how far from its best: as many as there is room for, then more."""
    if at.is_small:
        return [(10, FAR), (30, FAR), (at.most_degree, FAR)]
    some = select(at.of, at.clients[:MOST_LOOKED_AT], price, at.most_degree, FAR).work
    each = float(np.clip(MOST_EDGES / at.problem.n_clients, 1.5, 8.0))
    near = _wide(some, each)
    return [(10, near), (20, 4 * near), (min(40, at.most_degree), FAR)]


def _wide(work: Work, each: float) -> float:
    """The regret below which there are so many edges a client."""
    place = min(int(each * len(work.client)), len(work.regret) - 1)
    return float(np.partition(work.regret, place)[place]) if place >= 0 else 0.0


def _mended(at: Setting, picked: Picked, price: Floats, looks: int) -> State:
    """Everybody's best edge after prices, and then what repairs can do."""
    work = picked.work
    state = new_state(
        work, work.start[:-1], at.lower - picked.load, at.upper - picked.load, _weights(at, picked, price)
    )
    back = reversed_edges(work, at.problem.n_managers)
    repair(work, state, back, 60, 1.5)
    if total_broken(state) > 0 and len(work.client):
        # repairs raised some weights so far that no chain would lead past them
        state.weight[:] = GRAVER * _weights(at, picked, price)
        most = min(looks * len(work.client), max(FEWEST_LOOKS, int(MOST_MENDED / _moves_a_look(at, work))))
        mend(work, state, back, Reach(4, _wide(work, 3)), most, at.seed)
    return state


def _weights(at: Setting, picked: Picked, price: Floats) -> Floats:
    """What a unit over a limit costs at first: its price, and no less than a client's usual spread over its use."""
    return np.maximum(np.abs(price), 0.3 * at.spread * rows_for(picked, at.lower, at.upper).unit)


def _edges(at: Setting, picked: Picked, edge: Longs) -> Longs:
    """The edges of all clients of the question in their listed order."""
    chosen = np.empty(at.problem.n_clients, dtype=np.int64)
    chosen[picked.alone], chosen[picked.work.client] = picked.sole, edge
    return chosen


def _exchanged(at: Setting, work: Work, state: State) -> State:
    """Exchanges from whoever lost something, most first, then from everybody, as far as there is time."""
    path, left = new_path(3), at.effort * MOST_EXCHANGED
    for turn in range(3):
        loss = work.regret[state.edge]
        some = np.argsort(-loss, kind="stable")
        some = some[: int((loss > 0).sum())] if turn < 2 else some
        exchange_all(work, state, some, Effort(SLIP * at.spread, 3000, left), path)
        left -= float(path.looked[1])
    return state


def _searched(at: Setting, picked: Picked, state: State, price: Floats, answer: Answer) -> Answer:
    """Search a little, look at all that could still be better if there is little of it, else search on.

    An edge that loses more than the best plan found so far is no part of a better one (Geoffrion 1974): the search goes
    on among those left.
    """
    score, bound = at.problem.score, at.bound(price)
    step = 1.0 if is_whole(score) else 1e-9 * max(abs(bound), 1.0)
    target = float(np.floor(bound)) if is_whole(score) else bound
    value = float(score[answer.edge].sum()) if answer.is_found else -FAR
    for share in SHARES:
        if not answer.is_proven and value < target:
            more = _sought(at, picked, state, price, target, share)
            if more.is_found and float(score[more.edge].sum()) > value:
                answer, value = more, float(score[more.edge].sum())
        if not answer.is_proven:
            answer, value = _exhausted(at, price, answer, value, bound + step / 1e3, step)
        if answer.is_proven or value >= target:
            answer.is_proven = True
            break
        if answer.is_found:
            picked = select(at.of, at.clients, price, 10, bound - value + step / 1e3)
            state = _placed(at, picked, answer.edge, state.weight)
    return answer


def _sought(at: Setting, picked: Picked, state: State, price: Floats, target: float, share: float) -> Answer:
    """Exchanges, then a share of the search, then exchanges from the best it found."""
    work = picked.work
    if not len(work.client):
        return Answer(_edges(at, picked, work.edge), total_broken(state) == 0)
    if total_broken(state) == 0:
        _exchanged(at, work, state)
    target -= float(at.problem.score[picked.sole].sum())
    terms = Terms(target, int(share * _looks(at, work)), 0.002 * at.spread, _weights(at, picked, price) / 3)
    found, edge = seek(work, state, Reach(4, _wide(work, 3)), terms, at.seed)
    if found == -FAR:
        return Answer(_edges(at, picked, work.edge[state.edge]), is_found=False)
    best = _exchanged(at, work, _placed(at, picked, _edges(at, picked, work.edge[edge]), state.weight))
    return Answer(_edges(at, picked, work.edge[best.edge]), is_found=True)


def _looks(at: Setting, work: Work) -> int:
    """How often a client is looked at: fewer times where a look takes longer."""
    return int(at.effort * MOST_MOVES / (_moves_a_look(at, work) + 100 + len(work.client)))


def _moves_a_look(at: Setting, work: Work) -> float:
    """Moves weighed when a client is looked at: a few edges, for each those of a manager's members, row by row."""
    return 9 * 3 * (len(work.client) / at.problem.n_managers) * (at.problem.n_resources + 1) + 1


def _placed(at: Setting, picked: Picked, edge: Longs, weight: Floats) -> State:
    """A state in which each client of the work has an edge of the question; its best where that is not in the work."""
    work = picked.work
    place = work.start[:-1].copy()
    wanted = edge[work.client]
    hits = np.flatnonzero(work.edge == np.repeat(wanted, np.diff(work.start)))
    place[np.searchsorted(work.start, hits, side="right") - 1] = hits
    return new_state(work, place, at.lower - picked.load, at.upper - picked.load, weight)


def _exhausted(
    at: Setting, price: Floats, answer: Answer, value: float, bound: float, step: float
) -> tuple[Answer, float]:
    """Look at every plan that could be better, if there are few."""
    picked = select(at.of, at.clients, price, at.most_degree, bound - value if answer.is_found else FAR)
    work = picked.work
    if (len(work.client) + 1) * len(at.lower) > MOST_HOPE:
        return answer, value
    base = float(at.problem.score[picked.sole].sum())
    seen, better, edge = exhaust(
        work, at.lower - picked.load, at.upper - picked.load, bound - base, value - base, step, MOST_NODES
    )
    if better + base > value and (not len(edge) or edge[0] >= 0):
        return Answer(_edges(at, picked, work.edge[edge]), is_found=True, is_proven=seen), better + base
    return Answer(answer.edge, answer.is_found, is_proven=seen), value
