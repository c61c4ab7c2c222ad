"""Writing a generation aside: a SQLite file under another name, or a PostgreSQL schema nobody looks at yet."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyarrow as pa
from django.db import DatabaseError, connection, transaction

from keepwell.desk.clients import sealing
from keepwell.desk.exchange import batches
from keepwell.desk.exchange.folders import IntakeError, RunFolder
from keepwell.desk.generations import attach, layout
from keepwell.desk.generations.decided import REGISTERED, SEALED, Decided


def tables() -> list[str]:
    """The run's tables that a generation holds."""
    return [name for name, model in REGISTERED.items() if not model.fill_statement]


def rows(model: type[Decided], run: RunFolder) -> Iterator[pa.RecordBatch]:
    """The run's rows as the generation holds them: secret columns leave this function encrypted, as one value a row."""
    table, path = model.contract_table, run.file(model.contract_table.name)
    if not model.secret_columns:
        yield from batches.read(path, list(model.stored))
        return
    seal = sealing.sealer(run.run_id, table)
    names = [name for name in model.stored if name != SEALED]
    for batch in batches.read(path, [*names, *model.secret_columns]):
        owners = batches.joined(batch, table.grain, sealing.MARK)
        sealed = seal(owners, batches.joined(batch, model.secret_columns, sealing.MARK))
        yield batches.with_sealed(batch, list(model.stored), SEALED, sealed)


def write(run: RunFolder) -> None:
    """Write the run's generation as a whole; a half-written one from before is thrown away.

    Raises `IntakeError` when the database cannot take it, as a rule for want of space
    """
    try:
        if connection.vendor == "sqlite":
            _write_file(run)
        else:
            _write_schema(run)
    except (sqlite3.Error, DatabaseError, OSError) as error:
        raise IntakeError(
            f"run {run.run_id} could not be written: {error}. People go on seeing the run before; "
            "see to the space of the desk's disk and database, then call load_run again"
        ) from error


def remove(run_id: str) -> None:
    """Remove a generation nobody reads any more; on SQLite an open reader keeps its file to the end."""
    if connection.vendor == "sqlite":
        attach.file_of(run_id).unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{attach.schema_of(run_id)}" CASCADE')


def is_there(run_id: str) -> bool:
    """Whether the generation lies where it should."""
    if connection.vendor == "sqlite":
        return attach.file_of(run_id).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [attach.schema_of(run_id)])
        return cursor.fetchone() is not None


def _fill(
    execute: Callable[[str], object], insert: Callable[[type[Decided], RunFolder], None], run: RunFolder
) -> None:
    for model in REGISTERED.values():
        execute(layout.table_statement(model))
    for name in tables():
        insert(REGISTERED[name], run)
    for model in REGISTERED.values():
        if model.fill_statement:
            execute(model.fill_statement)
    for model in REGISTERED.values():
        for statement in layout.index_statements(model):
            execute(statement)


def _write_file(run: RunFolder) -> None:
    final = attach.file_of(run.run_id)
    final.parent.mkdir(parents=True, exist_ok=True)
    aside = final.with_name(f".aside-{final.name}")
    aside.unlink(missing_ok=True)
    with closing(sqlite3.connect(aside, isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000", "locking_mode=EXCLUSIVE"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")
        _fill(database.execute, lambda model, folder: _insert(database, model, folder), run)
        database.execute("COMMIT")
        database.execute("ANALYZE")
    _settle(aside, final)


def _insert(database: sqlite3.Connection, model: type[Decided], run: RunFolder) -> None:
    names = ", ".join(f'"{name}"' for name in model.stored)
    marks = ", ".join("?" * len(model.stored))
    statement = f'INSERT INTO "{model.table_name}" ({names}) VALUES ({marks})'  # noqa: S608  names of the contract
    for batch in rows(model, run):
        database.executemany(statement, batches.as_rows(batch))


def _settle(aside: Path, final: Path) -> None:
    """Make the bytes durable, then give the file its name."""
    for path in (aside, final.parent):
        with _open(path) as descriptor:
            os.fsync(descriptor)
    aside.replace(final)
    with _open(final.parent) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _open(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _write_schema(run: RunFolder) -> None:
    schema = attach.schema_of(run.run_id)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        cursor.execute(f'CREATE SCHEMA "{schema}"')
        cursor.execute(f'SET LOCAL search_path TO "{schema}", public')
        # One process builds indexes: the other processors are the readers'.
        cursor.execute("SET LOCAL max_parallel_maintenance_workers = 0")
        _fill(cursor.execute, _copy, run)
    with connection.cursor() as cursor:
        for model in REGISTERED.values():
            cursor.execute(f'ANALYZE "{schema}"."{model.table_name}"')


def _copy(model: type[Decided], run: RunFolder) -> None:
    names = ", ".join(f'"{name}"' for name in model.stored)
    statement = f"COPY \"{model.table_name}\" ({names}) FROM STDIN WITH (FORMAT csv, FREEZE, NULL '')"
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for batch in rows(model, run):
            stream.write(batches.as_csv(batch))
