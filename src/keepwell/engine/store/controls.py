"""Control totals: what the firm says a file holds. A file that disagrees is refused whole.

``control.csv`` in the delivery has the columns file, rows, column, total; column and total may be empty, and
a file may have several lines, one for each column that is summed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TextIO

from keepwell.contract.schema import Text
from keepwell.engine.ingest.errors import DeliveryRefused, FileRefused
from keepwell.engine.ingest.sqltext import name
from keepwell.engine.store.readers.found import CONTROL, Found, Sorted
from keepwell.engine.store.readers.opened import Opened
from keepwell.engine.store.session import Session

COLUMNS = ("file", "rows", "column", "total")
REMEDY = Text("Deliver the whole file, or its right totals", "请交付完整的文件，或正确的合计")


@dataclass(frozen=True, slots=True)
class Total:
    """One line of the control file."""

    line: int
    n_rows: int
    column: str
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class Controls:
    """All control totals of a delivery, by file name."""

    by_file: dict[str, list[Total]]

    @classmethod
    def read(cls, extracts: Path, files: Sorted) -> Controls:
        """Read ``control.csv``, if there is one. Raises ``DeliveryRefused`` if it is wrong or names an absent file."""
        path = extracts / CONTROL
        if not path.exists():
            return cls({})
        delivered = {file for found in files.by_key.values() for file, _ in found} | set(files.unmatched)
        by_file: dict[str, list[Total]] = {}
        faults: list[Text] = []
        with _readable(path) as stream:
            reader = csv.DictReader(stream)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise DeliveryRefused([_wrong(1, f"{reader.fieldnames}", ", ".join(COLUMNS))])
            for line in reader:
                file, total = str(line["file"]), _total(line, reader.line_num, faults)
                if file not in delivered:
                    faults.append(
                        Text(
                            f"{CONTROL}: line {reader.line_num}: file {file!r} was not delivered. Deliver it",
                            f"{CONTROL}：第 {reader.line_num} 行：文件 {file!r} 未交付，请交付",
                        )
                    )
                if total:
                    by_file.setdefault(file, []).append(total)
        if faults:
            raise DeliveryRefused(faults)
        return cls(by_file)

    def require(self, session: Session, found: Found, source: Opened) -> None:
        """Raise ``FileRefused`` naming both numbers if the file disagrees with its totals."""
        n_rows = source.n_rows + len(source.bad_lines)
        for total in self.by_file.get(found.name, []):
            if total.n_rows != n_rows:
                what = Text(
                    f"control total: {total.n_rows} rows announced, {n_rows} found",
                    f"控制总数：声明 {total.n_rows} 行，实有 {n_rows} 行",
                )
                raise FileRefused(found.name, what, REMEDY)
            if total.column:
                self._require_sum(session, found, source, total)

    def _require_sum(self, session: Session, found: Found, source: Opened, total: Total) -> None:
        if total.column not in source.columns:
            absent = Text(
                f"control total names column {total.column!r}, which is absent",
                f"控制总数所指的列 {total.column!r} 不存在",
            )
            raise FileRefused(found.name, absent, REMEDY)
        said = f"nullif(trim(CAST({name(total.column)} AS VARCHAR)), '')"
        value = f"TRY_CAST(replace({said}, ',', '') AS DECIMAL(38, 8))"
        ((summed, n_said, n_numbers),) = session.rows(
            f"SELECT coalesce(sum({value}), 0), count({said}), count({value}) FROM ({source.sql})"
        )
        if n_said and not n_numbers:
            what = Text(
                f"control total names column {total.column!r}, which holds no numbers",
                f"控制总数所指的列 {total.column!r} 不是数字",
            )
            raise FileRefused(
                found.name,
                what,
                Text(
                    "Name a column of amounts or quantities in control.csv",
                    "请在 control.csv 中指定金额或数量列",
                ),
            )
        if summed != total.total:
            raise FileRefused(found.name, _unlike(total, summed, n_said - n_numbers), REMEDY)


def _unlike(total: Total, summed: Decimal, n_no_numbers: int) -> Text:
    """Both numbers, and how many values could not be summed."""
    found = f"{summed.normalize():f}"
    en = f"control total of {total.column}: {total.total} announced, {found} found"
    zh = f"{total.column} 的控制总数：声明 {total.total}，实为 {found}"
    if not n_no_numbers:
        return Text(en, zh)
    return Text(
        f"{en}, {n_no_numbers} values that are no numbers left out", f"{zh}，另有 {n_no_numbers} 个值不是数字"
    )


@contextmanager
def _readable(path: Path) -> Iterator[TextIO]:
    """The control file as text; raises ``DeliveryRefused`` when it is none, at whatever line that shows."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield stream
    except (UnicodeDecodeError, csv.Error) as fault:
        said = Text(
            f"{CONTROL}: {fault}; allowed: CSV in UTF-8", f"{CONTROL}：{fault}；应为 UTF-8 编码的 CSV"
        )
        raise DeliveryRefused([said]) from fault


def _wrong(line: int, found: str, allowed: str) -> Text:
    return Text(
        f"{CONTROL}: line {line}: found {found}; allowed: {allowed}",
        f"{CONTROL}：第 {line} 行：所见 {found}；应为 {allowed}",
    )


def _total(line: dict[str, str], number: int, faults: list[Text]) -> Total | None:
    try:
        total = _finite(line["total"]) if line["column"] else None
        return Total(number, int(line["rows"]), line["column"] or "", total)
    except (InvalidOperation, ValueError, TypeError):
        found = f"rows {line['rows']!r}, total {line['total']!r}"
        faults.append(_wrong(number, found, "plain numbers 普通数字"))
        return None


def _finite(said: str) -> Decimal:
    """The number said; raises ``ValueError`` for NaN and infinities, which no sum can be."""
    total = Decimal(said)
    if not total.is_finite():
        raise ValueError(said)
    return total
