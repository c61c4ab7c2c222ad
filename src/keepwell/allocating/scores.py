"""The signed score of each client with each candidate, part by part, by the engine's own rules."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.allocating.question import MICRO, Question, millionths, places
from keepwell.contract.codes import Grade, Need
from keepwell.engine.allocation.rules.managers import Managers
from keepwell.engine.allocation.rules.scores import Clients, score_parts
from keepwell.engine.solver.assignment.problem import Longs
from keepwell.linking import UnknownFrame
from keepwell.policy.packs import Packs

NEEDS = [str(need) for need in Need]
WORD = r"^(?P<need>[a-z_]+)(?::(?P<strength>[01]|0?\.[0-9]+|1\.0+))?$"


def signed_points(question: Question, candidates: Longs, packs: Packs) -> dict[str, Longs]:
    """What each part of the score brings a candidate by its signed weight, (N, K) each, in millionths."""
    need, specialty = strengths(question.people, "needs"), strengths(question.team, "specialties")
    told: dict[str, Longs] = {}
    of_client, of_manager = question.branches
    place = np.zeros(len(question.managers) + 1, dtype=np.int64)
    for branch in np.unique(of_client):
        rows, columns = np.flatnonzero(of_client == branch), np.flatnonzero(of_manager == branch)
        if not len(columns):
            continue
        place[columns] = np.arange(len(columns))
        at = (np.arange(len(rows))[:, None], place[candidates[rows]])
        parts = score_parts(
            _clients(question, rows, need), _managers(question, columns), specialty[columns], packs
        )
        for name, points in _weighted(parts, packs).items():
            told.setdefault(name, np.zeros(candidates.shape, dtype=np.int64))[rows] = points[at]
    return told


def _weighted(parts: dict[str, Longs], packs: Packs) -> dict[str, Longs]:
    weights = packs.allocation.score
    micro = {
        "specialty": weights.specialty_weight,
        "continuity": weights.continuity_weight + packs.allocation.stay.bonus_share,
        "level": weights.level_weight,
        "satisfaction": weights.satisfaction_weight,
    }
    return {name: part * int(micro[name] * MICRO) // MICRO for name, part in parts.items()}


def _clients(question: Question, rows: Longs, need: Longs) -> Clients:
    grades = pa.array([str(grade) for grade in Grade])
    grade = np.full(len(rows), len(Grade) - 1, dtype=np.int64)
    if "grade" in question.people.column_names:
        told = places(question.people["grade"].combine_chunks(), grades)[rows]
        grade = np.where(told >= 0, told, grade)
    none = np.zeros(len(rows), dtype=object)
    return Clients(none, none, question.current[rows].astype(object), grade, need[rows])


def _managers(question: Question, columns: Longs) -> Managers:
    level = millionths(question.team, "level", MICRO)[columns] // MICRO
    satisfaction = (millionths(question.team, "satisfaction_score", 3 * MICRO)[columns] - MICRO) // 4
    none = np.zeros(len(columns), dtype=object)
    return Managers(columns.astype(object), none, none, question.capacity[columns], level, satisfaction)


def strengths(told: pa.Table, name: str) -> Longs:
    """Needs or specialties written as ``fund:0.8 bond``, (rows, needs) in millionths; a need alone counts one."""
    table = np.zeros((told.num_rows, len(NEEDS)), dtype=np.int64)
    if name not in told.column_names:
        return table
    listed = pc.utf8_split_whitespace(pc.utf8_trim_whitespace(pc.fill_null(told[name].combine_chunks(), "")))
    word, row = pc.list_flatten(listed), pc.list_parent_indices(listed)
    written = pc.not_equal(word, "")
    word, row = word.filter(written), row.filter(written).to_numpy().astype(np.int64)
    parts = pc.extract_regex(word, WORD)
    need = places(pc.struct_field(parts, "need"), pa.array(NEEDS))
    if len(wrong := np.flatnonzero(need < 0)):
        raise UnknownFrame(
            f"{name} cannot be read at {word[int(wrong[0])].as_py()!r}: one of {', '.join(NEEDS)}, or fund:0.8 with a "
            "strength from 0 to 1"
        )
    strength = pc.struct_field(parts, "strength")
    strength = pc.if_else(pc.equal(pc.fill_null(strength, ""), ""), "1", strength).cast(pa.float64())
    np.maximum.at(table, (row, need), np.rint(strength.to_numpy() * MICRO).astype(np.int64))
    return table
