"""Texts with separators: CSV, TSV, ``|`` and the like. DuckDB parses; this module knows where each row stands.

DuckDB gives rows in file order and lists the records it could not read by number. Where every record is one
line, a row's line is its number; a file with line breaks inside quotes, blank or bad lines is walked once more,
but only when some row of it has to be pointed at.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.contract.schema import Text
from keepwell.engine.ingest.errors import FileRefused
from keepwell.engine.ingest.mapping import Reading
from keepwell.engine.ingest.sqltext import name, text
from keepwell.engine.store.readers.encodings import as_utf8
from keepwell.engine.store.readers.found import Found
from keepwell.engine.store.readers.line_ends import alike
from keepwell.engine.store.readers.opened import RAW_LENGTH, BadLine, Opened
from keepwell.engine.store.session import Session

_REASONS = {"INVALID ENCODING": Reason.BAD_ENCODING, "LINE SIZE OVER MAXIMUM": Reason.TOO_LONG}
_LONGEST_LINE = 2_000_000
_MOST_COLUMNS = 2_000


@dataclass(frozen=True, slots=True)
class Walk:
    """How records follow one another in a text."""

    path: Path
    quote: str
    has_header: bool
    skips_blank: bool
    bad: frozenset[int]
    line_end: str = "\n"

    def records(self) -> Iterator[tuple[int, int, str]]:
        """Record number and first line, both from 1, and its text; a record ends where quotes are closed."""
        held: list[str] = []
        first = record = 1
        with self.path.open(encoding="utf-8-sig", errors="replace", newline=self.line_end) as stream:
            for number, line in enumerate(stream, 1):
                first = first if held else number
                held.append(line)
                whole = "".join(held) if len(held) > 1 else line
                if self.quote and whole.count(self.quote) % 2:
                    continue
                yield record, first, whole
                record += 1
                held = []
        if held:
            yield record, first, "".join(held)

    def lines(self, rows: Iterable[int]) -> dict[int, int]:
        """Line of each row asked for, rows counted from 0 as DuckDB gives them."""
        wanted = set(rows)
        found: dict[int, int] = {}
        row = -1
        for record, line, whole in self.records() if wanted else ():
            is_blank = self.skips_blank and not whole.strip("\r\n")
            if is_blank or record in self.bad or (self.has_header and record == 1):
                continue
            row += 1
            if row in wanted:
                found[row] = line
        return found

    def lines_of_records(self, records: Iterable[int]) -> dict[int, int]:
        """First line of each record asked for."""
        wanted = set(records)
        return {record: line for record, line, _ in self.records() if record in wanted} if wanted else {}

    def raws(self, lines: Iterable[int]) -> dict[int, str]:
        """The text of the records that begin on these lines, without the line end."""
        wanted = set(lines)
        return (
            {line: whole.rstrip("\r\n") for _, line, whole in self.records() if line in wanted}
            if wanted
            else {}
        )


def open_delimited(session: Session, found: Found, reading: Reading, spill: Path) -> Opened:
    """Open a text with separators. Raises ``FileRefused`` for an empty file, a wrong encoding or a bad header."""
    delivered, encoding = as_utf8(found, reading.encoding, spill)
    path = alike(found, delivered, reading.delimiter, reading.quote, spill)
    columns = reading.columns or _header(path, found, reading)
    source = _source(path, columns, reading)
    n_rows, rejected = _scan(session, source, found)
    walk = Walk(
        path, reading.quote, reading.header, len(columns) > 1, frozenset(record for record, _, _ in rejected),
        "\r" if path == delivered and not found.n_lf else "\n",  # old Macintosh texts have no other line end
    )  # fmt: skip
    offset = 2 if reading.header else 1
    is_even = path == delivered and not rejected and n_rows + offset - 1 == found.n_lines
    lines = walk.lines_of_records(record for record, _, _ in rejected)
    _require_closed_quotes(found, rejected, lines)
    return Opened(
        sql=f"SELECT * FROM {source}, ignore_errors = true)",
        columns=dict.fromkeys(columns, "VARCHAR"),
        encoding=encoding,
        n_rows=n_rows,
        lines=(lambda rows: {row: row + offset for row in rows}) if is_even else walk.lines,
        raws=walk.raws,
        bad_lines=[
            BadLine(
                lines.get(record, record),
                _REASONS.get(kind, Reason.WRONG_WIDTH),
                Text(
                    f"{len(columns)} fields parted by {reading.delimiter!r}, quotes closed",
                    f"以 {reading.delimiter!r} 分隔的 {len(columns)} 个字段，引号成对",
                ),
                raw.strip("\r\n"),
                found=kind.lower(),
            )
            for record, kind, raw in rejected
        ],
    )


def _require_closed_quotes(found: Found, rejected: list[tuple[int, str, str]], lines: dict[int, int]) -> None:
    """Refuse the file if a quote left open swallows more rows than the raw text of one record can keep."""
    for record, _, raw in rejected:
        if len(raw) > RAW_LENGTH and "\n" in raw.strip():
            raise FileRefused(
                found.name,
                Text(
                    f"a quote opened in line {lines.get(record, record)} is not closed before the record is over: "
                    "it swallows the rows that follow",
                    f"第 {lines.get(record, record)} 行的引号到记录结束仍未闭合：后面的行会被吞掉",
                ),
                Text(
                    "Close the quote, or name another quote character in the mapping",
                    "请补上引号，或在映射中指定其他引号",
                ),
                lines.get(record, record),
            )


def _header(path: Path, found: Found, reading: Reading) -> tuple[str, ...]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        first = stream.readline(_LONGEST_LINE)
    try:
        cells = next(
            csv.reader([first.rstrip("\r\n")], delimiter=reading.delimiter, quotechar=reading.quote or None,
                       quoting=csv.QUOTE_MINIMAL if reading.quote else csv.QUOTE_NONE), []
        )  # fmt: skip
    except csv.Error as fault:
        raise FileRefused(
            found.name,
            Text(f"line 1 is no header: {fault}", f"第 1 行不是表头：{fault}"),
            Text("Check delimiter and quotes", "请核对分隔符与引号"),
            1,
        ) from fault
    return _require_names(found, tuple(cell.strip() or f"_{number}" for number, cell in enumerate(cells)))


def _require_names(found: Found, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns a header names. Raises ``FileRefused`` for none, too many, or one named twice."""
    if len(columns) > _MOST_COLUMNS:
        raise FileRefused(
            found.name,
            Text(
                f"line 1 names {len(columns)} columns, {_MOST_COLUMNS} are read at most",
                f"第 1 行有 {len(columns)} 列，最多读取 {_MOST_COLUMNS} 列",
            ),
            Text(
                "Check the delimiter, or leave out columns the mapping does not name",
                "请核对分隔符，或去掉映射未用到的列",
            ),
        )
    named = Counter(column.lower() for column in columns)
    twice = sorted({column for column in columns if named[column.lower()] > 1})
    if not columns:
        remedy = Text("Deliver it with its header line", "请连同表头一起交付")
        what = Text("line 1 is blank where the header should be", "第 1 行应为表头，却是空行")
        raise FileRefused(found.name, what, remedy, 1)
    if twice:
        raise FileRefused(
            found.name,
            Text(
                f"line 1 names columns twice: {', '.join(twice)}", f"第 1 行有重复的列名：{'、'.join(twice)}"
            ),
            Text("Give each a name of its own", "请给每列一个不同的名称"),
            1,
        )
    return columns


def _source(path: Path, columns: Iterable[str], reading: Reading) -> str:
    """The beginning of a ``read_csv`` call, open for one more option."""
    listed = ", ".join(f"{text(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({text(path)}, auto_detect = false, header = false, skip = {int(reading.header)}, "
        f"delim = {text(reading.delimiter)}, quote = {text(reading.quote)}, escape = {text(reading.quote)}, "
        f"columns = {{{listed}}}, null_padding = false, strict_mode = true, nullstr = '', "
        f"hive_partitioning = false, max_line_size = {_LONGEST_LINE}"
    )


def _scan(session: Session, source: str, found: Found) -> tuple[int, list[tuple[int, str, str]]]:
    """Number of rows, and number, kind and text of records that are none."""
    mark = f"{found.fingerprint[:12]}"
    errors, scans = f"bad_lines_{mark}", f"bad_scans_{mark}"
    for table in (errors, scans):
        session.run(f"DROP TABLE IF EXISTS {name(table)}")
    options = f"store_rejects = true, rejects_table = {text(errors)}, rejects_scan = {text(scans)}"
    try:
        n_rows = int(session.rows(f"SELECT count(*) FROM {source}, {options})")[0][0])
    except duckdb.Error as fault:
        raise FileRefused(
            found.name,
            Text(f"not a text with separators: {fault}", f"不是带分隔符的文本：{fault}"),
            Text("Check delimiter and quotes", "请核对分隔符与引号"),
        ) from fault
    rejected = session.rows(
        f"SELECT line, min(error_type), min(csv_line) FROM {name(errors)} GROUP BY line ORDER BY line"
    )
    return n_rows, [(int(record), str(kind), str(raw or "")) for record, kind, raw in rejected]
