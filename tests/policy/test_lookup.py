"""R230: the pure look-ups that desk and engine share."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.contract.codes import Grade, MomentRule, Population, ProductLevel, RiskLevel, ServiceType
from keepwell.policy.calendars import DueDate
from keepwell.policy.lookup import (
    Standing,
    assessment_valid_to,
    due_of,
    grade_of,
    held_grade,
    is_above,
    is_below_hold,
    level_of,
    may_be_dormant,
    months_after,
    population_of,
    product_level_at_most,
    served_as,
    service_type_of,
)
from keepwell.policy.packs import load_packs

AS_OF = date(2026, 11, 20)
PACKS = load_packs(AS_OF)
GRADING = PACKS.grading

money = st.decimals(-10_000, 10_000_000, places=2)
ever = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2030, 1, 1)))
standings = st.builds(Standing, ever, ever, st.booleans(), st.booleans(), st.booleans())


@given(standings, st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_r002_every_client_is_in_exactly_one_population(standing: Standing, as_of: date) -> None:
    population = population_of(PACKS.clients, standing, as_of)
    is_opened = standing.opened_on is not None and standing.opened_on <= as_of
    is_closed = is_opened and standing.closed_on is not None and standing.closed_on <= as_of
    assert (population is Population.NOT_YET_OPENED) == (not is_opened)
    assert (population is Population.CLOSED) == is_closed
    did = standing.has_trade or standing.has_product_holding or standing.has_cash_flow
    assert (population is Population.EXISTING) == (is_opened and not is_closed and did)


@given(money, money, money, money)
def test_r027_more_assets_or_contribution_never_lowers_the_grade(
    assets: Decimal, contribution: Decimal, more_assets: Decimal, more_contribution: Decimal
) -> None:
    ranks = list(Grade)
    lower = grade_of(GRADING, min(assets, more_assets), min(contribution, more_contribution))
    higher = grade_of(GRADING, max(assets, more_assets), max(contribution, more_contribution))
    assert ranks.index(higher) <= ranks.index(lower)


@pytest.mark.parametrize(
    ("assets", "contribution", "grade"),
    [
        ("3000000.00", "0", Grade.STRATEGIC),
        ("2999999.99", "19999.99", Grade.IMPORTANT),
        ("0", "20000.00", Grade.STRATEGIC),
        ("499999.99", "5000.00", Grade.IMPORTANT),
        ("50000.00", "0", Grade.REGULAR),
        ("49999.99", "499.99", Grade.BASIC),
        ("-200.00", "-5.00", Grade.BASIC),
    ],
)
def test_r027_a_cut_itself_reaches_the_grade(assets: str, contribution: str, grade: Grade) -> None:
    assert grade_of(GRADING, Decimal(assets), Decimal(contribution)) is grade


def test_r027_a_grade_rises_at_once_and_falls_after_two_month_ends_below_ninety_percent() -> None:
    held = Grade.IMPORTANT
    assert held_grade(GRADING, held, Grade.STRATEGIC, 0) is Grade.STRATEGIC
    assert held_grade(GRADING, held, Grade.REGULAR, 1) is Grade.IMPORTANT
    assert held_grade(GRADING, held, Grade.REGULAR, 2) is Grade.REGULAR
    assert held_grade(GRADING, None, Grade.REGULAR, 0) is Grade.REGULAR
    assert not is_below_hold(GRADING, held, Decimal("450000.00"), Decimal(0))
    assert not is_below_hold(GRADING, held, Decimal(0), Decimal("4500.00"))
    assert is_below_hold(GRADING, held, Decimal("449999.99"), Decimal("4499.99"))


@given(st.sampled_from(Grade), money, money)
def test_r027_who_holds_the_cut_is_never_below_it(
    grade: Grade, assets: Decimal, contribution: Decimal
) -> None:
    if grade_of(GRADING, assets, contribution) is grade and grade is not Grade.BASIC:
        assert not is_below_hold(GRADING, grade, assets, contribution)
    assert level_of(GRADING, grade).grade is grade


def test_r026_the_service_type_follows_the_declared_level() -> None:
    types = [service_type_of(GRADING, level).value for level in RiskLevel]
    assert types == ["cautious", "cautious", "balanced", "enterprising", "enterprising"]
    assert service_type_of(GRADING, None) is ServiceType.UNASSESSED
    assert served_as(GRADING, ServiceType.UNASSESSED) is ServiceType.CAUTIOUS
    assert served_as(GRADING, ServiceType.BALANCED) is ServiceType.BALANCED


def test_r234_the_due_date_of_a_moment_is_counted_in_its_own_calendar() -> None:
    eve = date(2026, 9, 30)
    due = {rule: due_of(PACKS.moments, PACKS.calendars, rule, eve) for rule in MomentRule}
    assert due[MomentRule.LARGE_OUTFLOW] == DueDate(date(2026, 10, 9))
    assert due[MomentRule.LEAVING] == DueDate(date(2026, 10, 10))
    assert due[MomentRule.ID_EXPIRY] == DueDate(date(2026, 10, 30))
    late = due_of(PACKS.moments, PACKS.calendars, MomentRule.ASLEEP, date(2026, 12, 28))
    assert late == DueDate(date(2026, 12, 31), 7, is_provisional=True)
    assert due[MomentRule.BIRTHDAY] is None  # a window closes, it is never due


def test_r001_dormancy_needs_all_three_signs() -> None:
    old, young = date(2023, 11, 20), date(2023, 11, 21)
    ask = [(old, "100.00", False), (young, "100.00", False), (old, "100.01", False), (old, "100.00", True)]
    answers = [may_be_dormant(PACKS.clients, on, Decimal(amount), has, AS_OF) for on, amount, has in ask]
    assert answers == [True, False, False, False]


def test_r026_an_assessment_holds_two_years_to_the_day() -> None:
    assert assessment_valid_to(PACKS.suitability, date(2024, 11, 20)) == AS_OF
    assert assessment_valid_to(PACKS.suitability, date(2024, 2, 29)) == date(2026, 2, 28)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 240), st.integers(0, 240))
def test_r234_months_after_is_monotone_and_keeps_the_day_where_it_exists(on: date, n: int, m: int) -> None:
    earlier, later = months_after(on, min(n, m)), months_after(on, max(n, m))
    assert earlier <= later
    assert earlier.day in (on.day, 28, 29, 30)
    assert months_after(on, 0) == on


@pytest.mark.parametrize(
    ("level", "is_lowest", "at_most"),
    [("C1", False, "R1"), ("C3", False, "R3"), ("C5", False, "R5"), ("C1", True, "R1"), (None, True, "R1")],
)
def test_x11_products_match_up_to_the_clients_level_and_the_lowest_class_stays_with_r1(
    level: str | None, is_lowest: bool, at_most: str
) -> None:
    declared = RiskLevel.of(level) if level else None
    found = product_level_at_most(PACKS.suitability, declared, is_lowest_class=is_lowest)
    assert found == at_most


def test_x11_who_is_not_assessed_has_no_bound_and_only_what_lies_above_it_is_above() -> None:
    assert product_level_at_most(PACKS.suitability, None, is_lowest_class=False) is None
    above = [level for level in ProductLevel if is_above(level, ProductLevel.R3)]
    assert above == [ProductLevel.R4, ProductLevel.R5]
