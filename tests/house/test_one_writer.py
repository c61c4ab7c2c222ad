"""Every decided table has exactly one writer, and every stage writes only contract tables of its own room."""

import importlib
from collections import Counter
from collections.abc import Iterable

import pytest

from keepwell.contract import DECISIONS, SOURCES, TABLES, Table
from keepwell.engine.stage import Stage
from tests.house.reading import ROOT

# The firm delivers the sources; ingest conforms them and writes its own account of that as it reads.
READS_FILES = "ingest"


def stages() -> list[Stage]:
    rooms = sorted(path.parent.name for path in (ROOT / "src/keepwell/engine").glob("*/stage.py"))
    found = [vars(importlib.import_module(f"keepwell.engine.{room}.stage")).get("STAGE") for room in rooms]
    return [stage for stage in found if isinstance(stage, Stage)]


def quarrels(tables: Iterable[type[Table]], built: Iterable[Stage]) -> list[str]:
    writers = [(table.name, stage.name) for stage in built for table in stage.writes]
    times = Counter(name for name, _room in writers)
    lost = [f"{t.name} is written {times[t.name]} times" for t in tables if times[t.name] != 1]
    foreign = [f"{room} writes {name}" for name, room in writers if TABLES[name].writer != room]
    return lost + foreign


def test_every_decided_table_has_exactly_one_writer() -> None:
    decided = [table for table in DECISIONS if table.writer != READS_FILES]
    assert len(stages()) > 4
    assert quarrels(decided, stages()) == []


def test_no_stage_writes_what_the_firm_delivers() -> None:
    delivered = {table.name for table in SOURCES}
    assert {table.name for stage in stages() for table in stage.writes} & delivered == set()


@pytest.mark.parametrize("built", [[], [stages()[0], stages()[0]]], ids=["no writer", "two writers"])
def test_the_scan_can_fail(built: list[Stage]) -> None:
    assert quarrels(stages()[0].writes, built)
