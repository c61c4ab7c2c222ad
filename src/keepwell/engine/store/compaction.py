"""Closed months of conformed sources: the parts of many nights become one, and what nobody names any more goes.

A part is merged with the others that became known in its month once the month is over, unless a correction names
it: its rows then stay told apart from their corrections. The corrections of a closed month are merged too. Nothing
is lost but the day on which a row of a closed month became known: it is known by the month's last delivery.

The index changes in one step. Before it, merged files are leftovers like any other; after it the old ones are
retired: they stay as long as the manifest of a kept run names them, so that the run can be made again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from keepwell.contract import Table
from keepwell.contract.sources import SOURCES
from keepwell.engine.store.conformed import Conformed, Corrected, Index, Part
from keepwell.engine.store.folder import DataFolder
from keepwell.engine.store.session import Session

Known = TypeVar("Known", Part, Corrected)


def compact(session: Session, sources: Conformed, known_on: date) -> list[str]:
    """Merge what became known in months before that of ``known_on``; the names of the tables that changed."""
    return [table.name for table in SOURCES if _compact(session, sources, table, known_on)]


def _compact(session: Session, sources: Conformed, table: type[Table], known_on: date) -> bool:
    index = sources.index(table)
    touched = {name for one in index.corrected for name in one.parts}
    parts = _closed((part for part in index.parts if part.file not in touched), known_on)
    corrected = _closed(index.corrected, known_on)
    for month, merged in parts.items():
        _merge_parts(session, sources, table, index, month, merged)
    for named in corrected.values():
        _merge_corrected(session, sources, table, index, named)
    if parts or corrected:
        sources.commit(table, index)
    return bool(parts or corrected)


def _closed(ones: Iterable[Known], known_on: date) -> dict[str, list[Known]]:
    """What became known in each month that is over, where there is more than one of it."""
    months: dict[str, list[Known]] = {}
    for one in ones:
        if one.known_on[:7] < known_on.isoformat()[:7]:
            months.setdefault(one.known_on[:7], []).append(one)
    return {month: members for month, members in months.items() if len(members) > 1}


def _merge_parts(
    session: Session, sources: Conformed, table: type[Table], index: Index, month: str, members: list[Part]
) -> None:
    rows = sources.rows_of(table, [part.file for part in members])
    last = date.fromisoformat(max(part.known_on for part in members))
    merged = sources.write_part(session, table, index, rows, last, f"{month}: {len(members)} deliveries")
    if merged is None or merged.n_rows != sum(part.n_rows for part in members):
        raise AssertionError(f"{table.name}: merging {month} would lose rows; the parts stay as they are")
    index.parts = [merged if part is members[-1] else part for part in index.parts[:-1]]
    index.parts = [part for part in index.parts if part not in members]
    index.retired += [part.file for part in members]
    names = {part.file for part in members}
    index.brought = [replace(one, part=merged.file) if one.part in names else one for one in index.brought]


def _merge_corrected(
    session: Session, sources: Conformed, table: type[Table], index: Index, members: list[Corrected]
) -> None:
    keys = sources.keys_of(table, [one.file for one in members])
    last = date.fromisoformat(max(one.known_on for one in members))
    merged = sources.write_corrected(session, table, index, keys, last)
    if merged is None or merged.n_rows != sum(one.n_rows for one in members):
        raise AssertionError(f"{table.name}: merging corrections would lose keys; they stay as they are")
    index.corrected = [merged if one is members[-1] else one for one in index.corrected[:-1]]
    index.corrected = [one for one in index.corrected if one not in members]
    index.retired += [one.file for one in members if one.file != merged.file]


def collect(folder: DataFolder) -> list[Path]:
    """Remove retired files that no published run's manifest names; what was removed."""
    sources, named = Conformed(folder.sources), _named(folder)
    for table in SOURCES:
        index = sources.index(table)
        kept = [name for name in index.retired if f"{table.name}/{name}" in named]
        if kept != index.retired:
            index.retired = kept
            sources.commit(table, index)
    return sources.sweep()


def _named(folder: DataFolder) -> set[str]:
    """``<table>/<file>`` of every source file that a published run was made of or shows."""
    named: set[str] = set()
    for run in folder.known_runs():
        manifest = folder.run(run).manifest
        for paths in (*manifest["sources"].values(), *manifest.get("corrections", {}).values()):
            named |= {"/".join(Path(path).parts[-2:]) for path in paths}
        for table, described in manifest["made_of"]["sources"].items():
            named |= {f"{table}/{one['file']}" for one in (*described["parts"], *described["corrected"])}
    return named
