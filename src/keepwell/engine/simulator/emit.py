"""From whole numbers to Arrow columns, without a step per row in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from keepwell.contract import Table
from keepwell.engine.columns import arrow_schema
from keepwell.engine.simulator.compiled import compiled
from keepwell.engine.simulator.streams import Integers

DAY_US = 86_400_000_000
BEIJING_US = 8 * 3_600_000_000
Mask = NDArray[np.bool_]
Bytes = NDArray[np.uint8]


def _validity(nulls: Mask | None) -> pa.Buffer | None:
    return None if nulls is None else pa.py_buffer(np.packbits(~nulls, bitorder="little").tobytes())


def decimals(values: Integers, scale: int, nulls: Mask | None = None) -> pa.Array:
    """decimal(18, scale) from whole numbers of 10^−scale."""
    pairs = np.empty((values.size, 2), np.int64)
    pairs[:, 0] = values
    pairs[:, 1] = values >> 63
    return pa.Array.from_buffers(
        pa.decimal128(18, scale), values.size, [_validity(nulls), pa.py_buffer(pairs)]
    )


def money(fen: Integers, nulls: Mask | None = None) -> pa.Array:
    """Yuan with two digits from fen."""
    return decimals(np.ascontiguousarray(fen), 2, nulls)


def dates(days: NDArray[Any], nulls: Mask | None = None) -> pa.Array:
    """Dates from days since 1970-01-01."""
    return pa.array(np.asarray(days).astype(np.int32), pa.int32(), mask=nulls).cast(pa.date32())


def instants(days: Integers, seconds: Integers) -> pa.Array:
    """UTC instants from Beijing days and seconds of the day."""
    return pa.array(days * DAY_US + seconds * 1_000_000 - BEIJING_US, pa.int64()).cast(pa.timestamp("us"))


def integers(values: NDArray[Any] | Sequence[int], nulls: Mask | None = None) -> pa.Array:
    """64-bit whole numbers."""
    return pa.array(np.asarray(values).astype(np.int64), pa.int64(), mask=nulls)


def flags(values: NDArray[Any]) -> pa.Array:
    """Booleans."""
    return pa.array(np.asarray(values).astype(np.bool_))


def floats(values: NDArray[Any]) -> pa.Array:
    """Doubles (truth tables only)."""
    return pa.array(np.ascontiguousarray(values, dtype=np.float64))


def pick(words: Sequence[str], at: NDArray[Any], nulls: Mask | None = None) -> pa.Array:
    """Words by their place in a list; places below 0 are null."""
    gone = np.asarray(at) < 0 if nulls is None else nulls | (np.asarray(at) < 0)
    places = pa.array(np.where(gone, 0, at).astype(np.int64), pa.int64(), mask=gone if gone.any() else None)
    return pa.array([str(word) for word in words], pa.string()).take(places)


def texts(values: list[str]) -> pa.Array:
    """Texts as they are given."""
    return pa.array(values, pa.string())


@compiled
def _digits(out: Bytes, start: int, numbers: Integers, width: int) -> None:
    for i in range(numbers.size):
        n = numbers[i]
        for k in range(width):
            out[i, start + width - 1 - k] = 48 + n % 10
            n //= 10


def from_bytes(cells: Bytes, nulls: Mask | None = None) -> pa.Array:
    """Texts of one width from a matrix of ASCII bytes."""
    n, width = cells.shape
    offsets = np.arange(n + 1, dtype=np.int32) * width
    parts = [_validity(nulls), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(cells))]
    return pa.Array.from_buffers(pa.string(), n, parts)


def cells_of(*parts: tuple[Integers, int] | str, n: int) -> Bytes:
    """A matrix of ASCII bytes: fixed texts, and numbers with leading zeros as (numbers, width)."""
    width = sum(len(part) if isinstance(part, str) else part[1] for part in parts)
    out: Bytes = np.empty((n, width), np.uint8)
    at = 0
    for part in parts:
        if isinstance(part, str):
            out[:, at : at + len(part)] = np.frombuffer(part.encode("ascii"), np.uint8)
            at += len(part)
        else:
            _digits(out, at, np.ascontiguousarray(part[0], dtype=np.int64), part[1])
            at += part[1]
    return out


def numbered(*parts: tuple[Integers, int] | str, n: int, nulls: Mask | None = None) -> pa.Array:
    """Codes of one width, as ``cells_of`` builds them."""
    return from_bytes(cells_of(*parts, n=n), nulls)


@compiled
def serials(owner: Integers, n_owners: int) -> Integers:
    """0, 1, 2, ... within each owner, in the order of rows."""
    seen, out = np.zeros(n_owners, np.int64), np.empty(owner.size, np.int64)
    for i in range(owner.size):
        out[i] = seen[owner[i]]
        seen[owner[i]] += 1
    return out


_SCHEMAS: dict[str, pa.Schema] = {}


def _schema(table: type[Table]) -> pa.Schema:
    if table.name not in _SCHEMAS:
        _SCHEMAS[table.name] = arrow_schema(table)
    return _SCHEMAS[table.name]


def batch(table: type[Table], columns: Mapping[str, pa.Array]) -> tuple[str, pa.RecordBatch]:
    """A batch of a contract table; every column must be given in its type."""
    schema = _schema(table)
    return table.name, pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def truth(name: str, columns: Mapping[str, pa.Array]) -> tuple[str, pa.RecordBatch]:
    """A batch of a truth table."""
    return f"truth.{name}", pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
