"""How well a client and a manager fit, in millionths; no protected fact is read here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from keepwell.contract.codes import Grade, Need
from keepwell.engine.allocation.rules.managers import MICRO, Managers
from keepwell.engine.solver.transport import Longs
from keepwell.policy.packs import Packs

NEEDS = pa.array([need.value for need in Need])
NEUTRAL = MICRO // 2


@dataclass(frozen=True, slots=True)
class Clients:
    """Clients to be placed, in the order of their ids; arrays of shape (N,), ``need`` (N, 6) in millionths."""

    code: NDArray[np.object_]
    branch: NDArray[np.object_]
    current: NDArray[np.object_]
    grade: Longs
    need: Longs


def strengths(rows: pa.Table, owner: str, codes: pa.Array) -> Longs:
    """Strength per owner and need in millionths, shape (len(codes), 6); the largest where several are given."""
    table = np.zeros((len(codes), len(NEEDS)), dtype=np.int64)
    place = pc.index_in(rows[owner], codes)
    known = rows.filter(pc.is_valid(place))
    where = pc.index_in(known[owner], codes).to_numpy().astype(np.int64)
    need = pc.index_in(known["need"], NEEDS).to_numpy().astype(np.int64)
    micro = pc.cast(pc.multiply(known["strength_share"], pa.scalar(MICRO)), pa.int64()).to_numpy()
    np.maximum.at(table, (where, need), micro)
    return table


def score_parts(clients: Clients, managers: Managers, specialty: Longs, packs: Packs) -> dict[str, Longs]:
    """The parts of every pair's score before weights, each (N, K) in millionths.

    Specialty: the client's needs weighted by the manager's strength in them, neutral where either is unknown.
    Continuity: one for the present manager. Level: one from the level the pack asks for the grade, a step less
    for each level below. Satisfaction: of the manager's own clients, never turnover (R051, R181).
    """
    wanted = clients.need.sum(axis=1)
    fit = (clients.need @ specialty.T) // np.maximum(wanted, 1)[:, None]
    unknown = (wanted == 0)[:, None] | (specialty.sum(axis=1) == 0)[None, :]
    rules = {row.grade: row for row in packs.allocation.grade_levels}
    asked = np.array([rules[grade].staff_level for grade in Grade], dtype=np.int64)[clients.grade]
    step = np.array([int(rules[grade].step_share * MICRO) for grade in Grade], dtype=np.int64)[clients.grade]
    short = np.maximum(asked[:, None] - managers.level[None, :], 0)
    return {
        "specialty": np.where(unknown, NEUTRAL, fit),
        "continuity": (clients.current[:, None] == managers.code[None, :]).astype(np.int64) * MICRO,
        "level": np.maximum(MICRO - short * step[:, None], 0),
        "satisfaction": np.broadcast_to(managers.satisfaction, (len(clients.code), len(managers.code))),
    }


def pair_scores(clients: Clients, managers: Managers, specialty: Longs, packs: Packs) -> Longs:
    """Weighted score of every pair in millionths, the bonus for staying included; shape (N, K)."""
    parts = score_parts(clients, managers, specialty, packs)
    weights = packs.allocation.score
    micro = {
        "specialty": int(weights.specialty_weight * MICRO),
        "continuity": int(weights.continuity_weight * MICRO) + int(packs.allocation.stay.bonus_share * MICRO),
        "level": int(weights.level_weight * MICRO),
        "satisfaction": int(weights.satisfaction_weight * MICRO),
    }
    total = np.zeros((len(clients.code), len(managers.code)), dtype=np.int64)
    for name, part in parts.items():
        total += part * micro[name]
    return np.asarray(total // MICRO)
