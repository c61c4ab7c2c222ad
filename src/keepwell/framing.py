"""Data frames in, contract tables out and back: what the engine's rules by themselves share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract import TABLES, Column, Kind, Table
from keepwell.engine.columns import arrow_schema, arrow_type
from keepwell.engine.stage import Rule
from keepwell.engine.store.decide import Context, execute
from keepwell.engine.store.session import Session
from keepwell.linking import UnknownFrame
from keepwell.policy.packs import Packs

Columns = dict[str, Any]
WIDEST = 38  # digits


def read(
    frame: Any,
    called: str,
    known: Collection[str],
    wanted: tuple[str, ...],
    about: Callable[[str], Column],
    may_be_empty: Collection[str] = (),
) -> pa.Table:
    """The known columns of a frame in the types of the contract, as ``about`` tells them.

    Raises ``UnknownFrame``, naming the column, for what is missing, empty or cannot be read.
    """
    if not isinstance(frame, pa.Table) and not hasattr(frame, "__arrow_c_stream__"):
        raise UnknownFrame(f"{called}: {type(frame).__name__} is no pandas, Polars or Arrow table")
    rows = frame if isinstance(frame, pa.Table) else pa.table(frame)
    missing = [name for name in wanted if name not in rows.column_names]
    if missing:
        raise UnknownFrame(f"{missing[0]} is missing in {called}, which need {', '.join(wanted)}")
    found = {name: _column(rows[name], name, about(name)) for name in known if name in rows.column_names}
    for name, values in found.items():
        is_needed = name in wanted or not about(name).nullable
        if name not in may_be_empty and is_needed and values.null_count:
            raise UnknownFrame(f"{name} is empty in a row of {called}")
    return pa.table(found)


def _column(values: pa.ChunkedArray, name: str, column: Column) -> pa.Array:
    told = values.combine_chunks()
    if pa.types.is_dictionary(told.type):
        told = told.dictionary.take(told.indices)
    if pa.types.is_floating(told.type):  # numbers as pandas keeps them beside a missing one
        told = pc.if_else(pc.is_nan(told), None, told)
        told = told.cast(pa.int64()) if column.kind in (Kind.INTEGER, Kind.TEXT) else told
    try:
        if column.kind is Kind.DECIMAL and pa.types.is_integer(told.type):
            told = told.cast(pa.decimal128(WIDEST, column.scale))  # whole numbers need room before the point
        typed = told.cast(arrow_type(column))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
        raise UnknownFrame(f"{name} cannot be read as {column.kind.value}: {fault}") from fault
    if column.kind in (Kind.TEXT, Kind.CODE):
        typed = pc.if_else(pc.equal(typed, ""), None, typed)
    if column.codes:
        codes = [None, *map(str, column.codes)]
        strange = typed.filter(pc.invert(pc.is_in(typed, pa.array(codes, pa.string()))))
        if len(strange):
            raise UnknownFrame(
                f"{name} {strange[0].as_py()!r} is none of {', '.join(map(str, column.codes))}"
            )
    return typed


def require_unique(rows: pa.Table, key: str) -> None:
    """Raise ``UnknownFrame`` where two rows have the same key."""
    if len(pc.unique(rows[key])) != rows.num_rows:
        raise UnknownFrame(f"{key} repeats: every row needs its own")


LAWFUL: dict[Kind, Any] = {
    Kind.TEXT: "-", Kind.INTEGER: 0, Kind.DATE: dt.date(2000, 1, 1), Kind.INSTANT: dt.datetime(2000, 1, 1),  # noqa: DTZ001 - the same
    Kind.BOOLEAN: False,
}  # fmt: skip
"""What stands in columns no rule reads here."""


def filled(table: type[Table], columns: Columns, n: int) -> pa.Table:
    """A contract table of which only some columns are known; what no rule reads gets a lawful value."""
    schema, told = arrow_schema(table), []
    for field in schema:
        column = table.columns[field.name]
        plain = str(next(iter(column.codes))) if column.codes else LAWFUL.get(column.kind, 0)
        value = columns.get(field.name, pa.scalar(None if column.nullable else plain, field.type))
        array = pa.repeat(value, n) if isinstance(value, pa.Scalar) else value
        told.append(array.cast(field.type))
    return pa.table(told, schema=schema)


def decide(
    session: Session,
    folder: Path,
    rule: Rule,
    tables: Mapping[str, pa.Table],
    packs: Packs,
    day: dt.date,
    made: Collection[str] = (),
) -> None:
    """Let a rule decide from these tables, those not given empty; what it decides is a view then.

    ``made`` names what an earlier rule decided and is a view already.
    """
    for name in (name for name in rule.reads if name not in made):
        table = TABLES[name]
        lay(session, folder, table, tables.get(name, arrow_schema(table).empty_table()))
    execute(session, rule, Context(day, packs, ""), lambda table: folder / f"{table.name}.parquet")


def lay(session: Session, folder: Path, table: type[Table], rows: pa.Table) -> None:
    """Rows of a table as a view under its name."""
    path = folder / f"{table.name}.parquet"
    session.write_arrow(table, rows, path)
    session.view_files(table, [path])


def as_given(told: pa.Table, frame: Any) -> Any:
    """The answer in a frame of the kind that was given."""
    if isinstance(frame, pa.Table):
        return told
    if type(frame).__module__.startswith("pandas"):
        return told.to_pandas()
    return type(frame)(told)
