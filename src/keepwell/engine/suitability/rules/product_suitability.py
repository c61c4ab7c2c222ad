"""Levels of products: the firm's own of the day, raised to the list where it lies below it (Art. 15, 16, 36)."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_
from typing import Any

import ibis

from keepwell.contract.codes import ProductLevel
from keepwell.contract.reasons.suitability import ProductLevelReason
from keepwell.contract.suitability import ProductSuitability
from keepwell.engine import frames
from keepwell.engine.suitability.rules.levels import number_of, place, placed
from keepwell.policy.packs import Packs
from keepwell.policy.suitability import Listed


def product_suitability(product: Any, product_rating: Any, packs: Packs, as_of: dt.date) -> Any:
    """The level each product counts with, and how long its money is bound."""
    pack = packs.suitability
    rated = product.left_join(_latest(product_rating, as_of), "product_code").drop("product_code_right")
    ranks = rated.mutate(own=place(rated.declared_level, ProductLevel), least=listed(rated, pack.listed))
    kinds = [str(kind) for kind in pack.terms.bound_kinds]
    left = ibis.coalesce(frames.days_between(ranks.matures_on, frames.day(as_of)), ranks.term_days)
    counted = ranks.mutate(
        listed_level=placed(ranks.least, ProductLevel),
        product_level=ibis.cases(
            (ranks.own.notnull(), placed(ibis.greatest(ranks.own, ranks.least), ProductLevel))
        ),
        level_reason=ibis.cases(
            (ranks.own.isnull(), str(ProductLevelReason.NOT_RATED)),
            (ranks.own < ranks.least, str(ProductLevelReason.RAISED)),
            else_=str(ProductLevelReason.DECLARED),
        ),
        is_term_bound=ranks.product_kind.isin(kinds),
        term_days_left=ibis.cases((ranks.product_kind.isin(kinds) & left.notnull(), ibis.greatest(left, 0))),
        policy_version=ibis.literal(f"suitability {pack.version}"),
    )
    return counted.select(*ProductSuitability.names())


def listed(products: Any, entries: tuple[Listed, ...]) -> Any:
    """The place of the least level the list allows: the highest of the entries that cover the product."""
    covered = [
        ibis.cases((_covers(products, entry), number_of(entry.product_level_at_least)), else_=0)
        for entry in entries
    ]
    return ibis.greatest(*covered)


def _covers(products: Any, entry: Listed) -> Any:
    holds = products.product_kind.isin([str(kind) for kind in entry.product_kinds])
    if entry.markets:
        holds &= products.market.isin([str(market) for market in entry.markets])
    for column, beginnings in (("product_code", entry.code_begins), ("product_name", entry.name_begins)):
        if beginnings:
            holds &= reduce(or_, [products[column].startswith(one) for one in beginnings])
    return holds


def _latest(product_rating: Any, as_of: dt.date) -> Any:
    """The level of each product in force on the day."""
    seen = product_rating.filter(product_rating.rated_on <= frames.day(as_of))
    last = ibis.row_number().over(group_by="product_code", order_by=seen.rated_on.desc())
    ranked = seen.mutate(turn=last)
    return ranked.filter(ranked.turn == 0).select("product_code", "rated_on", declared_level="product_level")
