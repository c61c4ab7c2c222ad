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
from keepwell.policy.suitability import Factors, Listed


def product_suitability(
    product: Any, product_rating: Any, product_factor: Any, source_coverage: Any, packs: Packs, as_of: dt.date
) -> Any:
    """The level each product counts with, and how long its money is bound."""
    pack = packs.suitability
    rated = product.left_join(_latest(product_rating, as_of), "product_code").drop("product_code_right")
    marked = _by_factors(product_factor, pack.factors, as_of)
    scored = rated.left_join(marked, "product_code").drop("product_code_right")
    ranks = scored.cross_join(_delivers(source_coverage)).mutate(
        own=place(scored.declared_level, ProductLevel), least=listed(scored, pack.listed),
        by_factors=place(scored.factor_level, ProductLevel).fill_null(0),
    )  # fmt: skip
    kinds = [str(kind) for kind in pack.terms.bound_kinds]
    left = ibis.coalesce(frames.days_between(ranks.matures_on, frames.day(as_of)), ranks.term_days)
    counted = ranks.mutate(
        listed_level=placed(ranks.least, ProductLevel),
        product_level=ibis.cases(
            (
                ranks.own.notnull(),
                placed(ibis.greatest(ranks.own, ranks.least, ranks.by_factors), ProductLevel),
            )
        ),
        n_factors=ibis.cases((ranks.tells_factors, ranks.n_marked.fill_null(0))),
        level_reason=ibis.cases(
            (ranks.own.isnull(), str(ProductLevelReason.NOT_RATED)),
            ((ranks.own < ranks.least) & (ranks.least >= ranks.by_factors), str(ProductLevelReason.RAISED)),
            (ranks.own < ranks.by_factors, str(ProductLevelReason.RAISED_BY_FACTORS)),
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


def _by_factors(product_factor: Any, pack: Factors, as_of: dt.date) -> Any:
    """Score and level by the latest mark of each of the ten factors; no score where one is missing (Art. 16)."""
    seen = product_factor.filter(product_factor.rated_on <= frames.day(as_of))
    turn = ibis.row_number().over(group_by=["product_code", "risk_factor"], order_by=seen.rated_on.desc())
    ranked = seen.mutate(turn=turn)
    last = ranked.filter(ranked.turn == 0)
    times = ibis.cases(*[(last.risk_factor == str(one.risk_factor), one.times) for one in pack.weights])
    counted = last.mutate(points=last.factor_mark * times)
    each = counted.group_by("product_code").agg(
        n_marked=counted.count().cast("int64"), points=counted.points.sum().cast("int64")
    )
    scored = each.mutate(factor_score=ibis.cases((each.n_marked == len(pack.weights), each.points)))
    cuts = [
        (scored.factor_score >= cut.score_at_least, str(cut.product_level)) for cut in reversed(pack.cuts)
    ]
    return scored.mutate(factor_level=ibis.cases(*cuts)).drop("points")


def _delivers(source_coverage: Any) -> Any:
    said = ((source_coverage.table_name == "product_factor") & source_coverage.is_delivered).any()
    return source_coverage.aggregate(tells_factors=said.fill_null(ibis.literal(False)))
