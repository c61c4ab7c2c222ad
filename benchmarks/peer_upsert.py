"""The peer of the intake: one set of tables, brought up to date by one transaction of upserts.

``peer_upsert.py RUN`` upserts every row of the run's tables into tables of the desk's own database; called first with
``--fill`` it makes the tables and their indexes. SQLite: prepared upserts. PostgreSQL: COPY into a temporary table,
then one INSERT ... ON CONFLICT a table.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.db import connection, transaction


def main() -> None:
    """Fill the tables the first time, then upsert."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--fill", action="store_true")
    asked = parser.parse_args()
    django.setup()
    from keepwell.desk.generations import layout
    from keepwell.desk.generations.decided import REGISTERED

    filled = [model for model in REGISTERED.values() if model.fill_statement]
    models = [model for model in REGISTERED.values() if not model.fill_statement]
    with transaction.atomic(), connection.cursor() as cursor:
        if asked.fill:
            for model in REGISTERED.values():
                cursor.execute(layout.table_statement(model))
                for statement in layout.index_statements(model):
                    cursor.execute(statement)
        put = _put_sqlite if connection.vendor == "sqlite" else _put_postgresql
        for model in models:
            _upsert(cursor, model, asked.run, put)
        for model in filled:
            cursor.execute(f"{model.fill_statement} {_on_conflict(model)}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _on_conflict(model: Any) -> str:
    grain = model.contract_table.grain
    others = [name for name in model.stored if name not in grain]
    listed = ", ".join(f'"{name}"' for name in grain)
    if not others:
        return f"ON CONFLICT ({listed}) DO NOTHING"
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in others)
    return f"ON CONFLICT ({listed}) DO UPDATE SET {sets}"


def _upsert(cursor: Any, model: Any, run: Path, put: Callable[..., None]) -> None:
    from keepwell.desk.exchange import writing
    from keepwell.desk.exchange.folders import RunFolder

    found = writing.rows(model, RunFolder(run))
    put(cursor, model, found, ", ".join(f'"{name}"' for name in model.stored))


def _put_sqlite(_cursor: Any, model: Any, found: Any, names: str) -> None:
    from keepwell.desk.exchange import batches

    marks = ", ".join("?" * len(model.stored))
    statement = f'INSERT INTO "{model.table_name}" ({names}) VALUES ({marks}) {_on_conflict(model)}'
    for batch in found:
        connection.connection.executemany(statement, batches.as_rows(batch))


def _put_postgresql(cursor: Any, model: Any, found: Any, names: str) -> None:
    from keepwell.desk.exchange import batches

    cursor.execute(f'CREATE TEMP TABLE "new_{model.table_name}" (LIKE "{model.table_name}") ON COMMIT DROP')
    with cursor.copy(
        f"COPY \"new_{model.table_name}\" ({names}) FROM STDIN WITH (FORMAT csv, NULL '')"
    ) as stream:
        for batch in found:
            stream.write(batches.as_csv(batch))
    cursor.execute(
        f'INSERT INTO "{model.table_name}" ({names}) SELECT {names} FROM "new_{model.table_name}" {_on_conflict(model)}'
    )


if __name__ == "__main__":
    main()
