"""The map of the house: where each table is written, read, shown and told in the rule book."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from keepwell.contract import DECISIONS, RETURNS, SOURCES, Table
from keepwell.engine.pipeline import STAGES
from keepwell.engine.stage import PARENT
from tools.docs_desk import ROOT, screens
from tools.docs_tables import row, rule

INTRODUCTION = [
    "# Map · 地图",
    "",
    "Made by `make docs` from contract, pipeline, desk and tests; do not edit. 由 `make docs` 生成。",
    "",
    "Start here: find the table, open the room that writes it (`stage.py`, then `rules.py`), read the rule book",
    "file as its manual, open the screen to see it. A star (`grading*`) reads the table of the run before.",
    "",
    "从表开始：打开写它的房间（先 `stage.py` 后 `rules.py`），规则手册文件即说明书，再看展示它的页面。",
    "带星号者读上次运行的表。",
]


def house_map() -> str:
    """Rooms first, then every table with its rooms."""
    order = " → ".join(f"`{stage.name}`" for stage in STAGES)
    taken_in = (
        "`ingest` first takes the files in: every table the firm delivers, `delivery` and `quarantine`."
    )
    lines = [
        *INTRODUCTION,
        "",
        f"A night goes through the engine's rooms in this order: {order}. {taken_in}",
        "",
        "## Engine rooms",
        "",
        row("Room", "Question", "Reads", "Writes"),
        rule(4),
        *(_stage(stage.name, stage.reads, stage.writes) for stage in STAGES),
        "",
        "## Desk rooms",
        "",
        row("Room", "Question", "Screens"),
        rule(3),
        *_desk_rooms(),
        "",
        "## What the firm delivers",
        "",
        *_tables(SOURCES),
        "",
        "## What people decided at the desk",
        "",
        *_tables(RETURNS),
        "",
        "## What a run decides",
        "",
        *_tables(DECISIONS),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _stage(name: str, reads: tuple[str, ...], writes: tuple[type[Table], ...]) -> str:
    place = f"src/keepwell/engine/{name}"
    inputs = ", ".join(f"`{one}`" for one in reads)
    return row(
        f"[{name}](../{place})", _plaque(ROOT / place), inputs, ", ".join(f"`{one.name}`" for one in writes)
    )


def _desk_rooms() -> Iterator[str]:
    folders = sorted(path.parent for path in (ROOT / "src/keepwell/desk").glob("*/__init__.py"))
    for folder in folders:
        shown = [f"`{one.name}`" for one in screens() if one.room == folder.name]
        yield row(f"[{folder.name}](../{folder.relative_to(ROOT)})", _plaque(folder), ", ".join(shown))


def _plaque(folder: Path) -> str:
    """The question on a room's door: the first sentence of its plaque."""
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) or ""
    return re.split(r"(?<=[?.])\s", " ".join(said.split()))[0]


def _tables(tables: tuple[type[Table], ...]) -> Iterator[str]:
    yield row("Table", "Title 名称", "Written by", "Read by", "Desk rooms", "Screens", "Rule book")
    yield rule(7)
    for table in tables:
        shown = [screen for screen in screens() if table.name in screen.tables]
        rooms = dict.fromkeys(screen.room for screen in shown)
        yield row(
            f"`{table.name}`",
            f"{table.title.en} {table.title.zh}",
            table.writer,
            ", ".join(_readers(table)),
            ", ".join(rooms),
            ", ".join(f"`{screen.name}`" for screen in shown),
            "<br>".join(f"[{path}](../{path})" for path in told_in(table)),
        )


def _readers(table: type[Table]) -> list[str]:
    """Engine rooms that read a table, its writer left out; a star marks the parent run's table."""
    found = []
    for stage in STAGES:
        reads = {name for rule_ in stage.rules for name in rule_.reads}
        if table.name in reads and stage.name != table.writer:
            found.append(stage.name)
        if PARENT + table.name in reads:
            found.append(f"{stage.name}*")
    return found


def told_in(table: type[Table]) -> list[str]:
    """Rule book files of the writer's chapter that name a table or its class; for what is delivered, any file."""
    word = re.compile(rf"\"{table.name}\"|\b{table.__name__}\b|\b[a-z_]+\.{table.name}\b")
    is_source = table in (*SOURCES, *RETURNS)
    found = []
    for path, chapter, text in _book():
        is_its_chapter = is_source or chapter in (table.writer, "")
        if is_its_chapter and word.search(text):
            found.append(path)
    return found


@lru_cache
def _book() -> tuple[tuple[str, str, str], ...]:
    """Path, chapter and text of every rule book file."""
    root = ROOT / "tests/rulebook"
    return tuple(
        (
            path.relative_to(ROOT).as_posix(),
            path.parent.name if path.parent != root else "",
            path.read_text(encoding="utf-8"),
        )
        for path in sorted(root.rglob("test_*.py"))
    )
