"""How a client's trading days lie in the year: evenly, in clumps, or longer silent than usual."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis.expr import datatypes as types

from keepwell.contract.features import ClientFeature
from keepwell.engine import columns, frames
from keepwell.engine.features.rules import windows
from keepwell.policy.packs import Packs

YEAR = 365
PART = types.Decimal(18, 8)
LARGEST = 1e6
SHARE = ClientFeature.columns["trade_clumpiness_share"]


def gaps(trade: Any, client_account: Any, packs: Packs, as_of: dt.date) -> Any:
    """Trading days of each client in twelve months, the usual gap between them, the silence since, their clumps.

    A day on two accounts is one. Gaps are told from as many trading days on as the pack asks for.
    """
    recent = windows.known(trade.filter(frames.within(trade.traded_on, as_of, YEAR)), "traded_on", as_of)
    days = recent.select("account_code", "traded_on").distinct()
    owned = days.join(client_account.select("account_code", "client_id"), "account_code")
    once = owned.select("client_id", "traded_on").distinct()
    before = once.traded_on.lag().over(group_by="client_id", order_by="traded_on")
    start = frames.day(as_of - dt.timedelta(days=YEAR))
    gap = frames.days_between(once.traded_on, before.fill_null(start))
    each = once.mutate(gap=gap, is_between=before.notnull())
    told = each.group_by("client_id").agg(
        n_trade_days_365d=each.count(),
        first_day_on=each.traded_on.min(),
        last_day_on=each.traded_on.max(),
        squares=(each.gap * each.gap).sum(where=each.is_between),
        entropy=_of_entropy(each.gap).sum(),
    )
    return _judged(told, packs.features.rhythm.n_trade_days_at_least, as_of)


def _judged(told: Any, n_days_at_least: int, as_of: dt.date) -> Any:
    """The answer, of those with enough days; sums of whole numbers are exact, a variance of them too."""
    is_told = told.n_trade_days_365d >= n_days_at_least
    n = told.n_trade_days_365d - 1
    whole = frames.days_between(told.last_day_on, told.first_day_on)
    silence = frames.days_between(frames.day(as_of), told.last_day_on)
    spread = n * told.squares - whole * whole  # n (n - 1) times the variance
    deviation = (spread.cast("float64") / (n * (n - 1)).cast("float64")).sqrt()
    above = silence.cast("float64") - whole.cast("float64") / n.cast("float64")
    score = (above / deviation).round(2).clip(-LARGEST, LARGEST).cast(types.Decimal(18, 2))
    return told.select(
        "client_id",
        "n_trade_days_365d",
        usual_trade_gap=ibis.cases((is_told, frames.ratio(whole, n, scale=2))),
        trade_gap_score=ibis.cases((is_told & (spread > 0), score)),
        trade_clumpiness_share=ibis.cases((is_told, _clumpiness(told, silence))),
    )


def _clumpiness(told: Any, silence: Any) -> Any:
    """One less the entropy of the gaps, the one up to the cut among them, over the most it can be."""
    entropy = told.entropy + _of_entropy(silence + 1)
    most = (told.n_trade_days_365d + 1).cast("float64").ln()
    share = (1.0 + entropy.cast("float64") / most).round(6).clip(0.0, 1.0)
    return share.cast(columns.ibis_type(SHARE))


def _of_entropy(gap: Any) -> Any:
    """What a gap adds, as an exact number: rounded before it is summed."""
    part = gap.cast("float64") / float(YEAR + 1)
    return (part * part.ln()).round(8).cast(PART)
