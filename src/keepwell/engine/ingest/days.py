"""The calendar as a table, so that rules count days in joins instead of calling for each row."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from keepwell.contract.codes import CalendarKind
from keepwell.contract.ingest import CalendarDay
from keepwell.engine.columns import arrow_schema
from keepwell.policy.packs import Packs

YEARS_BACK = 4
DAYS_AHEAD = 400


def calendar_day(packs: Packs, as_of: dt.date) -> dict[str, pa.Table]:
    """Every verified day from four years before the cut to 400 days after it, with running counts (R234).

    Days beyond the last verified year are missing: what would fall on them is provisional.
    """
    first, last = (
        as_of.replace(month=1, day=1, year=as_of.year - YEARS_BACK),
        as_of + dt.timedelta(days=DAYS_AHEAD),
    )
    calendars = packs.calendars
    first = max(first, calendars.working.first, calendars.trading.first)
    last = min(last, calendars.working.last, calendars.trading.last)
    days = [first + dt.timedelta(days=step) for step in range((last - first).days + 1)]
    working = _marks(days, calendars.days(CalendarKind.WORKING, first, last))
    trading = _marks(days, calendars.days(CalendarKind.TRADING, first, last))
    columns = [days, working, trading, np.cumsum(working), np.cumsum(trading)]
    return {CalendarDay.name: pa.table(columns, schema=arrow_schema(CalendarDay))}


def _marks(days: list[dt.date], counted: list[dt.date]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    known = set(counted)
    return np.array([day in known for day in days], dtype=np.bool_)
