"""The conformed sources as a run saw them, written into its manifest and read back to prove it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from keepwell.contract import Table
from keepwell.engine.store.conformed import Conformed, Corrected, Index, Part


def describe(sources: Conformed, tables: Iterable[type[Table]]) -> dict[str, Any]:
    """Table -> its parts and corrections, as JSON; nothing of how or when they were delivered changes a decision."""
    described: dict[str, Any] = {}
    for table in tables:
        index = sources.index(table)
        parts = [asdict(part) for part in index.parts]
        described[table.name] = {"parts": parts, "corrected": [asdict(one) for one in index.corrected]}
    return described


def open_files(sources: Conformed, tables: Iterable[type[Table]], data: Path) -> dict[str, list[str]]:
    """Table -> its Parquet files without secrets, relative to the data folder."""
    root = sources.path.relative_to(data)
    return {
        table.name: [(root / table.name / part.file).as_posix() for part in sources.index(table).parts]
        for table in tables
    }


def correction_files(sources: Conformed, tables: Iterable[type[Table]], data: Path) -> dict[str, list[str]]:
    """Table -> the files of its corrected keys, relative to the data folder; tables without any are left out."""
    root = sources.path.relative_to(data)
    found = {
        table.name: [(root / table.name / one.file).as_posix() for one in sources.index(table).corrected]
        for table in tables
    }
    return {name: files for name, files in found.items() if files}


class Snapshot(Conformed):
    """The sources a manifest describes; parts that came later do not exist for it."""

    def __init__(self, sources: Path, described: Mapping[str, Any]) -> None:
        super().__init__(sources)
        self._described = described

    def index(self, table: type[Table]) -> Index:
        """What was known of a table when the run was made."""
        stored = self._described.get(table.name, {"parts": [], "corrected": []})
        return Index(
            [Part(**row) for row in stored["parts"]],
            [Corrected(**{**row, "parts": tuple(row["parts"])}) for row in stored["corrected"]],
        )
