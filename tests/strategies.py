"""The fifth reader of the contract: valid values for any column, valid rows for any table, drawn by Hypothesis."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from keepwell.contract import Column, Kind, Table

Row = dict[str, Any]

FIRST, LAST = dt.date(1990, 1, 1), dt.date(2026, 11, 20)
FIRST_AT = dt.datetime(1990, 1, 1)  # noqa: DTZ001 - instants are UTC without a zone in Arrow
LAST_AT = dt.datetime(2026, 11, 20, 15, 59, 59, 999999)  # noqa: DTZ001 - the same
BEIJING = dt.timedelta(hours=8)
DIGITS = 10**17  # decimal(18, s) holds one digit more
LONGEST = 12
LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))


def values(column: Column) -> SearchStrategy[Any]:
    """Any value the contract allows in a column, null among them where it may be missing."""
    drawn = (
        st.sampled_from([str(code) for code in column.codes]) if column.codes else _KINDS[column.kind](column)
    )
    return st.none() | drawn if column.nullable else drawn


def rows(table: type[Table], *, least: int = 0, most: int = 6) -> SearchStrategy[list[Row]]:
    """Rows of a table in any order: every value allowed, no key twice, dates in the order the contract asks."""
    drawn = st.fixed_dictionaries({name: values(column) for name, column in table.columns.items()})
    settled = drawn.map(lambda row: _in_order(table, _on_from_at(row)))
    return st.lists(
        settled, min_size=least, max_size=most, unique_by=lambda row: tuple(row[key] for key in table.grain)
    )


def stored(table: type[Table], given: list[Row]) -> list[Row]:
    """The rows as the store keeps them: in the table's total order, empty values last."""
    return sorted(given, key=lambda row: tuple(_rank(row[name]) for name in table.order))


def _rank(value: Any) -> tuple[bool, Any]:
    # DuckDB compares texts byte by byte; Python's order of code points is the same one.
    return value is None, value if value is not None else 0


def _texts(column: Column) -> SearchStrategy[str]:
    return st.text(LETTERS, min_size=1, max_size=min(column.length, LONGEST))


def _integers(column: Column) -> SearchStrategy[int]:
    low = int(column.low) if column.low is not None else -(2**63)
    high = int(column.high) if column.high is not None else 2**63 - 1
    return st.integers(low, high)


def _decimals(column: Column) -> SearchStrategy[Decimal]:
    scale = Decimal(10) ** column.scale
    low = int(column.low * scale) if column.low is not None else -DIGITS
    high = int(column.high * scale) if column.high is not None else DIGITS
    return st.integers(low, high).map(lambda units: Decimal(units).scaleb(-column.scale))


def _floats(column: Column) -> SearchStrategy[float]:
    low = float(column.low) if column.low is not None else None
    high = float(column.high) if column.high is not None else None
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


_KINDS = {
    Kind.TEXT: _texts,
    Kind.INTEGER: _integers,
    Kind.DECIMAL: _decimals,
    Kind.FLOAT: _floats,
    Kind.DATE: lambda _column: st.dates(FIRST, LAST),
    Kind.INSTANT: lambda _column: st.datetimes(FIRST_AT, LAST_AT),
    Kind.BOOLEAN: lambda _column: st.booleans(),
}


def _on_from_at(row: Row) -> Row:
    """The day of an instant is its day in China: ``traded_on`` follows from ``traded_at``."""
    days = {
        f"{name.removesuffix('_at')}_on": (value + BEIJING).date()
        for name, value in row.items()
        if name.endswith("_at") and value is not None and f"{name.removesuffix('_at')}_on" in row
    }
    return {**row, **days}


def _in_order(table: type[Table], row: Row) -> Row:
    """Swap dates until each pair the contract orders stands in its order; swaps sort, so they end."""
    row = dict(row)
    pairs = [(one.later, one.earlier) for one in table.orders if one.later in row and one.earlier in row]
    for _ in pairs:
        for later, earlier in pairs:
            if None not in (row[later], row[earlier]) and row[later] < row[earlier]:
                row[later], row[earlier] = row[earlier], row[later]
    return row
