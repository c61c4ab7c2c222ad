"""The days a made-up firm lives through: the last 21·months trading days up to a day, in months of 21."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keepwell.engine.simulator.streams import Integers

MONTH = 21
EPOCH = dt.date(1970, 1, 1)
Days = NDArray[np.int64]
"""Days since 1970-01-01."""


def day_number(on: dt.date) -> int:
    """Days since 1970-01-01."""
    return (on - EPOCH).days


@dataclass(frozen=True)
class Span:
    """Trading days of the simulation.

    ``on`` are the planned trading days as days since 1970-01-01; only the first ``n_run`` of them happen. What happens
    on a day never depends on ``n_run``: a span that is cut earlier gives a prefix. ``working``
    and ``trading`` are the whole calendars.
    """

    on: Days
    working: Days
    trading: Days
    n_run: int

    @classmethod
    def of(cls, trading: Days, working: Days, months: int, until: dt.date, n_run: int | None = None) -> Span:
        """The last 21·months trading days through ``until``, cut after ``n_run`` of them if given.

        Raises ValueError when the calendar does not reach back far enough or does not know ``until``.
        """
        last = int(np.searchsorted(trading, day_number(until), side="right"))
        first = last - MONTH * months
        if not trading.size or trading[-1] < day_number(until) - 15:
            known = EPOCH + dt.timedelta(days=int(trading[-1])) if trading.size else "no day"
            raise ValueError(
                f"{until} lies beyond the calendar, which is verified to {known}: take an earlier day"
            )
        if months < 1 or first < 0:
            raise ValueError(
                f"{months} months to {until} need {MONTH * max(months, 1)} trading days; the calendar has {last}:"
                " take fewer months or load earlier years"
            )
        on = np.ascontiguousarray(trading[first:last], dtype=np.int64)
        run = on.size if n_run is None else min(n_run, on.size)
        return cls(on, np.asarray(working, np.int64), np.asarray(trading, np.int64), run)

    @property
    def n_months(self) -> int:
        """Months of 21 trading days, the last one perhaps cut short."""
        return -(-self.n_run // MONTH)

    @property
    def first(self) -> int:
        """First day, since 1970-01-01."""
        return int(self.on[0])

    @property
    def last(self) -> int:
        """Last day that happens, since 1970-01-01."""
        return int(self.on[self.n_run - 1])

    def calendar_months(self) -> Integers:
        """Year times 12 plus month of every planned day."""
        return self.on.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)

    def month_ends(self) -> NDArray[np.bool_]:
        """Whether a day that happens is the last trading day of its calendar month, as far as the plan tells."""
        months = self.calendar_months()
        ends = np.append(months[1:] != months[:-1], False)
        return ends[: self.n_run]

    def flow_weights(
        self, middle_share: float, december: float, festival: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Weight of each planned day for money in and out (§3), about 1/21: days 8 to 17 carry ``middle_share``,
        December counts ``december`` times, the fortnight before Spring Festival gets ``festival`` times as much out.
        """
        dates = self.on.astype("datetime64[D]")
        day = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
        middle = (day >= 8) & (day <= 17)
        into = np.where(middle, middle_share / 7.0, (1.0 - middle_share) / 14.0)
        into = np.where(self.calendar_months() % 12 == 11, into * december, into)
        out = into.copy()
        gap = np.append(np.diff(self.on), 1)
        winter = self.calendar_months() % 12 < 2
        for eve in self.on[(gap >= 7) & winter]:
            out[(self.on > eve - 14) & (self.on <= eve)] *= festival
        return into, out

    def workday(self, days: Days) -> Days:
        """The first working day from each day on; weekdays before the calendar begins."""
        return _first_from(self.working, days)

    def bankday(self, days: Days) -> Days:
        """The first trading day from each day on; weekdays before the calendar begins."""
        return _first_from(self.trading, days)


def _first_from(known: Days, days: Days) -> Days:
    days = np.asarray(days, np.int64)
    place = np.searchsorted(known, days)
    inside = (days >= known[0]) & (place < known.size)
    weekday = (days + 3) % 7
    return np.where(
        inside, known[np.minimum(place, known.size - 1)], days + np.where(weekday > 4, 7 - weekday, 0)
    )
