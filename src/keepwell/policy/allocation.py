"""Who looks after whom: what counts in a score, what a manager may carry, what every client is owed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from keepwell.contract.codes import CityTier, Grade, Population, Role
from keepwell.contract.schema import Code
from keepwell.contract.serving import Resource, ScorePart
from keepwell.policy.bounds import Amount, Count, Days, DaysFromZero, Hours, Positive, Share
from keepwell.policy.loading import AtLeast, AtMost
from keepwell.policy.pack import Pack

PROTECTED = (
    "sex", "birth_on", "ethnicity", "nationality", "health", "disability", "marital_status", "household_register",
    "occupation",
)  # fmt: skip


class ValueBy(Code):
    """By what a client's value counts into a manager's limit."""

    ASSETS = "assets", "Assets", "资产"
    CONTRIBUTION = "contribution", "Contribution", "贡献"


class Extent(Code):
    """How much of a branch is decided anew."""

    WHOLE = "whole", "Everybody", "全部客户"
    CHANGES = "changes", "Only what changed", "仅有变化的客户"


@dataclass(frozen=True)
class Band:
    """A manager's load of a resource lies between these shares of the fair share, with so many units of slack.

    Fair share = the branch's total x own capacity / capacity of the branch.
    """

    resource: Resource
    lower_share: Share
    upper_share: Annotated[Decimal, AtLeast(1), AtMost(10)]
    n_slack: Count


@dataclass(frozen=True)
class Capacity:
    """Hours of a full week, weeks of a year, the part of them that is service, how full that may be planned.

    Leave of so many days and more keeps a manager from new clients, as does leaving the firm within so many days.
    """

    full_weekly_hours: Annotated[Decimal, AtLeast(1), AtMost(80)]
    n_weeks: Annotated[int, AtLeast(1), AtMost(53)]
    service_share: Share
    filled_at_most_share: Share
    n_leave_days_counted_from: Days
    n_days_before_leaving: DaysFromZero


@dataclass(frozen=True)
class RampUp:
    """From how many months in service on a manager carries which part of the own capacity."""

    n_months_from: Annotated[int, AtLeast(0), AtMost(60)]
    capacity_share: Annotated[Decimal, AtLeast(Decimal("0.01")), AtMost(1)]


@dataclass(frozen=True)
class Score:
    """Weights of the parts of a client-manager score; they add up to 1. No protected fact is among them."""

    need_weight: Share
    style_weight: Share
    risk_weight: Share
    region_weight: Share
    level_weight: Share
    satisfaction_weight: Share
    qualification_weight: Share
    continuity_weight: Share
    wish_weight: Share

    def __post_init__(self) -> None:
        total = sum(weight for _, weight in self.parts())
        if total != 1:
            raise ValueError(f"weights that add up to 1, not {total}")

    def parts(self) -> tuple[tuple[ScorePart, Decimal], ...]:
        """Each part with its weight; staying has its own bonus."""
        return tuple(
            (part, getattr(self, f"{part}_weight")) for part in ScorePart if part is not ScorePart.STAY
        )


@dataclass(frozen=True)
class Needs:
    """How much a need counts by its source; what the holdings tell; what an interest adds to a strength."""

    stated_confidence_share: Share
    inferred_confidence_share: Share
    holdings_strength_share: Share
    interest_bonus_share: Share

    @property
    def told_by_holdings(self) -> Decimal:
        """What a need counts that holdings alone tell."""
        return round(self.holdings_strength_share * self.inferred_confidence_share, 6)


@dataclass(frozen=True)
class Counted:
    """What a client's value counts in a manager's limit: by which measure, in which unit, and at most how much."""

    value_by: ValueBy
    unit_amount: Annotated[Decimal, AtLeast(1), AtMost(10_000_000)]
    counted_at_most_amount: Amount
    top_tier_grades: Annotated[tuple[Grade, ...], AtLeast(1)]
    vulnerable_from_age: Annotated[int, AtLeast(60), AtMost(120)]
    lowest_class_is_vulnerable: bool


@dataclass(frozen=True)
class GradeLevel:
    """The staff level (1 to 5) from which a manager suits a grade in full; each level below costs a step."""

    grade: Grade
    staff_level: Annotated[int, AtLeast(1), AtMost(5)]
    step_share: Share


@dataclass(frozen=True)
class ServiceHours:
    """Hours a year that a client of the grade is to have, and below which none falls."""

    grade: Grade
    wanted_hours: Hours
    floor_hours: Hours

    def __post_init__(self) -> None:
        if self.floor_hours > self.wanted_hours:
            raise ValueError("floor_hours no more than wanted_hours")


@dataclass(frozen=True)
class Region:
    """What a city of the tier asks for: senior staff where needs are developed, hours of education elsewhere."""

    city_tier: CityTier
    staff_level: Annotated[int, AtLeast(1), AtMost(5)]
    education_hours: Hours
    education_strength_share: Annotated[Decimal, AtLeast(Decimal("0.01")), AtMost(1)]


@dataclass(frozen=True)
class BetweenClients:
    """No capture of service by the largest (D2): strategic clients take at most this part of all hours."""

    strategic_hours_at_most_share: Share


@dataclass(frozen=True)
class Stay:
    """Moving a client has a price, and few are moved: besides those whom the limits move, this part of the clients."""

    bonus_share: Share
    changes_at_most_share: Share


@dataclass(frozen=True)
class Eligibility:
    """Who may hold a book: by role, with a licence valid on the as-of date, not on long leave."""

    roles: Annotated[tuple[Role, ...], AtLeast(1)]
    needs_valid_licence: bool


@dataclass(frozen=True)
class Advice:
    """Which grades are entitled to a licensed adviser beside their manager."""

    grades: Annotated[tuple[Grade, ...], AtLeast(1)]


@dataclass(frozen=True)
class Relief:
    """Which limit is set aside first where a branch's limits cannot hold together."""

    order: tuple[Resource, ...]

    def __post_init__(self) -> None:
        if set(self.order) != set(Resource) - {Resource.ADVISED}:
            raise ValueError("order: each limit of a manager once")


@dataclass(frozen=True)
class BranchRun:
    """A branch that is run otherwise than the firm."""

    branch_code: Annotated[str, AtLeast(1), AtMost(16)]
    plans: Extent


@dataclass(frozen=True)
class Runs:
    """How much a night decides anew, for the firm and for branches by name.

    Where only changes are: after so many days a client is decided anew though nothing changed. A client whom nobody of
    the own branch may look after is ``served_across`` the region, by another branch of it.
    """

    plans: Extent
    branches: tuple[BranchRun, ...]
    n_days_kept_at_most: Days
    served_across: bool

    def __post_init__(self) -> None:
        if len({row.branch_code for row in self.branches}) < len(self.branches):
            raise ValueError("branches: each once")

    def of(self, branch_code: str) -> Extent:
        """How much of a branch is decided anew."""
        return next((row.plans for row in self.branches if row.branch_code == branch_code), self.plans)


@dataclass(frozen=True)
class Shown:
    """How many alternatives of a client are kept as evidence, and how many swaps of a branch."""

    n_alternatives: Annotated[int, AtLeast(2), AtMost(50)]
    n_swaps: Positive


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
    """Who waits in the pool besides those without a manager: of these grades, untouched for so long.

    One person opens so many of them a day.
    """

    untouched_grades: Annotated[tuple[Grade, ...], AtLeast(1)]
    n_days_untouched_from: Annotated[int, AtLeast(30), AtMost(1096)]
    n_views_a_day: Annotated[int, AtLeast(1), AtMost(500)]


@dataclass(frozen=True)
class Allocation(Pack):
    """Who looks after whom: bands, capacity, score weights, limits; protected facts stay out of the score."""

    populations: Annotated[tuple[Population, ...], AtLeast(1)]
    bands: tuple[Band, ...]
    capacity: Capacity
    ramp_up: tuple[RampUp, ...]
    score: Score
    needs: Needs
    counted: Counted
    grade_levels: tuple[GradeLevel, ...]
    service_hours: tuple[ServiceHours, ...]
    regions: tuple[Region, ...]
    between_clients: BetweenClients
    stay: Stay
    eligibility: Eligibility
    advice: Advice
    relief: Relief
    runs: Runs
    shown: Shown
    objections: Objections
    handovers: HandOvers
    profiles: Profiles
    pool: Pool
    never_in_score: Annotated[tuple[str, ...], AtLeast(1)]

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("grade_levels", "service_hours"):
            if [row.grade for row in getattr(self, name)] != list(Grade):
                raise ValueError(f"{name}: each grade once, in order: " + ", ".join(Grade))
        if [row.resource for row in self.bands] != list(Resource):
            raise ValueError("bands: each resource once, in order: " + ", ".join(Resource))
        if [row.city_tier for row in self.regions] != list(CityTier):
            raise ValueError("regions: each city tier once, in order: " + ", ".join(CityTier))
        _require_rising(self.ramp_up)
        missing = set(PROTECTED) - set(self.never_in_score)
        if missing:
            raise ValueError("never_in_score: also " + ", ".join(sorted(missing)))

    def band(self, resource: Resource) -> Band:
        """The band of a resource."""
        return self.bands[list(Resource).index(resource)]


def _require_rising(ramp_up: tuple[RampUp, ...]) -> None:
    if not ramp_up or ramp_up[0].n_months_from or ramp_up[-1].capacity_share != 1:
        raise ValueError("ramp_up: the first from 0 months, the last with all of the capacity")
    for low, high in pairwise(ramp_up):
        if low.n_months_from >= high.n_months_from or low.capacity_share >= high.capacity_share:
            raise ValueError("ramp_up: n_months_from and capacity_share rising")
