"""From delivered columns to contract columns with a verdict: one query per file, pure SQL text.

The query answers the contract's columns, ``verdict`` (``reason:column`` or null) and ``found`` (the text of
the column the verdict blames), and passes on what says where a row came from.
"""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass
from datetime import date

from keepwell.contract import Column, Table
from keepwell.contract.codes import Currency
from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.contract.schema import Text
from keepwell.engine.columns import sql_type
from keepwell.engine.ingest.errors import FileRefused
from keepwell.engine.ingest.mapping import KNOWN_ON, ColumnRule, Mapping, TableRule
from keepwell.engine.ingest.sqltext import name, names, text
from keepwell.engine.ingest.values import Limits, Value, from_text, from_typed, is_same_type

TEXT_TYPE = "VARCHAR"
_FOUND = 400


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a file (or a preparation query) offers: its name, its columns with their types, the SQL that reads it.

    ``places`` are columns that say where a row came from and are passed on (``k``, ``file_name``, ``line_no``).
    """

    file: str
    columns: Dict[str, str]
    sql: str
    places: tuple[str, ...]
    is_typed: bool = False


def conformed(delivered: Delivered, rule: TableRule, mapping: Mapping, limits: Limits, known_on: date) -> str:
    """SQL of the contract's columns, ``verdict`` and ``found`` of everything a file holds for a table.

    Raises ``FileRefused`` naming every required column the file lacks.
    """
    values = {
        column.name: _value(delivered, column, rule.rule(column.name), mapping, limits, known_on)
        for column in rule.table.columns.values()
    }
    missing = [key for key, value in values.items() if value is None]
    if missing:
        raise _missing(delivered, rule, missing)
    return _staged(delivered, rule.table, {key: value for key, value in values.items() if value}, limits)


def _value(
    delivered: Delivered, column: Column, rule: ColumnRule, mapping: Mapping, limits: Limits, known_on: date
) -> Value | None:
    """How the column is read, or None if the file lacks it and it may not be empty."""
    constant = rule.default
    if constant is None and column.codes is Currency and rule.source not in delivered.columns:
        constant = mapping.currency
    if constant == KNOWN_ON:
        constant = known_on.isoformat()
    if rule.source in delivered.columns:
        source = name(rule.source)
        physical = delivered.columns[rule.source]
        if delivered.is_typed and rule.is_plain and constant is None and is_same_type(physical, column):
            return from_typed(column, source, limits)
        if physical != TEXT_TYPE:
            source = f"CAST({source} AS VARCHAR)"
        if constant is not None:
            source = f"coalesce(nullif(trim({source}), ''), {text(constant)})"
        return from_text(column, rule, source, limits)
    if constant is not None:
        return from_text(column, ColumnRule(column.name), text(constant), limits)
    if column.nullable and column.name not in _named(rule):
        return Value("NULL", f"CAST(NULL AS {sql_type(column)})", ())
    return None


def _named(rule: ColumnRule) -> tuple[str, ...]:
    """The column, if the mapping names a source for it that must then be there."""
    return (rule.name,) if rule.source and rule.source != rule.name else ()


def _missing(delivered: Delivered, rule: TableRule, columns: list[str]) -> FileRefused:
    wanted = ", ".join(repr(rule.rule(column).source or column) for column in columns)
    offered = ", ".join(repr(column) for column in delivered.columns) or "none"
    return FileRefused(
        delivered.file,
        Text(
            f"columns missing for table {rule.table.name}: {wanted}; the file has {offered}",
            f"表 {rule.table.name} 缺少列：{wanted}；文件中有 {offered}",
        ),
        Text("Deliver the columns, or name them in the mapping", "请交付这些列，或在映射文件中写明列名"),
    )


def _staged(delivered: Delivered, table: type[Table], values: Dict[str, Value], limits: Limits) -> str:
    passed = "".join(f"{name(place)}, " for place in delivered.places)
    raws = ", ".join(f"{value.raw} AS {name(f'r_{key}')}" for key, value in values.items())
    typed = ", ".join(f"{value.typed} AS {name(key)}" for key, value in values.items())
    arms = [
        (reason, key, condition) for key, value in values.items() for reason, condition in value.checks
    ] + _row_checks(table, limits)
    verdict = "NULL"
    if arms:
        whens = " ".join(
            f"WHEN {condition} THEN {text(f'{reason}:{key}')}" for reason, key, condition in arms
        )
        verdict = f"CASE {whens} END"
    raw_names = names(f"r_{key}" for key in values)
    blamed = " ".join(f"WHEN {text(key)} THEN CAST({name(f'r_{key}')} AS VARCHAR)" for key in values)
    columns = names(values)
    delivered_text = f"CASE split_part(verdict, ':', 2) {blamed} END"
    found = f"CASE WHEN verdict IS NULL THEN NULL ELSE left({delivered_text}, {_FOUND}) END"
    return (
        f"SELECT {passed}{columns}, verdict, {found} AS found FROM ("
        f"SELECT {passed}{columns}, {raw_names}, {verdict} AS verdict FROM ("
        f"SELECT {passed}{raw_names}, {typed} FROM (SELECT {passed}{raws} FROM ({delivered.sql}))))"
    )


def _row_checks(table: type[Table], limits: Limits) -> list[tuple[Reason, str, str]]:
    """Checks between the columns of one row: order of dates, nothing that happened after the cut."""
    checks = [
        (Reason.WRONG_ORDER, order.later, f"{name(order.later)} < {name(order.earlier)}")
        for order in table.orders
    ]
    if table.event_on:
        checks.append((Reason.AFTER_CUT, table.event_on, f"{name(table.event_on)} > DATE '{limits.cut}'"))
    return checks
