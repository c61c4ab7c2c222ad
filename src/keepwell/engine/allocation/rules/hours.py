"""Service hours for each class of a branch: no class below its floor before any gets more, strategic ones capped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.contract.codes import CityTier, Grade
from keepwell.contract.reasons.allocation import HoursReason
from keepwell.engine.allocation.rules.quantities import MICRO, Objects, Rows, centi, known_where, micro, told
from keepwell.engine.solver.assignment.problem import Longs
from keepwell.policy.allocation import Allocation

STRATEGIC = list(Grade).index(Grade.STRATEGIC)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours a year in hundredths for each client of a grade: wanted, floor, given; ``short`` is what floors lack."""

    n_clients: Longs
    wanted: Longs
    floor: Longs
    given: Longs
    capacity: int
    short: int
    reason: Objects


def hours_of(n_clients: Longs, capacity: int, city_tier: int, rules: Allocation) -> Hours:
    """Hours of a branch with so many clients of each grade, and so many hours that may be planned."""
    extra = centi(rules.regions[city_tier].education_hours) if city_tier >= 0 else 0
    wanted = np.array([centi(row.wanted_hours) + extra for row in rules.service_hours], dtype=np.int64)
    floor = np.array([centi(row.floor_hours) + extra for row in rules.service_hours], dtype=np.int64)
    reason = np.full(len(Grade), str(HoursReason.AS_WANTED), dtype=object)
    most = micro(rules.between_clients.strategic_hours_at_most_share)
    given = _capped(wanted, floor, n_clients, most)
    given = _cut(given, floor, n_clients, capacity)
    short = max(int((given * n_clients).sum()) - capacity, 0)
    given = _capped(given, floor, n_clients, most)
    reason[given < wanted] = str(HoursReason.CUT_TO_CAPACITY)
    if given[STRATEGIC] < wanted[STRATEGIC] and (given[1:] == wanted[1:]).all():
        reason[STRATEGIC] = str(HoursReason.CEILING)
    reason[(given == floor) & (floor < wanted)] = str(HoursReason.AT_FLOOR)
    return Hours(n_clients, wanted, floor, given, capacity, short, reason)


def _capped(given: Longs, floor: Longs, n_clients: Longs, most: int) -> Longs:
    """Strategic clients take no more than the ceiling of all hours, but never less than their floor."""
    if not n_clients[STRATEGIC] or most >= MICRO:
        return given
    others = int((given * n_clients).sum() - given[STRATEGIC] * n_clients[STRATEGIC])
    if not others:
        return given
    room = others * most // (MICRO - most) // int(n_clients[STRATEGIC])
    capped = given.copy()
    capped[STRATEGIC] = max(min(int(given[STRATEGIC]), room), int(floor[STRATEGIC]))
    return capped


def _cut(given: Longs, floor: Longs, n_clients: Longs, capacity: int) -> Longs:
    """What is above the floors is cut by the same part where the branch has not the hours."""
    total, least = int((given * n_clients).sum()), int((floor * n_clients).sum())
    if total <= capacity:
        return given
    room = max(capacity - least, 0)
    return np.asarray(floor + (given - floor) * room // max(total - least, 1))


def tier_of(values: Objects, branch_codes: Objects, branch: str) -> int:
    """Place of the branch's city tier among the tiers, -1 where it is not known."""
    tiers = [str(tier) for tier in CityTier]
    found = [tiers.index(value) for value in values[branch_codes == branch] if value in tiers]
    return found[0] if found else -1


def rows_of(hours: Hours, branch: str, rules: Allocation) -> Rows:
    """The evidence: what each grade of the branch was given, and why."""
    total = hours.given * hours.n_clients
    share = total * MICRO // max(int(total.sum()), 1)
    here = np.flatnonzero(hours.n_clients > 0)
    is_strategic = here == STRATEGIC
    ceiling = np.full(len(here), micro(rules.between_clients.strategic_hours_at_most_share), dtype=np.int64)
    return {
        "branch_code": np.full(len(here), branch, dtype=object),
        "grade": told(Grade, here),
        "n_clients": hours.n_clients[here],
        "wanted_hours": hours.wanted[here],
        "floor_hours": hours.floor[here],
        "given_hours": hours.given[here],
        "total_hours": total[here],
        "hours_share": share[here],
        "ceiling_share": known_where(ceiling, is_strategic),
        "capacity_hours": np.full(len(here), hours.capacity, dtype=np.int64),
        "hours_reason": hours.reason[here],
    }
