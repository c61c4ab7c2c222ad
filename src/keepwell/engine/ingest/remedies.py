"""What is allowed in a column, in words: printed beside every quarantined row."""

from __future__ import annotations

from keepwell.contract import Column, Kind, Table
from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.engine.ingest import forms
from keepwell.engine.ingest.mapping import TableRule
from keepwell.engine.ingest.values import Limits

_LONGEST = 200


def allowed(rule: TableRule, reason: Reason, column: str, limits: Limits) -> str:
    """One sentence that says what may stand in ``column`` of the rule's table where ``reason`` was found."""
    return _of_column(rule, reason, rule.table.columns[column], limits)[:_LONGEST]


def _of_column(rule: TableRule, reason: Reason, column: Column, limits: Limits) -> str:
    said = {
        Reason.WRONG_ORDER: _order(rule.table, column.name),
        Reason.DUPLICATE_KEY: f"one row for each {', '.join(rule.table.grain)} in a delivery",
        Reason.AFTER_CUT: f"days up to {limits.cut}",
        Reason.UNKNOWN_REFERENCE: f"a value that stands in {column.references} and was accepted there",
        Reason.CONTROL_CHARACTER: "printable characters only",
        Reason.TOO_LONG: f"at most {min(column.length, limits.longest)} characters",
        Reason.BAD_ENCODING: "bytes that are valid in the file's encoding",
        Reason.FORMULA: "the value itself: paste it over the formula",
    }
    return said.get(reason) or _written(rule, column, limits)


def _order(table: type[Table], column: str) -> str:
    for order in table.orders:
        if order.later == column:
            return f"a day not before {order.earlier}"
    return "a day from the opening to the closing of the account"


def _written(rule: TableRule, column: Column, limits: Limits) -> str:
    how = rule.rule(column.name)
    needed = "" if column.nullable else " (required)"
    if column.kind is Kind.CODE:
        return "one of " + ", ".join(how.codes or [str(code) for code in column.codes or ()]) + needed
    if column.kind is Kind.DATE:
        return f"a date written {how.form or forms.ISO_DATE}, from {limits.earliest_year} on{needed}"
    if column.kind is Kind.INSTANT:
        return f"a time written {how.form or forms.ISO_INSTANT}, from {limits.earliest_year} on{needed}"
    if column.kind is Kind.BOOLEAN:
        return ", ".join(how.codes or ("true, false, 1, 0, Y, N, 是, 否",)) + needed
    if column.kind is Kind.TEXT:
        return f"a text of 1 to {column.length} characters{needed}"
    digits = (
        f"with at most {column.scale} decimal digits" if column.kind is Kind.DECIMAL else "without a point"
    )
    separators = "thousands separators allowed" if how.thousands else "no thousands separators"
    low = f", from {column.low}" if column.low is not None else ""
    high = f", up to {column.high}" if column.high is not None else ""
    return f"a number {digits}, {separators}{low}{high}{needed}"
