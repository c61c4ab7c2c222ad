"""How well a client and a manager fit, part by part, in millionths; no protected fact is read here."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from keepwell.contract.codes import Need
from keepwell.contract.serving import ScorePart
from keepwell.engine.allocation.rules.clients import Clients
from keepwell.engine.allocation.rules.managers import Managers
from keepwell.engine.allocation.rules.quantities import MICRO, NEUTRAL, Flags, micro
from keepwell.engine.solver.assignment.problem import Longs
from keepwell.policy.allocation import Allocation

EDUCATION = list(Need).index(Need.EDUCATION)


def score_parts(
    clients: Clients, managers: Managers, wished: Longs, city_tier: int, rules: Allocation
) -> dict[ScorePart, Longs]:
    """The parts of every pair's score before weights, each (N, K), zero to a million; ``wished`` is -1 without a wish.

    What is not known of a client or a manager is neutral. Satisfaction is that of the manager's own clients, never
    turnover (R051, R181); continuity is lost where nobody was in touch for long (R057).
    """
    shape = (len(clients.code), len(managers.code))
    holds = clients.current[:, None] == managers.code[None, :]
    parts = {
        ScorePart.NEED: _need(clients.need, managers.strength),
        ScorePart.STYLE: _shared(clients.style, managers.style),
        ScorePart.RISK: _shared(
            np.where(clients.is_risk_known, clients.served_as, -1), managers.service_type
        ),
        ScorePart.REGION: _region(managers, city_tier, rules),
        ScorePart.LEVEL: _level(clients.grade, managers.level, rules),
        ScorePart.SATISFACTION: managers.satisfaction[None, :],
        ScorePart.QUALIFICATION: managers.qualification[None, :],
        ScorePart.CONTINUITY: (holds & ~clients.is_untouched[:, None]) * MICRO,
        ScorePart.WISH: _wish(wished, len(managers.code)),
        ScorePart.STAY: holds * MICRO,
    }
    return {part: np.broadcast_to(value, shape).astype(np.int64) for part, value in parts.items()}


def points(parts: dict[ScorePart, Longs], rules: Allocation) -> dict[ScorePart, Longs]:
    """Each part times its signed weight, in whole millionths: the score is their sum, to the last digit."""
    weights = {part: micro(weight) for part, weight in weights_of(rules)}
    return {part: value * weights[part] // MICRO for part, value in parts.items()}


def weights_of(rules: Allocation) -> tuple[tuple[ScorePart, Decimal], ...]:
    """The weight of each part, the bonus for staying last."""
    return (*rules.score.parts(), (ScorePart.STAY, rules.stay.bonus_share))


def _need(need: Longs, strength: Longs) -> Longs:
    """The client's needs weighted by the manager's strength in them."""
    wanted = need.sum(axis=1)
    fit = (need @ strength.T) // np.maximum(wanted, 1)[:, None]
    unknown = (wanted == 0)[:, None] | (strength.sum(axis=1) == 0)[None, :]
    return np.where(unknown, NEUTRAL, fit)


def _shared(wanted: Longs, told: Flags) -> Longs:
    """All where the manager has told the client's kind, nothing where only others, half where nothing is known."""
    has = np.asarray(told[:, np.maximum(wanted, 0)].T)
    known = (wanted >= 0)[:, None] & np.asarray(told.any(axis=1))[None, :]
    return np.where(known, has * MICRO, NEUTRAL)


def _region(managers: Managers, city_tier: int, rules: Allocation) -> Longs:
    """Senior staff where needs are developed, strength in education elsewhere (R045)."""
    if city_tier < 0:
        return np.full((1, len(managers.code)), NEUTRAL, dtype=np.int64)
    region = rules.regions[city_tier]
    if region.education_hours > 0:
        asked = micro(region.education_strength_share)
        return np.minimum(managers.strength[:, EDUCATION] * MICRO // asked, MICRO)[None, :]
    return np.minimum(managers.level * MICRO // region.staff_level, MICRO)[None, :]


def _level(grade: Longs, level: Longs, rules: Allocation) -> Longs:
    """One from the level that the pack asks for the grade, a step less for each level below (R051)."""
    asked = np.array([row.staff_level for row in rules.grade_levels], dtype=np.int64)[grade]
    step = np.array([micro(row.step_share) for row in rules.grade_levels], dtype=np.int64)[grade]
    short = np.maximum(asked[:, None] - level[None, :], 0)
    return np.asarray(np.maximum(MICRO - short * step[:, None], 0))


def _wish(wished: Longs, n_managers: int) -> Longs:
    """All for whom the client wishes, nothing for others then; half without a wish."""
    hit = wished[:, None] == np.arange(n_managers)[None, :]
    return np.where((wished >= 0)[:, None], hit * MICRO, NEUTRAL)
