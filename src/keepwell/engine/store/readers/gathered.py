"""Rows that Python cuts out itself (fixed width, DBF, Excel), written down as raw text before they are conformed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from keepwell.engine.ingest.sqltext import name, names, text
from keepwell.engine.store.parquet import reading as parquet
from keepwell.engine.store.readers.columnar import ROW
from keepwell.engine.store.readers.found import Found
from keepwell.engine.store.readers.opened import BadLine, Opened
from keepwell.engine.store.session import Session

LINE = "_line"
Batch = tuple[Sequence[int], Sequence[Sequence[str | None]]]


def gather(
    session: Session,
    found: Found,
    columns: Sequence[str],
    batches: Iterator[Batch],
    spill: Path,
    *,
    encoding: str,
    bad_lines: list[BadLine],
    joined: str = "|",
) -> Opened:
    """Write batches (lines, columns) down; ``bad_lines`` is complete once they are exhausted.

    ``joined`` is what stands between fields when a row's raw text is shown.
    """
    path = spill / f"{found.fingerprint}-{len(columns)}.raw.parquet"
    schema = pa.schema([(LINE, pa.int64()), *((column, pa.string()) for column in columns)])
    n_rows = 0
    with pq.ParquetWriter(path, schema, compression="lz4") as writer:
        for lines, texts in batches:
            arrays = [pa.array(lines, pa.int64()), *(pa.array(values, pa.string()) for values in texts)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            n_rows += len(lines)
    source = parquet(path, also=f"{ROW} = true")
    shown = f"concat_ws({text(joined)}, {names(columns)})"
    of_rows = f"SELECT {ROW}, {name(LINE)} FROM {source} WHERE {ROW}"
    of_lines = f"SELECT {name(LINE)}, {shown} FROM {source} WHERE {name(LINE)}"
    return Opened(
        sql=f"SELECT {names(columns)} FROM {source}",
        columns=dict.fromkeys(columns, "VARCHAR"),
        encoding=encoding,
        n_rows=n_rows,
        lines=lambda wanted: {row: int(line) for row, line in _looked_up(session, of_rows, wanted)},
        raws=lambda wanted: {line: str(raw) for line, raw in _looked_up(session, of_lines, wanted)},
        bad_lines=bad_lines,
    )


def _looked_up(session: Session, query: str, wanted: Iterable[int]) -> list[tuple[int, Any]]:
    """Pairs of a query that ends in a column, for the numbers wanted of it."""
    listed = ", ".join(str(number) for number in wanted)
    return [(int(key), value) for key, value in session.rows(f"{query} IN ({listed})")] if listed else []
