"""One DuckDB connection: views by table name in, ordered and checked Parquet out."""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import ibis
import pyarrow as pa
from ibis.common.patterns import InstanceOf, replace
from ibis.expr.operations import DropColumns, Field, Literal, Project, Substring

from keepwell.contract import Table
from keepwell.engine.columns import arrow_schema, ibis_schema, sql_type
from keepwell.engine.ingest.sqltext import text
from keepwell.engine.store.errors import BrokenTable, DiskFull, OutOfMemory
from keepwell.engine.store.functions import in_our_words, teach
from keepwell.engine.store.parquet import reading as parquet
from keepwell.engine.store.written_once import written_once

ROW_GROUP = 122_880
# The tables of a night are no smaller at the library's own level 3, and a fifth dearer to write.
LEVEL = 1
# Of these the desk reads the rows of one client: a group that can hold them must be small to read.
READ_BY_CLIENT = (
    "trade", "cash_flow", "login", "holding", "contact", "client_month", "client_grade", "client_suitability",
    "suitability_flag", "client_mandate", "allocation_alternative",
)  # fmt: skip
ROW_GROUP_BY_CLIENT = 8_192


def row_group(table: str) -> int:
    """Rows in a group of a stored table's file."""
    return ROW_GROUP_BY_CLIENT if table in READ_BY_CLIENT else ROW_GROUP


@dataclass(frozen=True, slots=True)
class Written:
    """A table as it lies on disk: where, how many rows, the SHA-256 of its bytes."""

    table: str
    path: Path
    n_rows: int
    sha256: str


class Session:
    """A connection with bounded threads, memory and a folder to spill to.

    ``memory`` is a DuckDB size such as ``"8GB"``; the default leaves the machine's own default of 80%.
    """

    def __init__(self, threads: int = 2, memory: str | None = None, spill: Path | None = None) -> None:
        config: dict[str, Any] = {"threads": threads, "preserve_insertion_order": True}
        if memory:
            config["memory_limit"] = memory
        if spill:
            config["temp_directory"] = str(spill)
        self._bounds = (threads, memory)
        self._connection = duckdb.connect(":memory:", config=config)
        self._connection.execute("SET TimeZone = 'UTC'")
        teach(self._connection)

    def confined(self, folder: Path) -> Session:
        """A session of the same size for SQL that others wrote: it reads and writes files of ``folder`` alone.

        Neither settings nor the program's own variables are in its reach.
        """
        threads, memory = self._bounds
        confined = Session(threads, memory, folder / "confined")
        for setting in (
            "python_enable_replacements = false",
            f"allowed_directories = [{text(folder)}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            confined.run(f"SET {setting}")
        return confined

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection and free its memory."""
        self._connection.close()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection itself, for the store's own modules."""
        return self._connection

    def run(self, sql: str) -> None:
        """Execute a statement whose result nobody wants."""
        self._connection.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Execute a query and drain it."""
        return self._connection.execute(sql).fetchall()

    def arrow(self, sql: str) -> pa.Table:
        """Execute a query into one Arrow table."""
        return self._connection.sql(sql).to_arrow_table()

    def view(self, name: str, sql: str) -> None:
        """Make ``name`` mean a query from now on."""
        self.run(f'CREATE OR REPLACE VIEW "{name}" AS {sql}')

    def note(self, name: str, sql: str) -> None:
        """Make ``name`` mean the rows that a query answers now, kept until the session ends."""
        self.run(f'DROP VIEW IF EXISTS "{name}"')
        self.run(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}')

    def take(self, name: str, rows: pa.Table) -> None:
        """Make ``name`` mean the rows of an Arrow table, read where they lie until the session ends."""
        self.run(f'DROP VIEW IF EXISTS "{name}"')
        self._connection.register(name, rows)

    def view_files(self, table: type[Table], files: Iterable[Path], name: str | None = None) -> None:
        """Make a table's name mean its Parquet files; with no file it is empty with the right types."""
        self.view(name or table.name, files_sql(table, files))

    def view_without_secrets(self, table: type[Table], sql: str) -> None:
        """Make a table's name mean a query whose secret columns are null from now on."""
        nulls = ", ".join(f'NULL AS "{name}"' for name in table.secret_names())
        self.view(table.name, f"SELECT * REPLACE ({nulls}) FROM ({sql})")

    def count(self, name: str) -> int:
        """How many rows a name means."""
        return int(self.rows(f'SELECT count(*) FROM "{name}"')[0][0])

    def write(self, table: type[Table], sql: str, path: Path) -> Written:
        """Write a query as ``table``: cast to the contract, in total order, checked, hashed.

        Raises ``BrokenTable`` when the result has nulls, codes or values the contract forbids, or a
        grain that repeats.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self.run(
            f"COPY ({stored_form(table, sql)}) TO {text(path)} "
            f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL {LEVEL}, ROW_GROUP_SIZE {row_group(table.name)})"
        )
        return self._checked(table, path)

    def write_arrow(self, table: type[Table], rows: pa.Table, path: Path) -> Written:
        """Write an Arrow table as ``table``, by the same way and checks as a query."""
        self._connection.register("incoming_rows", rows.select(list(table.names())))
        try:
            return self.write(table, "SELECT * FROM incoming_rows", path)
        finally:
            self._connection.unregister("incoming_rows")

    def _checked(self, table: type[Table], path: Path) -> Written:
        source = parquet(path)
        found = self.rows(f"SELECT {', '.join(_checks(table))} FROM {source}")[0]
        for (label, _), n_bad in zip(_check_list(table), found[1:], strict=True):
            if n_bad:
                raise BrokenTable(table.name, label, int(n_bad))
        repeated = self.rows(_neighbours(table, source))[0][0]
        if repeated:
            raise BrokenTable(table.name, f"grain {table.grain} repeats", int(repeated))
        return Written(table.name, path, int(found[0]), file_hash(path))


@contextmanager
def open_session(threads: int, memory: str | None, spill: Path) -> Iterator[Session]:
    """A session that spills into a folder of its own, removed at the end.

    Raises ``DiskFull`` or ``OutOfMemory`` instead of their causes.
    """
    spill.mkdir(parents=True, exist_ok=True)
    try:
        with Session(threads, memory, spill) as session:
            yield session
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull from error
        raise
    except duckdb.Error as error:
        if "No space left" in str(error):
            raise DiskFull from error
        if isinstance(error, duckdb.OutOfMemoryException):
            raise OutOfMemory(memory) from error
        raise
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def stored_form(table: type[Table], sql: str) -> str:
    """A query as a table is stored: every column in the contract's type, rows in the table's total order.

    Each column is written as one that might hold nulls: what DuckDB happens to know of the inputs (a file that
    marks a column as required, a part without nulls) must not show in the bytes.
    """
    order = ", ".join(f'"{name}"' for name in table.order)
    return f"{typed_form(table, sql)} ORDER BY {order}"


def typed_form(table: type[Table], sql: str) -> str:
    """A query as a table's columns, every one in the contract's type."""
    casts = ", ".join(
        f'CASE WHEN "{name}" IS NOT NULL THEN CAST("{name}" AS {sql_type(column)}) END AS "{name}"'
        for name, column in table.columns.items()
    )
    return f"SELECT {casts} FROM ({sql})"


def files_sql(table: type[Table], files: Iterable[Path], names: tuple[str, ...] | None = None) -> str:
    """SQL that reads a table from its Parquet files, typed and empty when there are none."""
    chosen = names or table.names()
    paths = list(files)
    if not paths:
        nulls = ", ".join(f'CAST(NULL AS {sql_type(table.columns[name])}) AS "{name}"' for name in chosen)
        return f"SELECT {nulls} WHERE false"
    quoted = ", ".join(f'"{name}"' for name in chosen)
    return f"SELECT {quoted} FROM {parquet(*paths)}"


def unbound(
    table: type[Table], names: tuple[str, ...] | None = None, called: str | None = None
) -> ibis.Table:
    """The table as an Ibis expression that is not bound to any data."""
    return ibis.table(ibis_schema(table, names), name=called or table.name)


def compiled(expression: Any) -> str:
    """The SQL of an Ibis expression in DuckDB's dialect."""
    return in_our_words(written_once(str(ibis.to_sql(_listed(expression), dialect="duckdb", pretty=False))))


def _listed(expression: Any) -> Any:
    """The expression with the columns that stay told by name wherever some are dropped.

    Ibis writes a query that is read in several places once only if it is a selection; what stands behind a dropping of
    columns it would write, and DuckDB run, once for each reader.
    """
    return expression.op().replace(_as_selection | _as_piece).to_expr()


@replace(InstanceOf(DropColumns))
def _as_selection(_: Any) -> Any:
    return Project(_.parent, {name: Field(_.parent, name) for name in _.schema.names})


@ibis.udf.scalar.builtin(name="substring")
def _piece(text: str, begins: int, length: int) -> str:  # type: ignore[empty-body]  # the database has its body
    """So many letters of a text from a place on, counted from 1."""


@replace(InstanceOf(Substring))
def _as_piece(_: Any) -> Any:
    """Letters from a known place on: else Ibis asks in SQL, writing the text twice, whether the place is below 0."""
    begins = _.start.value if isinstance(_.start, Literal) else None
    if begins is None or begins < 0 or _.length is None:
        return _
    return _piece(_.arg.to_expr(), begins + 1, _.length.to_expr()).op()


def empty(table: type[Table]) -> pa.Table:
    """A table without rows."""
    return arrow_schema(table).empty_table()


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _check_list(table: type[Table]) -> list[tuple[str, str]]:
    """Label and SQL condition of everything the contract forbids in a stored row."""
    checks: list[tuple[str, str]] = []
    for name, column in table.columns.items():
        if not column.nullable:
            checks.append((f"column {name} is null", f'"{name}" IS NULL'))
        if column.codes:
            listed = ", ".join(f"'{code}'" for code in column.codes)
            checks.append((f"column {name} holds a code outside its list", f'"{name}" NOT IN ({listed})'))
        if column.low is not None:
            checks.append((f"column {name} is below {column.low}", f'"{name}" < {column.low}'))
        if column.high is not None:
            checks.append((f"column {name} is above {column.high}", f'"{name}" > {column.high}'))
    return checks


def _checks(table: type[Table]) -> list[str]:
    return ["count(*)", *(f"count(*) FILTER (WHERE {condition})" for _, condition in _check_list(table))]


def _neighbours(table: type[Table], source: str) -> str:
    """How many rows equal the row before them in the grain: cheap, for the file is sorted."""
    if table.order[: len(table.grain)] != table.grain and set(table.order) != set(table.grain):
        grain = ", ".join(f'"{name}"' for name in table.grain)
        return f"SELECT count(*) - count(DISTINCT ({grain})) FROM {source}"
    same = " AND ".join(f'"{name}" = lag("{name}") OVER stored' for name in table.grain)
    return (
        f"SELECT count(*) FILTER (WHERE same) FROM (SELECT {same} AS same FROM {source} "
        "WINDOW stored AS (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW))"
    )
