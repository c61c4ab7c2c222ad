"""dBase III and its successors, as exchanges and clearing houses deliver: fixed-width records behind a header.

Values stay text as written (numbers with their zeros, dates as YYYYMMDD), so that the mapping's forms apply.
Records marked deleted are no rows. Memo and binary fields are not offered.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keepwell.contract.schema import Text
from keepwell.engine.ingest.errors import FileRefused
from keepwell.engine.ingest.mapping import Reading
from keepwell.engine.store.readers.bytewise import column, records
from keepwell.engine.store.readers.found import CHUNK, Found
from keepwell.engine.store.readers.gathered import Batch, gather
from keepwell.engine.store.readers.opened import Opened
from keepwell.engine.store.session import Session

_HEADER, _FIELD = 32, 32
_END = b"\r"
_NUL, _SPACE, _DELETED, _UNSET = 0, 32, ord("*"), ord("?")
_TEXT_KINDS = "CNFDL"
DEFAULT_ENCODING = "gb18030"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the record: its name and the bytes it takes."""

    name: str
    kind: str
    cut: slice


@dataclass(frozen=True, slots=True)
class Layout:
    """What the header says."""

    n_records: int
    starts_at: int
    n_bytes: int
    fields: tuple[Field, ...]


def open_dbf(session: Session, found: Found, reading: Reading, spill: Path) -> Opened:
    """Open a DBF file. Raises ``FileRefused`` if the header is damaged or records are missing at the end.

    DBF names no encoding that can be relied on: unless the mapping does, GB18030 is read (GBK is part of it).
    """
    encoding = DEFAULT_ENCODING if reading.encoding == "auto" else reading.encoding
    layout = _layout(found)
    fields = [field for field in layout.fields if field.kind in _TEXT_KINDS]
    missing = layout.starts_at + layout.n_records * layout.n_bytes - found.state.n_bytes
    if missing > 0:
        raise FileRefused(
            found.name,
            Text(
                f"the header announces {layout.n_records} records of {layout.n_bytes} bytes, "
                f"{missing} bytes are missing",
                f"文件头声明有 {layout.n_records} 条、每条 {layout.n_bytes} 字节的记录，缺少 {missing} 字节",
            ),
            Text("Deliver the whole file", "请交付完整的文件"),
        )
    batches = _batches(found.path, layout, fields, encoding)
    columns = [field.name for field in fields]
    return gather(session, found, columns, batches, spill, encoding=encoding, bad_lines=[])


def _layout(found: Found) -> Layout:
    what = Text("the DBF header is damaged", "DBF 文件头已损坏")
    damaged = FileRefused(found.name, what, Text("Deliver it again", "请重新交付"))
    with found.path.open("rb") as stream:
        head = stream.read(_HEADER)
        if len(head) < _HEADER:
            raise damaged
        n_records, starts_at, n_bytes = struct.unpack("<IHH", head[4:12])
        described = stream.read(max(starts_at - _HEADER, 0))
    fields = []
    start = 1
    for offset in range(0, len(described), _FIELD):
        piece = described[offset : offset + _FIELD]
        if piece[:1] == _END or len(piece) < _FIELD:
            break
        called = piece[:11].split(b"\0")[0].decode("gb18030", "replace").strip()
        fields.append(Field(called, chr(piece[11]), slice(start, start + piece[16])))
        start += piece[16]
    if not fields or start != n_bytes:
        raise damaged
    return Layout(n_records, starts_at, n_bytes, tuple(fields))


def _batches(path: Path, layout: Layout, fields: list[Field], encoding: str) -> Iterator[Batch]:
    """Records in order; a row's line is its record's number from 1."""
    at_once = max(CHUNK // layout.n_bytes, 1)
    with path.open("rb") as stream:
        stream.seek(layout.starts_at)
        for first in range(0, layout.n_records, at_once):
            n_records = min(at_once, layout.n_records - first)
            rows = records(stream.read(n_records * layout.n_bytes), n_records, layout.n_bytes).copy()
            rows[rows == _NUL] = _SPACE
            kept = np.flatnonzero(rows[:, 0] != _DELETED)
            rows = rows[kept]
            for field in (field for field in fields if field.kind == "L"):
                logical = rows[:, field.cut]
                logical[logical == _UNSET] = _SPACE
            yield (kept + first + 1).tolist(), [column(rows, field.cut, encoding) for field in fields]
