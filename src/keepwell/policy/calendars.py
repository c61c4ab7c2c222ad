"""Natural days, working days and trading days: three calendars that are never mixed (rules.md §6.3).

Natural days are all days. Working days follow the State Council's yearly holiday notice, make-up days (调休) included.
Trading days follow the exchanges: weekends are always closed, even when they are make-up working days.

A calendar knows its verified years only. Beyond the last of them nothing is guessed: a due date is then *provisional*:
``on`` is the day up to which counting was possible (the due date is not before it), ``n_left`` how many days are still
to be counted. When the next year is loaded, ``Calendar.finish`` counts them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from keepwell.contract.codes import CalendarKind
from keepwell.contract.schema import Text
from keepwell.policy.errors import CalendarError
from keepwell.policy.pack import Mark

ONE_DAY = timedelta(days=1)
UNBOUNDED = (date(1900, 1, 1), date(2199, 12, 31))


@dataclass(frozen=True, order=True)
class DueDate:
    """A day reached by counting.

    If ``is_provisional``, the day lies ``n_left`` counted days after ``on`` (with 0: it is the first counted day from
    ``on``): its year is not loaded yet, and no date is guessed.
    """

    on: date
    n_left: int = 0
    is_provisional: bool = False


class _Count(Protocol):
    """How a calendar counts: open days up to a day, and the day that is the n-th open one."""

    def rank(self, on: date) -> int: ...

    def nth(self, n: int) -> date: ...


class _EveryDay:
    def rank(self, on: date) -> int:
        return on.toordinal()

    def nth(self, n: int) -> date:
        return date.fromordinal(n)


@dataclass(frozen=True)
class _Weekly:
    """The same weekdays in every week, 1 Monday to 7 Sunday; day 1 of the calendar, 0001-01-01, is a Monday."""

    weekdays: tuple[int, ...]

    def rank(self, on: date) -> int:
        weeks, rest = divmod(on.toordinal(), 7)
        return weeks * len(self.weekdays) + sum(weekday <= rest for weekday in self.weekdays)

    def nth(self, n: int) -> date:
        weeks, position = divmod(n - 1, len(self.weekdays))
        return date.fromordinal(weeks * 7 + self.weekdays[position])


@dataclass(frozen=True)
class _Listed:
    """Open days as a sorted list."""

    open_days: tuple[date, ...]

    def rank(self, on: date) -> int:
        return bisect_right(self.open_days, on)

    def nth(self, n: int) -> date:
        return self.open_days[n - 1]


@dataclass(frozen=True)
class Calendar:
    """One way of counting days, verified from ``first`` to ``last`` (both included)."""

    name: str
    kind: CalendarKind
    first: date
    last: date
    _count: _Count = field(repr=False)

    def knows(self, on: date) -> bool:
        """Whether ``on`` lies in the verified years."""
        return self.first <= on <= self.last

    def is_day(self, on: date) -> bool:
        """Whether ``on`` is counted. Raises CalendarError outside the verified years."""
        self._require(on)
        return self._count.rank(on) != self._rank_before(on)

    def add(self, on: date, n: int) -> DueDate:
        """The n-th counted day after ``on``; before it if ``n`` is negative; for 0 the first from ``on`` itself.

        Beyond the last verified day the result is provisional. Raises CalendarError before the first verified day.
        """
        if on > self.last:
            if n < 0:
                raise self._unknown(on)
            return DueDate(on, n, is_provisional=True)
        self._require(on)
        wanted = self._count.rank(on) + n if n > 0 else self._rank_before(on) + 1 + n
        left = wanted - self._count.rank(self.last)
        if wanted < 1 + self._rank_before(self.first):
            raise self._unknown(self.first - ONE_DAY)
        if left > 0:
            return DueDate(self.last, left, is_provisional=True)
        return DueDate(self._count.nth(wanted))

    def finish(self, due: DueDate) -> DueDate:
        """A provisional due date counted on with the years this calendar knows; any other unchanged."""
        return self.add(due.on, due.n_left) if due.is_provisional else due

    def between(self, start: date, end: date) -> int:
        """Counted days after ``start`` up to and with ``end``; negative the other way round.

        ``between(d, add(d, n).on) == n`` for n > 0. Raises CalendarError outside the verified years.
        """
        self._require(start)
        self._require(end)
        if end < start:
            return self._rank_before(end) - self._rank_before(start)
        return self._count.rank(end) - self._count.rank(start)

    def days(self, first: date, last: date) -> list[date]:
        """All counted days from ``first`` to ``last``, clipped to the verified years, so that tables can be joined."""
        low, high = max(first, self.first), min(last, self.last)
        if high < low:
            return []
        return [self._count.nth(n) for n in range(self._rank_before(low) + 1, self._count.rank(high) + 1)]

    def month_ends(self, first: date, last: date) -> list[date]:
        """The last counted day of each month that ends from ``first`` to ``last`` in the verified years."""
        ends = _month_lasts(max(first, self.first), min(last, self.last))
        return [self._count.nth(self._count.rank(end)) for end in ends]

    def _rank_before(self, on: date) -> int:
        return self._count.rank(on - ONE_DAY)

    def _require(self, on: date) -> None:
        if not self.knows(on):
            raise self._unknown(on)

    def _unknown(self, on: date) -> CalendarError:
        return CalendarError(
            f"calendar {self.name!r} ({self.kind.value} days): {on} is outside the verified days {self.first} to "
            f"{self.last}; add calendars/{self.name}-{on.year}.toml to the firm's packs, or name another calendar"
        )


def _month_lasts(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        following = (month + timedelta(days=31)).replace(day=1)
        if first <= following - ONE_DAY <= last:
            yield following - ONE_DAY
        month = following


@dataclass(frozen=True)
class Calendars:
    """The three calendars of one place, side by side.

    ``mark`` is the weakest evidence among their files: [P] for a convention, shown as such. ``versions`` pairs the id
    of each file with its version.
    """

    name: str
    title: Text
    mark: Mark
    natural: Calendar
    working: Calendar
    trading: Calendar
    versions: tuple[tuple[str, str], ...]

    def of(self, kind: CalendarKind) -> Calendar:
        """The calendar that counts ``kind`` days."""
        by_kind = {
            CalendarKind.NATURAL: self.natural,
            CalendarKind.WORKING: self.working,
            CalendarKind.TRADING: self.trading,
        }
        return by_kind[kind]

    def days(self, kind: CalendarKind, first: date, last: date) -> list[date]:
        """All days of ``kind`` from ``first`` to ``last``, clipped to the verified years."""
        return self.of(kind).days(first, last)


def natural_days(name: str) -> Calendar:
    """Every day, of every year."""
    return Calendar(name, CalendarKind.NATURAL, *UNBOUNDED, _EveryDay())


def weekly_days(name: str, kind: CalendarKind, weekdays: tuple[int, ...]) -> Calendar:
    """The given weekdays (1 Monday to 7 Sunday, rising) of every year: for data whose holidays nobody verified."""
    return Calendar(name, kind, *UNBOUNDED, _Weekly(weekdays))


def listed_days(
    name: str, kind: CalendarKind, first: date, last: date, open_days: tuple[date, ...]
) -> Calendar:
    """Exactly ``open_days`` (sorted), verified from ``first`` to ``last``."""
    return Calendar(name, kind, first, last, _Listed(open_days))
