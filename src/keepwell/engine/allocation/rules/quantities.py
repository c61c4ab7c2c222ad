"""Whole numbers instead of fractions: shares in millionths, prices in thousand-millionths, hours in hundredths."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from keepwell.contract import Kind, Table
from keepwell.engine.columns import arrow_schema
from keepwell.engine.solver.assignment.problem import Longs

MICRO = 1_000_000
NANO = 1_000_000_000
CENTI = 100
NEUTRAL = MICRO // 2

Objects = NDArray[np.object_]
Flags = NDArray[np.bool_]
Rows = dict[str, Any]


def micro(share: Decimal) -> int:
    """A signed share in millionths."""
    return int(share * MICRO)


def centi(hours: Decimal) -> int:
    """Signed hours in hundredths."""
    return int(hours * CENTI)


def millionths(column: pa.ChunkedArray) -> Longs:
    """A column of shares in millionths; unknown is zero."""
    scaled = pc.cast(pc.multiply(column, pa.scalar(MICRO)), pa.int64())
    return np.asarray(pc.fill_null(scaled, 0).to_numpy(), dtype=np.int64)


def whole(column: pa.ChunkedArray, unknown: int = 0) -> Longs:
    """A column of whole numbers."""
    return np.asarray(pc.fill_null(column, unknown).to_numpy(), dtype=np.int64)


def flags(column: pa.ChunkedArray) -> Flags:
    """A column of statements; unknown is no."""
    return np.array(pc.fill_null(column, False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def texts(column: pa.ChunkedArray) -> Objects:
    """A column of texts."""
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=object)


def place_of(column: pa.ChunkedArray | pa.Array, known: pa.Array) -> Longs:
    """Where each value stands among those known, -1 where it does not."""
    found = pc.index_in(column, known)
    return np.asarray(pc.fill_null(found, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def codes_of(codes: Any) -> pa.Array:
    """The stored values of a closed list, in its order."""
    return pa.array([str(code) for code in codes])


def told(codes: Any, at: Longs) -> Objects:
    """Codes by their place in the list, none for -1."""
    names = np.array([*(str(code) for code in codes), None], dtype=object)
    return np.asarray(names[at])


def exact(values: Longs, scale: int, is_known: Flags | None = None) -> pa.Array:
    """Whole numbers as decimal(18, scale), exactly: they are the decimals' own 128-bit form."""
    low = np.asarray(values, dtype=np.int64)
    words = np.column_stack([low, np.where(low < 0, -1, 0)]).astype("<i8")
    validity = None if is_known is None else pa.array(np.asarray(is_known, dtype=np.bool_)).buffers()[1]
    kind = pa.decimal128(18, scale)
    return pa.Array.from_buffers(kind, len(low), [validity, pa.py_buffer(words.tobytes())])


def known_where(values: Longs, is_known: Flags) -> NDArray[Any]:
    """Whole numbers that some rows do not have."""
    return np.ma.masked_array(values, ~np.asarray(is_known, dtype=np.bool_))


def joined(parts: list[Rows]) -> Rows:
    """The rows of several branches behind each other."""
    parts = [part for part in parts if part]
    names = parts[0].keys() if parts else ()
    return {name: _behind([part[name] for part in parts]) for name in names}


def _behind(parts: list[Any]) -> NDArray[Any]:
    if not any(np.ma.isMaskedArray(part) for part in parts):
        return np.concatenate(parts)
    mask = np.concatenate([np.ma.getmaskarray(part) for part in parts])
    return np.ma.masked_array(np.concatenate([np.ma.getdata(part) for part in parts]), mask)


def stored(table: type[Table], rows: Mapping[str, Any]) -> pa.Table:
    """Columns as a table of the contract: numbers of decimal columns count their last digit, masked is unknown."""
    schema = arrow_schema(table)
    n = len(next(iter(rows.values()))) if rows else 0
    arrays = []
    for name, column in table.columns.items():
        values = rows[name] if n else np.array([], dtype=object)
        known = ~np.ma.getmaskarray(values) if np.ma.isMaskedArray(values) and n else None
        plain = np.ma.getdata(values)
        if column.kind is Kind.DECIMAL:
            arrays.append(exact(plain.astype(np.int64), column.scale, known))
        else:
            mask = None if known is None else ~known
            arrays.append(pa.array(plain, schema.field(name).type, mask=mask, from_pandas=True))
    return pa.table(arrays, schema=schema)
