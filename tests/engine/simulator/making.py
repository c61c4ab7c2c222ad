"""Small made-up firms for the tests of this folder, each made once."""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import groupby

import numpy as np
import pyarrow as pa

from keepwell.contract.codes import CalendarKind
from keepwell.engine.simulator.firm import Firm, Size, load_firm
from keepwell.engine.simulator.making import CHUNK, simulate
from keepwell.engine.simulator.span import Days, Span, day_number
from keepwell.policy.packs import load_packs

UNTIL = dt.date(2026, 11, 20)
SEED = 14
Tables = dict[str, pa.Table]


@cache
def calendar(kind: CalendarKind) -> Days:
    days = load_packs(as_of=UNTIL).calendars.days(kind, dt.date(2023, 1, 1), dt.date(2026, 12, 31))
    return np.array([day_number(day) for day in days], np.int64)


def span(months: int, n_run: int | None = None) -> Span:
    return Span.of(calendar(CalendarKind.TRADING), calendar(CalendarKind.WORKING), months, UNTIL, n_run)


@cache
def firm() -> Firm:
    return load_firm()


@cache
def made(
    n: int, months: int, chunk: int = CHUNK, threads: int = 1, n_days: int | None = None, seed: int = SEED
) -> Tables:
    """All tables of a firm, put together."""
    batches = simulate(
        firm(),
        Size.of(n),
        seed,
        months,
        UNTIL,
        trading=calendar(CalendarKind.TRADING),
        working=calendar(CalendarKind.WORKING),
        n_days=n_days,
        chunk=chunk,
        threads=threads,
    )
    by_name = groupby(sorted(batches, key=lambda pair: pair[0]), key=lambda pair: pair[0])
    return {
        name: pa.Table.from_batches([batch for _, batch in pairs]).combine_chunks() for name, pairs in by_name
    }


def integers(table: pa.Table, column: str) -> np.ndarray:
    """A column of a table in whole numbers: money in fen, dates in days."""
    array = table[column].combine_chunks()
    if pa.types.is_decimal(array.type):
        return (
            (np.array(array.cast(pa.float64()).to_numpy(zero_copy_only=False)) * 10**array.type.scale)
            .round()
            .astype(np.int64)
        )
    return np.asarray(array.cast(pa.int32()).cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False))
