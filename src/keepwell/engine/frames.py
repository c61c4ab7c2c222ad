"""Small expressions that several rooms need, written once and the same on every engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis.expr import datatypes as types

WIDE = types.Decimal(38, 6)


def ratio(above: Any, below: Any, scale: int = 6) -> Any:
    """``above / below`` as decimal(18, scale), null where ``below`` is null or not positive.

    Money divides as integers of its smallest part, so that no float rounding enters a comparison: the
    quotient is taken in double of exact numbers and rounded to ``scale`` digits before anybody sees it.
    """
    safe = ibis.cases((below > 0, below), else_=ibis.null())
    quotient = above.cast("float64") / safe.cast("float64")
    return quotient.round(scale).cast(types.Decimal(18, scale))


def total(column: Any, where: Any = None) -> Any:
    """Exact sum of a decimal column, zero when there is no row."""
    return column.sum(where=where).fill_null(0)


def mean(total_amount: Any, n: Any, scale: int = 2) -> Any:
    """``total / n`` of exact numbers, rounded half away from zero to ``scale`` digits; null for n = 0."""
    return ratio(total_amount, n, scale)


def days_between(later: Any, earlier: Any) -> Any:
    """Whole days from ``earlier`` to ``later`` (dates)."""
    return later.delta(earlier, unit="day")


def within(column: Any, as_of: dt.date, days: int) -> Any:
    """Whether a date lies in the ``days`` days that end with ``as_of``, both included once."""
    first = as_of - dt.timedelta(days=days - 1)
    return (column >= ibis.date(first.isoformat())) & (column <= ibis.date(as_of.isoformat()))


def day(value: dt.date) -> Any:
    """A date constant."""
    return ibis.date(value.isoformat())
