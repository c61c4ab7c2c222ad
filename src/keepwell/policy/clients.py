"""Packs about who a client is: populations, identity, grade, service type, activity."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from keepwell.contract.codes import (
    ActivityState,
    ClientKind,
    EvidenceField,
    Grade,
    RiskLevel,
)
from keepwell.contract.reasons.identity import HomeReason
from keepwell.policy.bounds import Amount, Bits, Count, Days, Months, Positive, Share
from keepwell.policy.entitlement import ServiceDuty, ServiceLevelOf, require_levels
from keepwell.policy.golden import AccountLimit, ConflictRule, Opposed, Preference, require_whole
from keepwell.policy.loading import AtLeast, AtMost
from keepwell.policy.pack import Pack
from keepwell.policy.serving import Groupings, ServiceMarks, ServiceTypeOf, Unassessed, require_marks

ASKED_OF_BRANCHES = frozenset(HomeReason) - {HomeReason.ONLY, HomeReason.SAME}


@dataclass(frozen=True)
class Existing:
    """What makes an opened, not closed client an existing one (R002): any of the facts that count."""

    counts_trade: bool
    counts_product_holding: bool
    counts_cash_flow: bool

    def __post_init__(self) -> None:
        if not (self.counts_trade or self.counts_product_holding or self.counts_cash_flow):
            raise ValueError("at least one of counts_trade, counts_product_holding, counts_cash_flow true")


@dataclass(frozen=True)
class Dormancy:
    """When an account may be made dormant (休眠), an account status; not the activity state asleep (沉睡)."""

    n_months_without_trade: Months
    balance_at_most_amount: Amount
    requires_no_holdings: bool


@dataclass(frozen=True)
class HomeBranch:
    """By what a client of several branches has one home: asked one after the other until the branches differ (R001)."""

    order: tuple[HomeReason, ...]

    def __post_init__(self) -> None:
        if len(set(self.order)) != len(self.order) or set(self.order) != ASKED_OF_BRANCHES:
            raise ValueError(f"each of {', '.join(sorted(ASKED_OF_BRANCHES))} once")


@dataclass(frozen=True)
class Clients(Pack):
    """Who is an existing client; the other populations are told apart by opening, closing and funding alone.

    Where a client of several branches is at home is signed here too.
    """

    existing: Existing
    dormancy: Dormancy
    home_branch: HomeBranch


@dataclass(frozen=True)
class Level:
    """One grade: reached by average net assets or by the contribution of twelve months, in yuan, whichever suffices."""

    grade: Grade
    assets_at_least_amount: Amount
    contribution_at_least_amount: Amount


@dataclass(frozen=True)
class Averaging:
    """Over what the two measures of a grade are taken."""

    n_trading_days: Annotated[int, AtLeast(1), AtMost(250)]
    n_contribution_months: Months


@dataclass(frozen=True)
class Hysteresis:
    """Up at once; down only after so many month-ends in a row below the share of the held grade's cut."""

    n_month_ends_below: Annotated[int, AtLeast(1), AtMost(12)]
    below_share: Share


@dataclass(frozen=True)
class Override:
    """A person's override of a class ends by itself."""

    n_days_at_most: Days


@dataclass(frozen=True)
class Grading(Pack):
    """Four grades by assets and contribution, three service types by answers and level (4 x 3 = 12 classes).

    A version of the questionnaire without ``service_marks`` leaves the type to the declared level alone.
    """

    levels: tuple[Level, ...]
    averaging: Averaging
    hysteresis: Hysteresis
    service_types: tuple[ServiceTypeOf, ...]
    unassessed: Unassessed
    service_levels: tuple[ServiceLevelOf, ...]
    service_duties: tuple[ServiceDuty, ...]
    override: Override
    groupings: Groupings
    service_marks: tuple[ServiceMarks, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if tuple(level.grade for level in self.levels) != tuple(Grade):
            raise ValueError("levels: each grade once, from the highest: " + ", ".join(Grade))
        for higher, lower in pairwise(self.levels):
            if not (
                higher.assets_at_least_amount > lower.assets_at_least_amount
                and higher.contribution_at_least_amount > lower.contribution_at_least_amount
            ):
                raise ValueError(f"levels: cuts of {lower.grade} below those of {higher.grade}")
        if self.levels[-1].assets_at_least_amount or self.levels[-1].contribution_at_least_amount:
            raise ValueError(
                f"levels: cuts of {self.levels[-1].grade} zero, so that every client has a grade"
            )
        if tuple(row.risk_level for row in self.service_types) != tuple(RiskLevel):
            raise ValueError("service_types: each risk level once, in order: " + ", ".join(RiskLevel))
        require_levels(self.service_levels, self.service_duties)
        require_marks(self.service_marks)


@dataclass(frozen=True)
class Lost:
    """Lost (已流失): next to nothing left and nothing done for long."""

    assets_at_most_amount: Amount
    n_days_without_trade: Days
    n_days_without_login: Days


@dataclass(frozen=True)
class Asleep:
    """Asleep (沉睡): neither traded nor looked in."""

    n_days_without_trade: Days
    n_days_without_login: Days


@dataclass(frozen=True)
class Leaving:
    """Inclined to leave (有去意): money goes out, or log-ins fall far below the client's own norm."""

    outflow_window_days: Days
    net_outflow_share: Share
    net_outflow_at_least_amount: Amount
    mean_assets_window_days: Days
    login_window_days: Days
    login_norm_window_days: Days
    logins_at_most_share: Share
    n_norm_logins_at_least: Positive

    def __post_init__(self) -> None:
        if self.login_norm_window_days <= self.login_window_days:
            raise ValueError(f"login_norm_window_days above login_window_days, {self.login_window_days}")


@dataclass(frozen=True)
class Hesitating:
    """Hesitating (犹豫): asked or was assessed lately, has bought nothing since, has little experience."""

    asked_window_days: Days
    n_trades_at_most: Count
    counts_enquiry: bool
    counts_assessment: bool
    counts_permission: bool


@dataclass(frozen=True)
class Activity(Pack):
    """The activity state of each night; of several that hold, the first in ``precedence`` is the state."""

    precedence: tuple[ActivityState, ...]
    lost: Lost
    asleep: Asleep
    leaving: Leaving
    hesitating: Hesitating

    def __post_init__(self) -> None:
        super().__post_init__()
        if (
            sorted(self.precedence) != sorted(ActivityState)
            or self.precedence[-1] is not ActivityState.ACTIVE
        ):
            raise ValueError("precedence: each state once, active last: " + ", ".join(ActivityState))


@dataclass(frozen=True)
class Key:
    """Facts that two customer records share when they are one client; ``group_at_most`` records, else it is a hub."""

    code: Annotated[str, AtMost(40)]
    client_kinds: Annotated[tuple[ClientKind, ...], AtLeast(1)]
    fields: Annotated[tuple[str, ...], AtLeast(1)]
    needs_valid_id: bool
    group_at_most: Annotated[int, AtLeast(2), AtMost(10_000)]
    strength_share: Share


@dataclass(frozen=True)
class Veto:
    """What forbids an automatic link whatever else agrees, per cluster."""

    different_valid_ids: bool
    different_client_kinds: bool


@dataclass(frozen=True)
class Masked:
    """Values that say nothing about who someone is: placeholders, and phones or addresses of whole offices."""

    id_numbers: tuple[str, ...]
    phones: tuple[str, ...]
    names: tuple[str, ...]
    n_names_per_phone_at_most: Positive
    n_names_per_address_at_most: Positive
    n_names_per_email_at_most: Positive


@dataclass(frozen=True)
class SameIdOtherName:
    """One valid ID number under different names: linked or left to a person; spelling variants sound alike."""

    links_when_name_differs: bool
    links_when_pinyin_agrees: bool


@dataclass(frozen=True)
class Block:
    """Records that share these facts are compared, each with the ``n_next`` after it in the order given."""

    fields: Annotated[tuple[str, ...], AtLeast(1)]
    order: tuple[str, ...]
    n_next: Annotated[int, AtLeast(1), AtMost(50)]


@dataclass(frozen=True)
class Weights:
    """What agreement in a field weighs, in bits: log2 of how much likelier it is for one client than for two.

    ``same_bits`` is meant for a value that nobody else has; a commoner value weighs less. ``part_bits`` is for a part
    in common: of a name that is written in letters, of a day of birth, of an address.
    """

    field: EvidenceField
    is_less_when_common: bool
    same_bits: Bits
    close_bits: Bits
    near_bits: Bits
    part_bits: Bits
    different_bits: Bits


@dataclass(frozen=True)
class Scoring:
    """A trained, frozen model of two records that share no key; below ``asks_at_share`` nobody is asked.

    ``n_known_records``: the model knows how common things are as if from so many records more. Before anything is
    known two records are one client with a chance of one in all records, or in ``n_strangers_at_least``.
    Unless ``merges_other_names`` two records whose names are not even near wait for a person, whatever else agrees.
    A part of a name weighs more if rarer than ``usual_part_share`` of names have it, less if commoner; to begin with
    as if ``n_known_parts`` names more had it as often as is usual.
    Unless ``merges_other_births`` so do two whose days of birth are not even near, if nothing of their own agrees.
    Two groups of records merge by scores only if as many pairs between them pass as ``supported_share`` of the smaller
    group's records: one record that resembles both does not make one client of two.
    """

    client_kinds: Annotated[tuple[ClientKind, ...], AtLeast(1)]
    n_known_records: Positive
    n_strangers_at_least: Positive
    usual_part_share: Share
    n_known_parts: Positive
    merges_at_share: Share
    asks_at_share: Share
    merges_other_names: bool
    merges_other_births: bool
    supported_share: Share
    blocks: Annotated[tuple[Block, ...], AtLeast(1)]
    weights: Annotated[tuple[Weights, ...], AtLeast(1)]

    def __post_init__(self) -> None:
        if not Decimal(0) < self.asks_at_share < self.merges_at_share:
            raise ValueError("asks_at_share above 0 and below merges_at_share")
        if len({one.field for one in self.weights}) != len(self.weights):
            raise ValueError("weights: no field twice")


@dataclass(frozen=True)
class Identity(Pack):
    """Which customer records are one client, which of their values count, and where they disagree."""

    keys: Annotated[tuple[Key, ...], AtLeast(1)]
    veto: Veto
    masked: Masked
    same_id_other_name: SameIdOtherName
    scoring: Scoring
    golden: Annotated[tuple[Preference, ...], AtLeast(1)]
    conflicts: Annotated[tuple[ConflictRule, ...], AtLeast(1)]
    opposed_occupations: tuple[Opposed, ...]
    account_limit: AccountLimit

    def __post_init__(self) -> None:
        super().__post_init__()
        codes = [key.code for key in self.keys]
        if len(set(codes)) != len(codes):
            raise ValueError("keys: no code twice")
        if any(key.strength_share == Decimal(0) for key in self.keys):
            raise ValueError("keys: strength_share above 0")
        require_whole(self.golden, self.conflicts)
