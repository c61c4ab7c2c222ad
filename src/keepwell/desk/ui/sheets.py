"""Writing rows as a file that people open in a spreadsheet: nothing in it is ever a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

FORMS = {"csv": "CSV", "xlsx": "Excel"}
RISKY = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # full-width signs begin formulas in some locales


def safe(value: str) -> str:
    """Text that a spreadsheet takes for text: a quote before whatever could begin a formula; no NUL."""
    text = value.replace("\0", "")
    return f"'{text}" if text.startswith(RISKY) else text


def plain(value: Any) -> str:
    """A value as CSV holds it: numbers bare, days ISO, instants in Beijing time, texts safe, unknown empty."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    return safe(str(value))


def write(
    file: IO[bytes],
    form: str,
    *,
    marks: Sequence[str],
    columns: Sequence[object],
    rows: Iterable[Sequence[Any]],
) -> Iterator[int]:
    """Write marks, head and rows; yields how many rows are written so far, now and then.

    `marks` are lines above the table that say who took it away, when and for what.
    """
    writer = _xlsx if form == "xlsx" else _csv
    yield from writer(file, marks, [str(label) for label in columns], rows)


def _csv(
    file: IO[bytes], marks: Sequence[str], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[int]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    out = csv.writer(text)
    out.writerows([safe(mark)] for mark in marks)
    out.writerow([safe(label) for label in columns])
    n = 0
    for n, row in enumerate(rows, 1):
        out.writerow([plain(value) for value in row])
        if n % 200 == 0:
            yield n
    text.flush()
    text.detach()
    yield n


def _xlsx(
    file: IO[bytes], marks: Sequence[str], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[int]:
    book = xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet()
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for at, mark in enumerate(marks):
        sheet.write_string(at, 0, mark)
    top = len(marks)
    for place, label in enumerate(columns):
        sheet.write_string(top, place, label, bold)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_footer("&L" + (marks[0] if marks else "").replace("&", "&&")[:200] + "&R&P / &N")
    n = 0
    for n, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            _cell(sheet, top + n, place, value, day)
        if n % 200 == 0:
            yield n
    book.close()
    yield n


def _cell(sheet: Any, line: int, place: int, value: Any, day: Any) -> None:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        sheet.write_number(line, place, value)
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        sheet.write_datetime(line, place, dt.datetime.combine(value, dt.time()), day)
    else:
        sheet.write_string(line, place, plain(value))
