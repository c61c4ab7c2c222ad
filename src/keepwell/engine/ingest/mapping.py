"""A vendor's mapping: which file is which table, how its columns are named and written."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field, replace
from typing import Any

from keepwell.contract import TABLES, Kind, Table
from keepwell.contract.codes import Currency
from keepwell.contract.sources import SOURCES
from keepwell.engine.ingest import forms
from keepwell.engine.ingest.errors import MappingError

ENCODINGS = ("auto", "utf-8", "gbk", "gb18030")
UNITS = ("yuan", "fen", "wan")
KNOWN_ON = "@known_on"
SUFFIXES = (".parquet", ".csv", ".txt", ".tsv", ".dat", ".asc", ".dbf", ".xlsx")
_SOURCES = {table.name: table for table in SOURCES}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is written. ``widths`` (bytes per field) makes it fixed width; then ``columns`` names the fields."""

    encoding: str = "auto"
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    columns: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """How one column is delivered: its name there (``source``) or a constant, and its written form."""

    name: str
    source: str = ""
    default: str | None = None
    prefix: str = ""
    form: str = ""
    unit: str = "yuan"
    thousands: bool = False
    decimal_mark: str = "."
    rounded: bool = False
    offset_hours: int = 0
    codes: Dict[str, str] = field(default_factory=dict)
    nulls: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the value stands as the contract wants it, so that a typed column needs no parsing."""
        return replace(self, name="", source="", default=None, nulls=()) == ColumnRule("")


@dataclass(frozen=True, slots=True)
class FileRule:
    """A kind of file of the vendor: its raw rows are ``raw_<key>`` in a preparation step."""

    key: str
    pattern: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class TableRule:
    """Where a contract table comes from: one kind of file, or a preparation query over several."""

    table: type[Table]
    file: str = ""
    sql: str = ""
    files: tuple[str, ...] = ()
    columns: Dict[str, ColumnRule] = field(default_factory=dict)
    nulls: tuple[str, ...] = ()

    def rule(self, column: str) -> ColumnRule:
        """The rule of a column; by default it is delivered under the contract's name and form."""
        return self.columns.get(column) or ColumnRule(column, source=column, nulls=self.nulls)


@dataclass(frozen=True, slots=True)
class Mapping:
    """One vendor. ``without`` lists required tables the vendor does not have, ``ignored`` files left alone."""

    name: str
    title: str
    calendar: str
    currency: str
    files: Dict[str, FileRule]
    tables: Dict[str, TableRule]
    without: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


_KEYS = {
    "": ("mapping", "reading", "file", "table"),
    "mapping": ("name", "title", "calendar", "currency", "without", "ignored", "others_as_contract"),
    "reading": ("encoding", "delimiter", "quote", "header", "columns", "widths", "sheet"),
    "file": ("pattern", "encoding", "delimiter", "quote", "header", "columns", "widths", "sheet"),
    "table": ("file", "sql", "files", "columns", "nulls"),
    "column": (
        "from", "default", "prefix", "form", "unit", "thousands", "decimal_mark", "rounded", "offset_hours", "codes",
        "nulls",
    ),
}  # fmt: skip


class Reader:
    """Reads the parsed TOML of a mapping; ``file`` names it in errors. Raises ``MappingError`` on the first fault."""

    def __init__(self, tables: Dict[str, Any], file: str) -> None:
        self._tables, self._file = tables, file

    def mapping(self) -> Mapping:
        """The whole mapping, checked against the contract."""
        self._known("", self._tables, "")
        head = self._part("mapping")
        self._known("mapping", head, "mapping")
        files = self._files()
        rules = {key: self._table(key, part, files) for key, part in self._part("table").items()}
        if self._typed(head, "mapping.others_as_contract", bool, False):
            reading = self._reading(self._part("reading"), "reading")
            for table in (table for table in SOURCES if table.name not in rules):
                files[table.name] = FileRule(table.name, table.name, reading)
                rules[table.name] = TableRule(table, file=table.name)
        return Mapping(
            name=self._typed(head, "mapping.name", str),
            title=self._typed(head, "mapping.title", str),
            calendar=self._typed(head, "mapping.calendar", str, "cn"),
            currency=self._one_of(head, "mapping.currency", [str(code) for code in Currency], "CNY"),
            files=files,
            tables={table.name: rules[table.name] for table in SOURCES if table.name in rules},
            without=self._texts(head, "mapping.without", [table.name for table in SOURCES]),
            ignored=self._texts(head, "mapping.ignored"),
        )

    def _files(self) -> dict[str, FileRule]:
        found: dict[str, FileRule] = {}
        shared = self._part("reading")
        self._known("reading", shared, "reading")
        for key, part in self._part("file").items():
            where = f"file.{key}"
            self._known("file", part, where)
            pattern = self._typed(part, f"{where}.pattern", str)
            found[key] = FileRule(key, pattern, self._reading({**shared, **part}, where))
        return found

    def _reading(self, part: Dict[str, Any], where: str) -> Reading:
        widths = tuple(self._typed(part, f"{where}.widths", list, []))
        columns = self._texts(part, f"{where}.columns")
        header = self._typed(part, f"{where}.header", bool, not widths)
        if any(not isinstance(width, int) or width < 1 for width in widths):
            raise self._refuse(f"{where}.widths", widths, "bytes per field, whole numbers from 1")
        if widths and len(widths) != len(columns):
            raise self._refuse(f"{where}.columns", columns, f"{len(widths)} names, one for each width")
        if not header and not columns:
            raise self._refuse(
                f"{where}.columns", "nothing", "the names of the fields, as the file has no header line"
            )
        delimiter = self._typed(part, f"{where}.delimiter", str, ",")
        if len(delimiter) != 1 or delimiter in '\r\n"':
            raise self._refuse(f"{where}.delimiter", delimiter, 'one character such as "," ";" "|" or "\\t"')
        return Reading(
            encoding=self._one_of(part, f"{where}.encoding", ENCODINGS, "auto"),
            delimiter=delimiter,
            quote=self._one_of(part, f"{where}.quote", ('"', "'", ""), '"'),
            header=header,
            columns=columns,
            widths=widths,
            sheet=self._typed(part, f"{where}.sheet", str, ""),
        )

    def _table(self, key: str, part: Dict[str, Any], files: dict[str, FileRule]) -> TableRule:
        where = f"table.{key}"
        if key not in _SOURCES:
            raise self._refuse(where, key, "one of " + ", ".join(_SOURCES))
        self._known("table", part, where)
        sql = self._typed(part, f"{where}.sql", str, "")
        named = self._texts(part, f"{where}.files", list(files)) if sql else ()
        file = "" if sql else self._one_of(part, f"{where}.file", list(files), None)
        nulls = self._texts(part, f"{where}.nulls")
        columns = {
            name: self._column(TABLES[key], name, value, f"{where}.columns.{name}", nulls)
            for name, value in self._typed(part, f"{where}.columns", dict, {}).items()
        }
        return TableRule(_SOURCES[key], file, sql, named, columns, nulls)

    def _column(
        self, table: type[Table], name: str, value: Any, where: str, nulls: tuple[str, ...]
    ) -> ColumnRule:
        if name not in table.columns:
            raise self._refuse(where, name, "one of " + ", ".join(table.columns))
        if isinstance(value, str):
            return ColumnRule(name, source=value, nulls=nulls)
        if not isinstance(value, dict):
            raise self._refuse(
                where, value, "the column's name in the file, or a table with from, default, form …"
            )
        self._known("column", value, where)
        rule = ColumnRule(
            name,
            source=self._typed(value, f"{where}.from", str, ""),
            default=self._typed(value, f"{where}.default", str, None),
            prefix=self._typed(value, f"{where}.prefix", str, ""),
            form=self._typed(value, f"{where}.form", str, ""),
            unit=self._one_of(value, f"{where}.unit", UNITS, "yuan"),
            thousands=self._typed(value, f"{where}.thousands", bool, False),
            decimal_mark=self._one_of(value, f"{where}.decimal_mark", (".", ","), "."),
            rounded=self._typed(value, f"{where}.rounded", bool, False),
            offset_hours=self._typed(value, f"{where}.offset_hours", int, 0),
            codes=self._codes(value, where),
            nulls=self._texts(value, f"{where}.nulls") or nulls,
        )
        self._check_column(table, rule, where)
        return rule

    def _codes(self, value: Dict[str, Any], where: str) -> dict[str, str]:
        """The code list; a default is written as the contract's code and stands for itself."""
        codes = dict(self._typed(value, f"{where}.codes", dict, {}))
        default = value.get("default")
        return {**codes, default: default} if codes and default is not None else codes

    def _check_column(self, table: type[Table], rule: ColumnRule, where: str) -> None:
        column = table.columns[rule.name]
        if not rule.source and rule.default is None:
            raise self._refuse(where, "neither", "from (a column of the file) or default (a constant)")
        if rule.form:
            try:
                forms.pattern(rule.form)
            except ValueError as fault:
                raise self._refuse(f"{where}.form", rule.form, str(fault)) from fault
        allowed = [str(code) for code in column.codes] if column.codes else ["true", "false"]
        if rule.codes and column.kind not in {Kind.CODE, Kind.BOOLEAN}:
            raise self._refuse(f"{where}.codes", rule.codes, f"nothing: {rule.name} holds no code")
        for found, meant in rule.codes.items():
            if meant not in allowed:
                raise self._refuse(f"{where}.codes.{found}", meant, "one of " + ", ".join(allowed))

    def _part(self, key: str) -> Dict[str, Any]:
        return dict(self._typed(self._tables, key, dict, {}))

    def _known(self, kind: str, part: Dict[str, Any], where: str) -> None:
        for key in part:
            if key not in _KEYS[kind]:
                raise self._refuse(f"{where}.{key}".lstrip("."), key, "one of " + ", ".join(_KEYS[kind]))

    def _typed(self, part: Dict[str, Any], where: str, kind: type, default: Any = ...) -> Any:
        value = part.get(where.rsplit(".", 1)[-1], default)
        if value is ...:
            raise self._refuse(where, "nothing (the key is missing)", _KINDS[kind])
        if value is not default and (
            not isinstance(value, kind) or (kind is int and isinstance(value, bool))
        ):
            raise self._refuse(where, value, _KINDS[kind])
        return value

    def _one_of(self, part: Dict[str, Any], where: str, allowed: Any, default: str | None) -> str:
        value = self._typed(part, where, str, ... if default is None else default)
        if value not in allowed:
            raise self._refuse(where, value, "one of " + ", ".join(repr(one) for one in allowed))
        return str(value)

    def _texts(self, part: Dict[str, Any], where: str, allowed: list[str] | None = None) -> tuple[str, ...]:
        values = self._typed(part, where, list, [])
        for value in values:
            if not isinstance(value, str) or (allowed is not None and value not in allowed):
                raise self._refuse(where, value, "one of " + ", ".join(allowed) if allowed else "texts")
        return tuple(values)

    def _refuse(self, key: str, found: object, allowed: str) -> MappingError:
        return MappingError(self._file, key, repr(found), allowed)


_KINDS: dict[type, str] = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "a table",
}


def read_mapping(tables: Dict[str, Any], file: str) -> Mapping:
    """The mapping a parsed TOML file describes. Raises ``MappingError`` naming file, key, value and what is allowed."""
    return Reader(tables, file).mapping()
