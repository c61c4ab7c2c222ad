"""What each of the twelve classes is owed: a signed table of service levels, and what each level means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Annotated

from keepwell.contract.codes import Grade, ServiceType
from keepwell.contract.grading import ServiceLevel
from keepwell.policy.loading import AtLeast, AtMost

TYPES = (ServiceType.CAUTIOUS, ServiceType.BALANCED, ServiceType.ENTERPRISING)
CLASSES = tuple(product(Grade, TYPES))


@dataclass(frozen=True)
class ServiceLevelOf:
    """Which service level a class gets; who is unassessed gets that of the type they are served as."""

    grade: Grade
    service_type: ServiceType
    service_level: ServiceLevel


@dataclass(frozen=True)
class ServiceDuty:
    """What a service level owes: contacts in twelve months, working days to an answer, a manager by name."""

    service_level: ServiceLevel
    n_contacts_365d_at_least: Annotated[int, AtLeast(0), AtMost(366)]
    answer_within_working_days: Annotated[int, AtLeast(1), AtMost(60)]
    has_manager: bool


def require_levels(levels: Sequence[ServiceLevelOf], duties: Sequence[ServiceDuty]) -> None:
    """Raise `ValueError` unless each class has a level, no higher grade a lower one, and each level its duties."""
    if tuple((row.grade, row.service_type) for row in levels) != CLASSES:
        named = ", ".join(f"{grade} {kind}" for grade, kind in CLASSES)
        raise ValueError(f"service_levels: each class once, in order: {named}")
    rank = {level: place for place, level in enumerate(ServiceLevel)}
    for kind in TYPES:
        of_type = [row for row in levels if row.service_type is kind]
        for higher, lower in pairwise(of_type):
            if rank[higher.service_level] > rank[lower.service_level]:
                raise ValueError(
                    f"service_levels: {kind} {higher.grade} no lower a level than {kind} {lower.grade}"
                )
    if tuple(row.service_level for row in duties) != tuple(ServiceLevel):
        raise ValueError("service_duties: each level once, in order: " + ", ".join(ServiceLevel))
    for more, less in pairwise(duties):
        if (
            more.n_contacts_365d_at_least < less.n_contacts_365d_at_least
            or more.answer_within_working_days > less.answer_within_working_days
        ):
            raise ValueError(f"service_duties: {more.service_level} owes no less than {less.service_level}")
