"""R234: counting in three calendars, as properties that hold for every date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.contract.codes import CalendarKind
from keepwell.policy.calendars import Calendar, DueDate, listed_days
from keepwell.policy.errors import CalendarError
from keepwell.policy.years import load_calendars

CHINA = load_calendars("cn")
WEEKDAYS = load_calendars("weekdays")
CALENDARS = [one.of(kind) for one in (CHINA, WEEKDAYS) for kind in CalendarKind]

calendars = st.sampled_from(CALENDARS)
dates = st.dates(date(2023, 1, 1), date(2026, 12, 31))
counts = st.integers(1, 60)


@given(calendars, dates, dates, st.integers(0, 60))
def test_r234_add_is_monotone_in_the_start(calendar: Calendar, one: date, other: date, n: int) -> None:
    early, late = sorted((one, other))
    assert calendar.add(early, n) <= calendar.add(late, n)


@given(calendars, dates, counts)
def test_r234_add_is_strictly_monotone_in_the_number(calendar: Calendar, start: date, n: int) -> None:
    assert calendar.add(start, n) < calendar.add(start, n + 1)


@given(calendars, dates, counts)
def test_r234_between_undoes_add(calendar: Calendar, start: date, n: int) -> None:
    due = calendar.add(start, n)
    assert calendar.between(start, due.on) + due.n_left == n
    assert due.is_provisional == (due.n_left > 0)


@given(calendars, dates, counts, counts)
def test_r234_adding_in_two_steps_is_adding_at_once(calendar: Calendar, start: date, n: int, m: int) -> None:
    halfway = calendar.add(start, n)
    if not halfway.is_provisional:
        assert calendar.add(halfway.on, m) == calendar.add(start, n + m)
    assert DueDate(start) <= halfway


@given(calendars, st.dates(date(2023, 6, 1), date(2026, 12, 31)), st.integers(1, 40))
def test_r234_days_before_are_counted_like_days_after(calendar: Calendar, start: date, n: int) -> None:
    back = calendar.add(start, -n).on
    assert calendar.is_day(back)
    assert back < start
    assert calendar.between(back, start) == n - (not calendar.is_day(start))


@given(calendars, dates, dates, dates)
def test_r234_between_is_additive_and_antisymmetric(calendar: Calendar, a: date, b: date, c: date) -> None:
    first, second, third = sorted((a, b, c))
    assert calendar.between(first, third) == calendar.between(first, second) + calendar.between(second, third)
    backwards = calendar.between(third, first)
    assert -backwards == calendar.between(first, third) + calendar.is_day(first) - calendar.is_day(third)


@given(calendars, dates, dates)
def test_r234_days_are_exactly_the_counted_ones(calendar: Calendar, a: date, b: date) -> None:
    first, last = sorted((a, b))
    every = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    assert calendar.days(first, last) == [on for on in every if calendar.is_day(on)]
    assert calendar.days(last, first - timedelta(days=1)) == []


@given(calendars, dates)
def test_r234_zero_days_is_the_first_counted_day_from_the_start(calendar: Calendar, start: date) -> None:
    due = calendar.add(start, 0)
    assert (due.on == start) if calendar.is_day(start) else due == calendar.add(start, 1)


@given(calendars, dates, dates)
def test_r234_a_month_end_is_the_last_counted_day_of_its_month(calendar: Calendar, a: date, b: date) -> None:
    ends = calendar.month_ends(min(a, b), max(a, b))
    assert ends == sorted(set(ends))
    for end in ends:
        assert calendar.is_day(end)
        following = calendar.add(end, 1)
        assert following.is_provisional or (following.on.year, following.on.month) > (end.year, end.month)


@given(dates)
def test_r234_trading_days_are_working_days_and_working_days_are_natural_days(on: date) -> None:
    for three in (CHINA, WEEKDAYS):
        assert three.natural.is_day(on)
        assert three.working.is_day(on) or not three.trading.is_day(on)
        assert on.weekday() < 5 or not three.trading.is_day(on)


@given(st.sampled_from([CHINA.working, CHINA.trading]), dates, counts)
def test_r234_a_provisional_date_finishes_as_if_the_year_had_been_there(
    whole: Calendar, start: date, n: int
) -> None:
    cut = date(2024, 12, 31)
    short = listed_days("short", whole.kind, whole.first, cut, tuple(whole.days(whole.first, cut)))
    due = short.add(start, n)
    assert whole.finish(due) == whole.add(start, n)
    assert not due.is_provisional or due.on >= cut


def test_r234_nothing_is_guessed_outside_the_verified_years() -> None:
    working = CHINA.working
    assert working.add(date(2026, 12, 31), 3) == DueDate(date(2026, 12, 31), 3, is_provisional=True)
    assert working.add(date(2027, 2, 1), 3) == DueDate(date(2027, 2, 1), 3, is_provisional=True)
    assert working.add(date(2027, 2, 1), 0) == DueDate(date(2027, 2, 1), 0, is_provisional=True)
    assert working.finish(DueDate(date(2026, 5, 6))) == DueDate(date(2026, 5, 6))
    unknown = [
        lambda: working.is_day(date(2027, 1, 4)),
        lambda: working.between(date(2026, 1, 5), date(2027, 1, 4)),
        lambda: working.add(date(2027, 1, 4), -1),
        lambda: working.add(date(2022, 12, 30), 1),
        lambda: working.add(date(2023, 1, 5), -9),
    ]
    for ask in unknown:
        with pytest.raises(CalendarError, match="verified days 2023-01-01 to 2026-12-31; add calendars/cn-"):
            ask()


def test_r234_days_and_month_ends_are_clipped_to_the_verified_years() -> None:
    days = CHINA.days(CalendarKind.TRADING, date(2020, 1, 1), date(2030, 1, 1))
    assert (days[0], days[-1]) == (date(2023, 1, 3), date(2026, 12, 31))
    assert len(days) == 242 + 242 + 243 + 242
    ends = CHINA.trading.month_ends(date(2026, 1, 31), date(2026, 3, 30))
    assert ends == [date(2026, 1, 30), date(2026, 2, 27)]
