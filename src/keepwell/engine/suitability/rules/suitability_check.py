"""The self-check that is due every half-year, as of the day: of how many how many are not in order (Art. 30)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import ibis

from keepwell.contract.codes import Population, ProductLevel
from keepwell.contract.reasons.suitability import (
    CheckReason,
    InvestorReason,
    LevelReason,
    ProductLevelReason,
)
from keepwell.contract.suitability import SuitabilityCheck
from keepwell.contract.suitable import AssessmentState, CheckItem, FlagKind
from keepwell.engine import frames
from keepwell.engine.suitability.rules.levels import place
from keepwell.engine.suitability.rules.refusals import refusing
from keepwell.policy.packs import Packs

JULY = 7
RAISED = (ProductLevelReason.RAISED, ProductLevelReason.RAISED_BY_FACTORS)


@dataclass(frozen=True)
class Facts:
    """What the items count over: open clients, their flags, refusals, institutions with limits, products."""

    clients: Any
    refusals: Any
    mandates: Any
    products: Any


def suitability_check(
    client: Any,
    client_record: Any,
    client_suitability: Any,
    suitability_flag: Any,
    client_mandate: Any,
    client_holding: Any,
    product_suitability: Any,
    facts_refused: Any,
    packs: Packs,
    as_of: dt.date,
) -> Any:
    """One row an item of the report."""
    held = client_holding.join(product_suitability.select("product_code", "product_level"), "product_code")
    open_ = client.filter(client.population != str(Population.CLOSED)).select("client_id")
    clients = _with_holdings(_with_flags(open_.join(client_suitability, "client_id"), suitability_flag), held)
    facts = Facts(
        clients,
        refusing(facts_refused, client_record, as_of),
        _by_client(client_mandate),
        product_suitability,
    )
    first = dt.date(as_of.year, JULY if as_of.month >= JULY else 1, 1)
    last = dt.date(as_of.year, 12, 31) if as_of.month >= JULY else dt.date(as_of.year, 6, 30)
    rows = ibis.union(*_items(facts))
    return rows.mutate(
        half_year_from_on=frames.day(first),
        half_year_to_on=frames.day(last),
        found_share=frames.ratio(rows.n_found, rows.n_checked),
        policy_version=ibis.literal(f"suitability {packs.suitability.version}"),
    ).select(*SuitabilityCheck.names())


def _items(facts: Facts) -> list[Any]:
    item, why = CheckItem, CheckReason
    people, goods = facts.clients, facts.products
    state, is_lowest = people.assessment_state, people.is_lowest_class.fill_null(False)
    is_converting = people.investor_reason.isin([str(InvestorReason.CONVERTED), _STEPS])
    return [
        _item(people, item.NOT_ASSESSED, why.FACTS, state == str(AssessmentState.NONE)),
        _item(people, item.EXPIRED, why.FACTS, state == str(AssessmentState.EXPIRED)),
        _item(
            people, item.LEVEL_DISAGREES, why.GRADING, people.level_reason == str(LevelReason.DISAGREES)
        ),
        _item(people, item.RETESTED, why.GRADING, people.is_repeated),
        _item(people, item.CONTRADICTION, why.FACTS, people.is_contradicted),
        _item(people.filter(is_lowest), item.LOWEST_HOLDS_ABOVE, why.LOWEST, _above(people.filter(is_lowest))),
        _item(people.filter(~is_lowest), item.HOLDS_ABOVE, why.MATCHING, _above(people.filter(~is_lowest))),
        _item(facts.refusals, item.REFUSED_UNTOLD, why.FACTS, facts.refusals.told_on.isnull()),
        _item(
            people.filter(is_converting),
            item.STEPS_MISSING,
            why.CONVERSION,
            people.filter(is_converting).investor_reason == _STEPS,
        ),
        _item(facts.mandates, item.NO_HANDLER, why.MANDATE, facts.mandates.n_handlers == 0),
        _item(goods, item.NOT_RATED, why.PRODUCTS, goods.product_level.isnull()),
        _item(goods, item.RAISED, why.PRODUCTS, goods.level_reason.isin([str(one) for one in RAISED])),
    ]  # fmt: skip


_STEPS = str(InvestorReason.STEPS_MISSING)


def _item(rows: Any, item: CheckItem, reason: CheckReason, is_found: Any) -> Any:
    counted = rows.aggregate(
        n_checked=rows.count().cast("int64"),
        n_found=is_found.fill_null(False).sum().fill_null(0).cast("int64"),
    )
    return counted.mutate(check_item=ibis.literal(str(item)), check_reason=ibis.literal(str(reason)))


def _above(people: Any) -> Any:
    """Whether the highest level held lies above what the client matches; what has no level is an item of its own."""
    return people.highest_held > place(people.product_level_at_most, ProductLevel)


def _with_flags(people: Any, suitability_flag: Any) -> Any:
    kinds = suitability_flag.group_by("client_id").agg(
        is_repeated=(suitability_flag.flag_kind == str(FlagKind.REPEATED)).any(),
        is_contradicted=(suitability_flag.flag_kind == str(FlagKind.CONTRADICTION)).any(),
    )
    return people.left_join(kinds, "client_id").drop("client_id_right")


def _with_holdings(people: Any, held: Any) -> Any:
    highest = held.group_by("client_id").agg(highest_held=place(held.product_level, ProductLevel).max())
    return people.left_join(highest, "client_id").drop("client_id_right")


def _by_client(client_mandate: Any) -> Any:
    permitted = client_mandate.filter(client_mandate.is_permitted)
    return permitted.group_by("client_id").agg(n_handlers=permitted.n_handlers.max())
