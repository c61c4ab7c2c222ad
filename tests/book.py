"""The rule book's instrument: tables in, tables out, by the same store that runs at night."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from keepwell.contract import TABLES, Column, Kind, Table
from keepwell.engine.columns import arrow_schema
from keepwell.engine.stage import Rule
from keepwell.engine.store.decide import Context, execute, table_of
from keepwell.engine.store.fingerprints import digest
from keepwell.engine.store.session import Session
from keepwell.policy.packs import Packs, load_packs

packs_of = cache(load_packs)  # read once for the same day

Rows = Sequence[Mapping[str, Any]]

_NEUTRAL: dict[Kind, Any] = {
    Kind.TEXT: "-",
    Kind.INTEGER: 0,
    Kind.DECIMAL: Decimal(0),
    Kind.FLOAT: 0.0,
    Kind.DATE: dt.date(2020, 1, 2),
    Kind.INSTANT: dt.datetime(2020, 1, 2, 2, 0),  # noqa: DTZ001 - instants are UTC without a zone in Arrow
    Kind.BOOLEAN: False,
}


def neutral(column: Column) -> Any:
    """A lawful value that says nothing: null where allowed, else zero, a dash or the first code."""
    if column.nullable:
        return None
    if column.codes:
        return str(next(iter(column.codes)))
    value = _NEUTRAL[column.kind]
    if column.low is not None and column.kind in (Kind.INTEGER, Kind.DECIMAL) and value < column.low:
        return column.low
    return value


def arrow_rows(table: type[Table], rows: Rows) -> pa.Table:
    """Rows with only the columns that matter as a whole table; an unknown column is an error."""
    unknown = {name for row in rows for name in row} - set(table.names())
    if unknown:
        raise KeyError(f"{table.name} has no columns {sorted(unknown)}")
    filled = [
        {name: row.get(name, neutral(column)) for name, column in table.columns.items()} for row in rows
    ]
    return pa.Table.from_pylist(filled, schema=arrow_schema(table))


@cache
def statements_of(packs: Packs, way: Callable[..., Any]) -> Path | None:
    """Where the SQL of a rule under these packs is kept: made once, whatever the day. A test's own rule keeps none."""
    if not way.__module__.startswith("keepwell.") or "<" in way.__qualname__:
        return None
    folder = Path(os.environ["KEEPWELL_DATA"]) / way.__module__ / digest(packs.versions())
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def decide(
    rule: Rule | Callable[..., Any],
    tables: Mapping[str, Rows],
    *,
    as_of: dt.date = dt.date(2026, 11, 20),
    packs: Packs | None = None,
    writes: type[Table] | None = None,
    threads: int = 2,
    returned_on: dt.date | None = None,
) -> list[dict[str, Any]]:
    """What a rule decides from small tables; tables not given are empty.

    ``returned_on`` is the day of the cut of people's acts, by default the run's own.

    ``rule`` is a ``Rule``, or a rule function together with the table it ``writes`` (default: the table of
    the function's own name). With several tables written, the rows of the first are answered.
    """
    if not isinstance(rule, Rule):
        rule = Rule((writes or TABLES[rule.__name__],), rule)
    signed = packs or packs_of(as_of)
    context = Context(as_of, signed, "test", returned_on, statements=statements_of(signed, rule.decide))
    with TemporaryDirectory() as folder, Session(threads) as session:
        for name in rule.reads:
            rows = arrow_rows(table_of(name), tables.get(name, ()))
            session.connection.register(f"given_{name}", rows)
            session.view(name, f'SELECT * FROM "given_{name}"')
        written = execute(session, rule, context, lambda table: Path(folder) / f"{table.name}.parquet")
        unread = set(tables) - set(rule.reads)
        if unread:
            raise KeyError(f"the rule does not read {sorted(unread)}")
        return [dict(row) for row in session.arrow(f"SELECT * FROM '{written[0].path}'").to_pylist()]
