"""Texts of fixed width, measured in bytes as mainframes write them: a Chinese character is two in GBK."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.contract.schema import Text
from keepwell.engine.ingest.mapping import Reading
from keepwell.engine.store.readers.bytewise import column, records
from keepwell.engine.store.readers.encodings import as_utf8
from keepwell.engine.store.readers.found import CHUNK, Found
from keepwell.engine.store.readers.gathered import Batch, gather
from keepwell.engine.store.readers.opened import BadLine, Opened
from keepwell.engine.store.session import Session

_LF, _CR = 10, 13


def open_fixed(session: Session, found: Found, reading: Reading, spill: Path) -> Opened:
    """Open a text of fixed width. Raises ``FileRefused`` if it is in no known encoding."""
    encoding = as_utf8(found, reading.encoding, spill)[1]
    bad_lines: list[BadLine] = []
    batches = _batches(found.path, reading, encoding, bad_lines)
    return gather(
        session, found, reading.columns, batches, spill, encoding=encoding, bad_lines=bad_lines, joined=""
    )


def _batches(path: Path, reading: Reading, encoding: str, bad_lines: list[BadLine]) -> Iterator[Batch]:
    """Pieces of whole lines: cut all at once where every line is as long as it should be, else line by line."""
    cuts = [slice(start, end) for start, end in pairwise(accumulate(reading.widths, initial=0))]
    width = sum(reading.widths)
    number = 1
    with path.open("rb") as stream:
        if reading.header:
            stream.readline()
            number = 2
        while piece := stream.read(CHUNK):
            piece += stream.readline()
            n_lines = piece.count(b"\n")
            size, rest = divmod(len(piece), n_lines or 1)
            rows = records(piece, n_lines, size)
            if not rest and width < size <= width + 2 and _is_even(rows, width):
                yield range(number, number + n_lines), [column(rows, cut, encoding) for cut in cuts]
            else:
                yield _line_by_line(piece, number, cuts, encoding, bad_lines)
            number += n_lines


def _is_even(rows: NDArray[np.uint8], width: int) -> bool:
    """Whether every row ends its line right behind the last field, and nowhere before."""
    tail = rows[:, width:]
    ended = bool((tail[:, -1] == _LF).all()) and bool((tail[:, :-1] == _CR).all())
    return ended and not (rows[:, :width] == _LF).any() and not (rows[:, width - 1] == _CR).any()


def _line_by_line(
    piece: bytes, first: int, cuts: list[slice], encoding: str, bad_lines: list[BadLine]
) -> Batch:
    width = cuts[-1].stop
    lines: list[int] = []
    kept: list[list[str]] = []
    for number, line in enumerate(piece.split(b"\n"), first):
        content = line.rstrip(b"\r\x1a")
        if len(content) == width:
            lines.append(number)
            # a field that cuts a character in two shows as U+FFFD and its row goes to quarantine
            kept.append([content[cut].decode(encoding, "replace") for cut in cuts])
        elif content:
            raw = content.decode(encoding, "replace")
            found = f"{len(content)} bytes"
            asked = Text(f"{width} bytes a line", f"每行 {width} 字节")
            bad_lines.append(BadLine(number, Reason.WRONG_WIDTH, asked, raw, found=found))
    return lines, [[row[position] for row in kept] for position in range(len(cuts))]
