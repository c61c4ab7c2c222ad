"""Rules both wings need, as pure look-ups: the engine joins the same packs as tables, the desk asks here, row by row.

Nothing here knows the time or reads a file; every argument is a fact, every answer a code or a date.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keepwell.contract.codes import Grade, MomentRule, Population, ProductLevel, RiskLevel, ServiceType
from keepwell.contract.grading import ServiceLevel
from keepwell.policy.calendars import Calendars, DueDate
from keepwell.policy.clients import Clients, Grading, Level
from keepwell.policy.decisions import Moments
from keepwell.policy.serving import no_bolder
from keepwell.policy.suitability import Suitability


@dataclass(frozen=True)
class Standing:
    """What R002 asks about a client: when the first account opened, when the last closed, what was ever done."""

    opened_on: date | None
    closed_on: date | None
    has_trade: bool = False
    has_product_holding: bool = False
    has_cash_flow: bool = False


def population_of(clients: Clients, standing: Standing, as_of: date) -> Population:
    """Which population a client belongs to on ``as_of`` (R002): every client belongs to exactly one."""
    if standing.opened_on is None or standing.opened_on > as_of:
        return Population.NOT_YET_OPENED
    if standing.closed_on is not None and standing.closed_on <= as_of:
        return Population.CLOSED
    existing = clients.existing
    is_existing = (
        (existing.counts_trade and standing.has_trade)
        or (existing.counts_product_holding and standing.has_product_holding)
        or (existing.counts_cash_flow and standing.has_cash_flow)
    )
    return Population.EXISTING if is_existing else Population.NEVER_FUNDED


def may_be_dormant(
    clients: Clients, last_trade_on: date, balance_amount: Decimal, has_holdings: bool, as_of: date
) -> bool:
    """Whether an account fulfils 休眠: no trade for so many months, balance (yuan) and holdings within the limits.

    ``last_trade_on`` is the opening date of an account that never traded.
    """
    rule = clients.dormancy
    is_idle = months_after(last_trade_on, rule.n_months_without_trade) <= as_of
    is_empty = not (rule.requires_no_holdings and has_holdings)
    return is_idle and is_empty and balance_amount <= rule.balance_at_most_amount


def service_type_of(
    grading: Grading,
    risk_level: RiskLevel | None,
    version: str | None = None,
    answered: Mapping[int, int] | None = None,
) -> ServiceType:
    """The service type of the latest assessment; ``UNASSESSED`` without a level, counted beside the twelve classes.

    ``answered`` has the marks of each question's answer in that ``version``: with a signed mark table they make the
    type, which is never bolder than the level's.
    """
    if risk_level is None:
        return ServiceType.UNASSESSED
    at_most = {row.risk_level: row.service_type for row in grading.service_types}[risk_level]
    table = next((one for one in grading.service_marks if one.version == version), None)
    if table is None or answered is None:
        return at_most
    return no_bolder(table.type_of(table.score_of(answered)), at_most)


def served_as(grading: Grading, service_type: ServiceType) -> ServiceType:
    """The service type whose care a client gets: the unassessed are served as the pack says."""
    return grading.unassessed.served_as if service_type is ServiceType.UNASSESSED else service_type


def service_level_of(grading: Grading, grade: Grade, service_type: ServiceType) -> ServiceLevel:
    """What a class is owed; the unassessed get the level of the type they are served as."""
    kind = served_as(grading, service_type)
    found = (row for row in grading.service_levels if (row.grade, row.service_type) == (grade, kind))
    return next(found).service_level


def grade_of(grading: Grading, assets_amount: Decimal | None, contribution_amount: Decimal | None) -> Grade:
    """The grade that average net assets or the year's contribution (yuan) reach, before any hysteresis.

    Who reaches no cut, with negative net assets too, is in the lowest grade. An unknown measure (None) reaches none.
    """
    reached = (level.grade for level in grading.levels if _reaches(level, assets_amount, contribution_amount))
    return next(reached, grading.levels[-1].grade)


def is_below_hold(
    grading: Grading, held: Grade, assets_amount: Decimal | None, contribution_amount: Decimal | None
) -> bool:
    """Whether a month-end counts towards losing grade ``held``: every known measure below the share of its cut."""
    level = level_of(grading, held)
    share = grading.hysteresis.below_share
    measures = (
        (assets_amount, level.assets_at_least_amount),
        (contribution_amount, level.contribution_at_least_amount),
    )
    known = [(amount, cut) for amount, cut in measures if amount is not None]
    return bool(known) and all(amount < cut * share for amount, cut in known)


def held_grade(grading: Grading, held: Grade | None, reached: Grade, n_month_ends_below: int) -> Grade:
    """The grade after hysteresis: up at once, down only after enough month-ends below in a row, else ``held``."""
    ranks = list(Grade)
    if held is None or ranks.index(reached) <= ranks.index(held):
        return reached
    return reached if n_month_ends_below >= grading.hysteresis.n_month_ends_below else held


def level_of(grading: Grading, grade: Grade) -> Level:
    """The cuts of one grade."""
    return next(level for level in grading.levels if level.grade is grade)


def due_of(moments: Moments, calendars: Calendars, rule: MomentRule, fired_on: date) -> DueDate | None:
    """Until when a moment of ``rule`` that fired on ``fired_on`` is to be done; provisional beyond the loaded years.

    `None` for a window, which is never due.
    """
    deadline = moments.rule(rule).deadline
    if deadline is None:
        return None
    return calendars.of(deadline.calendar).add(fired_on, deadline.n)


def assessment_valid_to(suitability: Suitability, answered_on: date) -> date:
    """The last day on which an assessment answered on ``answered_on`` holds, where the source gives no date."""
    return months_after(answered_on, suitability.questionnaire.valid_months)


def product_level_at_most(
    suitability: Suitability, risk_level: RiskLevel | None, *, is_lowest_class: bool
) -> ProductLevel | None:
    """Up to which level products match a client; none where the client has no declared level."""
    if is_lowest_class:
        return suitability.lowest_class.product_level_at_most
    by_level = {row.risk_level: row.product_level_at_most for row in suitability.matching}
    return None if risk_level is None else by_level[risk_level]


def is_above(level: ProductLevel, at_most: ProductLevel) -> bool:
    """Whether a product's level lies above what matches."""
    ranks = list(ProductLevel)
    return ranks.index(level) > ranks.index(at_most)


def months_after(on: date, n_months: int) -> date:
    """The same day of the month ``n_months`` (0 or more) later; the month's last day where that day does not exist."""
    years, month = divmod(on.year * 12 + on.month - 1 + n_months, 12)
    return date(years, month + 1, min(on.day, monthrange(years, month + 1)[1]))


def _reaches(level: Level, assets_amount: Decimal | None, contribution_amount: Decimal | None) -> bool:
    has_assets = assets_amount is not None and assets_amount >= level.assets_at_least_amount
    earns = contribution_amount is not None and contribution_amount >= level.contribution_at_least_amount
    return has_assets or earns
