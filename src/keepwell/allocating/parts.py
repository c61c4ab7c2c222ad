"""A question without a budget of changes falls apart into its branches: each is solved by itself, which is exact."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace

import numpy as np

from keepwell.allocating.question import Pair, Question
from keepwell.assigning import Assigned, Guilty, Refused, assign
from keepwell.engine.solver.assignment.problem import Floats, Longs
from keepwell.engine.solver.assignment.proof import Certificate


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the solver besides who there is; ``most_changes`` binds all branches together."""

    candidates: Longs
    score: Longs
    lower: Floats
    upper: Floats
    pins: list[Pair]
    bans: list[Pair]
    most_changes: int | None
    partial: bool
    effort: float
    warm: Assigned | None


def solved(question: Question, asked: Asked) -> Assigned:
    """The plan of the whole; raises ``Refused`` with the guilty sets of every branch that has none."""
    of_client, of_manager = question.branches
    crossing = of_manager[asked.candidates] != of_client[:, None]
    if asked.most_changes is not None or (crossing & (asked.candidates >= 0)).any():
        return _solved(question, asked, np.arange(len(of_client)), np.arange(len(of_manager)))
    branches, told, guilty = np.unique(of_client), [], []
    for branch in branches:
        rows, columns = np.flatnonzero(of_client == branch), np.flatnonzero(of_manager == branch)
        try:
            told.append((rows, columns, _solved(question, asked, rows, columns)))
        except Refused as refused:
            guilty += [_placed(one, rows, columns) for one in refused.guilty]
    if guilty:
        raise Refused(guilty)
    return _together(question, told)


def _solved(question: Question, asked: Asked, rows: Longs, columns: Longs) -> Assigned:
    """The plan of some clients with some managers, by their places among these."""
    place = np.full(len(question.managers) + 1, -1, dtype=np.int64)
    place[columns] = np.arange(len(columns))
    row = np.full(len(question.clients), -1, dtype=np.int64)
    row[rows] = np.arange(len(rows))
    pins, bans = (
        [(int(row[i]), int(place[m])) for i, m in pairs if row[i] >= 0] for pairs in (asked.pins, asked.bans)
    )
    warm = asked.warm and replace(asked.warm, price=asked.warm.price[columns])
    return assign(
        asked.score[rows], candidates=place[asked.candidates[rows]], use=question.use[rows],
        lower=asked.lower[columns], upper=asked.upper[columns], current=place[question.current[rows]],
        most_switches=asked.most_changes, pins=pins, bans=bans, partial=asked.partial, warm=warm,
        effort=asked.effort,
    )  # fmt: skip


def _placed(one: Guilty, rows: Longs, columns: Longs) -> Guilty:
    """A guilty set of a branch by places among all."""
    clients, managers = (
        tuple(int(rows[i]) for i in one.clients),
        [m for m in one.managers if m < len(columns)],
    )
    return replace(one, clients=clients, managers=tuple(int(columns[m]) for m in managers))


def _together(question: Question, told: list[tuple[Longs, Longs, Assigned]]) -> Assigned:
    """The plans of all branches as one, bound and value added up."""
    n, shape = len(question.clients), (len(question.managers), len(question.resources))
    manager, load, price = np.full(n, -1, dtype=np.int64), np.zeros(shape), np.zeros(shape)
    slack = np.full(shape, np.inf)
    for rows, columns, plan in told:
        manager[rows] = np.where(plan.manager >= 0, np.append(columns, -1)[plan.manager], -1)
        load[columns], slack[columns], price[columns] = plan.load, plan.slack, plan.price
    plans = [plan for *_, plan in told]
    value, bound = (math.fsum(getattr(plan, name) for plan in plans) for name in ("value", "bound"))
    certificate = Certificate(
        value, bound, load, slack, sum(plan.n_switches for plan in plans),
        sum(plan.certificate.n_broken for plan in plans),
        *(_digest([getattr(plan.certificate, name) for plan in plans]) for name in ("question", "answer")),
    )  # fmt: skip
    return Assigned(
        manager, value, bound, certificate.gap, all(plan.is_proven for plan in plans), load, slack, price, 0.0,
        certificate.n_switches, np.flatnonzero(manager < 0), certificate,
    )  # fmt: skip


def _digest(hashes: list[str]) -> str:
    """One hash of several, in their order; of one its own."""
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
