"""A delivered file as rows in order: SQL that reads it, the columns it offers, where each row stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.contract.schema import Text

RAW_LENGTH = 4000  # of a quarantined row's text, that much is kept


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no row: where, why, what it should be, and the line itself."""

    line: int
    reason: Reason
    allowed: Text
    raw: str
    column: str = ""
    found: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file ready to be conformed.

    ``sql`` gives rows in file order; with ``is_typed`` the columns have types of their own (Parquet) and the
    row's number is ``file_row_number``. ``lines`` turns numbers of rows (from 0) into lines, ``raws`` gives
    the text of lines as delivered.
    """

    sql: str
    columns: dict[str, str]
    encoding: str
    n_rows: int
    lines: Callable[[Iterable[int]], dict[int, int]]
    raws: Callable[[Iterable[int]], dict[int, str]]
    bad_lines: list[BadLine] = field(default_factory=list)
    is_typed: bool = False
