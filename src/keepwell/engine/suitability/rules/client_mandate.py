"""What an institution's own authorisation leaves room for: kinds it permits, quota, who may act (Art. 22)."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from typing import Any

import ibis

from keepwell.contract.codes import ProductKind
from keepwell.contract.reasons.suitability import MandateReason
from keepwell.contract.suitability import ClientMandate
from keepwell.engine import frames

KINDS = ibis.array([str(kind) for kind in ProductKind])


def client_mandate(
    institution_mandate: Any,
    mandate_handler: Any,
    client_record: Any,
    client_holding: Any,
    source_coverage: Any,
    as_of: dt.date,
) -> Any:
    """Every kind of product for each client that has an authorisation in force: permitted, quota, handlers."""
    owners = client_record.select("record_code", "client_id")
    permits = _in_force(institution_mandate, as_of).join(owners, "record_code")
    # of several customer numbers every entry must be kept: the least quota counts
    by_kind = permits.group_by("client_id", "product_kind").agg(quota_amount=permits.quota_amount.min())
    wanted = by_kind.select("client_id").distinct()
    cells = wanted.mutate(product_kind=KINDS.unnest())
    key = ("client_id", "product_kind")
    rows = _beside(cells, by_kind.mutate(is_named=ibis.literal(True)), key)
    rows = _beside(rows, _held(client_holding), key)
    rows = _beside(rows, _handlers(mandate_handler, owners, as_of), key)
    told = rows.cross_join(_delivered(source_coverage))
    held = ibis.cases((told.has_holdings, told.held.fill_null(0)))
    handlers = ibis.cases((told.has_handlers, told.n_able.fill_null(0)))
    known = told.mutate(
        is_permitted=told.is_named.fill_null(False),
        held_amount=held.cast("decimal(18, 2)"),
        n_handlers=handlers.cast("int64"),
    )
    left = known.mutate(left_amount=(known.quota_amount - known.held_amount).cast("decimal(18, 2)"))
    return left.mutate(mandate_reason=_reason(left)).select(*ClientMandate.names())


def _reason(rows: Any) -> Any:
    return ibis.cases(
        (~rows.is_permitted, str(MandateReason.NOT_PERMITTED)),
        ((rows.left_amount <= 0).fill_null(False), str(MandateReason.SPENT)),
        ((rows.n_handlers == 0).fill_null(False), str(MandateReason.NO_HANDLER)),
        else_=str(MandateReason.HAS_ROOM),
    )


def _in_force(rows: Any, as_of: dt.date) -> Any:
    cut = frames.day(as_of)
    return rows.filter((rows.starts_on <= cut) & ~(rows.ends_on < cut).fill_null(False))


def _held(client_holding: Any) -> Any:
    return client_holding.group_by("client_id", "product_kind").agg(held=client_holding.market_amount.sum())


def _handlers(mandate_handler: Any, owners: Any, as_of: dt.date) -> Any:
    """Who may act today for each kind; without a kind for every one."""
    able = _in_force(mandate_handler, as_of).join(owners, "record_code")
    one_kind = able.filter(able.product_kind.notnull())
    any_kind = able.filter(able.product_kind.isnull()).mutate(product_kind=KINDS.unnest())
    columns = ("client_id", "product_kind", "handler_code", "ends_on", "order_amount")
    each = one_kind.select(*columns).union(any_kind.select(*columns))
    return each.group_by("client_id", "product_kind").agg(
        n_able=each.handler_code.nunique(),
        handler_to=_most(each.ends_on),
        order_amount=_most(each.order_amount),
    )


def _most(column: Any) -> Any:
    """The highest; nothing where one of them has no end."""
    return ibis.cases((~column.isnull().any(), column.max()))


def _delivered(source_coverage: Any) -> Any:
    def said(name: str) -> Any:
        return ((source_coverage.table_name == name) & source_coverage.is_delivered).any()

    names = {"has_holdings": "holding", "has_handlers": "mandate_handler"}
    return source_coverage.aggregate(
        **{told: said(name).fill_null(ibis.literal(False)) for told, name in names.items()}
    )


def _beside(rows: Any, more: Any, key: tuple[str, ...]) -> Any:
    joined = rows.left_join(more, list(key), rname="{name}_more")
    return reduce(lambda told, name: told.drop(f"{name}_more"), key, joined)
