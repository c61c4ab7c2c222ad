"""Reasons and facts in the reader's language: codes become sentences, columns become label and value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext

from keepwell.contract.reasons.sentence import NO_DAY, sentence
from keepwell.contract.schema import Code, Column, Kind, Table
from keepwell.desk.clients.models import ClientGrade
from keepwell.desk.clients.queries import Told, facts
from keepwell.desk.columns import undelivered
from keepwell.desk.generations.decided import Decided
from keepwell.desk.ui import formats

STAFF_COLUMNS = {"manager_code", "current_code", "best_code", "staff_code"}


def language() -> str:
    """The reader's language tag."""
    return get_language() or "zh-hans"


def reason_of(row: Decided | Told, column: str, staff: Mapping[str, str], *more: Decided | None) -> str:
    """The sentence of a reason column, filled with the row's facts and those of `more` rows."""
    codes = row.contract_table.columns[column].codes
    if codes is None:
        raise TypeError(f"{row.contract_table.name}.{column} holds no reason code")
    known, product = facts(*more, row), getattr(row, "fact_name", "")

    def shown(name: str, value: Any, tag: str) -> str:
        if name == "fact_code" and product:
            return f"{product}（{value}）" if tag.startswith("zh") else f"{product} ({value})"
        return said(name, value, tag, staff)

    return sentence(member(codes, getattr(row, column)), known, language(), shown)


def second_reason(moment: Any, staff: Mapping[str, str]) -> str:
    """What a second rule found of the same occasion, as a sentence; empty where one rule speaks alone."""
    if not moment.also_reason:
        return ""
    codes = moment.contract_table.columns["also_reason"].codes
    fact = {name: getattr(moment, f"also_{name}") for name in ("on", "amount", "share", "days")}
    known = {f"fact_{name}": value for name, value in fact.items()}

    def shown(name: str, value: Any, tag: str) -> str:
        return said(name, value, tag, staff)

    return sentence(member(codes, moment.also_reason), known, language(), shown)


def member(codes: type[Code], value: str) -> Code:
    """The member of a closed list; raises `KeyError` for a value that is not in it."""
    return {str(code): code for code in codes}[value]


def said(name: str, value: Any, tag: str, staff: Mapping[str, str]) -> str:
    """A fact inside a sentence: amounts in 万 and 亿, shares as per cent, days as people say them, staff by name."""
    if value is None or value == "":
        return NO_DAY[name].in_language(tag) if name in NO_DAY else formats.UNKNOWN
    if name in STAFF_COLUMNS:
        return (
            f"{staff[value]}（{value}）"
            if value in staff and tag.startswith("zh")
            else staff.get(value, value)
        )
    if name.endswith("_amount"):
        return formats.amount(value, tag)
    if name.endswith("_share"):
        return formats.percent(value)
    if isinstance(value, dt.date):
        return formats.day(value, tag, timezone.localdate())
    if isinstance(value, Decimal):
        return formats.number(value, 2 if name in {"score", "best_score", "price"} else 0)
    return str(value)


def value_of(column: Column, value: Any, staff: Mapping[str, str]) -> str:
    """A value by itself, exact: in tables of inputs."""
    if value is None or value == "":
        return f"{formats.UNKNOWN} {undelivered(column)}".strip()
    tag = language()
    if column.codes is not None:
        return member(column.codes, value).text.in_language(tag)
    if column.name in STAFF_COLUMNS:
        return f"{staff.get(value, '')} {value}".strip()
    if column.name.endswith("_share"):
        return formats.percent(value, 2)
    if column.name.endswith("_amount"):
        return formats.exact(value, tag)
    unit = f" {column.unit.in_language(tag)}" if column.unit else ""
    return _plainly(column, value, unit)


def _plainly(column: Column, value: Any, unit: str) -> str:
    match column.kind:
        case Kind.BOOLEAN:
            return gettext("yes") if value else gettext("no")
        case Kind.DECIMAL:
            return formats.number(value, min(column.scale, 4))
        case Kind.INTEGER:
            return f"{formats.number(value)}{unit}"
    return str(value)


def code_text(table: type[Table], column: str, value: str | None) -> str:
    """The text of a code that may be missing."""
    codes = table.columns[column].codes
    if value is None or codes is None:
        return formats.UNKNOWN
    return member(codes, value).text.in_language(language())


def class_of(grade: ClientGrade | None) -> str:
    """`重要 · 稳健`, or a dash for who is in no class."""
    if grade is None:
        return formats.UNKNOWN
    table = ClientGrade.contract_table
    return (
        f"{code_text(table, 'grade', grade.grade)} · {code_text(table, 'service_type', grade.service_type)}"
    )
