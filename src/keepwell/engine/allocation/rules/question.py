"""What is asked of the solver for a branch: who may serve whom, how well, and what each may carry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.contract.codes import Grade
from keepwell.contract.reasons.allocation import ContradictionReason, Relief
from keepwell.contract.serving import Resource, ScorePart
from keepwell.engine.allocation.rules import hours, scores
from keepwell.engine.allocation.rules.anew import Anew, anew_of
from keepwell.engine.allocation.rules.clients import Clients
from keepwell.engine.allocation.rules.firm import Firm
from keepwell.engine.allocation.rules.limits import RESOURCES, Limits, limits_of, use_of
from keepwell.engine.allocation.rules.managers import Managers
from keepwell.engine.allocation.rules.quantities import CENTI, MICRO, Flags, micro
from keepwell.engine.allocation.rules.ties import Ties, may_serve
from keepwell.engine.solver.assignment.problem import Longs, Problem
from keepwell.policy.allocation import Allocation


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not hold together: who, which limit, how much is missing in hundredths, what was done."""

    reason: ContradictionReason
    relief: Relief
    clients: tuple[int, ...] = ()
    managers: tuple[int, ...] = ()
    resource: Resource | None = None
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A branch's question: N clients, K eligible managers, R limits.

    ``pinned`` (N,) is with whom people fixed a client, -1 where they did not. ``points`` are the weighted parts of the
    score and ``score`` their sum, (N, K) in millionths; ``may`` which pairs are open, ``use`` (R, N). ``current`` is
    each client's manager by place, -1 where that one is not eligible or people fixed the client with another;
    ``placed`` are the clients who can be placed at all; ``anew`` tells who is decided anew. ``n_changes`` is the budget
    of changes.
    """

    branch: str
    clients: Clients
    team: Managers
    able: Longs
    managers: Managers
    may: Flags
    pinned: Longs
    n_banned: int
    points: dict[ScorePart, Longs]
    score: Longs
    hours: hours.Hours
    use: Longs
    limits: Limits
    current: Longs
    placed: Longs
    anew: Anew
    n_changes: int
    troubles: tuple[Trouble, ...]

    @property
    def is_open(self) -> Flags:
        """Pairs that may be chosen tonight, (N, K): of who is fixed or not decided anew only the one that stands."""
        return _only(self.may, np.where(self.pinned >= 0, self.pinned, self.anew.kept))

    @property
    def is_pinned(self) -> Flags:
        """Whether people fixed each client with somebody."""
        return np.asarray(self.pinned >= 0)


def question_of(firm: Firm, at: int, rules: Allocation) -> Question:
    """The question of the branch at a place."""
    first, last = int(firm.first[at]), int(firm.first[at + 1])
    here, able, manager_at = firm.staff_at(at)
    clients, team = firm.clients.take(np.arange(first, last)), firm.managers.take(here)
    managers = team.take(able)
    may, banned = may_serve(firm.ties, first, last, managers, manager_at)
    pinned, troubles = _pinned(firm.ties, first, last, manager_at, may)
    free = _only(may, pinned)
    wished = np.full(last - first, -1, dtype=np.int64)
    wishes = firm.ties.wishes.among(first, last, manager_at)
    wished[wishes.client] = wishes.manager
    tier = int(firm.city_tier[at])
    points = scores.points(scores.score_parts(clients, managers, wished, tier, rules), rules)
    of_grade = np.bincount(clients.grade, minlength=len(Grade)).astype(np.int64)
    planned = hours.hours_of(of_grade, int(managers.hours.sum()), tier, rules)
    use = use_of(clients, planned.given)
    limits = limits_of(use, managers.capacity, managers.hours, planned.short, rules)
    current = _current(clients, managers, free)
    placed = np.flatnonzero(may.any(axis=1))
    before = firm.before.take(slice(first, last)) if firm.before else None
    anew = anew_of(before, clients, managers, free, rules.runs.of(firm.branches[at]), rules, firm.as_of)
    score = np.asarray(np.sum(list(points.values()), axis=0, dtype=np.int64))
    return Question(
        firm.branches[at], clients, team, able, managers, may, pinned, int(banned.sum()), points, score, planned,
        use, limits, current, placed, anew, changes_of(current, placed, limits, rules),
        (*troubles, *_foreseen(clients, able, placed, planned)),
    )  # fmt: skip


def _current(clients: Clients, managers: Managers, may: Flags) -> Longs:
    """The place of each client's manager, -1 where that one is not eligible or may not serve them any more."""
    holds = (clients.current[:, None] == managers.code[None, :]) & may
    return np.where(holds.any(axis=1), holds.argmax(axis=1), -1) if holds.size else np.full(len(holds), -1)


def _only(may: Flags, fixed: Longs) -> Flags:
    """The same with only one pair of each client who has a fixed place, all of the others."""
    return np.asarray(may & ((fixed[:, None] < 0) | (fixed[:, None] == np.arange(may.shape[1])[None, :])))


def _pinned(ties: Ties, first: int, last: int, manager_at: Longs, may: Flags) -> tuple[Longs, list[Trouble]]:
    """With whom people fixed each client; fixed with two, or with somebody who may not, is told and not heeded."""
    pins = ties.pins.among(first, last, manager_at)
    n_each = np.bincount(pins.client, minlength=last - first)
    allowed = may[pins.client, pins.manager] & (n_each[pins.client] == 1)
    heeded = np.full(last - first, -1, dtype=np.int64)
    heeded[pins.client[allowed]] = pins.manager[allowed]
    twice = np.flatnonzero(n_each > 1)
    barred = np.union1d(
        pins.client[~allowed & (n_each[pins.client] == 1)], ties.pins.outside(first, last, manager_at)
    )
    told = ((ContradictionReason.PINS_COLLIDE, twice), (ContradictionReason.PIN_NOT_ELIGIBLE, barred))
    return heeded, [
        Trouble(reason, Relief.TIE_NOT_HEEDED, tuple(map(int, who)), missing=len(who) * CENTI)
        for reason, who in told
        if len(who)
    ]


def _foreseen(clients: Clients, able: Longs, placed: Longs, planned: hours.Hours) -> list[Trouble]:
    """Nobody may take clients, some clients have no candidate, or the floors of hours are more than there is."""
    if not len(able):
        return [Trouble(ContradictionReason.NO_CAPACITY, Relief.STATUS_QUO)]
    told = []
    alone = np.setdiff1d(np.arange(len(clients.code)), placed)
    if len(alone):
        who = tuple(map(int, alone))
        told.append(Trouble(ContradictionReason.NO_CANDIDATE, Relief.LEFT_OUT, who, missing=len(who) * CENTI))
    if planned.short:
        told.append(
            Trouble(
                ContradictionReason.HOURS_SHORT,
                Relief.HOURS_RAISED,
                resource=Resource.HOURS,
                missing=planned.short,
            )
        )
    return told


def changes_of(current: Longs, placed: Longs, limits: Limits, rules: Allocation) -> int:
    """The budget of changes: a signed part of those who have a manager, and as many as the bands of heads move."""
    held = np.bincount(current[current >= 0], minlength=len(limits.lower))
    over = np.maximum(held - limits.upper[:, 0], 0).sum() if len(held) else 0
    n_new = len(placed) - int((current[placed] >= 0).sum())
    under = max(float(np.maximum(limits.lower[:, 0] - held, 0).sum()) - n_new, 0.0) if len(held) else 0
    kept = int((current >= 0).sum())
    return int(max(over, under)) - (-kept * micro(rules.stay.changes_at_most_share) // MICRO)


def problem_of(asked: Question, limits: Limits, n_changes: float) -> Problem:
    """The solver's arrays: those who can be placed, with the managers open to them."""
    may = asked.is_open[asked.placed]
    client, manager = np.nonzero(may)
    return Problem(
        start=np.append(0, np.cumsum(may.sum(axis=1))).astype(np.int64),
        manager=manager.astype(np.int32),
        score=asked.score[asked.placed][client, manager],
        use=asked.use[:, asked.placed].astype(np.float64),
        lower=limits.lower,
        upper=limits.upper,
        current=asked.current[asked.placed].astype(np.int32),
        most_switches=n_changes,
    )


__all__ = ["RESOURCES", "Firm", "Question", "Trouble", "changes_of", "problem_of", "question_of"]
