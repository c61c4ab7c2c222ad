"""The verified years of a calendar: holidays and make-up days by notice, read from ``packs/calendars/*.toml``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from keepwell.contract.codes import CalendarKind
from keepwell.contract.schema import Text
from keepwell.policy.calendars import ONE_DAY, Calendar, Calendars, listed_days, natural_days, weekdays
from keepwell.policy.errors import CalendarError, PackError
from keepwell.policy.loading import AtLeast, AtMost, load
from keepwell.policy.pack import Pack

CALENDARS = Path(__file__).parent / "packs" / "calendars"
WEEKDAYS = "weekdays"
SATURDAY = 5


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
class Year(Pack):
    """One year: the State Council's holidays and make-up days, and weekdays on which the exchanges close besides."""

    calendar: Annotated[str, AtMost(20)]
    year: Annotated[int, AtLeast(1990), AtMost(2199)]
    holidays: Annotated[tuple[Holiday, ...], AtLeast(1)]
    make_up_days: tuple[date, ...]
    exchange_closed_on: tuple[date, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
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
    """The three calendars ``name``: ``cn``, ``weekdays`` (Monday to Friday of every year, [P]), or one of the firm's.

    A year file in ``firm_folder/calendars`` replaces the default of the same year or adds one. Raises PackError for a
    bad file or a gap between years, CalendarError for an unknown name.
    """
    if name == WEEKDAYS:
        return _weekdays()
    years = _years(name, firm_folder)
    ordered = [years[year] for year in sorted(years)]
    return Calendars(
        name=name,
        natural=natural_days(name),
        working=_listed(name, CalendarKind.WORKING, ordered, Year.is_working),
        trading=_listed(name, CalendarKind.TRADING, ordered, Year.is_trading),
        versions=tuple((f"calendar-{name}-{year.year}", year.version) for year in ordered),
    )


def _weekdays() -> Calendars:
    rule = hashlib.sha256(b"Monday to Friday, every year").hexdigest()
    return Calendars(
        name=WEEKDAYS,
        natural=natural_days(WEEKDAYS),
        working=weekdays(WEEKDAYS, CalendarKind.WORKING),
        trading=weekdays(WEEKDAYS, CalendarKind.TRADING),
        versions=((f"calendar-{WEEKDAYS}", f"1.0+{rule[:12]}"),),
    )


def _years(name: str, firm_folder: Path | None) -> dict[int, Year]:
    folders = [CALENDARS] if firm_folder is None else [CALENDARS, firm_folder / "calendars"]
    years: dict[int, Year] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"{name}-*.toml")):
            year = load(Year, path)
            if path.name != f"{year.calendar}-{year.year}.toml":
                raise PackError(
                    path, "year", repr(year.year), f"the file name {year.calendar}-{year.year}.toml"
                )
            years[year.year] = year
    if not years:
        known = sorted(
            {path.name.rsplit("-", 1)[0] for folder in folders for path in folder.glob("*-*.toml")}
        )
        raise CalendarError(f"no calendar {name!r}; known: {', '.join([*known, WEEKDAYS])}")
    missing = set(range(min(years), max(years) + 1)) - set(years)
    if missing:
        raise PackError(
            folders[-1],
            "calendars",
            f"no file for {min(missing)}",
            f"{name}-{min(missing)}.toml, without a gap",
        )
    return years


def _listed(
    name: str, kind: CalendarKind, years: list[Year], is_open: Callable[[Year, date], bool]
) -> Calendar:
    first, last = date(years[0].year, 1, 1), date(years[-1].year, 12, 31)
    by_year = {year.year: year for year in years}
    open_days = tuple(on for on in _span(first, last) if is_open(by_year[on.year], on))
    return listed_days(name, kind, first, last, open_days)


def _span(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]
