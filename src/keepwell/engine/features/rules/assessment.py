"""Risk assessments: the latest declared level, how long it holds, how often it was asked for (R026)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.engine import frames
from keepwell.engine.features.rules import windows
from keepwell.policy.packs import Packs


def assessment(
    questionnaire: Any, returned_assessment: Any, client_record: Any, packs: Packs, as_of: dt.date
) -> Any:
    """The latest assessment of each client over all records; of equal instants the one with the greatest number.

    Without a delivered end it holds as many months as the pack says (rules.md §1.2), to the same day of the month.
    """
    seen = windows.known(frames.assessed(questionnaire, returned_assessment), "answered_on", as_of)
    owned = seen.join(client_record.select("record_code", "client_id"), "record_code")
    order = [owned.answered_at.desc(), owned.questionnaire_code.desc()]
    ranked = owned.mutate(place=ibis.row_number().over(group_by="client_id", order_by=order))
    last = ranked.filter(ranked.place == 0)
    ends_on = frames.months_after(last.answered_on, packs.suitability.questionnaire.valid_months)
    latest = last.select(
        "client_id",
        "risk_level",
        "is_lowest_class",
        assessed_on="answered_on",
        assessment_valid_to=ibis.coalesce(last.valid_to, ends_on),
    )
    counts = owned.group_by("client_id").agg(
        n_assessments_365d=frames.within(owned.answered_on, as_of, 365).sum()
    )
    return counts.join(latest, "client_id")
