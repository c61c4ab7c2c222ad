"""Chapter 3. Deadlines (R234).

Each deadline says how many days of which calendar. Beyond the last verified year a due date is provisional: it says up
to where was counted and how many days are left, and it becomes final when the year is loaded. Nothing is guessed.
"""

from datetime import date

from keepwell.policy.calendars import DueDate
from keepwell.policy.years import load_calendars

CHINA = load_calendars("cn")
BEFORE_NATIONAL_DAY = date(2026, 9, 30)


def test_r234_two_trading_days_jump_over_the_holidays() -> None:
    assert CHINA.trading.add(BEFORE_NATIONAL_DAY, 2) == DueDate(date(2026, 10, 9))


def test_r234_three_working_days_count_the_make_up_saturday() -> None:
    assert CHINA.working.add(BEFORE_NATIONAL_DAY, 3) == DueDate(date(2026, 10, 10))


def test_r234_fifteen_natural_days_count_every_day() -> None:
    assert CHINA.natural.add(BEFORE_NATIONAL_DAY, 15) == DueDate(date(2026, 10, 15))


def test_r234_the_day_of_the_event_is_not_counted() -> None:
    assert CHINA.working.add(date(2026, 11, 16), 1) == DueDate(date(2026, 11, 17))


def test_r234_a_deadline_of_zero_days_is_the_same_day_or_the_next_counted_one() -> None:
    assert CHINA.trading.add(date(2026, 11, 20), 0) == DueDate(date(2026, 11, 20))
    assert CHINA.trading.add(date(2026, 11, 21), 0) == DueDate(date(2026, 11, 23))


def test_r234_beyond_the_last_verified_year_a_due_date_is_provisional() -> None:
    due = CHINA.working.add(date(2026, 12, 24), 10)
    assert due.is_provisional
    assert due == DueDate(on=date(2026, 12, 31), n_left=5, is_provisional=True)


def test_r234_natural_days_are_never_provisional() -> None:
    assert CHINA.natural.add(date(2026, 12, 24), 60) == DueDate(date(2027, 2, 22))
