"""What is allowed in a column, in words of both languages: shown beside every quarantined row."""

from __future__ import annotations

from keepwell.contract import Column, Kind, Table
from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.contract.schema import Text
from keepwell.engine.ingest import forms
from keepwell.engine.ingest.mapping import ColumnRule, TableRule
from keepwell.engine.ingest.values import Limits

_LONGEST = 200
_TRUTHS = ("true, false, 1, 0, Y, N, 是, 否",)


def allowed(rule: TableRule, reason: Reason, column: str, limits: Limits) -> Text:
    """One sentence that says what may stand in ``column`` of the rule's table where ``reason`` was found."""
    said = _of_column(rule, reason, rule.table.columns[column], limits)
    return Text(said.en[:_LONGEST], said.zh[:_LONGEST])


def _of_column(rule: TableRule, reason: Reason, column: Column, limits: Limits) -> Text:
    grain, target, longest = (
        ", ".join(rule.table.grain),
        column.references,
        min(column.length, limits.longest),
    )
    said = {
        Reason.WRONG_ORDER: _order(rule.table, column.name),
        Reason.DUPLICATE_KEY: Text(
            f"one row for each {grain} in a delivery", f"一次交付中每个 {grain} 只有一行"
        ),
        Reason.AFTER_CUT: Text(f"days up to {limits.cut}", f"不晚于 {limits.cut} 的日期"),
        Reason.UNKNOWN_REFERENCE: Text(
            f"a value that stands in {target} and was accepted there", f"{target} 中已收下的值"
        ),
        Reason.CONTROL_CHARACTER: Text("printable characters only", "只含可显示的字符"),
        Reason.TOO_LONG: Text(f"at most {longest} characters", f"最多 {longest} 个字符"),
        Reason.BAD_ENCODING: Text("bytes that are valid in the file's encoding", "按文件编码有效的字节"),
        Reason.FORMULA: Text("the value itself: paste it over the formula", "数值本身：请把公式粘贴为数值"),
    }
    return said.get(reason) or _written(rule, column, limits)


def _order(table: type[Table], column: str) -> Text:
    for order in table.orders:
        if order.later == column:
            return Text(f"a day not before {order.earlier}", f"不早于 {order.earlier} 的日期")
    return Text("a day from the opening to the closing of the account", "账户开户日至销户日之间的日期")


def _written(rule: TableRule, column: Column, limits: Limits) -> Text:
    said = _form(rule.rule(column.name), column, limits)
    return said if column.nullable else Text(f"{said.en} (required)", f"{said.zh}（必填）")


def _form(how: ColumnRule, column: Column, limits: Limits) -> Text:
    if column.kind is Kind.CODE:
        listed = ", ".join(how.codes or [str(code) for code in column.codes or ()])
        return Text(f"one of {listed}", f"下列之一：{listed}")
    if column.kind is Kind.DATE:
        form, first = how.form or forms.ISO_DATE, limits.earliest_year
        return Text(f"a date written {form}, from {first} on", f"写作 {form} 的日期，{first} 年起")
    if column.kind is Kind.INSTANT:
        form, first = how.form or forms.ISO_INSTANT, limits.earliest_year
        return Text(f"a time written {form}, from {first} on", f"写作 {form} 的时间，{first} 年起")
    if column.kind is Kind.BOOLEAN:
        listed = ", ".join(how.codes or _TRUTHS)
        return Text(listed, listed)
    if column.kind is Kind.TEXT:
        return Text(f"a text of 1 to {column.length} characters", f"1 至 {column.length} 个字符的文本")
    return _number(how, column)


def _number(how: ColumnRule, column: Column) -> Text:
    en, zh = ["a number without a point"], ["不带小数点的数字"]
    if column.kind is Kind.DECIMAL:
        en, zh = (
            [f"a number with at most {column.scale} decimal digits"],
            [f"最多 {column.scale} 位小数的数字"],
        )
    en.append("thousands separators allowed" if how.thousands else "no thousands separators")
    zh.append("可有千分位" if how.thousands else "不带千分位")
    if column.low is not None:
        en, zh = [*en, f"from {column.low}"], [*zh, f"不小于 {column.low}"]
    if column.high is not None:
        en, zh = [*en, f"up to {column.high}"], [*zh, f"不大于 {column.high}"]
    return Text(", ".join(en), "，".join(zh))
