"""Parquet: typed columns, no text; a row's line is its number from 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import duckdb
import pyarrow.parquet as pq

from keepwell.contract.schema import Text
from keepwell.engine.ingest.errors import FileRefused
from keepwell.engine.store.parquet import reading as parquet
from keepwell.engine.store.readers.found import Found
from keepwell.engine.store.readers.opened import Opened
from keepwell.engine.store.session import Session

ROW = "file_row_number"


def open_parquet(session: Session, found: Found) -> Opened:
    """Open a Parquet file. Raises ``FileRefused`` if it is none."""
    source, numbered = parquet(found.path), parquet(found.path, also=f"{ROW} = true")
    try:
        described = session.rows(f"DESCRIBE SELECT * FROM {source}")
        n_rows = int(session.rows(f"SELECT count(*) FROM {source}")[0][0])
    except duckdb.Error as fault:
        said = str(fault).splitlines()[0]  # what follows quotes our own SQL
        raise FileRefused(
            found.name,
            Text(f"not a readable Parquet file: {said}", f"无法读取该 Parquet 文件：{said}"),
            Text("Write it again", "请重新写出该文件"),
        ) from fault
    _require_names_once(found)
    if ROW in {str(row[0]).lower() for row in described}:
        raise FileRefused(
            found.name,
            Text(f"a column is named {ROW!r}, which is taken", f"列名 {ROW!r} 已被占用"),
            Text("Give it another name", "请改用其他列名"),
        )
    return Opened(
        sql=f"SELECT * FROM {numbered}",
        columns={str(row[0]): str(row[1]) for row in described},
        encoding="parquet",
        n_rows=n_rows,
        lines=lambda rows: {row: row + 1 for row in rows},
        raws=lambda lines: _raws(session, numbered, lines),
        is_typed=True,
    )


def _require_names_once(found: Found) -> None:
    """DuckDB would take the second of two columns of one name for another one: nobody could say which counts."""
    named = Counter(column.lower() for column in pq.read_schema(found.path).names)
    twice = sorted(column for column, n in named.items() if n > 1)
    if twice:
        raise FileRefused(
            found.name,
            Text(f"it names columns twice: {', '.join(twice)}", f"有重复的列名：{'、'.join(twice)}"),
            Text("Give each a name of its own", "请给每列一个不同的名称"),
        )


def _raws(session: Session, numbered: str, lines: Iterable[int]) -> dict[int, str]:
    """Rows as JSON, by line."""
    wanted = ", ".join(str(line - 1) for line in lines)
    if not wanted:
        return {}
    rows = session.rows(
        f"SELECT file_row_number, CAST(to_json(t) AS VARCHAR) FROM (SELECT * FROM {numbered} "
        f"WHERE file_row_number IN ({wanted})) AS t"
    )
    return {int(row) + 1: str(raw) for row, raw in rows}
