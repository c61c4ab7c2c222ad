"""How even and how good the plan is beside the status quo and beside handing out by assets only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.allocating.question import MICRO, Found, Question, places
from keepwell.contract.serving import Basis, Trait
from keepwell.engine.solver import fairness
from keepwell.engine.solver.assignment.problem import Floats, Longs


def plans(question: Question, found: Found) -> dict[Basis, Longs]:
    """The owner of each client as it is, as proposed, and by assets only; what takes no candidate is nobody's."""
    return {
        Basis.NOW: question.current, Basis.PROPOSED: found.plan.manager, Basis.BY_ASSETS: _by_assets(question, found)
    }  # fmt: skip


def _by_assets(question: Question, found: Found) -> Longs:
    """The richest first, to the most senior with a place left: by assets where told, else by the last resource."""
    candidates = found.candidates
    start = np.append(0, np.cumsum((candidates >= 0).sum(axis=1))).astype(np.int64)
    wealth = _column(question.people, "assets_amount", question.use[:, -1])
    level = _column(question.team, "level", np.ones(len(question.managers)))
    seniors = np.lexsort((np.arange(len(level)), -level))
    rank = np.empty(len(level), dtype=np.int64)
    rank[seniors] = np.arange(len(level))
    room = np.ceil(question.fair()[:, 0]).astype(np.int64)
    order = np.lexsort((np.arange(len(wealth)), -wealth)).astype(np.int64)
    return fairness.by_assets_only(start, candidates[candidates >= 0], order, rank, room)


def _column(rows: pa.Table, name: str, otherwise: Floats) -> Floats:
    if name not in rows.column_names:
        return otherwise
    told = rows[name].combine_chunks().cast(pa.float64())
    return np.nan_to_num(np.asarray(told.to_numpy(zero_copy_only=False), dtype=np.float64))


def evenness(question: Question, found: Found) -> tuple[pa.Table, pa.Table]:
    """How evenly each resource is shared out in each plan, and whom the plan favours."""
    rows, leanings = [], []
    for basis, owner in plans(question, found).items():
        total = found.total(owner)
        for r, name in enumerate(question.resources):
            load = fairness.loads(owner, question.use[:, r], len(question.managers))
            even = fairness.evenness(load, question.capacity)
            n_envious = int((fairness.envied(question.use[:, r], owner, question.capacity) > 0).sum())
            rows.append((name, str(basis), even.gini, even.jain, even.lowest, even.highest, n_envious, total))
        leanings += [(str(trait), str(basis), *one) for trait, one in _leanings(question, owner).items()]
    names = (
        "resource",
        "basis",
        "gini_share",
        "jain_share",
        "lowest_share",
        "highest_share",
        "n_envious",
        "total_score",
    )
    return _rows(names, rows), _rows(
        ("trait", "basis", "n_observed", "tau_share", "n_errors", "is_showing"), leanings
    )


def _leanings(question: Question, owner: Longs) -> dict[Trait, tuple[int, float, float, bool]]:
    """Whether the rich are with the senior, whether the first in the list have more, whether developers keep theirs.

    The rich are looked at within their grade and branch: that higher grades go to higher levels is a signed rule.
    """
    people, n, (of_client, of_manager) = question.people, len(question.managers), question.branches
    told: dict[Trait, tuple[int, float, float, bool]] = {}
    if "assets_amount" in people.column_names and "level" in question.team.column_names:
        grade = np.zeros(len(owner), dtype=np.int64)
        if "grade" in people.column_names:
            column = people["grade"].combine_chunks()
            grade = places(column, pc.unique(column).drop_null()) + 1
        place = fairness.standing(
            _column(people, "assets_amount", question.use[:, 0]), of_client * 16 + grade
        )
        lean = fairness.leaning(
            fairness.mean_of(place, owner, n), _column(question.team, "level", np.ones(n)), of_manager
        )
        told[Trait.SENIOR] = (n, lean.tau, lean.z, lean.shows)
    share = fairness.of_fair_share(fairness.loads(owner, 1, n), question.capacity)
    lean = fairness.leaning(np.where(question.capacity > 0, share, np.nan), -question.listed, of_manager)
    told[Trait.LISTED] = (n, lean.tau, lean.z, lean.shows)
    pairs = np.flatnonzero(question.developer >= 0)
    if len(pairs):
        held = fairness.favour(owner, (pairs, question.developer[pairs]), question.capacity, of_manager)
        told[Trait.TIED] = (len(pairs), (held.n_held - held.n_expected) / len(pairs), held.z, held.shows)
    return told


def losses(question: Question, found: Found) -> pa.Table:
    """What each group of clients loses against the best-scoring manager."""
    owner = found.plan.manager
    placed = owner >= 0
    best, got = found.known_score().max(axis=1), found.of(owner)
    told: list[tuple[Any, ...]] = []
    for kind, values in question.groups.items():
        codes = pc.unique(values).drop_null().sort()
        group = np.where(placed, places(values, codes), -1)
        n, loss = fairness.loss_by_group(best, got, group, len(codes))
        score, most = (fairness.loads(group, one, len(codes)) for one in (got, best))
        moved = fairness.loads(group, placed & (owner != question.current), len(codes))
        means = [one / np.maximum(n, 1) / MICRO for one in (score, most, loss)]
        names = [(kind, str(one)) for one in codes.to_pylist()]
        told += [(*name, *row) for name, *row in zip(names, n, moved, *means, strict=True) if row[0]]
    columns = ("group_kind", "group_value", "n_clients", "n_changes", "mean_score", "mean_best", "mean_loss")
    return _rows(columns, told)


def certificate(question: Question, found: Found) -> pa.Table:
    """How good the plan is at least, as code apart from the solver found; one row."""
    plan, sure = found.plan, found.plan.certificate
    return pa.table(
        {
            "n_clients": [len(question.clients)],
            "n_managers": [int((question.capacity > 0).sum())],
            "value": [found.total(plan.manager)],
            "bound": [found.total(plan.manager) + (plan.bound - plan.value) / MICRO],
            "gap_share": [plan.gap],
            "is_proven": [plan.is_proven],
            "current_value": [found.total(question.current)],
            "n_unplaced": [len(plan.pool)],
            "n_changes": [int(((plan.manager >= 0) & (plan.manager != question.current)).sum())],
            "change_price": [plan.switch_price / MICRO],
            "n_limits": [int(np.isfinite(found.lower).sum() + np.isfinite(found.upper).sum())],
            "n_binding": [int((plan.price != 0).sum())],
            "n_broken": [sure.n_broken],
            "question_sha": [sure.question],
            "answer_sha": [sure.answer],
            "policy_version": [question.version],
        }
    )


def _rows(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> pa.Table:
    return pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})
