"""Who may take clients, how much they can carry, and what the branch's limits are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from keepwell.contract.reasons.allocation import AllocationReason
from keepwell.engine.solver.transport import Longs
from keepwell.policy.packs import Packs

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Managers:
    """Staff that hold or held a book, in the order of their numbers; arrays of shape (K,).

    ``capacity`` is the share of a full week in millionths, 0 for those who may not take clients.
    """

    code: NDArray[np.object_]
    branch: NDArray[np.object_]
    reason: NDArray[np.object_]
    capacity: Longs
    level: Longs
    satisfaction: Longs

    @property
    def is_eligible(self) -> NDArray[np.bool_]:
        """Whether each may take clients."""
        return np.asarray(self.capacity > 0)


def managers(
    staff: pa.Table, staff_licence: pa.Table, staff_leave: pa.Table, packs: Packs, as_of: dt.date
) -> Managers:
    """Everybody with a book in a role of the pack, with grounds for who may not take clients."""
    rules = packs.allocation
    roles = pa.array([role.value for role in rules.eligibility.roles])
    held = staff.filter(pc.and_(staff["has_book"], pc.is_in(staff["role"], roles)))
    gone = _true(pc.less_equal(held["left_on"], pa.scalar(as_of)))
    licensed = _true(pc.is_in(held["staff_code"], _in_force(staff_licence, "valid_from", "valid_to", as_of)))
    if not rules.eligibility.needs_valid_licence:
        licensed[:] = True
    away = _true(
        pc.is_in(
            held["staff_code"], _long_leave(staff_leave, rules.capacity.n_leave_days_counted_from, as_of)
        )
    )
    full = rules.capacity.full_weekly_hours
    hours = [full if value is None else value for value in held["weekly_hours"].to_pylist()]
    share = np.array([int(min(value / full, Decimal(1)) * MICRO) for value in hours], dtype=np.int64)
    reason = np.full(held.num_rows, str(AllocationReason.ELIGIBLE), dtype=object)
    reason[away] = str(AllocationReason.ON_LEAVE)
    reason[~licensed] = str(AllocationReason.LICENCE_EXPIRED)
    reason[gone] = str(AllocationReason.HAS_LEFT)
    return Managers(
        code=held["staff_code"].to_numpy(zero_copy_only=False),
        branch=held["branch_code"].to_numpy(zero_copy_only=False),
        reason=reason,
        capacity=np.where(gone | ~licensed | away, 0, share),
        level=pc.fill_null(held["level"], 1).to_numpy(),
        satisfaction=_satisfaction(held["satisfaction_score"]),
    )


def limits(n_clients: int, capacity: Longs, packs: Packs) -> tuple[Longs, Longs]:
    """Lower and upper head counts around each manager's fair share of the branch's clients.

    Fair share = clients x own capacity / capacity of the branch. The band is the pack's, in whole clients,
    with its slack, and never so tight that the branch's clients would not fit.
    """
    band = packs.allocation.band
    if not len(capacity):
        return capacity, capacity
    total = int(capacity.sum())
    lower_ppm, upper_ppm = int(band.lower_share * MICRO), int(band.upper_share * MICRO)
    fair = n_clients * capacity
    lower = np.maximum(fair * lower_ppm // (total * MICRO) - band.n_slack_clients, 0)
    upper = -(-fair * upper_ppm // (total * MICRO)) + band.n_slack_clients
    return lower.astype(np.int64), upper.astype(np.int64)


def _true(mask: pa.ChunkedArray) -> NDArray[np.bool_]:
    return np.array(pc.fill_null(mask, False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _in_force(rows: pa.Table, first: str, last: str, as_of: dt.date) -> pa.Array:
    today = pa.scalar(as_of)
    open_ended = pc.fill_null(pc.greater_equal(rows[last], today), True)
    return rows.filter(pc.and_(pc.less_equal(rows[first], today), open_ended))["staff_code"].combine_chunks()


def _long_leave(rows: pa.Table, n_days: int, as_of: dt.date) -> pa.Array:
    """Staff away on the cut whose leave lasts at least ``n_days``."""
    today = pa.scalar(as_of)
    now = pc.and_(pc.less_equal(rows["starts_on"], today), pc.greater_equal(rows["ends_on"], today))
    long = pc.greater_equal(pc.days_between(rows["starts_on"], rows["ends_on"]), n_days)
    return rows.filter(pc.and_(now, long))["staff_code"].combine_chunks()


def _satisfaction(scores: pa.ChunkedArray) -> Longs:
    """One to five as millionths of zero to one; unknown is the middle."""
    known = [Decimal(3) if value is None else value for value in scores.to_pylist()]
    return np.array([int((value - 1) / 4 * MICRO) for value in known], dtype=np.int64)
