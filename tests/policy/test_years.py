"""R234: the year files of the calendars: what a notice may say, and how a firm loads the next year."""

import re
from datetime import date
from pathlib import Path

import pytest

from keepwell.policy.calendars import DueDate
from keepwell.policy.errors import CalendarError, PackError
from keepwell.policy.pack import Mark
from keepwell.policy.years import CALENDARS, load_calendars


def firm_year(firm: Path, of: int, **changes: str) -> Path:
    """The file of 2026 moved to another year in the firm's folder, with texts replaced (old=new)."""
    text = (CALENDARS / "cn-2026.toml").read_text("utf-8").replace("2026", str(of))
    text = re.sub(r"(?m)^make_up_days = .*$", "make_up_days = []", text)
    for old, new in changes.items():
        text = re.sub(rf"(?m)^{old} = .*$", f"{old} = {new}", text, count=1)
    (firm / "calendars").mkdir(exist_ok=True)
    path = firm / "calendars" / f"cn-{of}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_r234_the_next_year_of_the_firm_makes_provisional_dates_final(tmp_path: Path) -> None:
    before = load_calendars("cn").working
    due = before.add(date(2026, 12, 30), 3)
    assert due == DueDate(date(2026, 12, 31), 2, is_provisional=True)
    firm_year(tmp_path, 2027)
    after = load_calendars("cn", tmp_path)
    assert after.working.finish(due) == after.working.add(date(2026, 12, 30), 3) == DueDate(date(2027, 1, 5))
    assert [version for version, _ in after.versions][-1] == "calendar-cn-2027"


def test_r234_the_firms_file_of_a_year_stands_before_the_default(tmp_path: Path) -> None:
    firm_year(tmp_path, 2026, exchange_closed_on="[2026-03-02]")
    trading = load_calendars("cn", tmp_path).trading
    assert not trading.is_day(date(2026, 3, 2))
    assert load_calendars("cn").trading.is_day(date(2026, 3, 2))


def test_r234_years_without_a_gap(tmp_path: Path) -> None:
    firm_year(tmp_path, 2028)
    with pytest.raises(PackError, match=r"cn-2028\.toml: year: found 2028; .*add cn-2027\.toml"):
        load_calendars("cn", tmp_path)


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        (
            {"make_up_days": "[2027-03-01]"},
            "make_up_days: Saturdays and Sundays outside the holidays, not 2027-03-01",
        ),
        ({"make_up_days": "[2026-12-27]"}, "days of 2027 only, not 2026-12-27"),
        (
            {"exchange_closed_on": "[2027-03-06]"},
            "exchange_closed_on: weekdays outside the holidays, not 2027-03-06",
        ),
        ({"first": "2027-01-04"}, "last not before first, 2027-01-04"),
        ({"last": "2027-02-16"}, "holidays: no day in two of them"),
        ({"id": '"calendar-cn-2026"'}, "header.id calendar-cn-2027, not calendar-cn-2026"),
        ({"year": "1980"}, "at least 1990"),
    ],
)
def test_r234_a_wrong_year_file_is_refused(changes: dict[str, str], allowed: str, tmp_path: Path) -> None:
    path = firm_year(tmp_path, 2027, **changes)
    with pytest.raises(PackError) as fault:
        load_calendars("cn", tmp_path)
    assert fault.value.file == str(path)
    assert allowed in fault.value.allowed


def test_r234_a_year_file_is_named_for_its_year(tmp_path: Path) -> None:
    path = firm_year(tmp_path, 2027)
    path.rename(path.with_name("cn-2028.toml"))
    with pytest.raises(PackError, match=r"the file name cn-2027\.toml"):
        load_calendars("cn", tmp_path)


def test_r234_an_unknown_calendar_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CalendarError, match="no calendar 'moon'; known: cn, weekdays"):
        load_calendars("moon")


def test_r234_a_convention_is_marked_as_one() -> None:
    assert load_calendars("weekdays").mark is Mark.PRACTICE
    assert load_calendars("cn").mark is Mark.VERIFIED


def test_r234_a_firm_may_set_another_week(tmp_path: Path) -> None:
    text = (CALENDARS / "weekdays.toml").read_text("utf-8")
    text = text.replace('"weekdays"', '"gulf"').replace("calendar-weekdays", "calendar-gulf")
    text = text.replace("[1, 2, 3, 4, 5]", "[1, 2, 3, 4, 7]")
    (tmp_path / "calendars").mkdir()
    path = tmp_path / "calendars" / "gulf.toml"
    path.write_text(text, encoding="utf-8")
    working = load_calendars("gulf", tmp_path).working
    friday = date(2026, 11, 20)
    assert not working.is_day(friday)
    assert working.add(friday, 1) == DueDate(date(2026, 11, 22))
    path.write_text(text.replace("[1, 2, 3, 4, 7]", "[7, 1]"), encoding="utf-8")
    with pytest.raises(PackError, match="rising, none twice"):
        load_calendars("gulf", tmp_path)
    path.write_text(text.replace('"calendar-gulf"', '"calendar-weekdays"'), encoding="utf-8")
    with pytest.raises(PackError, match=r"header\.id calendar-gulf"):
        load_calendars("gulf", tmp_path)
