"""Excel workbooks: the first sheet or the one the mapping names, values as text, formulas told from values.

A cell that holds a formula shows whatever Excel last computed, so its row goes to quarantine: calamine gives
the values, the sheet's XML tells which cells are formulas. So does a number of more than 15 digits (a bank card, an
investor code): Excel has put zeros in place of the last ones.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook

from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.contract.schema import Text
from keepwell.engine.ingest.errors import FileRefused
from keepwell.engine.ingest.mapping import Reading
from keepwell.engine.store.readers.found import Found
from keepwell.engine.store.readers.gathered import Batch, gather
from keepwell.engine.store.readers.opened import BadLine, Opened
from keepwell.engine.store.session import Session

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LETTERS = 26
_MOST_CELLS = 50_000_000
_MOST_EXACT = 10**15


def open_excel(session: Session, found: Found, reading: Reading, spill: Path) -> Opened:
    """Open a workbook. Raises ``FileRefused`` if it is damaged, has no such sheet or no header."""
    sheet, cells, formulas = _sheet(found, reading)
    columns = [shown(cell) for cell in cells[0]] if cells and reading.header else list(reading.columns)
    while columns and not columns[-1]:
        columns.pop()
    columns = [column or f"_{number}" for number, column in enumerate(columns)]
    if not columns or len({column.lower() for column in columns}) != len(columns):
        raise FileRefused(
            found.name,
            Text(f"line 1 of {sheet!r} is no header: {columns}", f"{sheet!r} 的第 1 行不是表头：{columns}"),
            Text("Give each column a name of its own", "请给每列一个不同的名称"),
            1,
        )
    bad_lines: list[BadLine] = []
    rows = list(_rows(cells, columns, formulas, bad_lines, first=int(reading.header)))
    texts = [[row[position] for _, row in rows] for position in range(len(columns))]
    batch: Batch = [line for line, _ in rows], texts
    return gather(session, found, columns, iter([batch]), spill, encoding="xlsx", bad_lines=bad_lines)


def _sheet(found: Found, reading: Reading) -> tuple[str, list[list[Any]], Any]:
    """Name, cells and formulas of the sheet that is read."""
    try:
        book = CalamineWorkbook.from_path(found.path)
        sheet = reading.sheet or book.sheet_names[0]
        _require_sheet(found, sheet, book.sheet_names)
        formulas, n_cells = _formulas(found.path, sheet)
        _require_size(found, sheet, n_cells)
        return sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False), formulas
    except FileRefused:
        raise
    except (CalamineError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, ET.ParseError) as fault:
        raise FileRefused(
            found.name,
            Text(f"not a readable workbook: {fault}", f"无法读取该工作簿：{fault}"),
            Text("Save it again as .xlsx", "请重新存为 .xlsx"),
        ) from fault


def _require_sheet(found: Found, sheet: str, known: list[str]) -> None:
    if sheet not in known:
        what = Text(
            f"there is no sheet {sheet!r}; it has {', '.join(known)}",
            f"没有工作表 {sheet!r}；现有 {'、'.join(known)}",
        )
        raise FileRefused(found.name, what, Text("Name one of them in the mapping", "请在映射中指定其中一个"))


def _require_size(found: Found, sheet: str, n_cells: int) -> None:
    if n_cells > _MOST_CELLS:
        what = Text(
            f"sheet {sheet!r} reaches over {n_cells} cells, {_MOST_CELLS} are read at most",
            f"工作表 {sheet!r} 占 {n_cells} 个单元格，最多读取 {_MOST_CELLS} 个",
        )
        remedy = Text(
            "Delete the stray cells far from the table, or deliver it as CSV",
            "请删去表格以外的零散单元格，或以 CSV 交付",
        )
        raise FileRefused(found.name, what, remedy)


def shown(value: Any) -> str:
    """A cell as the text a person would write: whole numbers without a point, dates and times in ISO form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()


def _rows(
    cells: list[list[Any]],
    columns: list[str],
    formulas: dict[int, tuple[int, str]],
    bad_lines: list[BadLine],
    *,
    first: int,
) -> Iterator[tuple[int, list[str]]]:
    width = len(columns)
    for number, row in enumerate(cells[first:], first + 1):
        texts = [shown(cell) for cell in row]
        if not any(texts):
            continue
        raw = "|".join(texts)
        if number in formulas:
            column, formula = formulas[number]
            called = columns[column] if column < width else f"column {column + 1}"
            remedy = Text("the value itself: paste it over the formula", "数值本身：请把公式粘贴为数值")
            bad_lines.append(BadLine(number, Reason.FORMULA, remedy, raw, called, f"={formula}"))
        elif (lost := _lost_digits(row[:width])) is not None:
            remedy = Text(
                "text: format the column as text and enter it again", "文本：请把该列设为文本格式后重新录入"
            )
            bad_lines.append(BadLine(number, Reason.LOST_DIGITS, remedy, raw, columns[lost], texts[lost]))
        elif any(texts[width:]):
            bad_lines.append(
                BadLine(
                    number,
                    Reason.WRONG_WIDTH,
                    Text(f"{width} columns", f"{width} 列"),
                    raw,
                    found=f"{len(texts)} columns",
                )
            )
        else:
            yield number, [*texts[:width], *[""] * (width - len(texts))]


def _lost_digits(row: list[Any]) -> int | None:
    """The first column whose number is longer than a cell can keep."""
    return next(
        (
            place
            for place, cell in enumerate(row)
            if isinstance(cell, int | float) and abs(cell) >= _MOST_EXACT
        ),
        None,
    )


def _formulas(path: Path, sheet: str) -> tuple[dict[int, tuple[int, str]], int]:
    """Line -> column (from 0) and text of the first formula in it; and how many cells the sheet reaches over.

    One stray cell in the last corner makes a sheet of 17 thousand million cells, all of which would be held.
    """
    found: dict[int, tuple[int, str]] = {}
    width = height = 0
    with zipfile.ZipFile(path) as archive, archive.open(_part(archive, sheet)) as stream:
        for _, element in ET.iterparse(stream):  # noqa: S314  # expat limits what entities may expand to
            if element.tag == f"{_MAIN}c":
                formula = element.find(f"{_MAIN}f")
                column, line = _place(element.get("r", "A1"))
                width, height = max(width, column + 1), max(height, line)
                if formula is not None:
                    found.setdefault(line, (column, formula.text or ""))
                element.clear()
    return found, width * height


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The path of a sheet's XML inside the workbook."""
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  # the same
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  # the same
    wanted = {one.get("name"): one.get(_LINK) for one in book.iter(f"{_MAIN}sheet")}[sheet]
    target = {one.get("Id"): str(one.get("Target")) for one in links}[wanted]
    return target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)


def _place(reference: str) -> tuple[int, int]:
    """``BC12`` is column 54 (from 0) of line 12."""
    column = 0
    for letter in reference:
        if letter.isdigit():
            break
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return column - 1, int(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
