"""What rules were given on the night of a run, and what they wrote there: read once, kept in memory."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from keepwell.contract import SOURCES, Table
from keepwell.engine.store.decide import table_of
from keepwell.engine.store.folder import DataFolder, RunFolder, place_of_process
from keepwell.engine.store.session import Session, open_session
from keepwell.engine.store.snapshot import Snapshot
from keepwell.engine.store.visible import Visible
from keepwell.policy.packs import Packs, load_packs

Tables = dict[str, pa.Table]


@dataclass(frozen=True, slots=True)
class Night:
    """A run: its day and packs, what its rules were given, and what they wrote."""

    run: str
    as_of: dt.date
    packs: Packs
    given: Tables
    wrote: Tables


def read_night(
    data: Path, run: str, asked: tuple[str, ...], kept: tuple[type[Table], ...], threads: int = 2
) -> Night:
    """The tables ``asked`` as a rule was given them in a run, those ``kept`` as they stand there; no secret is read.

    Raises ``NoSuchRun``, or ``StoreError`` when a source the run was made of is gone.
    """
    folder = DataFolder(data)
    published = folder.run(run)
    manifest = published.manifest
    as_of, own = dt.date.fromisoformat(manifest["as_of"]), published.path / "packs"
    packs = load_packs(as_of, own if own.is_dir() else None, manifest["calendar"])
    visible = Visible(Snapshot(folder.sources, manifest["made_of"]["sources"]), as_of)
    with open_session(threads, None, place_of_process(data, "spill-host")) as session:
        visible.not_yet(session)
        for name in asked:
            bind(session, name, visible, published)
        given = {name: session.arrow(_ordered(name, table_of(name))) for name in asked}
        for table in kept:
            session.view_files(table, _files(published, table))
        wrote = {table.name: session.arrow(_ordered(table.name, table)) for table in kept}
    return Night(run, as_of, packs, given, wrote)


def bind(session: Session, name: str, visible: Visible, published: RunFolder) -> None:
    """Make a parameter's name mean the rows that it meant in the run."""
    table = table_of(name)
    if table in SOURCES:
        session.view(name, visible.sql(table))
    else:
        session.view_files(table, _files(published, table))


def _files(published: RunFolder, table: type[Table]) -> list[Path]:
    """The table's file in the run; a run of an earlier version does not have every table."""
    return [path for path in [published.file(table)] if path.exists()]


def _ordered(name: str, table: type[Table]) -> str:
    """The rows of a name in the table's order."""
    order = ", ".join(f'"{column}"' for column in table.order)
    return f'SELECT * FROM "{name}" ORDER BY {order}'  # noqa: S608 - names of the contract
