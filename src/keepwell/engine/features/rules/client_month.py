"""The curve of each client: assets at month ends, money moved in between."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis.expr import datatypes as types

from keepwell.contract.codes import FlowSide, Population
from keepwell.contract.features import ClientMonth
from keepwell.engine import frames
from keepwell.engine.features.rules import assets, delivered, money, windows

N_MONTHS = 36
TOLD = tuple(name for name in ClientMonth.names() if name.endswith("_amount"))
MONEY = types.Decimal(18, 2)
CELLS = 64  # months that one client's numbers leave room for: a client and a month are one whole number


def client_month(
    client: Any,
    client_account: Any,
    daily_asset: Any,
    cash_flow: Any,
    trade: Any,
    exchange_rate: Any,
    source_coverage: Any,
    as_of: dt.date,
) -> Any:
    """Assets at the end of each of the last 36 months since opening, flows and turnover within it (R009).

    Of a table that the firm does not deliver nothing is known: null, never zero.
    """
    rates = money.account_rate(client_account, exchange_rate, as_of)
    numbered = _numbered(client)
    owners = client_account.select("account_code", "client_id").join(numbered, "client_id")
    cells = _together(
        _months(numbered, as_of),
        _assets(daily_asset, owners, rates, as_of),
        _flows(cash_flow, owners, rates, as_of),
        _trades(trade, owners, rates, as_of),
    )
    kept = delivered.filled(cells.cross_join(delivered.flags(source_coverage, ClientMonth)), ClientMonth)
    rows = kept.mutate(client_no=kept.cell // CELLS, month_no=kept.cell % CELLS + _first(as_of))
    named = rows.join(numbered.select("client_id", "client_no"), "client_no")
    return named.mutate(month_on=_month_end(named.month_no, as_of)).select(*ClientMonth.names())


def _last(as_of: dt.date) -> int:
    return as_of.year * 12 + as_of.month - 1


def _first(as_of: dt.date) -> int:
    return _last(as_of) - N_MONTHS + 1


def _month_no(on: Any) -> Any:
    """Months since the year 0, so that they can be counted on."""
    return on.year() * 12 + on.month() - 1


def _month_end(month_no: Any, as_of: dt.date) -> Any:
    following = month_no + 1
    first_of_next = ibis.date((following - following % 12) // 12, following % 12 + 1, 1)
    last_day = frames.days_after(first_of_next, -1)
    return ibis.cases((month_no == _last(as_of), frames.day(as_of)), else_=last_day)


def _numbered(client: Any) -> Any:
    """Existing and closed clients, numbered in the order of their ids."""
    counted = client.filter(client.population.isin([str(Population.EXISTING), str(Population.CLOSED)]))
    number = ibis.row_number().over(order_by=counted.client_id)
    return counted.select("client_id", "opened_on", "closed_on", client_no=number)


def _months(numbered: Any, as_of: dt.date) -> Any:
    """One cell a client and month from opening to closing or the cut, at most 36."""
    first = ibis.greatest(_month_no(numbered.opened_on) - _first(as_of), 0)
    last = ibis.least(_month_no(numbered.closed_on), _last(as_of)) - _first(as_of)
    return numbered.select(cell=numbered.client_no * CELLS + ibis.range(first, last + 1).unnest())


def _in_cells(rows: Any, month_no: Any, owners: Any, as_of: dt.date) -> Any:
    """The rows of accounts with the cell of their client and month."""
    owned = rows.mutate(month_no=month_no).join(owners.select("account_code", "client_no"), "account_code")
    return owned.mutate(cell=owned.client_no * CELLS + (owned.month_no - _first(as_of)))


def _together(months: Any, *parts: Any) -> Any:
    """Every month with what the parts tell of it, added up in one pass: whole numbers group within bounded memory."""
    nothing = ibis.null(MONEY)
    rows = months.mutate(is_there=True, **dict.fromkeys(TOLD, nothing))
    for part in parts:
        told = {name: part[name] if name in part.columns else nothing for name in TOLD}
        rows = rows.union(part.select("cell", is_there=False, **told))
    added = rows.group_by("cell").agg(
        is_there=rows.is_there.any(), **{name: rows[name].sum() for name in TOLD}
    )
    return added.filter(added.is_there).drop("is_there")


def _assets(daily_asset: Any, owners: Any, rates: Any, as_of: dt.date) -> Any:
    """Assets at each month end: the last row of an account in a month holds until a later month has one."""
    known = windows.known(daily_asset, "held_on", as_of)
    known = money.in_yuan(known, "held_on", (*assets.AMOUNTS, "debt_amount"), rates)
    total = assets.total_of(known)
    rows = known.select(
        "account_code",
        "held_on",
        assets_amount=total.cast(MONEY),
        net_assets_amount=(total - known.debt_amount).cast(MONEY),
    )
    ordered = ibis.window(group_by="account_code", order_by="held_on")
    until = _month_no(rows.held_on.lead().over(ordered)).fill_null(_last(as_of) + 1)
    spans = rows.mutate(first_no=ibis.greatest(_month_no(rows.held_on), _first(as_of)), until_no=until)
    ends = spans.filter(spans.first_no < spans.until_no)
    each = _in_cells(ends, ibis.range(ends.first_no, ends.until_no).unnest(), owners, as_of)
    return each.select("cell", "assets_amount", "net_assets_amount")


def _flows(cash_flow: Any, owners: Any, rates: Any, as_of: dt.date) -> Any:
    seen = windows.known(_since(cash_flow, "flowed_on", as_of), "flowed_on", as_of)
    seen = money.in_yuan(seen, "flowed_on", ("flow_amount",), rates)
    each = _in_cells(seen, _month_no(seen.flowed_on), owners, as_of)
    return each.select(
        "cell",
        inflow_amount=ibis.cases((each.side == str(FlowSide.IN), each.flow_amount)),
        outflow_amount=ibis.cases((each.side == str(FlowSide.OUT), each.flow_amount)),
    )


def _trades(trade: Any, owners: Any, rates: Any, as_of: dt.date) -> Any:
    seen = windows.known(_since(trade, "traded_on", as_of), "traded_on", as_of)
    seen = money.in_yuan(seen, "traded_on", ("traded_amount", "commission_amount"), rates)
    each = _in_cells(seen, _month_no(seen.traded_on), owners, as_of)
    return each.select("cell", turnover_amount=each.traded_amount, commission_amount=each.commission_amount)


def _since(events: Any, on: str, as_of: dt.date) -> Any:
    years, month = divmod(_first(as_of), 12)
    return events.filter(events[on] >= frames.day(dt.date(years, month + 1, 1)))
