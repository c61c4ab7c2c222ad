"""What the firm signs of the golden record: which value counts, and how grave a disagreement is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from keepwell.contract.codes import Market, Occupation
from keepwell.contract.golden import Fact, Severity
from keepwell.contract.reasons.identity import ConflictReason, GoldenReason
from keepwell.policy.bounds import Days, Positive
from keepwell.policy.loading import AtLeast, AtMost


@dataclass(frozen=True)
class Preference:
    """Whose value of these facts counts: by the first preference in which records differ, else the lowest number."""

    MAY_PREFER: ClassVar[tuple[GoldenReason, ...]] = (
        GoldenReason.VERIFIED,
        GoldenReason.VALID,
        GoldenReason.FREQUENT,
        GoldenReason.OPEN,
        GoldenReason.LATEST,
    )

    fields: Annotated[tuple[Fact, ...], AtLeast(1)]
    prefers: Annotated[tuple[GoldenReason, ...], AtLeast(1), AtMost(5)]

    def __post_init__(self) -> None:
        if not set(self.prefers) <= set(self.MAY_PREFER) or len(set(self.prefers)) != len(self.prefers):
            raise ValueError("prefers: no preference twice, each one of " + ", ".join(self.MAY_PREFER))


@dataclass(frozen=True)
class ConflictRule:
    """How grave a conflict is; where a rule sets a time, within how many days it is to be mended."""

    conflict: ConflictReason
    severity: Severity
    n_days_to_mend: Days | None = None


@dataclass(frozen=True)
class Opposed:
    """Two occupations that nobody has at once."""

    one: Occupation
    other: Occupation

    def __post_init__(self) -> None:
        if self.one is self.other:
            raise ValueError("one and other: two occupations")


@dataclass(frozen=True)
class AccountLimit:
    """How many open accounts of a kind a client may have in a market; what was opened before ``since_on`` may stay."""

    n_at_most: Positive
    since_on: date
    markets: Annotated[tuple[Market, ...], AtLeast(1)]


def require_whole(golden: tuple[Preference, ...], conflicts: tuple[ConflictRule, ...]) -> None:
    """Raise ``ValueError`` unless every fact has its preference once and every conflict its severity once."""
    if sorted(field for one in golden for field in one.fields) != sorted(Fact):
        raise ValueError("golden: each fact once: " + ", ".join(Fact))
    if sorted(rule.conflict for rule in conflicts) != sorted(ConflictReason):
        raise ValueError("conflicts: each once, the gravest first: " + ", ".join(ConflictReason))
    order = [list(Severity).index(rule.severity) for rule in conflicts]
    if order != sorted(order):
        raise ValueError("conflicts: the gravest first")
