"""What people decided instead of the rules, for a time (R235); the rules go on beside it as if nothing had been."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import OverrideField
from keepwell.contract.reasons.grading import GradeReason, ServiceTypeReason
from keepwell.engine import frames
from keepwell.engine.grading.rules.service_type import boldness
from keepwell.policy.clients import Grading


def overridden(
    facts: Any, returned_override: Any, client_record: Any, grading: Grading, acts_on: dt.date
) -> Any:
    """The facts with the grade and the service type in force; what the rules said of them under ``ruled_``.

    ``facts`` has both by rule, ``ruled_on``, ``served_as`` and ``type_at_most``: the boldest service type that the
    declared level allows. An override beyond it is named and has no effect.
    """
    acts = in_force(returned_override, client_record, grading, acts_on)
    return _typed(_graded(facts, acts), acts)


def in_force(returned_override: Any, client_record: Any, grading: Grading, acts_on: dt.date) -> Any:
    """The override that was approved last of those in force, for each client and field.

    It ends on the day it names, or after as many days as the pack allows, whichever comes first.
    """
    today, longest = frames.day(acts_on), grading.override.n_days_at_most
    ends_on = ibis.least(
        returned_override.expires_on, frames.days_after(returned_override.starts_on, longest)
    )
    dated = returned_override.mutate(ends_on=ends_on)
    held = frames.routed(dated.filter((dated.starts_on <= today) & (dated.ends_on > today)), client_record)
    place = ibis.row_number().over(
        group_by=["client_id", "field"], order_by=[held.approved_at.desc(), held.override_key.desc()]
    )
    ranked = held.mutate(place=place)
    return ranked.filter(ranked.place == 0).select(
        "client_id", "field", "value", "override_key", "approved_role", "ends_on"
    )


def _beside(facts: Any, acts: Any, field: OverrideField, prefix: str) -> Any:
    """The facts with the client's override of a field, null where there is none."""
    chosen = acts.filter(acts.field == str(field)).select(
        "client_id",
        **{
            f"{prefix}_override_key": acts.override_key,
            f"{prefix}_override_role": acts.approved_role,
            f"{prefix}_override_ends_on": acts.ends_on,
            f"{prefix}_override": acts.value,
        },
    )
    return facts.left_join(chosen, "client_id", rname="{name}_act").drop("client_id_act")


def _graded(facts: Any, acts: Any) -> Any:
    rows = _beside(facts, acts, OverrideField.GRADE, "grade")
    is_set = rows.grade_override.notnull()
    return rows.mutate(
        grade=ibis.coalesce(rows.grade_override, rows.grade),
        grade_reason=ibis.cases((is_set, str(GradeReason.OVERRIDDEN)), else_=rows.grade_reason),
        ruled_grade=ibis.cases((is_set, rows.grade)),
        ruled_on=ibis.cases((is_set, rows.ruled_on)),
    )


def _typed(facts: Any, acts: Any) -> Any:
    rows = _beside(facts, acts, OverrideField.SERVICE_TYPE, "type")
    is_bolder = boldness(rows.type_override) > boldness(rows.type_at_most)
    is_set = rows.type_override.notnull() & ~is_bolder
    reason = ibis.cases(
        (is_set, str(ServiceTypeReason.OVERRIDDEN)),
        (is_bolder, str(ServiceTypeReason.ABOVE_LEVEL)),
        else_=rows.service_type_reason,
    )
    return rows.mutate(
        service_type=ibis.cases((is_set, rows.type_override), else_=rows.service_type),
        service_type_reason=reason,
        served_as=ibis.cases((is_set, rows.type_override), else_=rows.served_as),
        ruled_service_type=ibis.cases((is_set, rows.service_type)),
    )
