"""A licensed adviser beside the manager for clients whose class is entitled to advice: a second run, own limits."""

from __future__ import annotations

import numpy as np

from keepwell.contract.reasons.allocation import AdviserReason
from keepwell.contract.serving import Resource, ScorePart
from keepwell.engine.allocation.rules.answering import PER_MILLIONTH, Answer
from keepwell.engine.allocation.rules.quantities import MICRO, Flags, Objects, Rows, known_where, micro
from keepwell.engine.allocation.rules.question import Question
from keepwell.engine.solver.assignment.guilt import Refused
from keepwell.engine.solver.assignment.plan import solve
from keepwell.engine.solver.assignment.problem import Floats, Longs, Problem
from keepwell.policy.allocation import Allocation

EFFORT = 0.0
OWN = (ScorePart.CONTINUITY, ScorePart.STAY)
"""Parts that count whoever advised before, not who served."""


def adviser_rows(asked: Question, answer: Answer, before: Objects, rules: Allocation) -> Rows:
    """One row for each entitled client; ``before`` (N,) is the adviser of the run before.

    A manager who is a licensed adviser advises the own clients; for the others the advisers share out what is left of
    their fair share.
    """
    entitled = np.flatnonzero(asked.clients.is_advised)
    team = asked.managers
    advisers = np.flatnonzero(team.is_adviser)
    held = answer.manager[entitled]
    own = (held >= 0) & team.is_adviser[np.maximum(held, 0)] if len(team.code) else held >= 0
    adviser = np.where(own, held, -1)
    others = np.flatnonzero(~own)
    score = _scores(asked, entitled, before, rules)
    price = np.zeros(len(team.code), dtype=np.int64)
    if len(advisers) and len(others):
        may = _as_before(asked, entitled[others], before, advisers)
        found, priced = _shared_out(asked, may, score[others][:, advisers], advisers, adviser, rules)
        adviser[others], price[advisers] = found, priced
    return _rows(asked, answer, entitled, adviser, before, score, price, own)


def _scores(asked: Question, entitled: Longs, before: Objects, rules: Allocation) -> Longs:
    """The score of the pair, continuity with whoever advised before."""
    kept = [points[entitled] for part, points in asked.points.items() if part not in OWN]
    same = before[entitled][:, None] == asked.managers.code[None, :]
    bonus = micro(rules.score.continuity_weight) + micro(rules.stay.bonus_share)
    return np.asarray(np.sum(kept, axis=0, dtype=np.int64) + same * bonus)


def _shared_out(
    asked: Question, may: Flags, score: Longs, advisers: Longs, adviser: Longs, rules: Allocation
) -> tuple[Longs, Longs]:
    """The advisers of those whose manager is none, and the price of an adviser's place in thousand-millionths."""
    has = np.bincount(adviser[adviser >= 0], minlength=len(asked.able))[advisers]
    lower, upper = _band(len(adviser), asked.managers.capacity[advisers], has, rules)
    placed = np.flatnonzero(may.any(axis=1))
    found = np.full(len(may), -1, dtype=np.int64)
    nothing = np.zeros(len(advisers), dtype=np.int64)
    client, manager = np.nonzero(may[placed])
    if not len(placed):
        return found, nothing
    for bounds in ((lower, upper), (np.zeros_like(lower), np.full_like(upper, np.inf))):
        problem = Problem(
            start=np.append(0, np.cumsum(may[placed].sum(axis=1))).astype(np.int64),
            manager=manager.astype(np.int32),
            score=score[placed][client, manager],
            use=np.ones((1, len(placed))),
            lower=bounds[0][:, None],
            upper=bounds[1][:, None],
            current=np.full(len(placed), -1, dtype=np.int32),
        )
        try:
            plan = solve(problem, effort=EFFORT)
        except Refused:
            continue
        found[placed] = advisers[plan.manager]
        return found, np.rint(plan.price[:, 0] * PER_MILLIONTH).astype(np.int64)
    return found, nothing


def _as_before(asked: Question, clients: Longs, before: Objects, advisers: Longs) -> Flags:
    """Advisers open to some clients: to who is not decided anew only the one before, where that one still may."""
    may = asked.may[clients][:, advisers]
    same = may & (before[clients][:, None] == asked.managers.code[advisers][None, :])
    stays = (asked.anew.kept[clients] >= 0) & same.any(axis=1)
    return np.asarray(np.where(stays[:, None], same, may))


def _band(n: int, capacity: Longs, has: Longs, rules: Allocation) -> tuple[Floats, Floats]:
    """How many clients each adviser may still take, by the band around the fair share of all who are entitled."""
    band = rules.band(Resource.ADVISED)
    fair = n * capacity // max(int(capacity.sum()), 1)
    lower = fair * micro(band.lower_share) // MICRO - band.n_slack
    upper = -(-fair * micro(band.upper_share) // MICRO) + band.n_slack
    return np.maximum(lower - has, 0).astype(np.float64), np.maximum(upper - has, 0).astype(np.float64)


def _rows(
    asked: Question, answer: Answer, entitled: Longs, adviser: Longs, before: Objects, score: Longs, price: Longs,
    own: Flags,
) -> Rows:  # fmt: skip
    n, has = len(entitled), adviser >= 0
    code = np.append(asked.managers.code, np.array([None], dtype=object))
    reason = np.full(n, str(AdviserReason.BEST), dtype=object)
    reason[code[adviser] == before[entitled]] = str(AdviserReason.STAYS)
    reason[own] = str(AdviserReason.OWN_MANAGER)
    reason[~has] = str(AdviserReason.NO_ADVISER)
    at = np.maximum(adviser, 0)
    got = score[np.arange(n), at] if len(asked.able) else np.zeros(n, dtype=np.int64)
    charged = np.where(own, 0, price[at]) if len(asked.able) else got
    return {
        "client_id": asked.clients.code[entitled],
        "branch_code": asked.clients.branch[entitled],
        "manager_code": code[answer.manager[entitled]],
        "adviser_code": code[adviser],
        "parent_code": before[entitled],
        "score": known_where(got, has),
        "price": known_where(charged, has),
        "adviser_reason": reason,
    }
