"""What twelve months did to what a client had invested, against the index: from month-ends, cash moved left out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis.expr import datatypes as types

from keepwell.contract.features import ClientFeature
from keepwell.engine import columns, frames

N_MONTHS = 12
MONEY, LOG = types.Decimal(18, 2), types.Decimal(18, 8)
LEAST = 1e-9  # of a yuan: what is left where all is lost
SHARE = ClientFeature.columns["drawdown_12m_share"]


def results(client_month: Any, as_of: dt.date) -> Any:
    """Result, losing streak and drawdown of each client, and the highest month-end of twelve months."""
    ends = month_ends(as_of)
    year = _grown(client_month.filter(client_month.month_on >= frames.day(ends[0])))
    is_counted = year.month_on > frames.day(ends[0])
    last_gain_on = year.month_on.max(where=is_counted & (year.result >= 0))
    told = year.group_by("client_id").agg(
        peak_assets_365d_amount=year.assets_amount.max(where=frames.within(year.month_on, as_of, 365)),
        result_12m_amount=year.result.sum(where=is_counted),
        n_losing_months=_months_after(last_gain_on, ends),
        lowest=year.since.min(where=is_counted),
    )
    is_known = told.result_12m_amount.notnull()
    lost = 1.0 - ibis.least(told.lowest, 0).cast("float64").exp()
    return told.mutate(
        n_losing_months=ibis.cases((is_known, told.n_losing_months)),
        drawdown_12m_share=ibis.cases((is_known, lost.round(6).cast(columns.ibis_type(SHARE)))),
    ).drop("lowest")


def index_drawdown(index_price: Any, index_codes: tuple[str, ...], as_of: dt.date) -> Any:
    """One row: how far the first of the indices that is delivered lies below its highest month-end of twelve months."""
    ends = month_ends(as_of)
    known = index_price.filter(
        index_price.index_code.isin(list(index_codes)) & (index_price.priced_on <= frames.day(as_of))
    )
    levels = {
        f"level_{k}": frames.latest(known.level, known.priced_on, where=known.priced_on <= frames.day(end))
        for k, end in enumerate(ends)
    }
    each = known.group_by("index_code").agg(**levels)
    highest = each.mutate(highest=ibis.greatest(*(each[f"level_{k}"] for k in range(N_MONTHS + 1))))
    lost = frames.ratio(highest.highest - highest[f"level_{N_MONTHS}"], highest.highest)
    told = highest.select("index_code", share=lost)
    found = told.aggregate(
        **{f"of_{n}": told.share.max(where=told.index_code == code) for n, code in enumerate(index_codes)}
    )
    first = ibis.coalesce(*(found[f"of_{n}"] for n in range(len(index_codes))))
    return found.select(index_drawdown_12m_share=first)


def month_ends(as_of: dt.date) -> tuple[dt.date, ...]:
    """The cut and the twelve month-ends before it, earliest first; the month of the cut ends with the cut."""
    first = as_of.replace(day=1)
    earlier = [first]
    for _ in range(N_MONTHS - 1):
        earlier.append((earlier[-1] - dt.timedelta(days=1)).replace(day=1))
    return (*(day - dt.timedelta(days=1) for day in reversed(earlier)), as_of)


def _grown(year: Any) -> Any:
    """Each month's result, cash moved left out, and what all months from it on made of one yuan, as a logarithm.

    Cash moved in was there from the month's beginning, cash moved out to its end. Logarithms are rounded before they
    are summed, so that the sums are exact.
    """
    by_client = {"group_by": "client_id", "order_by": "month_on"}
    before = year.net_assets_amount.lag().over(**by_client).fill_null(ibis.literal("0").cast(MONEY))
    base = before + year.inflow_amount
    result = year.net_assets_amount + year.outflow_amount - base
    grown = (base.cast("float64") + result.cast("float64")) / base.cast("float64")
    log = ibis.cases((base > 0, ibis.greatest(grown, LEAST).ln()), else_=0.0).round(8).cast(LOG)
    rows = year.mutate(result=result, log=log)
    back = ibis.window(group_by="client_id", order_by=rows.month_on.desc(), following=0)
    return rows.mutate(since=rows.log.sum().over(back))


def _months_after(on: Any, ends: tuple[dt.date, ...]) -> Any:
    """How many of the month-ends lie after a day, all where there is none."""
    later = [(on == frames.day(end), N_MONTHS - k) for k, end in enumerate(ends)]
    return ibis.cases(*later, else_=N_MONTHS)
