"""What counts of each existing client: the facts a pair is scored by, and what is taken of a manager's limits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis.expr import datatypes as types

from keepwell.contract.allocation import AllocationUse
from keepwell.contract.codes import Need, NeedSource
from keepwell.engine import frames
from keepwell.engine.columns import literal
from keepwell.policy.allocation import Allocation, ValueBy
from keepwell.policy.packs import Packs

STRENGTH = AllocationUse.columns["stock_need_share"]
SHARE = types.Decimal(18, 6)
AMOUNT = types.Decimal(38, 2)


def allocation_use(
    client: Any,
    client_grade: Any,
    client_feature: Any,
    client_record: Any,
    client_need: Any,
    returned_need: Any,
    packs: Packs,
    as_of: dt.date,
) -> Any:
    """Existing clients with needs, style, value and what is too old or not known (R002, R040, R050)."""
    rules = packs.allocation
    held = client.filter(client.population.isin([str(one) for one in rules.populations]))
    facts = held.inner_join(client_grade.drop(*_shared(held, client_grade)), "client_id")
    facts = facts.inner_join(client_feature.drop(*_shared(facts, client_feature)), "client_id")
    said = _latest(client_need, returned_need)
    needs = _needs(client_record, said, client_feature, rules, as_of)
    both = facts.left_join(needs, "client_id", rname="{name}_of_need")
    counted = both.mutate(**_taken(both, rules, as_of), **_known(both, packs), **_of_need(both))
    return counted.mutate(branch_code=counted.home_branch_code).select(*AllocationUse.names())


def _shared(left: Any, right: Any) -> list[str]:
    return [name for name in right.columns if name in left.columns and name != "client_id"]


def _taken(facts: Any, rules: Allocation, as_of: dt.date) -> dict[str, Any]:
    """Value in whole units up to the signed amount, top tier, vulnerable: a limit, never a score."""
    counted = rules.counted
    by_assets = counted.value_by is ValueBy.ASSETS
    amount = facts.net_assets_20d_amount if by_assets else facts.contribution_365d_amount
    most = ibis.literal(str(counted.counted_at_most_amount)).cast(AMOUNT)
    unit = ibis.literal(str(counted.unit_amount)).cast(AMOUNT)
    within = ibis.least(ibis.greatest(amount.fill_null(0).cast(AMOUNT), 0), most)
    grown = frames.months_after(facts.birth_on, 12 * counted.vulnerable_from_age)
    is_vulnerable = (grown <= frames.day(as_of)).fill_null(False)
    if counted.lowest_class_is_vulnerable:
        is_vulnerable |= facts.is_lowest_class.fill_null(False)
    return {
        "n_value_units": ((within - within % unit) / unit).round(0).cast("int64"),
        "is_top_tier": facts.grade.isin([str(grade) for grade in counted.top_tier_grades]),
        "is_vulnerable": is_vulnerable,
        "is_entitled_to_advice": facts.grade.isin([str(grade) for grade in rules.advice.grades]),
    }


def _known(facts: Any, packs: Packs) -> dict[str, Any]:
    """Since when nobody was in touch, and which facts are not known."""
    pool = packs.allocation.pool
    grades = [str(grade) for grade in pool.untouched_grades]
    untouched = ibis.coalesce(facts.days_since_contact, facts.tenure_days)
    return {
        "n_days_untouched": untouched,
        "is_untouched": (untouched >= pool.n_days_untouched_from) & facts.grade.isin(grades),
        "is_need_known": facts.client_id_of_need.notnull(),
        "is_style_known": facts.trading_style.notnull(),
        "is_risk_known": facts.risk_level.notnull(),
    }


def _of_need(facts: Any) -> dict[str, Any]:
    return {name: facts[name].fill_null(0).cast(SHARE) for name in map(_column, Need)}


def _column(need: Need) -> str:
    return f"{need}_need_share"


def _latest(client_need: Any, returned_need: Any) -> Any:
    """Words on needs, delivered and from the desk: of a record and a need the desk's counts, unless older."""
    names = ("record_code", "need", "strength_share", "need_source", "recorded_on")
    desk = returned_need.select(*names)
    newer = desk.select("record_code", "need", desk_on=desk.recorded_on)
    both = client_need.left_join(newer, ["record_code", "need"], rname="{name}_of_desk")
    kept = both.filter(both.desk_on.isnull() | (both.desk_on < both.recorded_on)).select(*names)
    return kept.union(desk)


def _needs(
    client_record: Any, client_need: Any, client_feature: Any, rules: Allocation, as_of: dt.date
) -> Any:
    """A client's needs by kind: the strongest word, less where it was inferred; what is too old counts no more."""
    oldest = as_of - dt.timedelta(days=rules.profiles.n_days_needs_hold)
    fresh = client_need.filter(client_need.recorded_on >= frames.day(oldest))
    owners = client_record.select("record_code", "client_id")
    confidence = ibis.cases(
        (fresh.need_source == str(NeedSource.STATED), literal(rules.needs.stated_confidence_share, STRENGTH)),
        else_=literal(rules.needs.inferred_confidence_share, STRENGTH),
    )
    weighed = fresh.mutate(weight=(fresh.strength_share * confidence).cast(SHARE))
    said = weighed.join(owners, "record_code").select("client_id", "need", "weight")
    held = client_feature.filter(client_feature.leading_need.notnull())
    inferred = held.select(
        "client_id", need=held.leading_need, weight=literal(rules.needs.told_by_holdings, STRENGTH)
    )
    rows = said.union(inferred)
    return rows.group_by("client_id").agg(
        **{_column(need): rows.weight.max(where=rows.need == str(need)) for need in Need}
    )
