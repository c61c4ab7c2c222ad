"""Texts of fixed width, measured in bytes as mainframes write them: a Chinese character is two in GBK."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path

from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.engine.ingest.mapping import Reading
from keepwell.engine.store.readers.encodings import as_utf8
from keepwell.engine.store.readers.found import Found
from keepwell.engine.store.readers.gathered import Row, gather
from keepwell.engine.store.readers.opened import BadLine, Opened
from keepwell.engine.store.session import Session


def open_fixed(session: Session, found: Found, reading: Reading, spill: Path) -> Opened:
    """Open a text of fixed width. Raises ``FileRefused`` if it is in no known encoding."""
    encoding = as_utf8(found, reading.encoding, spill)[1]
    bad_lines: list[BadLine] = []
    rows = _rows(found.path, reading, encoding, bad_lines)
    return gather(
        session, found, reading.columns, rows, spill, encoding=encoding, bad_lines=bad_lines, joined=""
    )


def _rows(path: Path, reading: Reading, encoding: str, bad_lines: list[BadLine]) -> Iterator[Row]:
    cuts = [slice(start, end) for start, end in pairwise(accumulate(reading.widths, initial=0))]
    width = sum(reading.widths)
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            content = line.rstrip(b"\r\n")
            if (reading.header and number == 1) or not content:
                continue
            if len(content) != width:
                raw = content.decode(encoding, "replace")
                found = f"{len(content)} bytes"
                bad_lines.append(
                    BadLine(number, Reason.WRONG_WIDTH, f"{width} bytes a line", raw, found=found)
                )
                continue
            # a field that cuts a character in two shows as U+FFFD and its row goes to quarantine
            yield number, [content[cut].decode(encoding, "replace") for cut in cuts]
