"""What is not as the parent run had it, row by row: of sources told by their files, of decided tables by comparing."""

from __future__ import annotations

from collections.abc import Iterable

from keepwell.contract import Table
from keepwell.engine.columns import sql_type
from keepwell.engine.ingest.sqltext import name, text
from keepwell.engine.store.conformed import Conformed, nothing
from keepwell.engine.store.visible import Visible

Changed = tuple[str, str]  # SQL of the fresh rows, and of those that are gone


def compared(now: str, before: str) -> Changed:
    """Rows of one query that are not among those of the other, and the other way round."""
    return f"FROM ({now}) EXCEPT FROM ({before})", f"FROM ({before}) EXCEPT FROM ({now})"


def of_source(table: type[Table], now: Visible, before: Visible) -> Changed:
    """Rows of files and corrections that only one of the nights knows, and rows of days that only one of them has seen.

    Of what one night leaves out because it is not opened yet, those rows are told that the other one sees.
    """
    return _only_in(table, now, before), _only_in(table, before, now)


def _only_in(table: type[Table], one: Visible, other: Visible) -> str:
    """SQL of the rows, without secrets, that the one night sees and the other perhaps does not."""
    known = {part.file for part in other.sources.index(table).parts}
    parts = {part.file: part for part in one.sources.index(table).parts}
    corrected = {row.file for row in one.sources.index(table).corrected}
    lifted = [row for row in other.sources.index(table).corrected if row.file not in corrected]
    shared = sorted(parts.keys() & known)
    found = [_rows(one.sources, table, sorted(parts.keys() - known))]
    hurt = sorted({file for row in lifted for file in row.parts} & set(shared))
    if hurt:
        keys = one.sources.keys_of(table, [row.file for row in lifted])
        same = " AND ".join(f"r.{name(key)} = k.{name(key)}" for key in table.grain)
        rows = (
            f"SELECT r.* FROM ({_rows(one.sources, table, [file])}) AS r "
            f"SEMI JOIN (FROM ({keys}) WHERE part = {text(file)}) AS k ON {same}"
            for file in hurt
        )
        found += rows
    days = one.days(table)
    if days and one.as_of > other.as_of:
        seen = [file for file in shared if not parts[file].last_on or parts[file].last_on > str(other.as_of)]
        later = " OR ".join(f"{name(day)} > DATE '{other.as_of}'" for day in days)
        found.append(f"SELECT * FROM ({_rows(one.sources, table, seen)}) WHERE {later}")
    unopened = other.unopened(table)
    if unopened:
        found.append(f"SELECT * FROM ({_opened(table, one.sql(table))}) WHERE {' OR '.join(unopened)}")
    return " UNION ALL ".join(found)


def _rows(sources: Conformed, table: type[Table], parts: Iterable[str]) -> str:
    """SQL of all rows of some files, corrected ones too, secret columns null."""
    files = list(parts)
    if not files:
        return nothing(table, table.names(), with_part=False)
    return _opened(table, sources.open_rows_of(table, files))


def _opened(table: type[Table], sql: str) -> str:
    shown = ", ".join(
        f"CAST(NULL AS {sql_type(column)}) AS {name(key)}" if key in table.secret_names() else name(key)
        for key, column in table.columns.items()
    )
    return f"SELECT {shown} FROM ({sql})"
