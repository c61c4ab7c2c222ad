"""Three service types by the latest declared level; who was never assessed stands beside them (R026, R028)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.codes import ServiceType
from keepwell.contract.reasons.grading import ServiceTypeReason
from keepwell.policy.clients import Grading

UNASSESSED = str(ServiceType.UNASSESSED)


def typed(facts: Any, grading: Grading) -> Any:
    """The facts with service type, its reason, and the type whose care the client gets.

    The latest declared level counts even when the assessment has expired: the type is for service only and
    never takes part in a product match.
    """
    table = [
        (facts.risk_level == str(row.risk_level), str(row.service_type)) for row in grading.service_types
    ]
    given = facts.mutate(service_type=ibis.cases(*table, else_=UNASSESSED))
    is_unassessed = given.service_type == UNASSESSED
    reason = ibis.cases(
        (is_unassessed, str(ServiceTypeReason.NOT_ASSESSED)), else_=str(ServiceTypeReason.BY_RISK_LEVEL)
    )
    served_as = ibis.cases((is_unassessed, str(grading.unassessed.served_as)), else_=given.service_type)
    return given.mutate(service_type_reason=reason, served_as=served_as)
