"""Chapter 2. Three calendars that are never mixed (R234).

Natural days are all days. Working days follow the State Council's notice, make-up days included. Trading days follow
the exchanges: they never fall on a weekend, make-up day or not.
"""

from datetime import date

import pytest

from keepwell.contract.codes import CalendarKind
from keepwell.policy.years import load_calendars

CHINA = load_calendars("cn")
WEEKDAYS = load_calendars("weekdays")


def kinds(on: date) -> set[CalendarKind]:
    return {kind for kind in CalendarKind if CHINA.of(kind).is_day(on)}


def test_r234_an_ordinary_tuesday_is_a_day_of_all_three() -> None:
    assert kinds(date(2026, 11, 17)) == set(CalendarKind)


@pytest.mark.parametrize("on", [date(2023, 1, 28), date(2024, 2, 4), date(2025, 1, 26), date(2026, 2, 14)])
def test_r234_a_make_up_day_is_worked_but_not_traded(on: date) -> None:
    assert kinds(on) == {CalendarKind.NATURAL, CalendarKind.WORKING}


@pytest.mark.parametrize("on", [date(2023, 10, 6), date(2024, 5, 3), date(2025, 10, 8), date(2026, 2, 23)])
def test_r234_a_holiday_is_a_natural_day_only(on: date) -> None:
    assert kinds(on) == {CalendarKind.NATURAL}


def test_r234_the_eve_of_the_spring_festival_2024_was_worked_but_not_traded() -> None:
    assert kinds(date(2024, 2, 9)) == {CalendarKind.NATURAL, CalendarKind.WORKING}


@pytest.mark.parametrize(
    ("year", "n_working", "n_trading"),
    [(2023, 249, 242), (2024, 251, 242), (2025, 248, 243), (2026, 248, 242)],
)
def test_r234_each_year_has_its_number_of_days(year: int, n_working: int, n_trading: int) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    assert len(CHINA.days(CalendarKind.WORKING, first, last)) == n_working
    assert len(CHINA.days(CalendarKind.TRADING, first, last)) == n_trading


def test_r234_a_month_ends_on_another_day_in_each_calendar() -> None:
    january = (date(2026, 1, 1), date(2026, 1, 31))
    assert CHINA.natural.month_ends(*january) == [date(2026, 1, 31)]
    assert CHINA.trading.month_ends(*january) == [date(2026, 1, 30)]


def test_r234_the_convention_of_weekdays_knows_no_holidays() -> None:
    assert WEEKDAYS.working.is_day(date(1994, 5, 2))
    assert not WEEKDAYS.trading.is_day(date(1994, 5, 1))
    assert WEEKDAYS.working.is_day(date(2026, 2, 17))
    assert not CHINA.working.is_day(date(2026, 2, 17))
