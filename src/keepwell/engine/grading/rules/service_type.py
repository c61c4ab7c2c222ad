"""Three service types by five indicators, no bolder than the level allows; the unassessed beside them (R026, R028)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.codes import ServiceType
from keepwell.contract.reasons.grading import ServiceTypeReason
from keepwell.engine.grading.rules import indicators
from keepwell.policy.packs import Packs
from keepwell.policy.serving import BOLDNESS

UNASSESSED = str(ServiceType.UNASSESSED)


def typed(facts: Any, marks: Any, packs: Packs) -> Any:
    """The facts with marks and score, service type, its reason, and the type whose care the client gets.

    The latest assessment counts even when it has expired: the type is for service only and never takes part in a
    product match. ``marks`` has the five indicators of those whose answers can be counted; of the others the level
    alone decides.
    """
    beside = facts.left_join(marks, "client_id", rname="{name}_marks").drop("client_id_marks")
    known = beside.mutate(
        scored_type=indicators.scored_type(beside, packs), type_at_most=_at_most(beside, packs)
    )
    is_unassessed = known.risk_level.isnull()
    is_scored = known.scored_type.notnull()
    is_capped = boldness(known.scored_type) > boldness(known.type_at_most)
    reason = ibis.cases(
        (is_unassessed, str(ServiceTypeReason.NOT_ASSESSED)),
        (is_scored & is_capped, str(ServiceTypeReason.CAPPED)),
        (is_scored, str(ServiceTypeReason.BY_INDICATORS)),
        else_=str(ServiceTypeReason.BY_RISK_LEVEL),
    )
    chosen = ibis.cases((is_scored & ~is_capped, known.scored_type), else_=known.type_at_most)
    given = known.mutate(
        service_type=ibis.cases((is_unassessed, UNASSESSED), else_=chosen),
        served_as=ibis.cases((is_unassessed, known.type_at_most), else_=chosen),
        service_type_reason=reason,
    )
    return given.drop("place")


def boldness(service_type: Any) -> Any:
    """How bold a type is, from 0; null for none."""
    return ibis.cases(*[(service_type == str(one), place) for place, one in enumerate(BOLDNESS)])


def _at_most(facts: Any, packs: Packs) -> Any:
    """The boldest type that the declared level allows; of those without a level the one they are served as."""
    table = [
        (facts.risk_level == str(row.risk_level), str(row.service_type))
        for row in packs.grading.service_types
    ]
    return ibis.cases(*table, else_=str(packs.grading.unassessed.served_as))
