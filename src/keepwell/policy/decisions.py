"""Packs about what is decided each night: features, moments, what ingest accepts, which runs are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from keepwell.contract.codes import (
    CalendarKind,
    Channel,
    MomentKind,
    MomentRule,
    Need,
    Population,
    ProductKind,
    Role,
)
from keepwell.contract.moments import Term
from keepwell.contract.schema import Text
from keepwell.policy.bounds import Amount, Count, Days, DaysFromZero, Months, Positive, Ratio, Share
from keepwell.policy.loading import AtLeast, AtMost
from keepwell.policy.pack import Pack


@dataclass(frozen=True)
class Windows:
    """Look-back windows in natural days before the cut, shortest first."""

    days: Annotated[tuple[Days, ...], AtLeast(1)]
    login_norm_days: Days
    history_at_least_days: Days

    def __post_init__(self) -> None:
        if list(self.days) != sorted(set(self.days)):
            raise ValueError("days: rising, none twice")


@dataclass(frozen=True)
class Style:
    """How trading style is told: yearly turnover over mean assets, and the product group that leads."""

    long_term_turnover_at_most: Ratio
    short_term_turnover_at_least: Ratio
    leading_group_share: Share
    n_trades_at_least: Positive

    def __post_init__(self) -> None:
        if self.long_term_turnover_at_most >= self.short_term_turnover_at_least:
            raise ValueError("long_term_turnover_at_most below short_term_turnover_at_least")


@dataclass(frozen=True)
class Rhythm:
    """From how many trading days of twelve months on the gaps between them are told."""

    n_trade_days_at_least: Annotated[int, AtLeast(3), AtMost(365)]


@dataclass(frozen=True)
class Market:
    """What drawdowns are told against: the first of these indices that the firm delivers."""

    index_codes: Annotated[tuple[str, ...], AtLeast(1)]


@dataclass(frozen=True)
class ProductGroup:
    """Which product kinds count as which need."""

    need: Need
    product_kinds: Annotated[tuple[ProductKind, ...], AtLeast(1)]


@dataclass(frozen=True)
class Features(Pack):
    """Windows and thresholds of the client features."""

    windows: Windows
    style: Style
    rhythm: Rhythm
    market: Market
    product_groups: Annotated[tuple[ProductGroup, ...], AtLeast(1)]

    def __post_init__(self) -> None:
        super().__post_init__()
        kinds = [kind for group in self.product_groups for kind in group.product_kinds]
        if len(set(kinds)) != len(kinds):
            raise ValueError("product_groups: no product kind in two groups")


@dataclass(frozen=True)
class Deadline:
    """Until when: ``n`` days of one calendar after the moment fired."""

    n: Annotated[int, AtLeast(0), AtMost(366)]
    calendar: CalendarKind


# Roles that have a list of tasks at the desk; a task of any other role would be seen by nobody (R104).
TASKED = (Role.MANAGER, Role.ADVISER, Role.TEAM_LEADER, Role.SERVICE_DESK)


def require_tasked(role: Role) -> None:
    """Raise `ValueError` for a role without a list of tasks."""
    if role not in TASKED:
        raise ValueError("owner_role: one of " + ", ".join(TASKED))


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What every rule of the moments says besides its condition.

    A deadline is legal or promised by the firm. A window has none: it closes ``expires_after_days`` after the day it
    speaks of, or after it was found where that day lies back, and nothing is late.
    """

    is_on: bool
    kind: MomentKind
    topic: Text
    channel: Channel
    owner_role: Role
    term: Term
    deadline: Deadline | None = None
    expires_after_days: DaysFromZero
    repeat_after_days: DaysFromZero
    priority: Annotated[int, AtLeast(1), AtMost(99)]
    populations: Annotated[tuple[Population, ...], AtLeast(1)]
    counts_against_cap: bool

    def __post_init__(self) -> None:
        if self.kind is MomentKind.LEGAL and self.counts_against_cap:
            raise ValueError("counts_against_cap = false for a legal duty")
        if (self.kind is MomentKind.LEGAL) != (self.term is Term.LEGAL):
            raise ValueError('term = "legal" for a legal duty, and for nothing else')
        if (self.term is Term.WINDOW) != (self.deadline is None):
            raise ValueError("deadline: given for a deadline, left out for a window")
        require_tasked(self.owner_role)


@dataclass(frozen=True)
class ProductMaturity(Moment):
    """A holding's term ends within ``days_before`` natural days."""

    days_before: Days
    market_value_at_least_amount: Amount


@dataclass(frozen=True)
class LargeOutflow(Moment):
    """Net outflow within the window: at least this amount and this share of the assets before it."""

    window_days: Days
    net_outflow_share: Share
    net_outflow_at_least_amount: Amount


@dataclass(frozen=True)
class StateEntered(Moment):
    """The client entered an activity state within the last days, with at least these assets."""

    entered_within_days: Days
    assets_at_least_amount: Amount


@dataclass(frozen=True)
class Expiry(Moment):
    """A date of the client lies at most ``days_before`` ahead, or at most ``days_after`` back."""

    days_before: Days
    days_after: DaysFromZero


@dataclass(frozen=True)
class Birthday(Moment):
    """A natural person is greeted on the last working day on or before the birthday, known some working days ahead."""

    n_working_days_before: Annotated[int, AtLeast(1), AtMost(30)]
    adult_age: Annotated[int, AtLeast(1), AtMost(30)]


@dataclass(frozen=True)
class NewClient(Moment):
    """The first account was opened within the last days and no contact reached the client since."""

    opened_within_days: Days
    first_contact_after_days: DaysFromZero


@dataclass(frozen=True)
class Cap:
    """The one contact cap of a client across all rules that count against it."""

    n_contacts_at_most: Positive
    window_days: Days


@dataclass(frozen=True)
class Moments(Pack):
    """When to be in touch, about what: one section a rule, named as its code."""

    cap: Cap
    product_maturity: ProductMaturity
    large_outflow: LargeOutflow
    asleep: StateEntered
    leaving: StateEntered
    assessment_expiry: Expiry
    id_expiry: Expiry
    birthday: Birthday
    new_client: NewClient

    def rule(self, code: MomentRule) -> Moment:
        """The section of one rule."""
        found: Moment = getattr(self, code.value)
        return found

    def rules(self) -> tuple[tuple[MomentRule, Moment], ...]:
        """All rules with their codes, in the order of the closed list."""
        return tuple((code, self.rule(code)) for code in MomentRule)


@dataclass(frozen=True)
class RunRetention(Pack):
    """Which runs are never swept: the latest, month-ends, and those under legal hold."""

    n_latest: Positive
    n_month_ends: Months
    legal_hold_run_ids: tuple[str, ...]


@dataclass(frozen=True)
class BadRows:
    """From which share of quarantined rows on a file is refused as a whole; small files are judged by the number."""

    share_at_most: Share
    n_always_allowed: Count


@dataclass(frozen=True)
class Values:
    """What a single value may be, whatever its column."""

    n_field_characters_at_most: Positive
    earliest_year: Annotated[int, AtLeast(1800), AtMost(2000)]
    n_days_after_as_of_at_most: DaysFromZero
    amount_at_most: Amount


@dataclass(frozen=True)
class Reading:
    """How files are read: sample for the encoding, and what a run may take in."""

    n_sample_bytes: Annotated[int, AtLeast(1024), AtMost(1 << 30)]
    n_rows_per_batch: Annotated[int, AtLeast(1000), AtMost(10_000_000)]
    n_quarantine_rows_per_file_at_most: Positive


@dataclass(frozen=True)
class Ingest(Pack):
    """Limits of what is taken in; a control-total error refuses a file whatever these say."""

    bad_rows: BadRows
    values: Values
    reading: Reading
