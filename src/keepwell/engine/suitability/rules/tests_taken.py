"""Assessments of a client over all customer numbers: the latest, how often, how far they jump (R026, X18)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import RiskLevel
from keepwell.engine import frames
from keepwell.engine.suitability.rules.levels import place, placed
from keepwell.policy.suitability import Suitability

MONTH = 30  # the window of the column's name


def taken(questionnaire: Any, client_record: Any, pack: Suitability, as_of: dt.date) -> Any:
    """The latest assessment of each client and how many there were; of equal instants the greatest number.

    Without a delivered end it holds the signed months, to the same day of the month.
    """
    seen = questionnaire.filter(questionnaire.answered_on <= frames.day(as_of))
    owned = seen.join(client_record.select("record_code", "client_id"), "record_code")
    order = [owned.answered_at.desc(), owned.questionnaire_code.desc()]
    turns = owned.mutate(
        turn=ibis.row_number().over(group_by="client_id", order_by=order),
        rank=place(owned.risk_level, RiskLevel),
    )
    last = turns.filter(turns.turn == 0)
    ends_on = frames.months_after(last.answered_on, pack.questionnaire.valid_months)
    latest = last.select(
        "client_id",
        "questionnaire_code",
        "risk_level",
        "rank",
        questionnaire_version="version",
        assessed_on="answered_on",
        declared_score="score",
        is_declared_lowest="is_lowest_class",
        ends_on=ibis.coalesce(last.valid_to, ends_on),
    )
    return _repeated(turns, latest, pack)


def _repeated(turns: Any, latest: Any, pack: Suitability) -> Any:
    """Beside the latest: tests on its day and in the month up to it, and the lowest level it jumped from."""
    of_last = latest.select("client_id", last_on="assessed_on", last_rank="rank")
    beside = turns.join(of_last, "client_id")
    is_recent = beside.answered_on >= frames.days_after(beside.last_on, -pack.retest.jump_window_days)
    counts = beside.group_by("client_id").agg(
        n_tests_same_day=(beside.answered_on == beside.last_on).sum(),
        n_tests_30d=(beside.answered_on > frames.days_after(beside.last_on, -MONTH)).sum(),
        lowest_before=beside["rank"].min(where=is_recent & (beside.turn > 0)),
    )
    joined = latest.join(counts, "client_id")
    has_jumped = joined["rank"] - joined.lowest_before >= pack.retest.jump_levels
    return joined.mutate(jump_from_level=ibis.cases((has_jumped, placed(joined.lowest_before, RiskLevel))))
