"""How clients trade month by month, and what those who traded alike did in the year that followed (R033).

Months are counted back from the last full one: 0 is that month, 12 the same month a year before. How a client traded is
read from eleven months before a cut, what followed from the twelve after it; both lie a whole number of years apart, so
that the same seasons stand on both sides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import ibis
from ibis.expr import datatypes as types

from keepwell.engine import frames
from keepwell.policy.value import MONTHS, Expected

YEAR = 12
MONEY, RATIO, SUM = types.Decimal(18, 2), types.Decimal(18, 6), types.Decimal(38, 2)


def months(client_month: Any, as_of: dt.date) -> Any:
    """Commission of each client in each full month; ``ago`` counts from the last one. Unknown months are left out."""
    last = _last_full(as_of)
    on = client_month.month_on
    ago = last - (on.year() * YEAR + on.month() - 1)
    known = client_month.mutate(ago=ago, commission=client_month.commission_amount.cast(SUM))
    return known.filter((known.ago >= 0) & known.commission.notnull()).select(
        "client_id", "month_on", "ago", "commission"
    )


def traded(history: Any, cut: int, pack: Expected) -> Any:
    """How each client that was there at a cut traded before it: ``alike`` numbers those who traded the same way."""
    rows = history.filter((history.ago >= cut) & (history.ago < cut + MONTHS))
    is_active = rows.commission > 0
    told = rows.group_by("client_id").agg(
        is_there=(rows.ago == cut).any(),
        is_old=(rows.ago == cut + MONTHS - 1).any(),
        n_active=is_active.sum(),
        n_idle=(rows.ago - cut).min(where=is_active),
        before_amount=rows.commission.sum(),
    )
    often = _band(told.n_active, pack.n_active_months_from)
    lately = _band(told.n_idle.fill_null(MONTHS), pack.n_idle_months_from)
    alike = often * 100 + lately * 2 + told.is_old.cast("int64")
    return told.filter(told.is_there).select("client_id", "before_amount", alike=alike)


def followed(history: Any, cut: int) -> Any:
    """Commission of each client in the twelve months after a cut."""
    rows = history.filter((history.ago < cut) & (history.ago >= cut - YEAR))
    return rows.group_by("client_id").agg(after_amount=rows.commission.sum())


def learned(history: Any, cut: int, pack: Expected) -> Any:
    """Of those who traded alike before a cut: how many there were, how many went on, and with how much."""
    before = traded(history, cut, pack)
    pairs = _beside(before, followed(history, cut), "client_id")
    rows = pairs.mutate(after_amount=pairs.after_amount.fill_null(ibis.literal("0").cast(SUM)))
    return rows.group_by("alike").agg(**_counts(rows))


def expected(traders: Any, alike: Any, pack: Expected) -> Any:
    """The commission to expect of each client in twelve months: the chance to go on times what is kept.

    ``alike`` is what ``learned`` told; where too few traded alike, all of them together. Nothing where nobody did.
    """
    whole = alike.aggregate(**{f"all_{name}": alike[name].sum() for name in TOLD})
    joined = _beside(traders, alike, "alike").cross_join(whole)
    is_alike = (joined.n_alike >= pack.n_alike_at_least).fill_null(False)
    chosen = joined.select(
        "client_id",
        "before_amount",
        is_alike=is_alike,
        **{name: ibis.cases((is_alike, joined[name]), else_=joined[f"all_{name}"]) for name in TOLD},
    )
    known = chosen.filter(chosen.n_alike > 0)
    active_share = frames.ratio(known.n_active, known.n_alike)
    kept = frames.ratio(known.after_amount, known.before_of_active)
    mean = frames.ratio(known.after_amount, known.n_active, scale=2)
    amount = ibis.cases(
        ((known.before_amount > 0) & kept.notnull(), part(known.before_amount, kept)), else_=mean
    )
    return known.select(
        "client_id",
        "is_alike",
        "n_alike",
        active_share=active_share,
        amount=part(amount.fill_null(ibis.literal("0").cast(MONEY)), active_share),
    )


def part(amount: Any, share: Any) -> Any:
    """An amount times a ratio of six digits, to the fen."""
    return (amount.cast(MONEY) * share.cast(RATIO)).cast(MONEY)


TOLD = ("n_alike", "n_active", "after_amount", "before_of_active")


def _counts(rows: Any) -> dict[str, Any]:
    is_active = rows.after_amount > 0
    return {
        "n_alike": rows.count(),
        "n_active": is_active.sum(),
        "after_amount": rows.after_amount.sum(),
        "before_of_active": frames.total(rows.before_amount, where=is_active),
    }


def _last_full(as_of: dt.date) -> int:
    """The number of the last month that has ended by the cut."""
    tomorrow = as_of + dt.timedelta(days=1)
    return tomorrow.year * YEAR + tomorrow.month - 2


def _band(n: Any, steps: Sequence[int]) -> Any:
    """Which band a number lies in, from 0."""
    bands = [(n >= step, place) for place, step in reversed(list(enumerate(steps)))]
    return ibis.cases(*bands).cast("int64")


def _beside(rows: Any, more: Any, key: str) -> Any:
    return rows.left_join(more, key, rname="{name}_more").drop(f"{key}_more")
