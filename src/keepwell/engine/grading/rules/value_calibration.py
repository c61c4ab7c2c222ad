"""Whether what was expected a year ago came, quarter by quarter (R033)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.value import ValueCalibration
from keepwell.engine import frames
from keepwell.engine.grading.rules import trade_history
from keepwell.policy.packs import Packs

YEAR = trade_history.YEAR


def value_calibration(client_month: Any, packs: Packs, as_of: dt.date) -> Any:
    """The expectation of a year ago, made of what was known then, against the twelve full months that followed."""
    pack, history = packs.value.expected, trade_history.months(client_month, as_of)
    then = trade_history.expected(
        trade_history.traded(history, YEAR, pack), trade_history.learned(history, 2 * YEAR, pack), pack
    )
    whole = then.aggregate(expected=frames.total(then.amount))
    came = _by_quarter(history.semi_join(then, "client_id"), 0, "observed_amount")
    before = _by_quarter(history, YEAR, "year_before")
    year = before.aggregate(year=before.year_before.sum())
    rows = came.left_join(before, "season", rname="{name}_before").drop("season_before")
    told = rows.cross_join(year).cross_join(whole)
    shared = told.mutate(season_share=frames.ratio(told.year_before, told.year))
    amount = trade_history.part(shared.expected, shared.season_share)
    dated = shared.mutate(expected_amount=amount.fill_null(ibis.literal("0").cast(trade_history.MONEY)))
    return dated.mutate(
        quarter=ibis.literal("Q") + dated.season.cast("string"),
        observed_amount=dated.observed_amount.cast(trade_history.MONEY),
        observed_share=frames.ratio(dated.observed_amount, dated.expected_amount),
    ).select(*ValueCalibration.names())


def _by_quarter(history: Any, first: int, name: str) -> Any:
    """Commission of twelve months from ``first`` months ago on, by quarter of the calendar."""
    rows = history.filter((history.ago >= first) & (history.ago < first + YEAR))
    season = (rows.month_on.month() + 2) // 3
    return rows.group_by(season=season).agg(**{name: rows.commission.sum()})
