"""Who is to be placed with whom, and the plan found: everything by place in the order of client and manager numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.assigning import Assigned
from keepwell.engine.solver.assignment.problem import Floats, Longs
from keepwell.linking import UnknownFrame

Pair = tuple[int, int]
HEADS = "heads"
MICRO = 1_000_000
NONE = np.iinfo(np.int64).min
"""The score of no candidate."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who is to be placed with whom: everything by place in the order of client and manager numbers."""

    clients: pa.Array
    managers: pa.Array
    people: pa.Table
    team: pa.Table
    current: Longs
    developer: Longs
    wished: Longs
    branches: tuple[Longs, Longs]
    capacity: Longs
    listed: Longs
    resources: tuple[str, ...]
    use: Floats
    groups: dict[str, pa.Array]
    version: str

    def fair(self) -> Floats:
        """Each manager's fair share of each resource, (M, R): by capacity among the managers of the branch."""
        of_client, of_manager = self.branches
        n = int(max(of_client.max(initial=0), of_manager.max(initial=0))) + 1
        room = np.bincount(of_manager, weights=self.capacity.astype(np.float64), minlength=n)
        part = self.capacity / np.maximum(room[of_manager], 1.0)
        totals = [np.bincount(of_client, weights=taken, minlength=n) for taken in self.use.T]
        return np.stack([total[of_manager] * part for total in totals], axis=1)


@dataclass(frozen=True, slots=True)
class Found:
    """The plan, and what it was chosen among; scores and points in millionths."""

    plan: Assigned
    candidates: Longs
    score: Longs
    points: dict[str, Longs]
    lower: Floats
    upper: Floats
    pins: dict[int, int]
    n_alternatives: int

    def known_score(self) -> Longs:
        """The scores, that of no candidate below all."""
        return np.where(self.candidates >= 0, self.score, NONE)

    def of(self, owner: Longs) -> Longs:
        """The score of each client in a plan, 0 with nobody, or with somebody who may not have the client."""
        hits = (self.candidates == owner[:, None]) & (self.candidates >= 0)
        return np.asarray(np.where(hits, self.score, 0).sum(axis=1))

    def total(self, owner: Longs) -> float:
        """The sum of the scores of a plan."""
        return int(self.of(owner).sum()) / MICRO


def codes_of(question: Question, places: Longs) -> pa.Array:
    """The numbers of managers at these places, empty for nobody."""
    return question.managers.take(pa.array(np.where(places >= 0, places, 0), mask=places < 0))


def numbers(values: Floats, known: Any) -> pa.Array:
    """Numbers as a column, empty where not known."""
    return pa.array(values, pa.float64(), mask=~np.asarray(known))


def places(values: pa.Array, among: pa.Array) -> Longs:
    """Where each value stands among others, -1 for what is empty or not there."""
    at = pc.fill_null(pc.index_in(values, among), -1)
    return np.asarray(at.to_numpy(zero_copy_only=False)).astype(np.int64)


def floats(values: pa.Array, name: str) -> Floats:
    """A column of numbers; what is empty is NaN."""
    try:
        told = values.cast(pa.float64(), safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
        raise UnknownFrame(f"{name} cannot be read as numbers: {fault}") from fault
    return np.asarray(told.to_numpy(zero_copy_only=False), dtype=np.float64)


def millionths(rows: pa.Table, name: str, nothing: int) -> Longs:
    """A column in millionths, ``nothing`` where it tells nothing."""
    if name not in rows.column_names:
        return np.full(rows.num_rows, nothing, dtype=np.int64)
    told = floats(rows[name].combine_chunks(), name) * MICRO
    return np.where(np.isfinite(told), np.rint(np.nan_to_num(told)), nothing).astype(np.int64)
