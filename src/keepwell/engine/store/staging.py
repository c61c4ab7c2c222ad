"""Delivered files conformed but not yet accepted: each a relation with ``part_no``, ``k``, verdict and found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from keepwell.contract.schema import Text
from keepwell.engine.ingest.conform import Delivered, conformed
from keepwell.engine.ingest.errors import FileRefused
from keepwell.engine.ingest.mapping import Mapping, TableRule
from keepwell.engine.ingest.sqltext import name, names, text
from keepwell.engine.ingest.values import Limits
from keepwell.engine.store.parquet import reading as parquet
from keepwell.engine.store.readers.columnar import ROW
from keepwell.engine.store.readers.found import Found
from keepwell.engine.store.readers.opened import BadLine, Opened
from keepwell.engine.store.session import ROW_GROUP, Session

FILE, LINE = "file_name", "line_no"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in what the firm delivered."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Staged:
    """One delivered file (or one preparation over several) for one table, as the view ``relation``."""

    name: str
    fingerprint: str
    key: str
    encoding: str
    found: tuple[Found, ...]
    relation: str
    n_rows: int
    bad_lines: list[BadLine]
    places: Callable[[Iterable[int]], dict[int, Place]]
    raws: Callable[[Iterable[Place]], dict[Place, str]]

    @property
    def n_read(self) -> int:
        """Rows and lines that are no rows."""
        return self.n_rows + len(self.bad_lines)

    @property
    def n_bytes(self) -> int:
        """Size of everything it was read from."""
        return sum(found.state.n_bytes for found in self.found)


@dataclass(slots=True)
class Desk:
    """What staging needs at hand: session, folder to spill to, mapping, limits, the day things are known on.

    ``rules`` names the version of the limits: with other rules a file is read again.
    """

    session: Session
    spill: Path
    mapping: Mapping
    limits: Limits
    known_on: date
    rules: str = ""
    prepared: dict[str, str] = field(default_factory=dict)


@contextmanager
def tidied(session: Session) -> Iterator[None]:
    """Leave the session without the views and tables made inside, for the files they read are gone then."""
    before = _made(session)
    try:
        yield
    finally:
        for kind, made in sorted(_made(session) - before, reverse=True):
            session.run(f"DROP {kind} IF EXISTS {name(made)}")


def _made(session: Session) -> set[tuple[str, str]]:
    views = session.rows("SELECT 'VIEW', view_name FROM duckdb_views() WHERE NOT internal")
    tables = session.rows("SELECT 'TABLE', table_name FROM duckdb_tables() WHERE temporary")
    return {(str(kind), str(made)) for kind, made in (*views, *tables)}


def key_of(desk: Desk, rule: TableRule, fingerprint: str) -> str:
    """Digest of a file (or several) and of everything that says how it is read for a table."""
    readings = [desk.mapping.files[key] for key in (rule.file, *rule.files) if key]
    said = (fingerprint, rule, readings, rule.table.canonical(), desk.mapping.currency, desk.rules)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def print_of(found: Iterable[Found]) -> str:
    """The fingerprint of several files together."""
    return hashlib.sha256("".join(one.fingerprint for one in found).encode()).hexdigest()


def stage_file(desk: Desk, rule: TableRule, number: int, found: Found, source: Opened) -> Staged:
    """Conform one file. Raises ``FileRefused`` if it lacks required columns."""
    relation = f"staged_{rule.table.name}_{number}"
    offered = Delivered(
        found.name, source.columns, source.sql, (ROW,) if source.is_typed else (), source.is_typed
    )
    sql = conformed(offered, rule, desk.mapping, desk.limits, desk.known_on)
    _as_relation(desk, relation, number, sql, is_typed=source.is_typed)
    return Staged(
        found.name, found.fingerprint, key_of(desk, rule, found.fingerprint), source.encoding, (found,), relation,
        source.n_rows, source.bad_lines,
        lambda rows: {row: Place(found.name, line) for row, line in source.lines(rows).items()},
        lambda places: _raws_of({found.name: source}, places),
    )  # fmt: skip


def stage_prepared(
    desk: Desk, rule: TableRule, number: int, sources: dict[str, list[tuple[Found, Opened]]]
) -> Staged:
    """Conform the rows of a preparation query over raw files. Raises ``FileRefused`` if it fails or lacks columns."""
    files = [pair for key in rule.files for pair in sources[key]]
    for key in rule.files:
        _raw_relation(desk, key, sources[key])
    title = " + ".join(found.name for found, _ in files) + f" → {rule.table.name}"
    prepared = _prepare(desk, rule, title)
    described = desk.session.rows(f"DESCRIBE SELECT * FROM {parquet(prepared)}")
    columns = {str(row[0]): str(row[1]) for row in described if row[0] not in {FILE, LINE}}
    n_rows = int(desk.session.rows(f"SELECT count(*) FROM {parquet(prepared)}")[0][0])
    relation = f"staged_{rule.table.name}_{number}"
    offered = Delivered(title, columns, f"SELECT * FROM {parquet(prepared)}", (), is_typed=True)
    sql = conformed(offered, rule, desk.mapping, desk.limits, desk.known_on)
    _as_relation(desk, relation, number, sql, is_typed=False)
    opened_by_name = {found.name: source for found, source in files}
    fingerprint = print_of(found for found, _ in files)
    return Staged(
        title, fingerprint, key_of(desk, rule, fingerprint), files[0][1].encoding,
        tuple(found for found, _ in files), relation, n_rows,
        [line for _, source in files for line in source.bad_lines],
        lambda rows: _prepared_places(desk.session, prepared, rows),
        lambda places: _raws_of(opened_by_name, places),
    )  # fmt: skip


def _prepare(desk: Desk, rule: TableRule, title: str) -> Path:
    """Run the mapping's SQL over the raw rows, in a session that reaches nothing else; the file of its rows."""
    prepared = desk.spill / f"prepared-{rule.table.name}.parquet"
    rows = f"SELECT {FILE}, {LINE}, * EXCLUDE ({FILE}, {LINE}) FROM ({rule.sql}) ORDER BY ALL"
    try:
        with desk.session.confined(desk.spill) as confined:
            for key in rule.files:
                confined.view(f"raw_{key}", desk.prepared[key])
            confined.run(f"COPY ({rows}) TO {text(prepared)} (FORMAT parquet)")
    except duckdb.PermissionException as fault:
        called, cause = f"table.{rule.table.name}.sql", _first_line(fault)
        what = Text(
            f"{called} of the mapping reads or writes files: {cause}",
            f"映射的 {called} 读写了文件：{cause}",
        )
        remedy = Text(
            "A mapping reads what was delivered, as raw_<file>, and nothing else; mend it",
            "映射只能以 raw_<文件> 读取已交付的内容；请改正映射",
        )
        raise FileRefused(title, what, remedy) from fault
    except duckdb.Error as fault:
        remedy = Text(
            "Deliver the columns it reads, or mend the mapping; it must answer file_name and line_no",
            "请交付它读取的列，或改正映射；结果须含 file_name 与 line_no",
        )
        called = f"table.{rule.table.name}.sql"
        what = Text(f"{called} of the mapping fails: {fault}", f"映射的 {called} 执行失败：{fault}")
        raise FileRefused(title, what, remedy) from fault
    return prepared


def _as_relation(desk: Desk, relation: str, number: int, sql: str, *, is_typed: bool) -> None:
    """Typed columns are conformed in place whenever they are read; parsed text is written down once."""
    if is_typed:
        desk.session.view(relation, f"SELECT {number} AS part_no, {ROW} AS k, * EXCLUDE ({ROW}) FROM ({sql})")
        return
    path = desk.spill / f"{relation}.parquet"
    desk.session.run(f"COPY ({sql}) TO {text(path)} (FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP})")
    source = parquet(path, also="file_row_number = true")
    desk.session.view(relation, f"SELECT {number} AS part_no, {ROW} AS k, * EXCLUDE ({ROW}) FROM {source}")


def _raw_relation(desk: Desk, key: str, files: list[tuple[Found, Opened]]) -> None:
    """The SQL of ``raw_<key>``: every row of a kind of file as text, with file and line."""
    if key in desk.prepared:
        return
    queries = []
    for number, (found, source) in enumerate(files):
        path = desk.spill / f"raw-{key}-{number}.parquet"
        columns = names(source.columns)
        desk.session.run(f"COPY (SELECT {columns} FROM ({source.sql})) TO {text(path)} (FORMAT parquet)")
        lines = source.lines(range(source.n_rows))
        counted = pa.table(
            {"row": pa.array(lines.keys(), pa.int64()), LINE: pa.array(lines.values(), pa.int64())}
        )
        counts = desk.spill / f"lines-{key}-{number}.parquet"
        pq.write_table(counted, counts)
        queries.append(
            f"SELECT {columns}, {text(found.name)} AS {FILE}, l.{LINE} "
            f"FROM {parquet(path, also='file_row_number = true')} AS r JOIN {parquet(counts)} AS l ON l.row = r.{ROW}"
        )
    desk.prepared[key] = " UNION ALL BY NAME ".join(queries)


def _first_line(fault: Exception) -> str:
    return str(fault).split("\n", maxsplit=1)[0]


def _prepared_places(session: Session, prepared: Path, rows: Iterable[int]) -> dict[int, Place]:
    wanted = ", ".join(str(row) for row in rows)
    if not wanted:
        return {}
    found = session.rows(
        f"SELECT {ROW}, {FILE}, {LINE} FROM {parquet(prepared, also='file_row_number = true')} "
        f"WHERE {ROW} IN ({wanted})"
    )
    return {int(row): Place(str(file), int(line)) for row, file, line in found}


def _raws_of(sources: dict[str, Opened], places: Iterable[Place]) -> dict[Place, str]:
    """Raw text of rows, by place."""
    by_file: dict[str, set[int]] = {}
    for place in places:
        by_file.setdefault(place.file, set()).add(place.line)
    return {
        Place(file, line): raw
        for file, lines in by_file.items()
        if file in sources
        for line, raw in sources[file].raws(lines).items()
    }
