"""What was graded anew since the run before, so that the client is to be told: client and products held (Art. 21)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.codes import ProductLevel
from keepwell.contract.reasons.suitability import NoticeReason
from keepwell.contract.suitability import SuitabilityNotice
from keepwell.contract.suitable import GradedAnew
from keepwell.engine.suitability.rules.levels import place


def suitability_notice(
    client_suitability: Any,
    parent_client_suitability: Any,
    product_suitability: Any,
    parent_product_suitability: Any,
    client_holding: Any,
) -> Any:
    """One row a change: level, lowest class and kind of investor of clients, level of products above the client's."""
    before = parent_client_suitability.select(
        "client_id",
        level_then=parent_client_suitability.risk_level,
        lowest_then=parent_client_suitability.is_lowest_class,
        kind_then=parent_client_suitability.investor_kind,
    )
    both = client_suitability.join(before, "client_id")
    has_level = both.risk_level.notnull() & both.level_then.notnull()
    changes = [
        _of_client(
            both.filter(has_level & (both.risk_level != both.level_then)),
            GradedAnew.CLIENT_LEVEL, NoticeReason.CLIENT_LEVEL, "level_then", "risk_level",
        ),
        _of_client(
            both.filter((both.is_lowest_class != both.lowest_then).fill_null(False)),
            GradedAnew.LOWEST_CLASS, NoticeReason.LOWEST_CLASS, "lowest_then", "is_lowest_class",
        ),
        _of_client(
            both.filter(both.investor_kind != both.kind_then),
            GradedAnew.INVESTOR_KIND, NoticeReason.INVESTOR_KIND, "kind_then", "investor_kind",
        ),
    ]  # fmt: skip
    of_products = _of_products(
        client_suitability, product_suitability, parent_product_suitability, client_holding
    )
    return ibis.union(*changes, of_products).select(*SuitabilityNotice.names())


def _of_client(rows: Any, kind: GradedAnew, reason: NoticeReason, before: str, now: str) -> Any:
    return rows.select(
        "client_id",
        notice_kind=ibis.literal(str(kind)),
        product_code=ibis.literal(""),
        level_before=rows[before].cast("string"),
        level_now=rows[now].cast("string"),
        product_level_at_most=rows.product_level_at_most,
        notice_reason=ibis.literal(str(reason)),
    )


def _of_products(client_suitability: Any, now: Any, before: Any, client_holding: Any) -> Any:
    then = before.select("product_code", level_before="product_level")
    pair = now.select("product_code", level_now="product_level").join(then, "product_code")
    changed = pair.filter((pair.level_now != pair.level_before).fill_null(False))
    held = client_holding.select("client_id", "product_code").join(changed, "product_code")
    bounds = client_suitability.select("client_id", "product_level_at_most")
    rows = held.join(bounds, "client_id")
    is_above = place(rows.level_now, ProductLevel) > place(rows.product_level_at_most, ProductLevel)
    above = rows.filter(is_above.fill_null(False))
    return above.select(
        "client_id",
        notice_kind=ibis.literal(str(GradedAnew.PRODUCT_LEVEL)),
        product_code=above.product_code,
        level_before=above.level_before,
        level_now=above.level_now,
        product_level_at_most=above.product_level_at_most,
        notice_reason=ibis.literal(str(NoticeReason.PRODUCT_LEVEL)),
    )
