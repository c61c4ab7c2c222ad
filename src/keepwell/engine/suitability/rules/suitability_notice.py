"""What was graded anew and the client was not told of yet: level, lowest class, kind, products held (Art. 21)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import ProductLevel
from keepwell.contract.reasons.suitability import NoticeReason
from keepwell.contract.suitability import SuitabilityNotice
from keepwell.contract.suitable import GradedAnew
from keepwell.engine import frames
from keepwell.engine.suitability.rules.levels import place

KEY = ("client_id", "notice_kind", "product_code")
GRADED = {
    GradedAnew.CLIENT_LEVEL: (NoticeReason.CLIENT_LEVEL, "risk_level"),
    GradedAnew.LOWEST_CLASS: (NoticeReason.LOWEST_CLASS, "is_lowest_class"),
    GradedAnew.INVESTOR_KIND: (NoticeReason.INVESTOR_KIND, "investor_kind"),
}


def suitability_notice(
    client_suitability: Any,
    parent_client_suitability: Any,
    product_suitability: Any,
    parent_product_suitability: Any,
    client_holding: Any,
    client_record: Any,
    parent_suitability_notice: Any,
    returned_notice: Any,
    as_of: dt.date,
) -> Any:
    """One row for whatever is not as the client was last told; one graded back before anybody told is not owed."""
    now = ibis.union(
        *(
            _of_client(client_suitability, parent_client_suitability, kind, reason, column)
            for kind, (reason, column) in GRADED.items()
        ),
        _of_products(client_suitability, product_suitability, parent_product_suitability, client_holding),
    )
    open_ = _open(parent_suitability_notice, returned_notice, client_record)
    rows = now.left_join(open_, list(KEY), rname="{name}_open")
    told = rows.mutate(
        level_before=rows.level_open.fill_null(rows.level_then),
        owed_since_on=rows.owed_open_on.fill_null(frames.day(as_of)),
    )
    return told.filter((told.level_before != told.level_now).fill_null(False)).select(
        *SuitabilityNotice.names()
    )


def _open(before: Any, returned_notice: Any, client_record: Any) -> Any:
    """What the run before owed and nobody told since."""
    acts = frames.routed(returned_notice, client_record)
    done = acts.mutate(product_code=acts.product_code.fill_null(""))
    rows = before.anti_join(done, [*KEY, "owed_since_on"])
    return rows.select(*KEY, level_open=rows.level_before, owed_open_on=rows.owed_since_on)


def _of_client(now: Any, before: Any, kind: GradedAnew, reason: NoticeReason, column: str) -> Any:
    """One grading of every client that both runs know."""
    then = before.select("client_id", level_then=before[column].cast("string"))
    rows = now.join(then, "client_id")
    return rows.select(
        "client_id",
        notice_kind=ibis.literal(str(kind)),
        product_code=ibis.literal(""),
        level_then=rows.level_then,
        level_now=rows[column].cast("string"),
        product_level_at_most=rows.product_level_at_most,
        notice_reason=ibis.literal(str(reason)),
    )


def _of_products(client_suitability: Any, now: Any, before: Any, client_holding: Any) -> Any:
    """Products held that lie above what their holder matches."""
    then = before.select("product_code", level_then="product_level")
    pair = now.select("product_code", level_now="product_level").join(then, "product_code")
    held = client_holding.select("client_id", "product_code").join(pair, "product_code")
    bounds = client_suitability.select("client_id", "product_level_at_most")
    rows = held.join(bounds, "client_id")
    is_above = place(rows.level_now, ProductLevel) > place(rows.product_level_at_most, ProductLevel)
    above = rows.filter(is_above.fill_null(False))
    return above.select(
        "client_id",
        notice_kind=ibis.literal(str(GradedAnew.PRODUCT_LEVEL)),
        product_code=above.product_code,
        level_then=above.level_then,
        level_now=above.level_now,
        product_level_at_most=above.product_level_at_most,
        notice_reason=ibis.literal(str(NoticeReason.PRODUCT_LEVEL)),
    )
