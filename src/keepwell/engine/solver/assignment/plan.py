"""The plan of who goes to whom: prices first, then whole clients, then the proof."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.engine.solver.assignment.contradiction import contradiction, nearest
from keepwell.engine.solver.assignment.guilt import Guilty, Refused, foreseen
from keepwell.engine.solver.assignment.levels import prices
from keepwell.engine.solver.assignment.problem import Floats, Longs, Problem
from keepwell.engine.solver.assignment.proof import Certificate, certify, chosen_edges, n_broken
from keepwell.engine.solver.assignment.setting import Setting, setting
from keepwell.engine.solver.assignment.whole import Answer, nearest_plan, whole
from keepwell.engine.solver.assignment.work import least_sum

MAY_BE_WIDENED = ("too_large", "not_enough_room", "too_few_to_fill", "pins_exceed", "too_many_must_switch")
"""Reasons seen before solving beside which a nearest plan can be told, for limits that hold it."""


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


def solve(
    problem: Problem, warm: tuple[Floats, float] | None = None, effort: float = 1.0, seed: int = 0,
    known: Longs | None = None,
) -> Plan:  # fmt: skip
    """The best plan found within all limits, with its certificate.

    ``warm`` are prices of an earlier, similar question; ``known`` (N,) an earlier plan: if it keeps the limits, the
    answer is at least as good. ``effort`` scales how long is searched. Raises ``Refused`` with the smallest guilty set
    and the nearest plan when there is no plan, or none was found.
    """
    if foretold := foreseen(problem):
        raise Refused(foretold, _nearest(problem, seed) if foretold[0].why in MAY_BE_WIDENED else None)
    at = setting(problem, effort, seed)
    price = prices(at, warm)
    if at.bound(price) < _least(at) and (found := contradiction(problem)):
        raise Refused(found, _nearest(problem, seed))
    answer = _at_least(problem, whole(at, price), known)
    manager = _manager(problem, answer.edge)
    if not answer.is_found:
        raise Refused(_why(at, answer), manager)
    certificate = certify(problem, manager, *at.told(price))
    is_proven = answer.is_proven or certificate.bound - certificate.value <= 0
    return Plan(manager, *at.told(price), certificate, is_proven)


def _nearest(problem: Problem, seed: int) -> Longs:
    """The plan of whole clients that repairs come to from everybody's best edge."""
    at = setting(problem, 0.0, seed)
    return _manager(problem, nearest_plan(at).edge)


def _manager(problem: Problem, edge: Longs) -> Longs:
    return problem.manager[edge].astype(np.int64)


def _at_least(problem: Problem, answer: Answer, known: Longs | None) -> Answer:
    """The plan known before, if it keeps the limits and none better was found."""
    if known is None:
        return answer
    edge = chosen_edges(problem, known)
    value = float(problem.score[answer.edge].sum())
    if n_broken(problem, known, edge) or (answer.is_found and float(problem.score[edge].sum()) <= value):
        return answer
    return Answer(edge, is_found=True)


def _least(at: Setting) -> float:
    """What any plan is worth at least, less a hair: a bound below it proves that there is none."""
    least = least_sum(at.of)
    return least - 1e-6 * abs(least) - 1e-6


def _why(at: Setting, answer: Answer) -> list[Guilty]:
    found = contradiction(at.problem)
    if found or not answer.is_proven:
        return found or nearest(at.problem, answer.edge)
    everybody = tuple(range(at.problem.n_managers))
    return [Guilty("no_whole_plan", (), everybody, remedy="every plan was looked at: widen a limit")]
