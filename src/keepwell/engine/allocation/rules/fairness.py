"""How evenly a plan shares out a branch's work, beside the present books and a plan by assets only (R055)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.contract.serving import Basis, Trait
from keepwell.engine.allocation.rules.answering import Answer
from keepwell.engine.allocation.rules.limits import RESOURCES
from keepwell.engine.allocation.rules.quantities import MICRO, Rows
from keepwell.engine.allocation.rules.question import Question
from keepwell.engine.solver import fairness
from keepwell.engine.solver.assignment.problem import Floats, Longs

MOST = 10**12
"""A share that the column can hold; a load on somebody without capacity is without end."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Who holds whom by each way of sharing out: the place of each client's manager among the eligible, or -1."""

    of: dict[Basis, Longs]


def owners_of(asked: Question, answer: Answer) -> Owners:
    """The present books, the proposal, and the richest to the most senior in turn."""
    return Owners(
        {Basis.NOW: asked.current, Basis.PROPOSED: answer.manager, Basis.BY_ASSETS: _by_assets(asked)}
    )


def _by_assets(asked: Question) -> Longs:
    """The richest to the most senior with a place left; who could not be placed at all stays without."""
    n, team = len(asked.clients.code), asked.managers
    owner = np.full(n, -1, dtype=np.int64)
    if not len(asked.able) or not len(asked.placed):
        return owner
    may = asked.may[asked.placed]
    start = np.append(0, np.cumsum(may.sum(axis=1))).astype(np.int64)
    richest = np.argsort(-asked.clients.value[asked.placed], kind="stable").astype(np.int64)
    rank = np.empty(len(team.code), dtype=np.int64)
    rank[np.lexsort((np.arange(len(team.code)), -team.level))] = np.arange(len(team.code))
    room = -(-len(asked.placed) * team.capacity // max(int(team.capacity.sum()), 1))
    owner[asked.placed] = fairness.by_assets_only(
        start, np.nonzero(may)[1].astype(np.int64), richest, rank, room
    )
    return owner


def fairness_rows(asked: Question, owners: Owners) -> Rows:
    """Measures of each resource by each way of sharing out."""
    capacity, rows = asked.managers.capacity, []
    for at, resource in enumerate(RESOURCES):
        for basis, owner in owners.of.items():
            load = fairness.loads(owner, asked.use[at], len(capacity))
            even = fairness.evenness(load, capacity)
            envious = fairness.envied(asked.use[at], owner, capacity)
            held = np.flatnonzero(owner >= 0)
            total = int(asked.score[held, owner[held]].sum()) if len(capacity) else 0
            rows.append((str(resource), str(basis), even, int((envious > 0).sum()), total))
    told = [[_micro(getattr(row[2], name)) for row in rows] for name in ("gini", "jain", "lowest", "highest")]
    return {
        "branch_code": np.full(len(rows), asked.branch, dtype=object),
        "resource": np.array([row[0] for row in rows], dtype=object),
        "basis": np.array([row[1] for row in rows], dtype=object),
        "n_managers": np.full(len(rows), len(capacity), dtype=np.int64),
        "gini_share": np.array(told[0], dtype=np.int64),
        "jain_share": np.array(told[1], dtype=np.int64),
        "lowest_share": np.array(told[2], dtype=np.int64),
        "highest_share": np.array(told[3], dtype=np.int64),
        "n_envious": np.array([row[3] for row in rows], dtype=np.int64),
        "total_score": np.array([row[4] for row in rows], dtype=np.int64),
    }


def _micro(value: float) -> int:
    """A measure in millionths, rounded before anybody compares it."""
    return int(round(min(value, MOST / MICRO), 6) * MICRO + 0.5)


@dataclass(frozen=True, slots=True)
class Holders:
    """Of a branch what the leanings over the firm are seen from: how senior its managers are, and who holds whom."""

    n_clients: int
    level: Longs
    owners: Owners


def holders_of(asked: Question, owners: Owners) -> Holders:
    """What is kept of a branch once its rows are written."""
    return Holders(len(asked.clients.code), asked.managers.level, owners)


def leaning_rows(value: Longs, branches: list[Holders]) -> Rows:
    """Whether richer clients are with senior managers, or with those early in the branch's list, over the firm."""
    level = np.concatenate([one.level for one in branches])
    listed = np.concatenate([-np.arange(len(one.level)) for one in branches])
    branch = np.repeat(np.arange(len(branches)), [len(one.level) for one in branches])
    standing = fairness.standing(
        value, np.repeat(np.arange(len(branches)), [one.n_clients for one in branches])
    )
    rows = [
        (str(trait), str(basis), *_leaning(standing, branches, basis, trait_of, branch))
        for trait, trait_of in ((Trait.SENIOR, level), (Trait.LISTED, listed))
        for basis in Basis
    ]
    return {
        "trait": np.array([row[0] for row in rows], dtype=object),
        "basis": np.array([row[1] for row in rows], dtype=object),
        "n_observed": np.array([row[2] for row in rows], dtype=np.int64),
        "tau_share": np.array([round(row[3].tau * MICRO) for row in rows], dtype=np.int64),
        "standard_errors": np.array([round(row[3].z * MICRO) for row in rows], dtype=np.int64),
        "is_showing": np.array([row[3].shows for row in rows], dtype=np.bool_),
    }


def _leaning(
    standing: Floats, branches: list[Holders], basis: Basis, trait: Longs, branch: Longs
) -> tuple[int, fairness.Leaning]:
    first = np.append(0, np.cumsum([len(one.level) for one in branches]))
    held = [one.owners.of[basis] for one in branches]
    shifted = [np.where(owner >= 0, owner + first[at], -1) for at, owner in enumerate(held)]
    amount = fairness.mean_of(standing, np.concatenate(shifted), int(first[-1]))
    return int(np.isfinite(amount).sum()), fairness.leaning(amount, trait, branch)
