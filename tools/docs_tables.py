"""The data dictionary, the code lists and the catalogue of features, in one language or in both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from keepwell.contract import DECISIONS, RETURNS, SOURCES, TABLES, Column, Kind, Table, Text
from keepwell.contract.features import ClientFeature
from keepwell.contract.schema import Code, Mask, Search, Sensitivity

WORDS = MappingProxyType(
    {
        "title": Text("Data dictionary", "数据字典"),
        "made": Text(
            "Made by `make docs` from `src/keepwell/contract`; do not edit.",
            "由 `make docs` 根据 `src/keepwell/contract` 生成，请勿手工修改。",
        ),
        "money": Text(
            "Money is exact with two digits; dates are business dates; instants are UTC; a share of a quarter is 0.25.",
            "金额精确到分；日期为业务日期；时间为 UTC；占比 0.25 表示四分之一。",
        ),
        "sources": Text("What the firm delivers", "公司交付的数据"),
        "returns": Text(
            "What people decided at the desk, for the next run", "工作台回传给下次运行的人工决定"
        ),
        "decisions": Text("What a run decides", "运行产生的决定"),
        "codes": Text("Code lists", "代码表"),
        "writer": Text("Written by", "写入"),
        "grain": Text("One row for each", "每行对应"),
        "order": Text("Stored in the order of", "存储顺序"),
        "optional": Text("may be left out of a delivery", "可不交付"),
        "required": Text("must be delivered", "必须交付"),
        "dates": Text("Dates in order", "日期先后"),
        "column": Text("Column", "列"),
        "label": Text("Label", "名称"),
        "type": Text("Type", "类型"),
        "bounds": Text("Bounds", "范围"),
        "unit": Text("Unit", "单位"),
        "empty": Text("may be empty", "可为空"),
        "seen": Text("Who may see it, how it is found", "敏感级别与检索"),
        "refers": Text("Refers to", "引用"),
        "code": Text("Code", "代码"),
        "meaning": Text("Meaning", "含义"),
        "personal": Text("personal", "个人信息"),
        "secret": Text("secret (vault)", "机密（密库）"),
        "name": Text("found by name", "按姓名检索"),
        "tail": Text("found by its last digits", "按尾号检索"),
        "mask": Text("masked as", "脱敏方式"),
    }
)
MASKS = {
    Mask.NAME: Text("a name", "姓名"),
    Mask.ID_NUMBER: Text("an identity number", "证件号"),
    Mask.PHONE: Text("a phone number", "手机号"),
    Mask.CARD: Text("a card number", "银行卡号"),
    Mask.ADDRESS: Text("an address", "地址"),
}
KINDS = {
    Kind.TEXT: Text("text", "文本"),
    Kind.CODE: Text("code", "代码"),
    Kind.INTEGER: Text("whole number", "整数"),
    Kind.DECIMAL: Text("exact number", "精确数"),
    Kind.FLOAT: Text("double", "浮点数"),
    Kind.DATE: Text("date", "日期"),
    Kind.INSTANT: Text("instant", "时间"),
    Kind.BOOLEAN: Text("yes or no", "是否"),
}


def row(*cells: str) -> str:
    """A line of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def rule(n_cells: int) -> str:
    """The line below a Markdown table's head."""
    return "|" + " --- |" * n_cells


def dictionary(language: str) -> str:
    """Every contract table with its columns, then every code list."""

    def said(key: str) -> str:
        return WORDS[key].in_language(language)

    lines = [f"# {said('title')}", "", said("made"), "", said("money"), ""]
    for heading, tables in (("sources", SOURCES), ("returns", RETURNS), ("decisions", DECISIONS)):
        lines += [f"## {said(heading)}", ""]
        for table in tables:
            lines += [*_table(table, language, is_source=heading == "sources"), ""]
    lines += [f"## {said('codes')}", ""]
    for codes in code_lists(TABLES.values()):
        lines += [f"### {codes.__name__}", "", " ".join((codes.__doc__ or "").split()), ""]
        lines += [row(said("code"), said("meaning")), rule(2)]
        lines += [row(f"`{one.value}`", one.text.in_language(language)) for one in codes]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def code_lists(tables: Iterable[type[Table]]) -> list[type[Code]]:
    """Every closed list a column uses, by name."""
    found = {column.codes for table in tables for column in table.columns.values() if column.codes}
    return sorted(found, key=lambda codes: codes.__name__)


def _table(table: type[Table], language: str, *, is_source: bool) -> Iterator[str]:
    def said(key: str) -> str:
        return WORDS[key].in_language(language)

    yield f"### {table.name} · {table.title.in_language(language)}"
    yield ""
    yield table.meaning()
    yield ""
    yield f"- {said('writer')}: `{table.writer}`" + (
        f" · {said('optional' if table.optional else 'required')}" if is_source else ""
    )
    yield f"- {said('grain')}: {_names(table.grain)}"
    yield f"- {said('order')}: {_names(table.order)}"
    if table.orders:
        pairs = ", ".join(f"`{one.earlier}` ≤ `{one.later}`" for one in table.orders)
        yield f"- {said('dates')}: {pairs}"
    yield ""
    heads = ("column", "label", "type", "unit", "bounds", "seen", "refers")
    yield row(*(said(head) for head in heads))
    yield rule(len(heads))
    yield from (_column(column, language) for column in table.columns.values())


def _column(column: Column, language: str) -> str:
    kind = type_of(column, language)
    if column.nullable:
        kind += f", {WORDS['empty'].in_language(language)}"
    label = column.label.in_language(language)
    if column.help:
        label += f" — {column.help.in_language(language)}"
    unit = column.unit.in_language(language) if column.unit else ""
    refers = f"`{column.references}`" if column.references else ""
    return row(f"`{column.name}`", label, kind, unit, _bounds(column), _seen(column, language), refers)


def type_of(column: Column, language: str) -> str:
    """The column's type in words, with length, digits or code list."""
    kind = KINDS[column.kind].in_language(language)
    if column.codes:
        return f"{kind} [{column.codes.__name__}](#{column.codes.__name__.lower()})"
    if column.kind is Kind.TEXT:
        return f"{kind} ≤ {column.length}"
    if column.kind is Kind.DECIMAL:
        return f"{kind} (18, {column.scale})"
    return kind


def _bounds(column: Column) -> str:
    if column.low is not None and column.high is not None:
        return f"{column.low} … {column.high}"
    if column.low is not None:
        return f"≥ {column.low}"
    return f"≤ {column.high}" if column.high is not None else ""


def _seen(column: Column, language: str) -> str:
    parts = []
    if column.sensitivity is not Sensitivity.OPEN:
        parts.append(WORDS[column.sensitivity.value].in_language(language))
    if column.search is not Search.NONE:
        parts.append(WORDS[column.search.value].in_language(language))
    if column.mask is not Mask.NONE:
        parts.append(f"{WORDS['mask'].in_language(language)} {MASKS[column.mask].in_language(language)}")
    return ", ".join(parts)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


FEATURE_HEADS = (
    "Column 列", "English", "中文", "Meaning", "含义", "Type 类型", "Unit 单位", "Window 窗口", "Needs 来源",
    "Empty 可空",
)  # fmt: skip


def features() -> str:
    """The columns of ``client_feature`` in both languages, with unit, window and the table they need."""
    columns = [column for name, column in ClientFeature.columns.items() if name not in ClientFeature.grain]
    lines = [
        "# Features of a client · 客户特征目录",
        "",
        "Made by `make docs` from `src/keepwell/contract/features.py`; do not edit. 由 `make docs` 生成。",
        "",
        f"{len(columns)} columns of `client_feature`, one row a client, from events known by the as-of date.",
        "A count without events is 0; what nobody can know is empty (marked ○); what needs a table not delivered too.",
        "",
        (
            f"`client_feature` 共 {len(columns)} 列，每客户一行，只用截止日及以前已知的事件。没有事件时计数为 0；"
            "无从得知的为空（标 ○），所需来源表未交付的亦同。"
        ),
        "",
        row(*FEATURE_HEADS),
        rule(len(FEATURE_HEADS)),
    ]
    for one in columns:
        unit = f"{one.unit.en} {one.unit.zh}" if one.unit else ""
        kind = one.codes.__name__ if one.codes else one.kind.value
        lines.append(
            row(
                f"`{one.name}`",
                one.label.en,
                one.label.zh,
                one.help.en if one.help else "",
                one.help.zh if one.help else "",
                kind,
                unit,
                _window(one),
                f"`{one.needs}`" if one.needs else "",
                "○" if one.nullable else "",
            )
        )
    return "\n".join(lines) + "\n"


def _window(column: Column) -> str:
    found = re.search(r"_(\d+)([dm])(?:_|$)", column.name)
    if found and found.group(2) == "m":
        return f"{found.group(1)} month-ends 个月末"
    if not found:
        return "ever 至今" if column.name.endswith("_ever") else ""
    unit = "trading days 交易日" if "trading-day" in column.label.en else "days 天"
    return f"{found.group(1)} {unit}"
