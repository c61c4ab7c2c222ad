"""Who may take clients, how much they can carry, and what they are good at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract.codes import LicenceKind, Need, ServiceType, TradingStyle
from keepwell.contract.reasons.allocation import AllocationReason
from keepwell.contract.serving import Language, TraitKind
from keepwell.engine.allocation.rules.quantities import (
    CENTI,
    MICRO,
    Flags,
    Objects,
    codes_of,
    flags,
    micro,
    millionths,
    place_of,
    texts,
    whole,
)
from keepwell.engine.solver.assignment.problem import Longs
from keepwell.policy.allocation import Allocation

QUALIFIED, CERTIFIED = MICRO, MICRO * 3 // 4


@dataclass(frozen=True, slots=True)
class Managers:
    """Staff that hold or held a book, in the order of their numbers; arrays of shape (K,) and (K, list).

    ``capacity`` is the share of a full week in millionths, 0 for those who may not take clients; ``hours`` what that
    makes of service hours a year, in hundredths. Strengths, styles, types and languages not told are all zero.
    """

    code: Objects
    branch: Objects
    reason: Objects
    capacity: Longs
    hours: Longs
    level: Longs
    satisfaction: Longs
    qualification: Longs
    is_adviser: Flags
    strength: Longs
    style: Flags
    service_type: Flags
    language: Flags

    @property
    def is_eligible(self) -> Flags:
        """Whether each may take clients."""
        return np.asarray(self.capacity > 0)

    def take(self, rows: Longs) -> Managers:
        """Some of the managers."""
        return Managers(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of staff, delivered or confirmed at the desk: what the desk says of somebody outranks a delivery."""

    staff: pa.Table
    licence: pa.Table
    specialty: pa.Table
    leave: pa.Table
    trait: pa.Table
    hours: pa.Table


def told_of(
    staff: pa.Table,
    licence: pa.Table,
    delivered: tuple[pa.Table, ...],
    returned: tuple[pa.Table, ...],
    hours: pa.Table,
) -> Told:
    """Specialties, leave and traits of both, in this order; a specialty confirmed at the desk outranks a delivery."""
    specialty, leave, trait = delivered
    said = returned[0].select(["staff_code", "need", "strength_share", "confirmed_on"])
    pair = ("staff_code", "need")
    kept = specialty.filter(pc.invert(pc.is_in(_joint(specialty, pair), _joint(said, pair).combine_chunks())))
    return Told(
        staff,
        licence,
        pa.concat_tables([kept.select(said.column_names), said]),
        pa.concat_tables(
            [part.select(["staff_code", "starts_on", "ends_on"]) for part in (leave, returned[1])]
        ),
        pa.concat_tables(
            [part.select(["staff_code", "trait_kind", "trait"]) for part in (trait, returned[2])]
        ),
        hours,
    )


def _joint(rows: pa.Table, names: tuple[str, str]) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(rows[names[0]], rows[names[1]], "/")


def managers_of(told: Told, rules: Allocation, as_of: dt.date) -> Managers:
    """Everybody with a book in a role of the pack, with grounds for who may not take clients."""
    roles = pa.array([role.value for role in rules.eligibility.roles])
    held = told.staff.filter(pc.and_(told.staff["has_book"], pc.is_in(told.staff["role"], roles)))
    codes = held["staff_code"].combine_chunks()
    licence = told.licence.filter(_in_force(told.licence, as_of))
    reason = _reasons(held, licence, told, rules, as_of)
    working = _weekly(held, told.hours, rules) * _ramped(held["joined_on"], rules, as_of) // MICRO
    share = np.where(reason == str(AllocationReason.ELIGIBLE), working, 0)
    strength = _strengths(told.specialty, codes, rules, as_of)
    trait = {kind: told.trait.filter(pc.equal(told.trait["trait_kind"], str(kind))) for kind in TraitKind}
    is_adviser = flags(pc.is_in(held["staff_code"], _advisers(licence)))
    certified = flags(
        pc.is_in(held["staff_code"], trait[TraitKind.CERTIFICATE]["staff_code"].combine_chunks())
    )
    return Managers(
        code=texts(held["staff_code"]),
        branch=texts(held["branch_code"]),
        reason=reason,
        capacity=share,
        hours=_yearly(share, rules),
        level=whole(held["level"], 1),
        satisfaction=_satisfaction(held["satisfaction_score"]),
        qualification=np.where(is_adviser, QUALIFIED, np.where(certified, CERTIFIED, MICRO // 2)),
        is_adviser=is_adviser,
        strength=_interested(strength, _listed(trait[TraitKind.INTEREST], codes, codes_of(Need)), rules),
        style=_listed(trait[TraitKind.STYLE], codes, codes_of(TradingStyle)),
        service_type=_listed(trait[TraitKind.SERVICE_TYPE], codes, codes_of(ServiceType)),
        language=_listed(trait[TraitKind.LANGUAGE], codes, codes_of(Language)),
    )


def _reasons(held: pa.Table, licence: pa.Table, told: Told, rules: Allocation, as_of: dt.date) -> Objects:
    gone = flags(_leaves_by(held, as_of))
    licensed = flags(pc.is_in(held["staff_code"], licence["staff_code"].combine_chunks()))
    if not rules.eligibility.needs_valid_licence:
        licensed[:] = True
    away = flags(
        pc.is_in(held["staff_code"], _long_leave(told.leave, rules.capacity.n_leave_days_counted_from, as_of))
    )
    reason = np.full(held.num_rows, str(AllocationReason.ELIGIBLE), dtype=object)
    reason[_weekly(held, told.hours, rules) <= 0] = str(AllocationReason.NO_HOURS)
    reason[away] = str(AllocationReason.ON_LEAVE)
    reason[flags(_leaves_by(held, as_of + dt.timedelta(days=rules.capacity.n_days_before_leaving)))] = str(
        AllocationReason.LEAVES_SOON
    )
    reason[~licensed] = str(AllocationReason.LICENCE_EXPIRED)
    reason[gone] = str(AllocationReason.HAS_LEFT)
    return reason


def _leaves_by(held: pa.Table, day: dt.date) -> pa.ChunkedArray:
    return pc.less_equal(held["left_on"], pa.scalar(day))


def _ramped(joined_on: pa.ChunkedArray, rules: Allocation, as_of: dt.date) -> Longs:
    """The part of the own capacity that each carries by full months in service; who is not told of carries all."""
    months = pc.add(pc.multiply(pc.subtract(as_of.year, pc.year(joined_on)), 12), as_of.month)
    begun = pc.cast(pc.greater(pc.day(joined_on), as_of.day), pa.int64())
    served = whole(
        pc.subtract(pc.subtract(months, pc.month(joined_on)), begun), rules.ramp_up[-1].n_months_from
    )
    steps = np.array([row.n_months_from for row in rules.ramp_up])
    parts = np.array([micro(row.capacity_share) for row in rules.ramp_up], dtype=np.int64)
    return np.asarray(parts[np.searchsorted(steps, np.maximum(served, 0), side="right") - 1])


def _weekly(held: pa.Table, confirmed: pa.Table, rules: Allocation) -> Longs:
    """The part of a full week that each works, in millionths; who is not told of works all of it."""
    full = int(rules.capacity.full_weekly_hours * CENTI)
    at = pc.index_in(held["staff_code"], confirmed["staff_code"].combine_chunks())
    weekly = pc.coalesce(confirmed["weekly_hours"].take(at), held["weekly_hours"])
    hours = pc.cast(pc.multiply(weekly, pa.scalar(CENTI)), pa.int64())
    return np.minimum(whole(hours, full), full) * MICRO // full


def _yearly(share: Longs, rules: Allocation) -> Longs:
    """Hours of service a year that may be planned, in hundredths."""
    capacity = rules.capacity
    full = capacity.full_weekly_hours * capacity.n_weeks * capacity.service_share
    planned = int(full * capacity.filled_at_most_share * CENTI)
    return share * planned // MICRO


def _in_force(rows: pa.Table, as_of: dt.date) -> pa.ChunkedArray:
    today = pa.scalar(as_of)
    open_ended = pc.fill_null(pc.greater_equal(rows["valid_to"], today), True)
    return pc.and_(pc.less_equal(rows["valid_from"], today), open_ended)


def _advisers(licence: pa.Table) -> pa.Array:
    of_kind = pc.equal(licence["licence_kind"], str(LicenceKind.ADVISER))
    return licence.filter(of_kind)["staff_code"].combine_chunks()


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


def _strengths(rows: pa.Table, codes: pa.Array, rules: Allocation, as_of: dt.date) -> Longs:
    """Strength of each in each need, (K, 6) in millionths; what was confirmed too long ago counts no more."""
    oldest = as_of - dt.timedelta(days=rules.profiles.n_days_strengths_hold)
    fresh = pc.fill_null(pc.greater_equal(rows["confirmed_on"], pa.scalar(oldest)), True)
    known = rows.filter(pc.and_(fresh, pc.is_in(rows["staff_code"], codes)))
    table = np.zeros((len(codes), len(Need)), dtype=np.int64)
    where = (place_of(known["staff_code"], codes), place_of(known["need"], codes_of(Need)))
    np.maximum.at(table, where, millionths(known["strength_share"]))
    return table


def _interested(strength: Longs, interest: Flags, rules: Allocation) -> Longs:
    """Who likes a thing is counted a little stronger in it (R058); one is the most."""
    return np.asarray(np.minimum(strength + interest * micro(rules.needs.interest_bonus_share), MICRO))


def _listed(rows: pa.Table, codes: pa.Array, values: pa.Array) -> Flags:
    """Which of the values is told of each, (K, list)."""
    known = rows.filter(pc.and_(pc.is_in(rows["staff_code"], codes), pc.is_in(rows["trait"], values)))
    table = np.zeros((len(codes), len(values)), dtype=np.bool_)
    table[place_of(known["staff_code"], codes), place_of(known["trait"], values)] = True
    return table
