"""Packs about what is decided each night: features, allocation, moments, what ingest accepts, which runs are kept."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from keepwell.contract.codes import (
    CalendarKind,
    Channel,
    Grade,
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
class ProductGroup:
    """Which product kinds count as which need."""

    need: Need
    product_kinds: Annotated[tuple[ProductKind, ...], AtLeast(1)]


@dataclass(frozen=True)
class Features(Pack):
    """Windows and thresholds of the client features."""

    windows: Windows
    style: Style
    product_groups: Annotated[tuple[ProductGroup, ...], AtLeast(1)]

    def __post_init__(self) -> None:
        super().__post_init__()
        kinds = [kind for group in self.product_groups for kind in group.product_kinds]
        if len(set(kinds)) != len(kinds):
            raise ValueError("product_groups: no product kind in two groups")


@dataclass(frozen=True)
class Band:
    """Clients of a manager may lie between these shares of the fair share (clients x capacity / total capacity)."""

    lower_share: Share
    upper_share: Annotated[Decimal, AtLeast(1), AtMost(10)]
    n_slack_clients: Count


@dataclass(frozen=True)
class Capacity:
    """Hours of a full week, and the days from which on leave keeps a manager from new clients."""

    full_weekly_hours: Annotated[Decimal, AtLeast(1), AtMost(80)]
    n_leave_days_counted_from: Days


@dataclass(frozen=True)
class Score:
    """Weights of the parts of a client-manager score; they add up to 1. No protected fact is among them."""

    specialty_weight: Share
    continuity_weight: Share
    level_weight: Share
    satisfaction_weight: Share

    def __post_init__(self) -> None:
        total = self.specialty_weight + self.continuity_weight + self.level_weight + self.satisfaction_weight
        if total != 1:
            raise ValueError(f"weights that add up to 1, not {total}")


@dataclass(frozen=True)
class GradeLevel:
    """The staff level (1 to 5) from which a manager suits a grade in full; each level below costs a step."""

    grade: Grade
    staff_level: Annotated[int, AtLeast(1), AtMost(5)]
    step_share: Share


@dataclass(frozen=True)
class Stay:
    """Moving a client has a price: the bonus for staying."""

    bonus_share: Share


@dataclass(frozen=True)
class Eligibility:
    """Who may hold a book: by role, with a licence valid on the as-of date, not on long leave."""

    roles: Annotated[tuple[Role, ...], AtLeast(1)]
    needs_valid_licence: bool


@dataclass(frozen=True)
class Objections:
    """Working days in which managers and clients may object to a plan, and in which they are answered."""

    n_working_days_to_object: Annotated[int, AtLeast(1), AtMost(60)]
    n_working_days_to_answer: Annotated[int, AtLeast(1), AtMost(60)]


@dataclass(frozen=True)
class HandOvers:
    """Working days after a plan's day in which both managers have signed each client's hand-over sheet."""

    n_working_days_to_sign: Annotated[int, AtLeast(1), AtMost(60)]


@dataclass(frozen=True)
class Profiles:
    """How long what people said of clients' needs and of managers' strengths counts; then it is neutral and listed."""

    n_days_needs_hold: Annotated[int, AtLeast(30), AtMost(1096)]
    n_days_strengths_hold: Annotated[int, AtLeast(30), AtMost(1096)]


@dataclass(frozen=True)
class Pool:
    """Who waits in the pool besides those without a manager, and how many of them one person opens a day."""

    n_days_untouched_from: Annotated[int, AtLeast(30), AtMost(1096)]
    n_views_a_day: Annotated[int, AtLeast(1), AtMost(500)]


@dataclass(frozen=True)
class Allocation(Pack):
    """Who looks after whom: bands, capacity, score weights, limits; protected facts stay out of the score."""

    populations: Annotated[tuple[Population, ...], AtLeast(1)]
    band: Band
    capacity: Capacity
    score: Score
    grade_levels: tuple[GradeLevel, ...]
    stay: Stay
    eligibility: Eligibility
    objections: Objections
    handovers: HandOvers
    profiles: Profiles
    pool: Pool
    never_in_score: Annotated[tuple[str, ...], AtLeast(1)]

    def __post_init__(self) -> None:
        super().__post_init__()
        if [row.grade for row in self.grade_levels] != list(Grade):
            raise ValueError("grade_levels: each grade once, in order: " + ", ".join(Grade))
        missing = {"sex", "birth_on", "nationality", "occupation"} - set(self.never_in_score)
        if missing:
            raise ValueError("never_in_score: also " + ", ".join(sorted(missing)))


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
