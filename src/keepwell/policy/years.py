"""The verified years of a calendar: holidays and make-up days by notice, read from ``packs/calendars/*.toml``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from keepwell.contract.codes import CalendarKind
from keepwell.contract.schema import Text
from keepwell.policy.calendars import ONE_DAY, Calendar, Calendars, listed_days, natural_days, weekly_days
from keepwell.policy.errors import CalendarError, PackError
from keepwell.policy.loading import AtLeast, AtMost, load
from keepwell.policy.pack import Mark, Pack

CALENDARS = Path(__file__).parent / "packs" / "calendars"
SATURDAY = 5

Weekdays = Annotated[tuple[Annotated[int, AtLeast(1), AtMost(7)], ...], AtLeast(1)]


@dataclass(frozen=True)
class Holiday:
    """One holiday of the notice, both ends included."""

    name: Text
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"last not before first, {self.first}")


@dataclass(frozen=True)
class Week(Pack):
    """The same weekdays every week, 1 Monday to 7 Sunday, for places whose holidays nobody verified."""

    calendar: Annotated[str, AtMost(20)]
    title: Text
    working_weekdays: Weekdays
    trading_weekdays: Weekdays

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.header.id != f"calendar-{self.calendar}":
            raise ValueError(f"header.id calendar-{self.calendar}, not {self.header.id}")
        for name in ("working_weekdays", "trading_weekdays"):
            if list(getattr(self, name)) != sorted(set(getattr(self, name))):
                raise ValueError(f"{name}: rising, none twice")


@dataclass(frozen=True)
class Year(Pack):
    """One year: the State Council's holidays and make-up days, and weekdays on which the exchanges close besides."""

    calendar: Annotated[str, AtMost(20)]
    title: Text
    year: Annotated[int, AtLeast(1990), AtMost(2199)]
    holidays: Annotated[tuple[Holiday, ...], AtLeast(1)]
    make_up_days: tuple[date, ...]
    exchange_closed_on: tuple[date, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.header.id != f"calendar-{self.calendar}-{self.year}":
            raise ValueError(f"header.id calendar-{self.calendar}-{self.year}, not {self.header.id}")
        closed = [on for holiday in self.holidays for on in _span(holiday.first, holiday.last)]
        for on in [*closed, *self.make_up_days, *self.exchange_closed_on]:
            if on.year != self.year:
                raise ValueError(f"days of {self.year} only, not {on}")
        if len(set(closed)) != len(closed):
            raise ValueError("holidays: no day in two of them")
        for on in self.make_up_days:
            if on.weekday() < SATURDAY or on in closed:
                raise ValueError(f"make_up_days: Saturdays and Sundays outside the holidays, not {on}")
        for on in self.exchange_closed_on:
            if on.weekday() >= SATURDAY or on in closed:
                raise ValueError(f"exchange_closed_on: weekdays outside the holidays, not {on}")

    def is_working(self, on: date) -> bool:
        """Whether ``on`` is a working day: a make-up day, or a weekday outside the holidays."""
        return on in self.make_up_days or (on.weekday() < SATURDAY and not self._is_holiday(on))

    def is_trading(self, on: date) -> bool:
        """Whether the exchanges trade on ``on``: never at weekends, make-up day or not."""
        return on.weekday() < SATURDAY and not self._is_holiday(on) and on not in self.exchange_closed_on

    def _is_holiday(self, on: date) -> bool:
        return any(holiday.first <= on <= holiday.last for holiday in self.holidays)


def load_calendars(name: str = "cn", firm_folder: Path | None = None) -> Calendars:
    """The three calendars ``name``: ``cn``, ``weekdays`` (a convention, [P]), or one of the firm's.

    A file in ``firm_folder/calendars`` replaces the default of the same name or adds a year. Raises PackError for a bad
    file or a gap between years, CalendarError for an unknown name.
    """
    if firm_folder is None or not any((firm_folder / "calendars").glob("*.toml")):
        return _shipped(name)
    return _read(name, _files(name, firm_folder))


@cache
def _shipped(name: str) -> Calendars:
    """Those of the defaults: they come with the code, so that they are read once."""
    return _read(name, _files(name, None))


def _read(name: str, files: dict[str, Path]) -> Calendars:
    if f"{name}.toml" in files:
        return _weekly(load(Week, files[f"{name}.toml"]))
    years = sorted((_year(path) for path in files.values()), key=lambda year: year.year)
    for earlier, later in pairwise(years):
        if later.year != earlier.year + 1:
            gap = f"{name}-{earlier.year + 1}.toml"
            raise PackError(
                files[f"{name}-{later.year}.toml"], "year", f"{later.year}", f"years without a gap, add {gap}"
            )
    return Calendars(
        name=name,
        title=years[-1].title,
        mark=max((year.mark_of("holidays").mark for year in years), key=list(Mark).index),
        natural=natural_days(name),
        working=_listed(name, CalendarKind.WORKING, years, Year.is_working),
        trading=_listed(name, CalendarKind.TRADING, years, Year.is_trading),
        versions=tuple((year.header.id, year.version) for year in years),
    )


def _files(name: str, firm_folder: Path | None) -> dict[str, Path]:
    """File name -> path of the week or the years of a calendar; the firm's stand before the defaults."""
    folders = [CALENDARS] if firm_folder is None else [CALENDARS, firm_folder / "calendars"]
    every = {path.name: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    named = {file: path for file, path in every.items() if _name_of(file) == name}
    if not named:
        known = ", ".join(sorted({_name_of(file) for file in every}))
        raise CalendarError(f"no calendar {name!r}; known: {known}")
    return named


def _name_of(file: str) -> str:
    """``cn`` of ``cn-2026.toml``, ``weekdays`` of ``weekdays.toml``."""
    stem, _, tail = file.removesuffix(".toml").rpartition("-")
    return stem if stem and tail.isdecimal() else file.removesuffix(".toml")


def _year(path: Path) -> Year:
    year = load(Year, path)
    expected = f"{year.calendar}-{year.year}.toml"
    if path.name != expected:
        raise PackError(path, "year", str(year.year), f"the file name {expected} for that calendar and year")
    return year


def _weekly(week: Week) -> Calendars:
    return Calendars(
        name=week.calendar,
        title=week.title,
        mark=week.mark_of("working_weekdays").mark,
        natural=natural_days(week.calendar),
        working=weekly_days(week.calendar, CalendarKind.WORKING, week.working_weekdays),
        trading=weekly_days(week.calendar, CalendarKind.TRADING, week.trading_weekdays),
        versions=((week.header.id, week.version),),
    )


def _listed(
    name: str, kind: CalendarKind, years: list[Year], is_open: Callable[[Year, date], bool]
) -> Calendar:
    by_year = {year.year: year for year in years}
    first, last = date(years[0].year, 1, 1), date(years[-1].year, 12, 31)
    open_days = tuple(on for on in _span(first, last) if is_open(by_year[on.year], on))
    return listed_days(name, kind, first, last, open_days)


def _span(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]
