"""Why this manager: for each client the best managers, what each nets, and what stands against them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.contract.reasons.allocation import AllocationReason, AlternativeReason
from keepwell.contract.serving import Resource, ScorePart
from keepwell.engine.allocation.rules.answering import Answer, net_of
from keepwell.engine.allocation.rules.limits import RESOURCES
from keepwell.engine.allocation.rules.quantities import Flags, Objects, Rows, told
from keepwell.engine.allocation.rules.question import Question
from keepwell.engine.solver.assignment.problem import Longs
from keepwell.policy.allocation import Allocation

FAR = -(1 << 62)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Every pair of a branch after prices, (N, K); ``full`` is the first limit that one more client would break, or -1.

    ``needed`` (N,) is the lower limit that the chosen manager would fall below, ``free`` whether a change is left.
    """

    net: Longs
    limits: Longs
    change: Longs
    chosen: Longs
    full: Longs
    needed: Longs
    is_free: Flags

    @property
    def best(self) -> Longs:
        """What nets the most for each client."""
        return np.asarray(self.net.max(axis=1, initial=FAR))

    def of_chosen(self, values: Longs) -> Longs:
        """A value of the chosen pair of each client; who has none is told the first's."""
        if not values.shape[1]:
            return np.zeros(len(values), dtype=np.int64)
        return np.asarray(values[np.arange(len(self.chosen)), np.maximum(self.chosen, 0)])


def weighed(asked: Question, answer: Answer) -> Weighed:
    """Net scores of all pairs, and what each single move would break."""
    net, limits, change = net_of(asked, answer)
    chosen = answer.manager
    if not len(asked.able):
        nobody = np.full(len(chosen), -1)
        return Weighed(net, limits, change, chosen, net, nobody, np.ones_like(net, dtype=np.bool_))
    load = loads_of(asked, chosen)
    use = asked.use.T
    above = (load[None, :, :] + use[:, None, :] > answer.limits.upper[None, :, :]) & (use > 0)[:, None, :]
    left = load[np.maximum(chosen, 0)] - use
    below = (left < answer.limits.lower[np.maximum(chosen, 0)]) & (use > 0)
    moves = (asked.current >= 0)[:, None] & (asked.current[:, None] != np.arange(len(asked.able))[None, :])
    rows = np.arange(len(chosen))
    n_changes = int(moves[rows[chosen >= 0], chosen[chosen >= 0]].sum())
    held = moves[rows, np.maximum(chosen, 0)]
    is_free = (n_changes + moves.astype(np.int64) - held[:, None]) <= max(answer.n_changes, n_changes)
    return Weighed(
        np.where(asked.may, net, FAR), limits, change, chosen, _first(above), _first(below), is_free
    )


def loads_of(asked: Question, manager: Longs) -> Longs:
    """What each eligible manager carries of each resource, (K, R), of those with a place."""
    held = manager >= 0
    loads = np.zeros((len(asked.able), len(RESOURCES)), dtype=np.int64)
    np.add.at(loads, manager[held], asked.use[:, held].T)
    return loads


def _first(broken: Flags) -> Longs:
    """The first of the last axis that holds, -1 where none does."""
    return np.where(broken.any(axis=-1), broken.argmax(axis=-1), -1)


def proposal_rows(asked: Question, answer: Answer, seen: Weighed) -> Rows:
    """One row a client: who is proposed, at what price, beside the present and the best-scoring manager."""
    n, has = len(asked.clients.code), answer.manager >= 0
    code = np.append(asked.managers.code, np.array([None], dtype=object))
    score = np.where(asked.may, asked.score, FAR)
    best = np.where(has, score.argmax(axis=1), -1) if len(asked.able) else np.full(n, -1)
    charged = seen.limits + seen.change
    rows = np.arange(n)

    def of(values: Longs, at: Longs) -> Longs:
        plain = values[rows, np.maximum(at, 0)] if len(asked.able) else np.zeros(n, dtype=np.int64)
        return np.ma.masked_array(plain, ~has)

    chosen = np.asarray(code[answer.manager], dtype=object)
    return {
        "client_id": asked.clients.code,
        "branch_code": asked.clients.branch,
        "manager_code": chosen,
        "current_code": asked.clients.current,
        "is_change": has & (chosen != asked.clients.current),
        "score": of(asked.score, answer.manager),
        "best_code": np.asarray(code[best], dtype=object),
        "best_score": of(asked.score, best),
        "price": of(charged, answer.manager),
        "best_price": of(charged, best),
        "net": of(seen.net, answer.manager),
        "is_tied": _tied(seen).any(axis=1) if len(asked.able) else np.zeros(n, dtype=np.bool_),
        "is_pinned": asked.is_pinned,
        "allocation_reason": _reasons(asked, answer, seen, best),
    }


def _tied(seen: Weighed) -> Flags:
    """Which other managers net the same as the chosen one."""
    same = seen.net == seen.of_chosen(seen.net)[:, None]
    same[np.arange(len(same)), np.maximum(seen.chosen, 0)] = False
    return np.asarray(same & (seen.chosen >= 0)[:, None])


def _reasons(asked: Question, answer: Answer, seen: Weighed, best: Longs) -> Objects:
    n = len(asked.clients.code)
    if not len(asked.able):
        return np.full(n, str(AllocationReason.NO_MANAGER), dtype=object)
    got, most = seen.of_chosen(asked.score), asked.score[np.arange(n), np.maximum(best, 0)]
    within = seen.of_chosen(seen.net) < seen.best
    full = seen.limits[np.arange(n), np.maximum(best, 0)] > abs(seen.of_chosen(seen.limits))
    cases = (
        (answer.manager < 0, AllocationReason.NO_CANDIDATE),
        (asked.is_pinned, AllocationReason.PINNED),
        (asked.anew.kept >= 0, AllocationReason.AS_BEFORE),
        (asked.clients.branch != asked.branch, AllocationReason.SERVED_ACROSS),
        (answer.manager == asked.current, AllocationReason.STAYS),
        (got == most, AllocationReason.BEST),
        (within, AllocationReason.WITHIN_LIMITS),
        (full, AllocationReason.BEST_IS_FULL),
    )
    return _cased(cases, np.full(n, str(AllocationReason.FILLS_LOWER_LIMIT), dtype=object))


def _cased(cases: tuple[tuple[Flags, object], ...], otherwise: Objects) -> Objects:
    """The reason of the first case that holds."""
    for holds, reason in reversed(cases):
        otherwise[holds] = str(reason)
    return otherwise


def alternative_rows(asked: Question, seen: Weighed, rules: Allocation) -> Rows:
    """The managers that net the most, and always the proposed, the present and the best-scoring one."""
    if not len(asked.able):
        return {}
    order = np.lexsort(
        (np.arange(seen.net.shape[1])[None, :] * np.ones_like(seen.net), _behind(seen), -seen.net)
    )
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(order.shape[1]), order.shape), axis=1)
    keep = rank < rules.shown.n_alternatives
    score = np.where(asked.may, asked.score, FAR)
    for always in (seen.chosen, asked.current, score.argmax(axis=1)):
        known = np.flatnonzero(always >= 0)
        keep[known, always[known]] = True
    keep &= asked.may & (seen.chosen >= 0)[:, None]
    at = np.nonzero(keep)
    reason, resource = _why_not(asked, seen)
    points = {f"{part}_points": asked.points[part][at] for part in ScorePart}
    return {
        "client_id": asked.clients.code[at[0]],
        "rank_no": rank[at] + 1,
        "branch_code": asked.clients.branch[at[0]],
        "manager_code": asked.managers.code[at[1]],
        **points,
        "score": asked.score[at],
        "limits_price": seen.limits[at],
        "change_price": seen.change[at],
        "net": seen.net[at],
        "is_chosen": at[1] == seen.chosen[at[0]],
        "is_tied": _tied(seen)[at],
        "alternative_reason": reason[at],
        "resource": told(RESOURCES, resource[at]),
    }


def _behind(seen: Weighed) -> Longs:
    """Of those that net the same the proposed comes first."""
    behind = np.ones_like(seen.net)
    behind[np.arange(len(behind)), np.maximum(seen.chosen, 0)] = 0
    return behind


def _why_not(asked: Question, seen: Weighed) -> tuple[Objects, Longs]:
    """The reason of every pair, and the limit that decided it."""
    got, mine = seen.of_chosen(asked.score)[:, None], seen.of_chosen(seen.net)[:, None]
    is_chosen = seen.chosen[:, None] == np.arange(seen.net.shape[1])[None, :]
    tied, is_full, stays = _tied(seen), seen.full >= 0, asked.anew.kept[:, None] >= 0
    fixed = asked.is_pinned[:, None]
    better = (asked.score > got) | (seen.net > mine)
    needed = np.broadcast_to(seen.needed[:, None], seen.net.shape)
    top = (mine >= seen.best[:, None]) & is_chosen
    cases = (
        (is_chosen & fixed, AlternativeReason.CHOSEN_BY_PEOPLE),
        (better & fixed, AlternativeReason.FIXED_ELSEWHERE),
        (is_chosen & stays, AlternativeReason.CHOSEN_AS_BEFORE),
        (top & np.asarray(tied.any(axis=1))[:, None], AlternativeReason.CHOSEN_BY_TIE),
        (top, AlternativeReason.CHOSEN),
        (is_chosen, AlternativeReason.CHOSEN_WITHIN),
        (better & stays, AlternativeReason.NOT_ASKED),
        (better & is_full, AlternativeReason.IS_FULL),
        (better & (needed >= 0), AlternativeReason.PRESENT_IS_NEEDED),
        (better & ~seen.is_free, AlternativeReason.NO_CHANGE_LEFT),
        (tied, AlternativeReason.TIED),
        (seen.net > mine, AlternativeReason.SCORES_LESS),
    )
    reason = _cased(cases, np.full(seen.net.shape, str(AlternativeReason.NETS_LESS), dtype=object))
    resource = np.where(reason == str(AlternativeReason.IS_FULL), seen.full, -1)
    return reason, np.where(reason == str(AlternativeReason.PRESENT_IS_NEEDED), needed, resource)


__all__ = ["Resource", "Weighed", "alternative_rows", "loads_of", "proposal_rows", "weighed"]
