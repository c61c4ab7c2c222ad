"""The file in which the firm's systems answer a write-back: CSV in UTF-8, `file,row,result,reason`.

What is wrong with the file as a whole is told with place, value and remedy, and nothing of it is taken in. What is
wrong with one row makes that row unknown.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from keepwell.desk.ui import formats

COLUMNS = ("file", "row", "result", "reason")
RESULTS = ("accepted", "refused")
LARGEST = 2 * 2**20  # bytes
MOST = 5_000  # rows: beyond any file's, so that one transaction holds them
LONGEST = 200  # letters of a reason
SHOWN = 40  # letters of a wrong value
NUMBER = re.compile(
    r"\d(?:[ \-–—]?\d){6,}(?:[ \-]?[Xx])?"
)  # a phone, document or account, however it is written
MAIL = re.compile(r"[^\s,;，；：:@＠]{1,64}[@＠][^\s,;，；]+")
HIDDEN = "****"


class BadFile(Exception):
    """The file cannot be taken in; the sentence names the place, the value found and the remedy."""


@dataclass(frozen=True, slots=True)
class Said:
    """One row of the file as it stands there."""

    line: int
    row: str
    result: str
    reason: str


def read(content: bytes, number: int) -> Sequence[Said]:
    """The rows of an answer to the write-back of that number. Raises `BadFile`."""
    if len(content) > LARGEST:
        raise BadFile(
            _("The file has %(n)d bytes; an answer has at most %(most)d. Send it in parts.")
            % {"n": len(content), "most": LARGEST}
        )
    rows = list(islice(_rows(_decoded(content), number), MOST + 1))
    if len(rows) > MOST:
        raise BadFile(
            _("The file is longer than an answer can be (rows: %(most)s). Send it in parts.")
            % {"most": formats.number(MOST)}
        )
    if not rows:
        raise BadFile(
            _("Line 2: there is no row. An answer has one row for each row of the file it answers.")
        )
    return rows


def _kept(said: str, n: int) -> str:
    """What a system answered, as it may be kept and shown: a value it repeats in its sentence is taken out."""
    return MAIL.sub(HIDDEN, NUMBER.sub(HIDDEN, said[: 2 * n]))[:n]


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before, wrong = error.object[: error.start], error.object[error.start]  # without a byte order mark
        raise BadFile(
            _("Line %(line)d: the byte %(value)s is not UTF-8. Save the file as CSV in UTF-8.")
            % {"line": before.count(b"\n") + 1, "value": f"0x{wrong:02X}"}
        ) from error


def _rows(text: str, number: int) -> Iterator[Said]:
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        places = _places(head)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            file, row, result, reason = (cells[at].strip() if at < len(cells) else "" for at in places)
            if file != str(number):
                raise BadFile(
                    _(
                        "Line %(line)d, column file: found “%(value)s”, expected %(number)d. "
                        "Take the answer in at the file it names."
                    )
                    % {"line": reader.line_num, "value": file[:SHOWN], "number": number}
                )
            yield Said(
                reader.line_num, _kept(row, SHOWN), _kept(result.lower(), SHOWN), _kept(reason, LONGEST)
            )
    except csv.Error as error:
        raise BadFile(
            _("Line %(line)d is no CSV (%(value)s). Put texts with commas or quotes in double quotes.")
            % {"line": reader.line_num, "value": error}
        ) from error


def _places(head: Sequence[str]) -> Sequence[int]:
    missing = [name for name in COLUMNS if name not in head]
    if missing:
        raise BadFile(
            _("Line 1: found the columns “%(value)s”, missing: %(missing)s. The first line is %(whole)s.")
            % {
                "value": ",".join(head)[:SHOWN],
                "missing": ", ".join(missing),
                "whole": ",".join(COLUMNS),
            }
        )
    return [head.index(name) for name in COLUMNS]
