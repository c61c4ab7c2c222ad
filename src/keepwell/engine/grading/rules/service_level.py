"""What each class is owed: the signed table of twelve classes and three levels (R028)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.policy.clients import Grading


def levelled(facts: Any, grading: Grading) -> Any:
    """The facts with the service level of the grade and of the type the client is served as."""
    table = [
        (
            (facts.grade == str(row.grade)) & (facts.served_as == str(row.service_type)),
            str(row.service_level),
        )
        for row in grading.service_levels
    ]
    return facts.mutate(service_level=ibis.cases(*table))
