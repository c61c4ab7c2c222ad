"""From the run's Arrow files to rows for a database, a column at a time: decimals as scaled integers, dates as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

ROWS = 50_000


def read(path: Path, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The file's batches with the columns asked for, in that order; decimals already scaled to integers."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=ROWS, columns=list(names)):
            columns = [_scaled(batch.column(name)) for name in names]
            yield pa.RecordBatch.from_arrays(columns, names=list(names))


def _scaled(column: pa.Array) -> pa.Array:
    """A decimal's digits as a 64-bit integer, by reading its bytes under another scale; others unchanged."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us", "UTC"))  # files hold UTC without saying so
    if not pa.types.is_decimal128(column.type):
        return column
    whole = pa.decimal128(38, 0)
    digits = pa.Array.from_buffers(whole, len(column), column.buffers(), offset=column.offset)
    return digits.cast(pa.int64())


def as_rows(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    """The batch as tuples that SQLite stores as Django reads them."""
    return zip(*(_text_of_time(column).to_pylist() for column in batch.columns), strict=True)


def _text_of_time(column: pa.Array) -> pa.Array:
    if pa.types.is_date(column.type):
        return column.cast(pa.string())
    if pa.types.is_timestamp(column.type):
        return pc.cast(column.cast(pa.timestamp("us")), pa.string())
    if pa.types.is_boolean(column.type):
        return column.cast(pa.int8())
    return column


def as_csv(batch: pa.RecordBatch) -> bytes:
    """The batch as CSV for `COPY`: texts quoted, so that an unquoted nothing is NULL; bytes in hexadecimal."""
    columns = [
        _hexadecimal(column) if pa.types.is_binary(column.type) else column for column in batch.columns
    ]
    stream = BytesIO()
    told = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
    pa_csv.write_csv(told, stream, pa_csv.WriteOptions(include_header=False))
    return stream.getvalue()


def _hexadecimal(column: pa.Array) -> pa.Array:
    return pa.array([f"\\x{value.hex()}" for value in column.to_pylist()], pa.string())


def joined(batch: pa.RecordBatch, names: Sequence[str], mark: str) -> list[bytes]:
    """Columns of texts as one text a row, `mark` between them; what is missing is empty."""
    columns = [batch.column(name).cast(pa.string()) for name in names]
    if not columns:
        return [b""] * batch.num_rows
    texts = pc.binary_join_element_wise(*columns, mark, null_handling="replace", null_replacement="")
    return list(texts.cast(pa.binary()).to_pylist())


def with_sealed(
    batch: pa.RecordBatch, names: Sequence[str], sealed_name: str, sealed: list[bytes]
) -> pa.RecordBatch:
    """The batch with the columns asked for, one of them given anew."""
    given = pa.array(sealed, pa.binary())
    columns = [given if name == sealed_name else batch.column(name) for name in names]
    return pa.RecordBatch.from_arrays(columns, names=list(names))
