"""What the firm signs of bringing client data up to date: which facts, by when, in what order, at what cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from keepwell.contract.codes import ClientKind
from keepwell.contract.golden import Fact
from keepwell.contract.quality import GapKind
from keepwell.policy.bounds import Amount, Count, Days, Positive
from keepwell.policy.loading import AtLeast, AtMost
from keepwell.policy.pack import Pack


@dataclass(frozen=True)
class Existing:
    """Whose data must be whole by when: clients of before ``opened_before_on``, all by ``last_on``.

    ``batches`` are the firm's own earlier days; each client is drawn to one of them by its number. Without any
    everybody has the last day.
    """

    opened_before_on: date
    last_on: date
    batches: Annotated[tuple[date, ...], AtMost(60)]

    def __post_init__(self) -> None:
        if list(self.batches) != sorted(set(self.batches)):
            raise ValueError("batches: rising, no day twice")
        if self.batches and not self.opened_before_on < self.batches[0] <= self.batches[-1] <= self.last_on:
            raise ValueError(f"batches: after {self.opened_before_on}, none after {self.last_on}")

    @property
    def days(self) -> tuple[date, ...]:
        """The days one of which each client has."""
        return self.batches or (self.last_on,)


@dataclass(frozen=True)
class Required:
    """The facts that the record of a client of a kind must hold."""

    client_kind: ClientKind
    facts: Annotated[tuple[Fact, ...], AtLeast(1)]


@dataclass(frozen=True)
class Fix:
    """What mending a gap of a kind takes and what it is worth."""

    gap_kind: GapKind
    n_minutes: Annotated[int, AtLeast(1), AtMost(600)]
    n_points: Count


@dataclass(frozen=True)
class Assets:
    """What mending the data of a client with so many assets is worth beyond the gaps; the first that fits counts."""

    assets_at_least_amount: Amount
    n_points: Count


@dataclass(frozen=True)
class Extension:
    """By how much, how often and by how many people the due date of a conflict may be put off."""

    n_days_at_most: Days
    n_times_at_most: Annotated[int, AtLeast(1), AtMost(12)]
    needs_second_person: bool


@dataclass(frozen=True)
class DuplicateCheck:
    """How many numbers a person may look up in a day."""

    n_per_day_at_most: Positive


@dataclass(frozen=True)
class WriteBack:
    """How many document numbers, phones and addresses in full a file may hold that one person lets go alone."""

    n_secrets_alone_at_most: Count


@dataclass(frozen=True)
class Remediation(Pack):
    """Client data up to date: facts, dates, order of work, and what guards the looking up."""

    existing: Existing
    required: Annotated[tuple[Required, ...], AtLeast(1)]
    fixes: Annotated[tuple[Fix, ...], AtLeast(1)]
    assets: tuple[Assets, ...]
    extension: Extension
    duplicate_check: DuplicateCheck
    write_back: WriteBack

    def __post_init__(self) -> None:
        super().__post_init__()
        if sorted(row.client_kind for row in self.required) != sorted(ClientKind):
            raise ValueError("required: each client kind once: " + ", ".join(ClientKind))
        if sorted(fix.gap_kind for fix in self.fixes) != sorted(GapKind):
            raise ValueError("fixes: each kind of gap once: " + ", ".join(GapKind))
        cuts = [row.assets_at_least_amount for row in self.assets]
        if cuts != sorted(set(cuts), reverse=True):
            raise ValueError("assets: falling, no amount twice")

    def fix_of(self, kind: str) -> Fix:
        """What mending a gap of the kind takes."""
        return next(fix for fix in self.fixes if fix.gap_kind == kind)
