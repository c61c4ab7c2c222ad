"""How one delivered value becomes a typed one, and what may be wrong with it: pure SQL text.

Two ways lead to the same checks. A text is parsed by the form its mapping names; a typed column that
already has the contract's type (Parquet) is taken as it is. ``try_cast`` alone is never trusted: it rounds
12.345 and reads 1e3, so the written form is matched first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from keepwell.contract import Column, Kind
from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.contract.schema import YUAN
from keepwell.engine.columns import PRECISION, sql_type
from keepwell.engine.ingest import forms
from keepwell.engine.ingest.mapping import ColumnRule
from keepwell.engine.ingest.sqltext import name, text, texts

# Marks of direction, breaks and signs of no width: they show one name as another, or two as the same.
_UNSEEN = r"\x{061C}\x{200B}\x{200E}\x{200F}\x{2028}-\x{202E}\x{2060}\x{2066}-\x{2069}\x{FEFF}"
_CONTROL = rf"[\x00-\x1F\x7F-\x9F{_UNSEEN}]"
_CONTROL_IN_NOTES = rf"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F{_UNSEEN}]"
_NOTE_LENGTH = 240
_ISO = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z?"
_TRUE = ("true", "t", "1", "y", "yes", "是")
_FALSE = ("false", "f", "0", "n", "no", "否")
_UNREADABLE = "\ufffd"

Check = tuple[Reason, str]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the ingest pack, and the last day on which something can have happened (``cut``)."""

    longest: int
    earliest_year: int
    amount: Decimal
    cut: date


@dataclass(frozen=True, slots=True)
class Value:
    """SQL of a column: the text as delivered, the typed value, and what makes it bad (first that holds)."""

    raw: str
    typed: str
    checks: tuple[Check, ...]


def from_text(column: Column, rule: ColumnRule, source: str, limits: Limits) -> Value:
    """A delivered text (``source`` is its SQL) by the form the mapping names."""
    tokens = texts(dict.fromkeys(("", *rule.nulls)))
    raw = f"CASE WHEN trim({source}) IN ({tokens}) THEN NULL ELSE trim({source}) END"
    reading = name(f"r_{column.name}")
    typed, checks = _PARSERS[column.kind](column, rule, reading)
    unreadable = (Reason.BAD_ENCODING, f"contains({reading}, {text(_UNREADABLE)})")
    missing = [] if column.nullable else [(Reason.MISSING_VALUE, f"{reading} IS NULL")]
    return Value(raw, typed, (*missing, unreadable, *checks, *_bounds(column, limits)))


def from_typed(column: Column, source: str, limits: Limits) -> Value:
    """A column that already has the contract's type; only its content is checked."""
    raw = name(f"r_{column.name}")
    typed = (
        f"nullif(trim({raw}), '')" if sql_type(column) == "VARCHAR" else f"CAST({raw} AS {sql_type(column)})"
    )
    missing = [] if column.nullable else [(Reason.MISSING_VALUE, f"{name(column.name)} IS NULL")]
    codes = []
    if column.codes:
        codes = [(Reason.UNKNOWN_CODE, f"{name(column.name)} NOT IN ({texts(column.codes)})")]
    return Value(source, typed, (*missing, *codes, *_bounds(column, limits)))


def is_same_type(physical: str, column: Column) -> bool:
    """Whether a Parquet column of type ``physical`` can be taken as it is, without changing a value."""
    wanted = sql_type(column)
    if physical == wanted:
        return True
    if column.kind is Kind.INTEGER:
        return physical in {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"}
    if column.kind is Kind.INSTANT:
        return physical in {"TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP WITH TIME ZONE"}
    if column.kind is Kind.DECIMAL and physical.startswith("DECIMAL("):
        digits, scale = (int(part) for part in physical[8:-1].split(","))
        return scale <= column.scale and digits - scale <= PRECISION - column.scale
    return False


def _bounds(column: Column, limits: Limits) -> list[Check]:
    """What is checked on the typed value, however it was delivered."""
    value = name(column.name)
    if column.kind is Kind.TEXT:
        control = _CONTROL_IN_NOTES if column.length > _NOTE_LENGTH else _CONTROL
        longest = min(column.length, limits.longest)
        checks = [(Reason.TOO_LONG, f"length({value}) > {longest}")]
        if column.references is None:
            checks.insert(0, (Reason.CONTROL_CHARACTER, f"regexp_matches({value}, {text(control)})"))
        return checks
    found: list[str] = []
    if column.low is not None:
        found.append(f"{value} < {column.low}")
    if column.high is not None:
        found.append(f"{value} > {column.high}")
    if column.unit == YUAN:
        found.append(f"abs({value}) > {limits.amount}")
    if column.kind in {Kind.DATE, Kind.INSTANT}:
        found.append(f"{value} < DATE '{limits.earliest_year}-01-01'")
        found.append(f"{value} > DATE '{_last(column, limits)}'")
    return [(Reason.OUT_OF_BOUNDS, " OR ".join(found))] if found else []


def _last(column: Column, limits: Limits) -> date:
    """The last day that can be: instants have happened (two days leave room for every zone), a year has four digits."""
    return limits.cut + timedelta(days=2) if column.kind is Kind.INSTANT else date.max


def _as_text(_column: Column, rule: ColumnRule, raw: str) -> tuple[str, list[Check]]:
    return (f"{text(rule.prefix)} || {raw}" if rule.prefix else raw), []


def _as_code(column: Column, rule: ColumnRule, raw: str) -> tuple[str, list[Check]]:
    pairs = rule.codes or {str(code): str(code) for code in column.codes or ()}
    arms = " ".join(f"WHEN {text(found)} THEN {text(meant)}" for found, meant in pairs.items())
    return f"CASE {raw} {arms} END", [
        (Reason.UNKNOWN_CODE, f"{raw} IS NOT NULL AND {name(column.name)} IS NULL")
    ]


def _as_boolean(column: Column, rule: ColumnRule, raw: str) -> tuple[str, list[Check]]:
    yes = [key for key, meant in rule.codes.items() if meant == "true"] if rule.codes else _TRUE
    no = [key for key, meant in rule.codes.items() if meant == "false"] if rule.codes else _FALSE
    seen = raw if rule.codes else f"lower({raw})"
    typed = f"CASE WHEN {seen} IN ({texts(yes)}) THEN true WHEN {seen} IN ({texts(no)}) THEN false END"
    return typed, [(Reason.NOT_A_BOOLEAN, f"{raw} IS NOT NULL AND {name(column.name)} IS NULL")]


def _as_integer(column: Column, rule: ColumnRule, raw: str) -> tuple[str, list[Check]]:
    plain, form = _digits(rule, raw)
    bad = f"NOT regexp_full_match({plain}, '[+-]?[0-9]+')"
    if form:
        bad = f"NOT regexp_full_match({raw}, {text(form)}) OR {bad}"
    too_large = f"{raw} IS NOT NULL AND {name(column.name)} IS NULL"
    return f"TRY_CAST({plain} AS BIGINT)", [(Reason.NOT_A_NUMBER, bad), (Reason.OUT_OF_BOUNDS, too_large)]


def _as_decimal(column: Column, rule: ColumnRule, raw: str) -> tuple[str, list[Check]]:
    plain, form = _digits(rule, raw)
    bad = rf"NOT regexp_full_match({plain}, '[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)')"
    if form:
        bad = f"NOT regexp_full_match({raw}, {text(form)}) OR {bad}"
    shift = {"yuan": 0, "fen": -2, "wan": 4}[rule.unit]
    checks: list[Check] = [(Reason.NOT_A_NUMBER, bad)]
    if not rule.rounded:
        digits = column.scale + shift
        exact = rf"regexp_matches({plain}, '\.[0-9]{{{max(digits, 0)}}}[0-9]*[1-9]')"
        checks.append((Reason.TOO_PRECISE, exact))
    checks.append((Reason.OUT_OF_BOUNDS, f"{raw} IS NOT NULL AND {name(column.name)} IS NULL"))
    wide = f"TRY_CAST({plain} AS DECIMAL(28, {max(column.scale + shift, 0)}))"
    factor = {0: "", -2: " * CAST('0.01' AS DECIMAL(3, 2))", 4: " * CAST(10000 AS DECIMAL(5, 0))"}[shift]
    return f"TRY_CAST({wide}{factor} AS DECIMAL({PRECISION}, {column.scale}))", checks


def _digits(rule: ColumnRule, raw: str) -> tuple[str, str]:
    """The number with a point and without separators, and the form it must have had if it may have those."""
    mark = "\\" + rule.decimal_mark
    separator = "," if rule.decimal_mark == "." else "."
    plain = raw
    form = ""
    if rule.thousands:
        plain = f"replace({plain}, '{separator}', '')"
        form = rf"[+-]?([0-9]*|[0-9]{{1,3}}(\{separator}[0-9]{{3}})+)({mark}[0-9]*)?"
    if rule.decimal_mark != ".":
        plain = f"replace({plain}, '{rule.decimal_mark}', '.')"
        form = form or rf"[+-]?[0-9]*({mark}[0-9]*)?"
    return plain, form


def _as_date(column: Column, rule: ColumnRule, raw: str) -> tuple[str, list[Check]]:
    value = name(column.name)
    if (rule.form or forms.ISO_DATE) == forms.ISO_DATE:
        bad = f"{raw} IS NOT NULL AND ({value} IS NULL OR CAST({value} AS VARCHAR) <> {raw})"
        return f"TRY_CAST({raw} AS DATE)", [(Reason.NOT_A_DATE, bad)]
    form = text(forms.pattern(rule.form))
    again = f"strftime(try_strptime({raw}, {form}), {form})"
    bad = f"{raw} IS NOT NULL AND ({value} IS NULL OR {again} <> {raw})"
    return f"CAST(try_strptime({raw}, {form}) AS DATE)", [(Reason.NOT_A_DATE, bad)]


def _as_instant(column: Column, rule: ColumnRule, raw: str) -> tuple[str, list[Check]]:
    value = name(column.name)
    if rule.form:
        form = text(forms.pattern(rule.form))
        local = f"try_strptime({raw}, {form})"
        bad = f"{value} IS NULL OR strftime({local}, {form}) <> {raw}"
    else:
        local = f"TRY_CAST(replace({raw}, 'Z', '') AS TIMESTAMP)"
        bad = f"{value} IS NULL OR NOT regexp_full_match({raw}, {text(_ISO)})"
    shifted = f" - INTERVAL {rule.offset_hours} HOUR" if rule.offset_hours else ""
    return f"CAST({local}{shifted} AS TIMESTAMP)", [(Reason.NOT_AN_INSTANT, f"{raw} IS NOT NULL AND ({bad})")]


def _no_parser(column: Column, _rule: ColumnRule, _raw: str) -> tuple[str, list[Check]]:
    raise TypeError(f"{column.name}: no source table has a column of kind {column.kind}")


_PARSERS = {
    Kind.TEXT: _as_text,
    Kind.CODE: _as_code,
    Kind.BOOLEAN: _as_boolean,
    Kind.INTEGER: _as_integer,
    Kind.DECIMAL: _as_decimal,
    Kind.DATE: _as_date,
    Kind.INSTANT: _as_instant,
    Kind.FLOAT: _no_parser,
}
