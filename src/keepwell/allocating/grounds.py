"""The grounds of each client's manager: score, price, what nets, what else there was; and each manager's limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.allocating.question import MICRO, Found, Question, codes_of, numbers
from keepwell.contract.reasons.allocation import AllocationReason
from keepwell.engine.solver import fairness
from keepwell.engine.solver.assignment.problem import Floats, Longs


@dataclass(frozen=True, slots=True)
class Charged:
    """Of each candidate: what the limits and the budget of changes charge, what nets; where the chosen one stands."""

    limits: Floats
    change: Floats
    net: Floats
    chosen: Longs
    placed: Longs


def charges(question: Question, found: Found) -> Charged:
    """What the prices of the plan make of every candidate."""
    plan, candidates = found.plan, found.candidates
    price = np.append(plan.price, np.zeros((1, plan.price.shape[1])), axis=0) / MICRO
    limits = np.zeros(candidates.shape)
    for r in range(price.shape[1]):
        limits += price[candidates, r] * question.use[:, r][:, None]
    moves = (question.current >= 0)[:, None] & (candidates != question.current[:, None])
    change = np.where(moves, plan.switch_price / MICRO, 0.0)
    net = np.where(candidates >= 0, np.round(found.score / MICRO - limits - change, 9), -np.inf)
    placed = np.flatnonzero(plan.manager >= 0)
    chosen = (candidates == plan.manager[:, None]).argmax(axis=1)
    return Charged(limits, change, net, chosen, placed)


def proposal(question: Question, found: Found, charged: Charged) -> pa.Table:
    """Whom each client goes to, and why."""
    plan, candidates = found.plan, found.candidates
    rows = np.arange(len(candidates))
    score = found.known_score()
    best = score.argmax(axis=1)
    is_placed = plan.manager >= 0
    at = (rows, charged.chosen)
    ties = (charged.net == charged.net[at][:, None]) & (candidates >= 0)
    can = candidates[rows, best] >= 0
    return pa.table(
        {
            "client_id": question.clients,
            "manager_code": codes_of(question, plan.manager),
            "current_code": codes_of(question, question.current),
            "is_change": is_placed & (plan.manager != question.current),
            "score": numbers(found.score[at] / MICRO, is_placed),
            "best_code": codes_of(question, np.where(can, candidates[rows, best], -1)),
            "best_score": numbers(found.score[rows, best] / MICRO, can),
            "price": numbers((charged.limits + charged.change)[at], is_placed),
            "net": numbers(charged.net[at], is_placed),
            "is_tied": is_placed & (ties.sum(axis=1) > 1),
            "is_pinned": np.isin(rows, list(found.pins)),
            "allocation_reason": _reasons(question, found, charged, score),
        }
    )


def _reasons(question: Question, found: Found, charged: Charged, score: Longs) -> pa.Array:
    plan, rows = found.plan, np.arange(len(score))
    best, at = score.argmax(axis=1), (rows, charged.chosen)
    is_full = charged.limits[rows, best] > abs(charged.limits[at])
    reason = np.where(
        is_full, str(AllocationReason.BEST_IS_FULL), str(AllocationReason.FILLS_LOWER_LIMIT)
    ).astype(object)
    reason[found.score[at] == score.max(axis=1)] = str(AllocationReason.BEST)
    reason[plan.manager == question.current] = str(AllocationReason.STAYS)
    reason[plan.manager < 0] = str(AllocationReason.NO_MANAGER)
    return pa.array(reason, pa.string())


def alternatives(question: Question, found: Found, charged: Charged) -> pa.Table:
    """Each client's best candidates, always with the chosen, the present and the best-scoring one."""
    candidates = found.candidates
    order = np.lexsort((candidates, -charged.net), axis=1)
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(order.shape[1])[None, :], axis=1)
    is_chosen = (candidates == found.plan.manager[:, None]) & (candidates >= 0)
    is_current = (candidates == question.current[:, None]) & (candidates >= 0)
    score = found.known_score()
    is_best = np.arange(score.shape[1])[None, :] == score.argmax(axis=1)[:, None]
    kept = ((rank < found.n_alternatives) | is_chosen | is_current | is_best) & (candidates >= 0)
    i, k = np.nonzero(kept)
    turn = np.lexsort((rank[i, k], i))
    i, k = i[turn], k[turn]
    return pa.table(
        {
            "client_id": question.clients.take(pa.array(i)),
            "rank_no": rank[i, k] + 1,
            "manager_code": codes_of(question, candidates[i, k]),
            **{f"{name}_points": part[i, k] / MICRO for name, part in found.points.items()},
            "score": found.score[i, k] / MICRO,
            "limits_price": charged.limits[i, k],
            "change_price": charged.change[i, k],
            "net": charged.net[i, k],
            "is_chosen": is_chosen[i, k],
        }
    )


def limits(question: Question, found: Found) -> pa.Table:
    """What each manager has of each resource, between which limits, at which price."""
    n, names = len(question.managers), question.resources
    fair, price = question.fair(), found.plan.price / MICRO
    columns: dict[str, list[Any]] = {
        "load_lower": [], "load_upper": [], "load_now": [], "load_proposed": [], "load_fair": [], "price": []
    }  # fmt: skip
    for r, taken in enumerate(question.use.T):
        columns["load_lower"].append(found.lower[:, r])
        columns["load_upper"].append(found.upper[:, r])
        columns["load_now"].append(fairness.loads(question.current, taken, n))
        columns["load_proposed"].append(fairness.loads(found.plan.manager, taken, n))
        columns["load_fair"].append(fair[:, r])
        columns["price"].append(price[:, r])
    flat = {name: np.stack(parts, axis=1).ravel() for name, parts in columns.items()}
    slack = np.minimum(flat["load_upper"] - flat["load_proposed"], flat["load_proposed"] - flat["load_lower"])
    return pa.table(
        {
            "manager_code": question.managers.take(pa.array(np.repeat(np.arange(n), len(names)))),
            "resource": pa.array(list(names) * n, pa.string()),
            **{name: numbers(side, np.isfinite(side)) for name, side in flat.items()},
            "load_slack": numbers(slack, np.isfinite(slack)),
            "is_binding": flat["price"] != 0,
        }
    )
