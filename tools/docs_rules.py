"""The rule book: every number of every pack with evidence, regulation and source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum

from keepwell.contract.codes import CalendarKind
from keepwell.contract.schema import Code, Text
from keepwell.policy.calendars import Calendar
from keepwell.policy.pack import Mark, Pack
from keepwell.policy.packs import DEFAULTS, versions_in
from keepwell.policy.years import load_calendars
from tools.docs_tables import row, rule

CALENDARS = ("cn", "weekdays")


def rulebook() -> str:
    """Every default pack of the tree, all versions, then the calendars."""
    packs = [pack for versions in versions_in(DEFAULTS).values() for pack in versions]
    lines = [
        "# Rule book · 规则手册",
        "",
        "Made by `make docs` from `src/keepwell/policy/packs`; do not edit. 由 `make docs` 生成。",
        "",
        "Every number a run decides by, who owns it and how well it is known.",
        "A firm's own pack of the same id stands before the default while it is in force.",
        "",
        "运行所用的每一个数字、负责人及其依据程度。公司自有的同名规则包在生效期内优先于默认值。",
        "",
        row("Mark 标记", "Meaning", "含义"),
        rule(3),
        *(row(f"[{mark.value}]", mark.text.en, mark.text.zh) for mark in Mark),
        "",
    ]
    for pack in packs:
        lines += [*_pack(pack), ""]
    lines += list(_calendars())
    return "\n".join(lines).rstrip() + "\n"


def _pack(pack: Pack) -> Iterator[str]:
    head = pack.header
    yield f"## {head.id} · {head.title.en} · {head.title.zh}"
    yield ""
    yield f"- Version 版本: `{pack.version}`"
    yield f"- Owner 负责: {head.owner.text.en} · {head.owner.text.zh}"
    yield f"- Regulation 依据: {head.regulation.en} {head.regulation.zh}"
    yield f"- Article 条款: {head.article.en} {head.article.zh}"
    until = f" – {head.in_force_to}" if head.in_force_to else " –"
    yield f"- In force 生效: {head.in_force_from}{until}"
    if head.regulation_in_force_from:
        yield f"- The regulation itself from 法规施行: {head.regulation_in_force_from}"
    yield ""
    yield row("Entry 项", "Value 值", "Mark 标记", "Source 来源")
    yield rule(4)
    for key, value, evidence in pack.entries():
        yield row(f"`{key}`", written(value), f"[{evidence.mark.value}]", evidence.source)


def written(value: object) -> str:
    """A pack's value as it is read by people: codes with both texts, lists with commas."""
    if isinstance(value, Text):
        return f"{value.en} · {value.zh}"
    if isinstance(value, Code):
        return f"`{value.value}` {value.text.zh}"
    if isinstance(value, Enum):
        return f"`{value.value}`"
    if isinstance(value, tuple):
        return ", ".join(written(one) for one in value) or "—"
    if isinstance(value, bool):
        return "yes 是" if value else "no 否"
    if isinstance(value, Decimal):
        return format(value, "f")
    return "—" if value is None else str(value)


def _calendars() -> Iterator[str]:
    yield "## Calendars · 日历"
    yield ""
    yield "A due date beyond the last verified year is kept as provisional and counted on when the year is loaded."
    yield ""
    yield row(
        "Calendar 日历", "Mark 标记", "Days 天", "Verified 已核对", "Counted in the last year 最后一年天数"
    )
    yield rule(5)
    for name in CALENDARS:
        calendars = load_calendars(name, None)
        for kind in CalendarKind:
            if kind is not CalendarKind.NATURAL:
                yield _calendar(
                    calendars.of(kind),
                    f"{name}: {calendars.title.en} {calendars.title.zh}",
                    kind,
                    calendars.mark,
                )


def _calendar(calendar: Calendar, title: str, kind: CalendarKind, mark: object) -> str:
    year = min(calendar.last.year, 2026)
    n_days = len(calendar.days(dt.date(year, 1, 1), dt.date(year, 12, 31)))
    days = f"{kind.text.en} {kind.text.zh}"
    return row(title, f"[{mark}]", days, f"{calendar.first} – {calendar.last}", f"{n_days} ({year})")
