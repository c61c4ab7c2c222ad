"""The plan of who goes to whom: prices first, then whole clients, then the proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from keepwell.engine.solver.assignment.chains import Reach, polish
from keepwell.engine.solver.assignment.contradiction import contradiction, nearest
from keepwell.engine.solver.assignment.exhaustive import exhaust
from keepwell.engine.solver.assignment.guilt import Guilty, Refused, foreseen
from keepwell.engine.solver.assignment.keys import order
from keepwell.engine.solver.assignment.prices import minimise, rows_for
from keepwell.engine.solver.assignment.problem import Floats, Longs, Problem, is_whole
from keepwell.engine.solver.assignment.proof import Certificate, certify, upper_bound
from keepwell.engine.solver.assignment.repair import repair, reversed_edges
from keepwell.engine.solver.assignment.seeking import Terms, seek
from keepwell.engine.solver.assignment.state import State, new_state, total_broken
from keepwell.engine.solver.assignment.work import FAR, Asked, Work, asked, select

SMALL = 300_000
"""Questions with at most so many edges keep all edges for the prices and are searched, not only polished."""
COOLING = 4.0
MOST_NODES = 300_000
SHARES = (0.05, 0.2, 0.35, 0.4)
MOST_MOVES = 8e8
"""Moves weighed in a search at effort 1, about five seconds."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``manager`` (N,); signed prices by which anybody can bound every other plan; what checking it by itself found.

    ``is_proven``: no plan is better, because the bound is reached or every other plan was looked at.
    """

    manager: Longs
    price: Floats
    switch_price: float
    certificate: Certificate
    is_proven: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """The question in the order of its keys: rows of limits by rank of the manager, clients in order."""

    problem: Problem
    of: Asked
    clients: Longs
    managers: Longs
    lower: Floats
    upper: Floats
    spread: float
    effort: float
    seed: int

    def told(self, price: Floats) -> tuple[Floats, float]:
        """Prices by rank as prices by manager, and the price of a switch."""
        by_manager = np.empty_like(self.problem.lower)
        by_manager[self.managers] = price[:-1].reshape(by_manager.shape)
        return by_manager, float(price[-1])

    def bound(self, price: Floats) -> float:
        """What no plan can exceed."""
        return upper_bound(self.problem, *self.told(price))


class Answer(NamedTuple):
    """An edge of the question for each client in order, none where no plan was found; whether all was seen."""

    edge: Longs
    is_proven: bool
    state: State


def solve(
    problem: Problem, warm: tuple[Floats, float] | None = None, effort: float = 1.0, seed: int = 0
) -> Plan:
    """The best plan found within all limits, with its certificate.

    ``warm`` are prices of an earlier, similar question. ``effort`` scales how long small questions are searched.
    Raises ``Refused`` with the smallest guilty set when there is no plan, or none was found.
    """
    foreseen(problem)
    at = _setting(problem, effort, seed)
    price = _prices(at, warm)
    if at.bound(price) < _least(problem):
        raise Refused(contradiction(problem))
    manager, is_proven = _whole(at, price)
    certificate = certify(problem, manager, *at.told(price))
    is_proven = is_proven or certificate.bound - certificate.value <= 0
    return Plan(manager, *at.told(price), certificate, is_proven)


def _setting(problem: Problem, effort: float, seed: int) -> Setting:
    clients, managers, _ = order(problem)
    room = problem.room()
    shape = (problem.n_managers, problem.n_resources)
    lower, upper = problem.ends()
    ends = [
        np.append((side[:-1] + sign * room[:-1] / 2).reshape(shape)[managers].ravel(), side[-1])
        for side, sign in ((lower, -1), (upper, 1))
    ]
    high = np.maximum.reduceat(problem.score, problem.start[:-1]).astype(np.float64)
    low = np.minimum.reduceat(problem.score, problem.start[:-1]).astype(np.float64)
    spread = float((high - low).sum()) / max(problem.n_clients, 1)
    return Setting(
        problem,
        asked(problem, managers),
        clients,
        managers,
        ends[0],
        ends[1],
        max(spread, 1e-9),
        effort,
        seed,
    )


def _least(problem: Problem) -> float:
    """What any plan is worth at least, less a hair: a bound below it proves that there is none."""
    low = np.minimum.reduceat(problem.score, problem.start[:-1]).astype(np.float64)
    return float(low.sum()) - 1e-6 * float(np.abs(low).sum()) - 1e-6


def _falling(first: float, last: float, by: float = COOLING) -> Floats:
    n = max(int(np.ceil(np.log(first / last) / np.log(by))), 0) + 1
    return np.geomspace(first, last, n) if n > 1 else np.array([last])


def _prices(at: Setting, warm: tuple[Floats, float] | None) -> Floats:
    n_clients, n_rows = at.problem.n_clients, len(at.lower)
    price = np.zeros(n_rows)
    hot = at.spread / 2
    if warm is not None:
        price = np.append(warm[0][at.managers].ravel(), warm[1])
        hot = at.spread / 50
    is_small = len(at.problem.manager) <= SMALL
    per_client = at.problem.n_managers / n_clients
    cold = at.spread * (1e-4 if is_small else float(np.clip(per_client / 9, 5e-5, 2e-3)))
    if is_small:
        work = select(at.of, at.clients, np.zeros(n_rows), int(at.of.start.max()), FAR)
        rows = rows_for(work, at.lower, at.upper, 1.0)
        return _snapped(at, minimise(work, rows, price, _falling(hot, cold), 1.0).price, rows.width * cold)
    n_sample = min(n_clients, max(20_000, 60 * at.problem.n_managers))
    weight = n_clients / n_sample
    sample = select(at.of, at.clients[:n_sample], np.zeros(n_rows), int(at.of.start.max()), FAR)
    mild = min(hot, 4e-3 * at.spread)
    rows = rows_for(sample, at.lower, at.upper, weight)
    price = minimise(sample, rows, price, _falling(hot, mild), weight).price
    return _refined(at, price, mild, cold)


def _refined(at: Setting, price: Floats, mild: float, cold: float) -> Floats:
    """Prices of all clients, from the edges close to the best at prices from a sample."""
    work = select(at.of, at.clients, price, 8, 12 * mild)
    rows = rows_for(work, at.lower, at.upper, 1.0)
    price = minimise(work, rows, price, _falling(mild, cold, 2.0), 1.0).price
    return _snapped(at, price, rows.width * cold)


def _snapped(at: Setting, price: Floats, width: Floats) -> Floats:
    """Prices the parabola holds near zero are zero unless that bounds worse; none stands at a limit that is none."""
    limits = np.where(price > 0, at.upper, at.lower)
    lawful = np.where(np.isfinite(limits), price, 0.0)
    lawful[-1] = max(lawful[-1], 0.0)
    snapped = np.where(np.abs(lawful) < width, 0.0, lawful)
    return snapped if at.bound(snapped) <= at.bound(lawful) else lawful


def _whole(at: Setting, price: Floats) -> tuple[Longs, bool]:
    """A plan of whole clients from prices; the edges looked at are widened when no plan is found among the few."""
    is_small = len(at.problem.manager) <= SMALL
    widths = (
        ((int(at.of.start.max()), FAR),) if is_small else ((6, at.spread / 20), (12, at.spread), (40, FAR))
    )
    for most, widest in widths:
        work = select(at.of, at.clients, price, most, widest)
        answer = _searched(at, work, price) if is_small else _polished(at, work, price)
        if len(answer.edge):
            manager = np.empty(at.problem.n_clients, dtype=np.int64)
            manager[at.clients] = at.problem.manager[answer.edge]
            return manager, answer.is_proven
    raise Refused(_why(at, answer.state, answer.is_proven))


def _why(at: Setting, state: State, is_proven: bool) -> list[Guilty]:
    found = contradiction(at.problem)
    if found or not is_proven:
        return found or nearest(at.problem, state.load, at.managers)
    everybody = tuple(range(at.problem.n_managers))
    return [Guilty("no_whole_plan", (), everybody, remedy="every plan was looked at: widen a limit")]


def _weights(at: Setting, work: Work, price: Floats) -> Floats:
    """What a unit over a limit costs at first: its price, and no less than a client's usual spread over its use."""
    unit = rows_for(work, at.lower, at.upper, 1.0).unit
    return np.maximum(np.abs(price), 0.3 * at.spread * unit)


def _polished(at: Setting, work: Work, price: Floats) -> Answer:
    """Repair and one round of chains from whoever lost something."""
    back = reversed_edges(work, at.problem.n_managers)
    state = new_state(work, work.start[:-1], at.lower, at.upper, _weights(at, work, price))
    repair(work, state, back, 60, 1.5)
    for _ in range(4 if total_broken(state) > 0 else 0):
        moved = np.flatnonzero(work.use[state.edge, -1] > 0)
        polish(
            work,
            state,
            moved[np.argsort(work.regret[state.edge[moved]], kind="stable")][-500:],
            Reach(3, at.spread),
        )
        if repair(work, state, back, 10, 1.5) == 0:
            break
    if total_broken(state) > 0:
        return Answer(work.edge[:0], False, state)
    state.weight[:] = 1e6 * at.spread * np.maximum(state.weight, 1.0)
    for _ in range(4):
        loss = work.regret[state.edge]
        losers = np.flatnonzero(loss > 0)
        losers = losers[np.argsort(-loss[losers], kind="stable")]
        polish(work, state, losers, Reach(3, 0.05 * at.spread))
    return Answer(work.edge[state.edge], False, state)


def _searched(at: Setting, work: Work, price: Floats) -> Answer:
    """Search a little, look at all that could still be better if there is little of it, else search on.

    An edge that loses more than the best plan found so far is no part of a better one (Geoffrion 1974): the search goes
    on among those left.
    """
    whole = is_whole(at.problem.score)
    bound = at.bound(price)
    target = float(np.floor(bound)) if whole else bound
    state = new_state(work, work.start[:-1], at.lower, at.upper, _weights(at, work, price))
    repair(work, state, reversed_edges(work, at.problem.n_managers), 60, 1.5)
    value, chosen, step = -FAR, work.edge[:0], 1.0
    for share in SHARES:
        terms = Terms(target, int(share * _looks(at, work)), 0.002 * at.spread, _weights(at, work, price) / 3)
        found, edge = seek(work, state, Reach(4, FAR), terms, at.seed)
        if found > value:
            value, chosen = found, work.edge[edge]
        step = step if whole else 1e-9 * max(abs(value), 1.0)
        if value >= target:
            return Answer(chosen, True, state)
        seen, better, edge = exhaust(work, at.lower, at.upper, bound + step / 1e3, value, step, MOST_NODES)
        if better > value:
            value, chosen = better, work.edge[edge]
        if seen or value >= target:
            return Answer(chosen, True, state)
        if len(chosen):
            work = select(at.of, at.clients, price, int(at.of.start.max()), bound - value + step / 1e3)
            state = new_state(work, _places(work, chosen), at.lower, at.upper, state.weight)
    return Answer(chosen, False, state)


def _places(work: Work, chosen: Longs) -> Longs:
    """Where the chosen edges stand in the work, client by client."""
    hits = np.flatnonzero(work.edge == np.repeat(chosen, np.diff(work.start)))
    return hits.astype(np.int64)


def _looks(at: Setting, work: Work) -> int:
    """How often a client is looked at: fewer times where a look takes longer."""
    n = at.problem.n_clients
    degree, members = len(work.edge) / n, n / at.problem.n_managers
    moves = degree * 3 * members * degree * (at.problem.n_resources + 1)
    return int(at.effort * MOST_MOVES / (moves + 100 + n)) + n
