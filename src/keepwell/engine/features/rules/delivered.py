"""Silence is zero only where the firm delivers the table it would speak in; elsewhere nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from keepwell.contract import Column, Kind, Table
from keepwell.engine import columns

FLAG = "delivers_"


def flags(source_coverage: Any, table: type[Table]) -> Any:
    """One row that says of every source table the columns of ``table`` need whether the firm delivers it."""
    needed = sorted({column.needs for column in table.columns.values() if column.needs})
    said = {
        FLAG + name: ((source_coverage.table_name == name) & source_coverage.is_delivered).any()
        for name in needed
    }
    found = source_coverage.aggregate(**said)
    return found.mutate(**{name: found[name].fill_null(ibis.literal(False)) for name in said})


def filled(facts: Any, table: type[Table], also: Mapping[str, str] | None = None) -> Any:
    """The facts with what did not happen filled in: counts 0, amounts 0.00, statements false.

    ``facts`` has the flags; what a column needs and the firm does not deliver stays null. ``also`` names counts
    that are no columns of the table, with the source table they need.
    """
    needed = {name: column.needs for name, column in table.columns.items() if column.needs}
    zeros = {
        name: _nothing(column)
        for name, column in table.columns.items()
        if name in facts.columns and (name in needed or not column.nullable) and _may_be_nothing(column)
    }
    for name, source in (also or {}).items():
        needed[name], zeros[name] = source, ibis.literal(0)
    return facts.mutate(
        **{name: _known(facts, facts[name].fill_null(zero), needed.get(name)) for name, zero in zeros.items()}
    )


def _known(facts: Any, value: Any, source: str | None) -> Any:
    return value if source is None else ibis.cases((facts[FLAG + source], value))


def _may_be_nothing(column: Column) -> bool:
    return column.kind in (Kind.BOOLEAN, Kind.INTEGER, Kind.DECIMAL)


def _nothing(column: Column) -> Any:
    if column.kind is Kind.BOOLEAN:
        return ibis.literal(False)
    return ibis.literal(0) if column.kind is Kind.INTEGER else columns.literal("0", column)
