"""From a contract column to its physical type, its literals and its checks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr import datatypes as types

from keepwell.contract import Column, Kind, Table

PRECISION = 18

_SQL = {
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.FLOAT: "DOUBLE",
    Kind.DATE: "DATE",
    Kind.INSTANT: "TIMESTAMP",
    Kind.BOOLEAN: "BOOLEAN",
}

_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.INSTANT: pa.timestamp("us"),
    Kind.BOOLEAN: pa.bool_(),
}

_IBIS: dict[Kind, types.DataType] = {
    Kind.TEXT: types.string,
    Kind.CODE: types.string,
    Kind.INTEGER: types.int64,
    Kind.FLOAT: types.float64,
    Kind.DATE: types.date,
    Kind.INSTANT: types.Timestamp(scale=6),
    Kind.BOOLEAN: types.boolean,
}


def sql_type(column: Column) -> str:
    """The column's type in DuckDB's SQL."""
    if column.kind is Kind.DECIMAL:
        return f"DECIMAL({PRECISION},{column.scale})"
    return _SQL[column.kind]


def arrow_type(column: Column) -> pa.DataType:
    """The column's type in Arrow and Parquet; instants are UTC without a zone."""
    if column.kind is Kind.DECIMAL:
        return pa.decimal128(PRECISION, column.scale)
    return _ARROW[column.kind]


def ibis_type(column: Column) -> types.DataType:
    """The column's type in an Ibis expression."""
    if column.kind is Kind.DECIMAL:
        return types.Decimal(PRECISION, column.scale)
    return _IBIS[column.kind]


def arrow_schema(table: type[Table], names: tuple[str, ...] | None = None) -> pa.Schema:
    """The Arrow schema of a table, of all its columns or of those named."""
    chosen = names or table.names()
    return pa.schema([(name, arrow_type(table.columns[name])) for name in chosen])


def ibis_schema(table: type[Table], names: tuple[str, ...] | None = None) -> ibis.Schema:
    """The Ibis schema of a table, of all its columns or of those named."""
    return ibis.schema({name: ibis_type(table.columns[name]) for name in names or table.names()})


def literal(value: Decimal | int | str | bool | dt.date, column: Column) -> Any:
    """A constant in an expression, in the type of the column it is compared with or stored in.

    The only lawful way for a policy's number into an expression: a bare Decimal becomes DECIMAL(18,3),
    which turns 0.00035 into 0. Raises ``ValueError`` when the value has more digits than the column.
    """
    if column.kind is Kind.DECIMAL:
        number = Decimal(value) if not isinstance(value, dt.date) else Decimal("NaN")
        if number != round(number, column.scale):
            raise ValueError(f"{value} has more than {column.scale} decimal digits of {column.name!r}")
        return ibis.literal(str(number)).cast(ibis_type(column))
    return ibis.literal(value, type=ibis_type(column))
