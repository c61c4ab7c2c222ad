"""Which service type a client gets, by five indicators and signed marks, and the other ways to group clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from keepwell.contract.codes import Grade, RiskLevel, ServiceType
from keepwell.contract.grading import ServiceIndicator, Tier
from keepwell.policy.bounds import Amount, Days, Ratio
from keepwell.policy.loading import AtLeast, AtMost

BOLDNESS = (ServiceType.CAUTIOUS, ServiceType.BALANCED, ServiceType.ENTERPRISING)
HIGHEST = 100

Mark = Annotated[int, AtLeast(0), AtMost(HIGHEST)]


@dataclass(frozen=True)
class ServiceTypeOf:
    """The service type of a declared risk level: no client of that level gets a bolder one."""

    risk_level: RiskLevel
    service_type: ServiceType


@dataclass(frozen=True)
class Unassessed:
    """Clients without any declared level: served as ``served_as``, counted beside the twelve classes."""

    served_as: ServiceType


@dataclass(frozen=True)
class MarkFrom:
    """What an indicator counts once its answers have so many marks of the questionnaire."""

    answers_at_least: Mark
    mark: Mark


@dataclass(frozen=True)
class Indicator:
    """One of the five: the questions that tell it, and the mark that their answers make."""

    indicator: ServiceIndicator
    questions: Annotated[tuple[Annotated[int, AtLeast(1), AtMost(60)], ...], AtLeast(1)]
    marks: Annotated[tuple[MarkFrom, ...], AtLeast(1)]

    def __post_init__(self) -> None:
        if self.marks[0].answers_at_least:
            raise ValueError(f"marks of {self.indicator}: the first from 0, so that every answer has one")
        for low, high in pairwise(self.marks):
            if low.answers_at_least >= high.answers_at_least or low.mark >= high.mark:
                raise ValueError(f"marks of {self.indicator}: answers_at_least and mark rising")

    def mark_of(self, answered: int) -> int:
        """The mark that the answers' marks make."""
        return [row.mark for row in self.marks if answered >= row.answers_at_least][-1]


@dataclass(frozen=True)
class TypeFrom:
    """From which score on the five indicators make a type."""

    service_type: ServiceType
    score_at_least: Mark


@dataclass(frozen=True)
class ServiceMarks:
    """The mark table of one version of the questionnaire; scores of two versions are never compared."""

    version: Annotated[str, AtMost(16)]
    indicators: tuple[Indicator, ...]
    types: tuple[TypeFrom, ...]

    def __post_init__(self) -> None:
        if tuple(one.indicator for one in self.indicators) != tuple(ServiceIndicator):
            raise ValueError("indicators: each once, in order: " + ", ".join(ServiceIndicator))
        asked = [number for one in self.indicators for number in one.questions]
        if len(set(asked)) != len(asked):
            raise ValueError("indicators: no question counts twice")
        if sum(one.marks[-1].mark for one in self.indicators) > HIGHEST:
            raise ValueError(f"indicators: the highest marks add up to {HIGHEST} at most")
        if tuple(row.service_type for row in self.types) != BOLDNESS or self.types[0].score_at_least:
            raise ValueError("types: each once, in order, the first from 0: " + ", ".join(BOLDNESS))
        if any(low.score_at_least >= high.score_at_least for low, high in pairwise(self.types)):
            raise ValueError("types: score_at_least rising")

    def score_of(self, answered: Mapping[int, int]) -> int:
        """The score of a sheet: ``answered`` has the marks of each question's answer."""
        return sum(
            one.mark_of(sum(answered.get(number, 0) for number in one.questions)) for one in self.indicators
        )

    def type_of(self, score: int) -> ServiceType:
        """The type that a score makes, before the level caps it."""
        return [row.service_type for row in self.types if score >= row.score_at_least][-1]


@dataclass(frozen=True)
class TierOf:
    """Which of three tiers a grade belongs to."""

    grade: Grade
    tier: Tier


@dataclass(frozen=True)
class Groupings:
    """Other ways to group clients: from which net assets on wealthy, how many days of a year frequent or steady."""

    tiers: tuple[TierOf, ...]
    high_net_worth_at_least_amount: Amount
    n_high_frequency_days_at_least: Days
    n_steady_days_at_most: Days
    steady_turnover_at_most: Ratio

    def __post_init__(self) -> None:
        if tuple(row.grade for row in self.tiers) != tuple(Grade):
            raise ValueError("tiers: each grade once, from the highest: " + ", ".join(Grade))
        ranks = [list(Tier).index(row.tier) for row in self.tiers]
        if ranks != sorted(ranks):
            raise ValueError("tiers: no higher grade in a lower tier")
        if self.n_steady_days_at_most >= self.n_high_frequency_days_at_least:
            raise ValueError("n_steady_days_at_most below n_high_frequency_days_at_least")


def require_marks(tables: Sequence[ServiceMarks]) -> None:
    """Raise `ValueError` for two mark tables of one version."""
    names = [one.version for one in tables]
    if len(set(names)) != len(names):
        raise ValueError("service_marks: no version twice")


def no_bolder(service_type: ServiceType, at_most: ServiceType) -> ServiceType:
    """The more careful of two types."""
    return min(service_type, at_most, key=BOLDNESS.index)
