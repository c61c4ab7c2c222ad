"""The curve of each client: assets at month ends, money moved in between."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract import Kind
from keepwell.contract.codes import FlowSide, Population
from keepwell.contract.features import ClientMonth
from keepwell.engine import columns, frames
from keepwell.engine.features.rules import assets, money, windows

N_MONTHS = 36


def client_month(
    client: Any,
    client_account: Any,
    daily_asset: Any,
    cash_flow: Any,
    trade: Any,
    exchange_rate: Any,
    as_of: dt.date,
) -> Any:
    """Assets at the end of each of the last 36 months since opening, flows and turnover within it (R009)."""
    rates = money.account_rate(client_account, exchange_rate, as_of)
    rows = _months(client, as_of)
    for part in (
        _assets(daily_asset, client_account, rates, as_of),
        _flows(cash_flow, client_account, rates, as_of),
        _trades(trade, client_account, rates, as_of),
    ):
        rows = rows.left_join(part, ["client_id", "month_no"]).drop("client_id_right", "month_no_right")
    filled = {
        name: rows[name].fill_null(columns.literal("0", column))
        for name, column in ClientMonth.columns.items()
        if column.kind is Kind.DECIMAL
    }
    return (
        rows.mutate(**filled).mutate(month_on=_month_end(rows.month_no, as_of)).select(*ClientMonth.names())
    )


def _last(as_of: dt.date) -> int:
    return as_of.year * 12 + as_of.month - 1


def _month_no(on: Any) -> Any:
    """Months since the year 0, so that they can be counted on."""
    return on.year() * 12 + on.month() - 1


def _month_end(month_no: Any, as_of: dt.date) -> Any:
    following = month_no + 1
    first_of_next = ibis.date((following - following % 12) // 12, following % 12 + 1, 1)
    last_day = (first_of_next - ibis.interval(days=1)).cast("date")
    return ibis.cases((month_no == _last(as_of), frames.day(as_of)), else_=last_day)


def _months(client: Any, as_of: dt.date) -> Any:
    """One row a client and month from opening to closing or the cut, at most 36."""
    counted = client.filter(client.population.isin([str(Population.EXISTING), str(Population.CLOSED)]))
    first = ibis.greatest(_month_no(counted.opened_on), _last(as_of) - N_MONTHS + 1)
    last = ibis.least(_month_no(counted.closed_on), _last(as_of))
    return counted.select("client_id", month_no=ibis.range(first, last + 1).unnest())


def _assets(daily_asset: Any, client_account: Any, rates: Any, as_of: dt.date) -> Any:
    """Assets in force at each month end: the last row of a month holds until a later month has one."""
    rows = windows.known(daily_asset, "held_on", as_of)
    rows = money.in_yuan(rows, "held_on", (*assets.AMOUNTS, "debt_amount"), rates)
    total = assets.total_of(rows)
    before = _last(as_of) - N_MONTHS
    ends = rows.group_by("account_code", month_no=ibis.greatest(_month_no(rows.held_on), before)).agg(
        assets_amount=frames.latest(total, rows.held_on),
        net_assets_amount=frames.latest(total - rows.debt_amount, rows.held_on),
    )
    ordered = ibis.window(group_by="account_code", order_by="month_no")
    until = ends.month_no.lead().over(ordered).fill_null(_last(as_of) + 1)
    spans = ends.mutate(first_no=ibis.greatest(ends.month_no, before + 1), until_no=until)
    each = spans.select(
        "account_code",
        "assets_amount",
        "net_assets_amount",
        month_no=ibis.range(spans.first_no, spans.until_no).unnest(),
    )
    return _by_client(each, client_account)


def _flows(cash_flow: Any, client_account: Any, rates: Any, as_of: dt.date) -> Any:
    seen = windows.known(_since(cash_flow, "flowed_on", as_of), "flowed_on", as_of)
    seen = money.in_yuan(seen, "flowed_on", ("flow_amount",), rates)
    by_account = seen.group_by("account_code", month_no=_month_no(seen.flowed_on)).agg(
        inflow_amount=seen.flow_amount.sum(where=seen.side == str(FlowSide.IN)),
        outflow_amount=seen.flow_amount.sum(where=seen.side == str(FlowSide.OUT)),
    )
    return _by_client(by_account, client_account)


def _trades(trade: Any, client_account: Any, rates: Any, as_of: dt.date) -> Any:
    seen = windows.known(_since(trade, "traded_on", as_of), "traded_on", as_of)
    seen = money.in_yuan(seen, "traded_on", ("traded_amount", "commission_amount"), rates)
    by_account = seen.group_by("account_code", month_no=_month_no(seen.traded_on)).agg(
        turnover_amount=seen.traded_amount.sum(), commission_amount=seen.commission_amount.sum()
    )
    return _by_client(by_account, client_account)


def _since(events: Any, on: str, as_of: dt.date) -> Any:
    years, month = divmod(_last(as_of) - N_MONTHS + 1, 12)
    return events.filter(events[on] >= frames.day(dt.date(years, month + 1, 1)))


def _by_client(by_account: Any, client_account: Any) -> Any:
    owned = by_account.join(client_account.select("account_code", "client_id"), "account_code")
    amounts = [name for name in by_account.columns if name not in ("account_code", "month_no")]
    return owned.group_by("client_id", "month_no").agg(**{name: owned[name].sum() for name in amounts})
