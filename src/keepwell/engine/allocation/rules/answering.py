"""The plan of a branch: the price method within all limits, and where they contradict, within as many as can hold."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from keepwell.contract.reasons.allocation import ContradictionReason, Relief
from keepwell.contract.serving import Resource
from keepwell.engine.allocation.rules.limits import PER_UNIT, RESOURCES, Limits
from keepwell.engine.allocation.rules.quantities import NANO
from keepwell.engine.allocation.rules.question import Question, Trouble, problem_of
from keepwell.engine.solver.assignment.contradiction import widened
from keepwell.engine.solver.assignment.guilt import Guilty, Refused
from keepwell.engine.solver.assignment.plan import solve
from keepwell.engine.solver.assignment.problem import Floats, Longs, Problem
from keepwell.engine.solver.assignment.proof import Certificate, certify
from keepwell.engine.solver.settling import settled
from keepwell.policy.allocation import Allocation

EFFORT = 0.02
"""How long a branch's plan is searched, of the solver's usual: a night asks hundreds of branches."""
PER_MILLIONTH = 1_000
"""Thousand-millionths in a millionth: prices are kept with nine digits, scores with six."""

WHY: dict[str, ContradictionReason] = {
    "too_large": ContradictionReason.TOO_LARGE,
    "not_enough_room": ContradictionReason.NOT_ENOUGH_ROOM,
    "pins_exceed": ContradictionReason.NOT_ENOUGH_ROOM,
    "too_few_to_fill": ContradictionReason.TOO_FEW_TO_FILL,
    "too_many_must_switch": ContradictionReason.TOO_MANY_CHANGES,
    "limits_contradict": ContradictionReason.LIMITS_CONTRADICT,
    "no_whole_plan": ContradictionReason.LIMITS_CONTRADICT,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The plan of a branch: ``manager`` (N,) by place, -1 in the pool; prices (K, R) in thousand-millionths of a unit.

    ``limits`` and ``n_changes`` are those that were kept, after what had to be set aside, which ``troubles`` tell.
    """

    manager: Longs
    price: Longs
    change_price: int
    limits: Limits
    n_changes: float
    troubles: tuple[Trouble, ...]
    certificate: Certificate | None
    is_proven: bool


def answered(
    asked: Question, rules: Allocation, warm: tuple[Floats, float] | None = None, effort: float = EFFORT
) -> Answer:
    """The best plan found, limits set aside one by one in the signed order while they cannot hold together."""
    n = len(asked.clients.code)
    if not len(asked.able) or not len(asked.placed):
        nothing = np.zeros(asked.limits.lower.shape, dtype=np.int64)
        return Answer(np.full(n, -1), nothing, 0, asked.limits, 0, asked.troubles, None, True)
    limits, n_changes, troubles = asked.limits, float(asked.n_changes), list(asked.troubles)
    known = _as_before(asked)
    while True:
        problem = problem_of(asked, limits, n_changes)
        try:
            plan = solve(problem, warm, effort, known=known)
        except Refused as refused:
            if asked.anew.is_partial and refused.nearest is not None:
                known = refused.nearest
                limits, n_changes, trouble = _stretched(asked, limits, problem, refused.guilty, known)
            else:
                limits, n_changes, trouble = _relieved(asked, limits, n_changes, refused.guilty, rules)
            troubles.append(trouble)
            continue
        price, change_price = _rounded(plan.price, limits), round(plan.switch_price * PER_MILLIONTH)
        chosen = settled(problem, plan.manager)
        manager = np.full(n, -1, dtype=np.int64)
        manager[asked.placed] = chosen
        proof = proven(problem, chosen, price, change_price)
        is_proven = plan.is_proven or proof.bound <= proof.value
        return Answer(manager, price, change_price, limits, n_changes, tuple(troubles), proof, is_proven)


def _as_before(asked: Question) -> Longs | None:
    """The plan before, where only changes are decided anew and it could go on: no answer is worse."""
    before = asked.anew.before[asked.placed]
    return before if asked.anew.is_partial and bool((before >= 0).all()) else None


def _stretched(
    asked: Question, limits: Limits, problem: Problem, guilty: list[Guilty], nearest: Longs
) -> tuple[Limits, float, Trouble]:
    """Limits that clients who stay as before overstep give way to the plan that oversteps least, for tonight."""
    wide = widened(problem, nearest)
    trouble = _of(asked, guilty[0], WHY.get(guilty[0].why, ContradictionReason.NOT_FOUND))
    return (
        Limits(wide.lower, wide.upper, limits.fair),
        wide.most_switches,
        replace(trouble, relief=Relief.STRETCHED),
    )


def proven(problem: Problem, chosen: Longs, price: Longs, change_price: int) -> Certificate:
    """The plan checked apart from the solver, with the prices as they are kept."""
    return certify(problem, chosen, price / PER_MILLIONTH, change_price / PER_MILLIONTH)


def _rounded(price: Floats, limits: Limits) -> Longs:
    """Prices with the digits that are kept; none where there is no limit on that side."""
    kept = np.rint(price * PER_MILLIONTH).astype(np.int64)
    loose = ((kept > 0) & ~np.isfinite(limits.upper)) | ((kept < 0) & ~np.isfinite(limits.lower))
    return np.where(loose, 0, kept)


def _relieved(
    asked: Question, limits: Limits, n_changes: float, guilty: list[Guilty], rules: Allocation
) -> tuple[Limits, float, Trouble]:
    """What is set aside next: of what is guilty the limit that the firm signed to yield first, else the changes."""
    named = [one for one in guilty if one.resource >= 0 and limits.has(one.resource)]
    frees = any(one.resource < 0 for one in guilty) or not named
    if frees and np.isfinite(n_changes):
        first = next((one for one in guilty if one.resource < 0), None)
        who = _of(asked, first, ContradictionReason.TOO_MANY_CHANGES) if first else Trouble(
            ContradictionReason.TOO_MANY_CHANGES, Relief.CHANGES_FREED
        )  # fmt: skip
        return limits, np.inf, replace(who, relief=Relief.CHANGES_FREED, resource=None)
    order = list(rules.relief.order)
    if named:
        first = min(named, key=lambda one: order.index(RESOURCES[one.resource]))
        trouble = _of(asked, first, WHY.get(first.why, ContradictionReason.NOT_FOUND))
        return limits.without(first.resource), n_changes, trouble
    last = next(one for one in order if limits.has(RESOURCES.index(one)))
    trouble = Trouble(ContradictionReason.LIMITS_CONTRADICT, Relief.LIMIT_DROPPED, resource=last)
    return limits.without(RESOURCES.index(last)), n_changes, trouble


def _of(asked: Question, guilty: Guilty, reason: ContradictionReason) -> Trouble:
    resource = RESOURCES[guilty.resource] if guilty.resource >= 0 else None
    per_unit = int(PER_UNIT[guilty.resource]) if guilty.resource >= 0 else 100
    who = tuple(int(asked.placed[i]) for i in guilty.clients)
    missing = int(np.ceil(guilty.missing * per_unit - 1e-6))
    return Trouble(reason, Relief.LIMIT_DROPPED, who, guilty.managers, resource, missing)


def net_of(asked: Question, answer: Answer) -> tuple[Longs, Longs, Longs]:
    """Net score, price of the limits and price of a change of every pair, (N, K) in thousand-millionths."""
    limits = asked.use.T @ answer.price.T
    moves = (asked.current >= 0)[:, None] & (asked.current[:, None] != np.arange(len(asked.able))[None, :])
    change = moves * np.int64(answer.change_price)
    return asked.score * (NANO // 1_000_000) - limits - change, limits, change


__all__ = ["Answer", "Resource", "answered", "net_of", "proven"]
