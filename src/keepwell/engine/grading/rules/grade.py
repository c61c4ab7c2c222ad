"""Four grades by assets or contribution: up at once, down only after month-ends in a row below the cut (R020, R027)."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_CEILING, Decimal
from typing import Any

import ibis

from keepwell.contract.codes import Grade
from keepwell.contract.features import ClientFeature
from keepwell.contract.reasons.grading import GradeReason
from keepwell.engine import columns, frames
from keepwell.policy.clients import Grading, Level

ASSETS = ClientFeature.columns["net_assets_20d_amount"]
FEN = Decimal("0.01")
LOWEST = list(Grade)[-1]


def graded(facts: Any, month_ends: Any, grading: Grading) -> Any:
    """The facts with grade, reason and cuts.

    ``facts`` has the two measures, ``parent_grade`` and ``parent_graded_on`` (null without a run before) of each
    client; ``month_ends`` the month-ends that count for losing a grade.
    """
    reached = facts.mutate(reached=_reached(facts, grading))
    below = _n_below(reached, month_ends, grading)
    joined = reached.left_join(below, "client_id").drop("client_id_right")
    is_higher = _rank(joined.parent_grade) < _rank(joined.reached)
    may_fall = joined.n_below.fill_null(0) >= grading.hysteresis.n_month_ends_below
    is_kept = (is_higher & ~may_fall).fill_null(False)
    decided = joined.mutate(
        grade=ibis.cases((is_kept, joined.parent_grade), else_=joined.reached), is_kept=is_kept
    )
    cuts = decided.mutate(
        assets_cut_amount=_cut(decided.grade, grading, "assets"),
        contribution_cut_amount=_cut(decided.grade, grading, "contribution"),
    )
    return cuts.mutate(grade_reason=_reason(cuts))


def month_ends(client_month: Any, grading: Grading, as_of: dt.date) -> Any:
    """The last full month-ends that a fall is judged by; the running month has not ended yet."""
    ends = last_month_ends(as_of, grading.hysteresis.n_month_ends_below)
    return client_month.filter(client_month.month_on.isin([frames.day(end) for end in ends]))


def last_month_ends(as_of: dt.date, n: int) -> list[dt.date]:
    """The ``n`` last calendar month-ends up to and with ``as_of``, latest first."""
    one_day = dt.timedelta(days=1)
    end = as_of + one_day
    found: list[dt.date] = []
    while len(found) < n:
        end = end.replace(day=1) - one_day
        found.append(end)
    return found


def _reached(facts: Any, grading: Grading) -> Any:
    """The highest grade whose cut the assets or the contribution reach."""
    steps = [(_reaches(facts, level), str(level.grade)) for level in grading.levels]
    return ibis.cases(*steps, else_=str(LOWEST))


def _reaches(facts: Any, level: Level) -> Any:
    has_assets = facts.net_assets_20d_amount >= columns.literal(level.assets_at_least_amount, ASSETS)
    earns = facts.contribution_365d_amount >= columns.literal(level.contribution_at_least_amount, ASSETS)
    return has_assets.fill_null(False) | earns.fill_null(False)


def _n_below(facts: Any, month_ends: Any, grading: Grading) -> Any:
    """At how many month-ends since the grade was given both measures lay below the share of its cuts.

    A measure that nobody delivers is not judged by; without either, no grade is lost.
    """
    held = facts.filter(facts.parent_grade.notnull())
    ends = month_ends.select("client_id", "month_on", month_end_amount="net_assets_amount")
    months = held.join(ends, "client_id")
    months = months.filter(months.month_on >= months.parent_graded_on)
    is_below = ibis.cases(*[_below(months, level, grading) for level in grading.levels], else_=False)
    return months.group_by("client_id").agg(n_below=is_below.sum())


def _below(months: Any, level: Level, grading: Grading) -> tuple[Any, Any]:
    share = grading.hysteresis.below_share
    assets, contribution = (
        columns.literal((cut * share).quantize(FEN, ROUND_CEILING), ASSETS)
        for cut in (level.assets_at_least_amount, level.contribution_at_least_amount)
    )
    few, little = months.month_end_amount < assets, months.contribution_365d_amount < contribution
    is_known = few.notnull() | little.notnull()
    is_low = few.fill_null(True) & little.fill_null(True) & is_known
    return months.parent_grade == str(level.grade), is_low


def _rank(grade: Any) -> Any:
    return ibis.cases(*[(grade == str(code), rank) for rank, code in enumerate(Grade)])


def _cut(grade: Any, grading: Grading, measure: str) -> Any:
    cuts = [
        (grade == str(level.grade), columns.literal(getattr(level, f"{measure}_at_least_amount"), ASSETS))
        for level in grading.levels
        if level.grade is not LOWEST
    ]
    return ibis.cases(*cuts)


def _reason(decided: Any) -> Any:
    has_assets = decided.net_assets_20d_amount >= decided.assets_cut_amount
    earns = decided.contribution_365d_amount >= decided.contribution_cut_amount
    no_assets, no_contribution = (
        decided.net_assets_20d_amount.isnull(),
        decided.contribution_365d_amount.isnull(),
    )
    is_lowest = decided.grade == str(LOWEST)
    is_given = ~decided.is_kept & ~is_lowest
    return ibis.cases(
        (is_given & has_assets.fill_null(False), str(GradeReason.BY_ASSETS)),
        (is_given & earns.fill_null(False), str(GradeReason.BY_CONTRIBUTION)),
        (no_assets & no_contribution, str(GradeReason.NOTHING_KNOWN)),
        (no_assets, str(GradeReason.ASSETS_UNKNOWN)),
        (no_contribution & is_lowest & ~decided.is_kept, str(GradeReason.CONTRIBUTION_UNKNOWN)),
        (decided.is_kept, str(GradeReason.KEPT)),
        else_=str(GradeReason.BELOW_ALL),
    )
