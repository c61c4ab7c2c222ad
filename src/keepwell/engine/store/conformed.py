"""Conformed sources: append-only Parquet parts by knowledge date, an index per table, the current view.

``sources/<table>/<known on>-<sha12>.parquet`` holds the open columns, ``sources/vault/<table>/`` the secret
ones of the same rows; ``sources/<table>/index.json`` says which parts count, which keys of which part a later
delivery corrected, and what every delivered file brought. A part that no index names does not exist.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from keepwell.contract import Table
from keepwell.contract.sources import SOURCES
from keepwell.engine.columns import sql_type
from keepwell.engine.ingest.sqltext import name, names, text
from keepwell.engine.store.folder import read_json, write_json
from keepwell.engine.store.parquet import reading as parquet
from keepwell.engine.store.session import Session, file_hash, row_group

INDEX = "index.json"
VAULT = "vault"
_FOREVER = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that were accepted from one delivered file; ``secrets`` is the sibling's hash or empty.

    ``first_on`` and ``last_on`` are the first and last day of a table of events.
    """

    file: str
    known_on: str
    sha256: str
    n_rows: int
    delivered: str
    secrets: str = ""
    first_on: str = ""
    last_on: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """Keys of earlier parts that a delivery corrected: Parquet with the grain and ``part``."""

    file: str
    known_on: str
    parts: tuple[str, ...]
    n_rows: int


@dataclass(frozen=True, slots=True)
class Brought:
    """What a delivered file brought to a table; ``is_settled`` when reading it again can change nothing.

    ``key`` is the digest of the file and of everything that says how it is read; ``run`` the run it was first
    read for: if that run is killed, its next attempt still tells the file as brought. ``part`` is the part its
    accepted rows lie in.
    """

    file_name: str
    fingerprint: str
    encoding: str
    n_bytes: int
    n_read: int
    n_accepted: int
    n_quarantined: int
    n_repeated: int
    n_superseding: int
    known_on: str
    quarantine: str
    is_settled: bool
    key: str
    run: str = ""
    part: str = ""


@dataclass(slots=True)
class Index:
    """What is known of one table, in the order it became known.

    ``retired`` names files that were merged into others and stay for the runs that were made of them.
    """

    parts: list[Part] = field(default_factory=list)
    corrected: list[Corrected] = field(default_factory=list)
    brought: list[Brought] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)

    def known(self, key: str) -> Brought | None:
        """What a file brought when it was last read in the same way."""
        return next((one for one in reversed(self.brought) if one.key == key), None)


class Conformed:
    """The conformed sources of one data folder."""

    def __init__(self, sources: Path) -> None:
        self.path = sources

    @property
    def vault(self) -> Path:
        """Where what is secret lies: secret columns, and raw text of quarantined rows."""
        return self.path / VAULT

    def index(self, table: type[Table]) -> Index:
        """What is known of a table; empty before its first delivery."""
        path = self._folder(table) / INDEX
        stored: dict[str, Any] = read_json(path) if path.exists() else {}
        return Index(
            [Part(**row) for row in stored.get("parts", [])],
            [Corrected(**{**row, "parts": tuple(row["parts"])}) for row in stored.get("corrected", [])],
            [Brought(**row) for row in stored.get("brought", [])],
            list(stored.get("retired", [])),
        )

    def commit(self, table: type[Table], index: Index) -> None:
        """Make new parts count, in one step."""
        write_json(self._folder(table) / INDEX, asdict(index))

    def files(self, table: type[Table], *, secrets: bool = False) -> list[Path]:
        """Every file that makes up what is known of a table."""
        index = self.index(table)
        found = [self._folder(table) / one.file for one in index.parts]
        found += [self._folder(table) / one.file for one in index.corrected]
        if secrets and table.secret_names():
            found += [self._vault(table) / part.file for part in index.parts]
        return found

    def rows_of(self, table: type[Table], parts: list[str]) -> str:
        """SQL of all rows of some parts, corrected ones and secret columns too."""
        if table.secret_names():
            return self._touched(table, parts, [], secrets=True)
        return f"SELECT {names(table.names())} FROM {_parquet(self._folder(table), parts)}"

    def open_rows_of(self, table: type[Table], parts: list[str]) -> str:
        """SQL of all rows of some parts without secret columns, corrected ones too."""
        return f"SELECT {names(table.open_names())} FROM {_parquet(self._folder(table), parts)}"

    def keys_of(self, table: type[Table], corrected: list[str]) -> str:
        """SQL of the keys in some files of corrections."""
        return f"SELECT {names((*table.grain, 'part'))} FROM {_parquet(self._folder(table), corrected)}"

    def linked(self, place: Path) -> Conformed:
        """The same rows seen from an empty folder, in which more can be taken in without a trace here.

        No file counts as delivered before there.
        """
        other = Conformed(place)
        for table in SOURCES:
            index = self.index(table)
            for path in self.files(table, secrets=True):
                link = place / path.relative_to(self.path)
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(path.resolve())
            if index.parts:
                other.commit(table, Index(index.parts, index.corrected))
        return other

    def sweep(self) -> list[Path]:
        """Remove what no index names: leftovers of calls that were killed. Answers what was removed."""
        if not self.path.is_dir():
            return []
        removed = list(self.path.glob(".spill-*"))
        for folder in removed:
            shutil.rmtree(folder)
        for path in self.path.glob(f"*/.{INDEX}.*"):  # an index that was being written
            path.unlink()
            removed.append(path)
        for table in SOURCES:
            retired = self.index(table).retired
            named = {*self.files(table, secrets=True), *(self._folder(table) / one for one in retired)}
            named |= {self._vault(table) / one for one in retired}
            for path in (*self._folder(table).glob("*.parquet"), *self._vault(table).glob("*.parquet")):
                if path not in named:
                    path.unlink()
                    removed.append(path)
        return sorted(removed)

    def write_part(
        self, session: Session, table: type[Table], index: Index, rows: str, known_on: date, delivered: str
    ) -> Part | None:
        """Write accepted rows (SQL) in the table's order and add them to ``index``; None if there are none."""
        opened = _aside(session, self._folder(table), rows, table.open_names(), table.order)
        if opened is None:
            return None
        path, digest, n_rows = opened
        sealed = None
        if table.secret_names():
            columns = (*table.grain, *table.secret_names())
            sealed = _aside(session, self._vault(table), rows, columns, table.order)
        content = hashlib.sha256((digest + sealed[1]).encode()).hexdigest() if sealed else digest
        taken = {*(part.file for part in index.parts), *index.retired}
        called = next(one for one in _called(f"{known_on.isoformat()}-{content[:12]}") if one not in taken)
        path.replace(self._folder(table) / called)
        if sealed:
            sealed[0].replace(self._vault(table) / called)
        days = self._days(session, table, called)
        part = Part(
            called, known_on.isoformat(), digest, n_rows, delivered, sealed[1] if sealed else "", *days
        )
        index.parts.append(part)
        return part

    def write_corrected(
        self, session: Session, table: type[Table], index: Index, rows: str, known_on: date
    ) -> Corrected | None:
        """Write which keys of which parts a delivery corrected (SQL of grain and ``part``); None if none."""
        written = _aside(session, self._folder(table), rows, (*table.grain, "part"), ("part", *table.grain))
        if written is None:
            return None
        path, digest, n_rows = written
        parts = session.rows(f"SELECT DISTINCT part FROM {parquet(path)} ORDER BY part")
        final = path.replace(self._folder(table) / f"corrected-{known_on.isoformat()}-{digest[:12]}.parquet")
        corrected = Corrected(final.name, known_on.isoformat(), tuple(str(row[0]) for row in parts), n_rows)
        index.corrected.append(corrected)
        return corrected

    def current(
        self,
        table: type[Table],
        *,
        secrets: bool = True,
        known_to: date | None = None,
        with_part: bool = False,
    ) -> str:
        """SQL of the rows that count: all parts without corrected keys, optionally as known on a day.

        However many parts and corrections there are, each is opened once.
        """
        index = self.index(table)
        columns = table.names() if secrets else table.open_names()
        last = known_to.isoformat() if known_to else _FOREVER
        parts = [part.file for part in index.parts if part.known_on <= last]
        corrections = [one for one in index.corrected if one.known_on <= last]
        corrected = {part for one in corrections for part in one.parts}
        needs_part = with_part or (secrets and bool(table.secret_names()))
        touched = [part for part in parts if needs_part or part in corrected]
        plain = [part for part in parts if part not in touched]
        queries = []
        if plain:
            queries.append(f"SELECT {names(columns)} FROM {_parquet(self._folder(table), plain)}")
        if touched:
            files = [one.file for one in corrections]
            shown = (*columns, "part") if with_part else columns
            queries.append(
                f"SELECT {names(shown)} FROM ({self._touched(table, touched, files, secrets=secrets)})"
            )
        return " UNION ALL ".join(queries) or nothing(table, columns, with_part=with_part)

    def _touched(self, table: type[Table], parts: list[str], corrections: list[str], *, secrets: bool) -> str:
        """SQL of open columns (and secret ones) with ``part``, without the keys that were corrected."""
        sql = _with_part(self._folder(table), parts, table.open_names())
        if secrets and table.secret_names():
            sealed = _with_part(self._vault(table), parts, (*table.grain, *table.secret_names()))
            sql = f"SELECT * FROM ({sql}) AS o JOIN ({sealed}) AS v USING ({names((*table.grain, 'part'))})"
        if corrections:
            keys = (*table.grain, "part")
            joined = " AND ".join(f"p.{name(key)} = c.{name(key)}" for key in keys)
            gone = f"SELECT {names(keys)} FROM {_parquet(self._folder(table), corrections)}"
            sql = f"SELECT p.* FROM ({sql}) AS p ANTI JOIN ({gone}) AS c ON {joined}"
        return sql

    def _days(self, session: Session, table: type[Table], part: str) -> tuple[str, str]:
        """First and last day of a part of events."""
        if not table.event_on:
            return "", ""
        day = name(table.event_on)
        found = session.rows(f"SELECT min({day}), max({day}) FROM {parquet(self._folder(table) / part)}")
        return found[0][0].isoformat(), found[0][1].isoformat()

    def _folder(self, table: type[Table]) -> Path:
        return self.path / table.name

    def _vault(self, table: type[Table]) -> Path:
        return self.vault / table.name


def _parquet(folder: Path, files: Iterable[str], also: str = "") -> str:
    return parquet(*(folder / file for file in files), also=also)


def _with_part(folder: Path, parts: Iterable[str], columns: Iterable[str]) -> str:
    source = _parquet(folder, parts, "filename = true")
    return f"SELECT {names(columns)}, parse_filename(filename) AS part FROM {source}"


def nothing(table: type[Table], columns: Iterable[str], *, with_part: bool) -> str:
    """SQL of no row with the right types."""
    nulls = ", ".join(f"CAST(NULL AS {sql_type(table.columns[key])}) AS {name(key)}" for key in columns)
    part = ", CAST(NULL AS VARCHAR) AS part" if with_part else ""
    return f"SELECT {nulls}{part} WHERE false"


def _aside(
    session: Session, folder: Path, rows: str, columns: Iterable[str], order: Iterable[str]
) -> tuple[Path, str, int] | None:
    """Write rows in order beside their final place; path, SHA-256 and number of rows, or None for no rows."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ".aside.parquet"
    session.run(
        f"COPY (SELECT {names(columns)} FROM ({rows}) ORDER BY {names(order)}) TO {text(path)} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {row_group(folder.name)})"
    )
    n_rows = int(session.rows(f"SELECT count(*) FROM {parquet(path)}")[0][0])
    if not n_rows:
        path.unlink()
        return None
    return path, file_hash(path), n_rows


def _called(stem: str) -> Iterator[str]:
    """Names for a part: a content that came, was corrected and came again on one day needs a second one."""
    yield f"{stem}.parquet"
    yield from (f"{stem}-{number}.parquet" for number in count(2))
