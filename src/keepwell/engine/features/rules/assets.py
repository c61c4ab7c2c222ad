"""Assets: the latest of each kind, averages over trading days, change (R009)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis.expr import datatypes as types

from keepwell.engine import frames
from keepwell.engine.features.rules import money, windows

KINDS = ("cash", "stock", "b_stock", "hk_stock", "fund", "warrant", "bond", "wealth")
AMOUNTS = tuple(f"{kind}_amount" for kind in KINDS)
HK_SHARES = "hk_stock_amount"
AVERAGES = (20, 60, 250)  # trading days, as the columns are named
LONGEST = max(AVERAGES)
PAST = (30, 90, 365)  # natural days, as the changes are named


def assets(daily_asset: Any, client_account: Any, rates: Any, calendar_day: Any, as_of: dt.date) -> Any:
    """Assets of each client in yuan: kinds as of the cut, averages of 20, 60 and 250 trading days, and what there was.

    A row of ``daily_asset`` holds until the next one. An account without a row before a window counts zero there.
    """
    start = as_of - dt.timedelta(days=2 * LONGEST)  # every second day trades at least, holidays included
    latest = _latest(daily_asset, rates, as_of, start)
    spans = _spans(_rows_since(daily_asset, rates, as_of, start, latest), calendar_day, as_of)
    past = _past(spans, as_of)
    joined = latest.left_join(past, "account_code")
    by_account = joined.drop("base_net_amount", "base_amount", "account_code_right")
    merged = windows.by_client(by_account, client_account)
    means = {
        f"net_assets_{n}d_amount": frames.ratio(merged[f"sum_{n}d"], ibis.literal(n), scale=2)
        for n in AVERAGES
    }
    told = merged.mutate(**means).drop(*(f"sum_{n}d" for n in AVERAGES))
    return told.rename(daily_hk_amount=HK_SHARES)


def total_of(rows: Any) -> Any:
    """Assets of a row, margin debt not subtracted (R009); Hong Kong shares may stand among the stocks."""
    nothing = ibis.literal("0").cast(types.Decimal(18, 2))
    return sum(
        (rows[name] for name in AMOUNTS if name != HK_SHARES), start=rows[HK_SHARES].fill_null(nothing)
    )


def _latest(daily_asset: Any, rates: Any, as_of: dt.date, start: dt.date) -> Any:
    """Per account the row in force on the cut, and what was in force when the longest window began."""
    rows = windows.known(daily_asset, "held_on", as_of)
    rows = money.in_yuan(rows, "held_on", (*AMOUNTS, "debt_amount"), rates)
    total = total_of(rows)
    was_before = rows.held_on < frames.day(start)
    last = rows.group_by("account_code").agg(
        **{name: frames.latest(rows[name], rows.held_on) for name in (*AMOUNTS, "debt_amount")},
        base_amount=frames.latest(total, rows.held_on, where=was_before),
        base_net_amount=frames.latest(total - rows.debt_amount, rows.held_on, where=was_before),
    )
    total = total_of(last)
    return last.mutate(assets_amount=total, net_assets_amount=total - last.debt_amount)


def _rows_since(daily_asset: Any, rates: Any, as_of: dt.date, start: dt.date, latest: Any) -> Any:
    """Totals of an account from ``start`` on, the one in force before as a row of the day before."""
    recent = daily_asset.filter(daily_asset.held_on.between(frames.day(start), frames.day(as_of)))
    recent = money.in_yuan(recent, "held_on", (*AMOUNTS, "debt_amount"), rates)
    total = total_of(recent)
    rows = recent.select("account_code", "held_on", amount=total, net_amount=total - recent.debt_amount)
    base = latest.filter(latest.base_amount.notnull())
    day_before = frames.day(start - dt.timedelta(days=1))
    first = base.select(
        "account_code", held_on=day_before, amount=base.base_amount, net_amount=base.base_net_amount
    )
    return rows.union(first)


def _spans(rows: Any, calendar_day: Any, as_of: dt.date) -> Any:
    """Each row with the day and the trading day up to which it held.

    ``rank`` is the number of trading days of the longest window that lie before a day, 0 before the window.
    """
    days = calendar_day.filter(calendar_day.day_on <= frames.day(as_of))
    passed = days.n_trading - days.is_trading.cast("int64") - (days.n_trading.max().over() - LONGEST)
    ranks = days.select(held_on=days.day_on, rank=ibis.greatest(passed, 0))
    ranked = rows.left_join(ranks, "held_on").drop("held_on_right")
    ranked = ranked.mutate(rank=ranked["rank"].fill_null(0))
    ordered = ibis.window(group_by="account_code", order_by="held_on")
    return ranked.mutate(
        next_on=ranked.held_on.lead().over(ordered),
        next_rank=ranked["rank"].lead().over(ordered).fill_null(LONGEST),
    )


def _past(spans: Any, as_of: dt.date) -> Any:
    """Per account the sums over each window and the assets some days before the cut."""
    sums = {f"sum_{n}d": (spans.net_amount * _n_days(spans, n)).sum() for n in AVERAGES}
    were = {f"assets_{n}d_ago_amount": frames.total(spans.amount, where=_held(spans, as_of, n)) for n in PAST}
    return spans.group_by("account_code").agg(**sums, **were)


def _held(spans: Any, as_of: dt.date, n: int) -> Any:
    """Whether a span was in force ``n`` days before the cut."""
    then = frames.day(as_of - dt.timedelta(days=n))
    return (spans.held_on <= then) & (spans.next_on.isnull() | (spans.next_on > then))


def _n_days(spans: Any, n: int) -> Any:
    """Trading days of the last ``n`` on which a span was in force."""
    before = LONGEST - n
    return ibis.greatest(spans.next_rank, before) - ibis.greatest(spans["rank"], before)
