"""How a generation lies in its database: the statements that make its tables and indexes.

Texts compare bytewise on both databases (PostgreSQL's `C`, SQLite's own way), so that a prefix is a range
and a page's order is the run's order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db import connection, models

from keepwell.desk.generations.decided import REGISTERED, Decided


def table_statement(model: type[Decided]) -> str:
    """`CREATE TABLE` for the model in the schema that comes first."""
    columns = ", ".join(_column(model, name) for name in model.stored)
    key = ", ".join(f'"{name}"' for name in model.contract_table.grain)
    ending = " WITHOUT ROWID" if connection.vendor == "sqlite" else ""
    return f'CREATE TABLE "{model.table_name}" ({columns}, PRIMARY KEY ({key})){ending}'


def index_statements(model: type[Decided]) -> Iterator[str]:
    """`CREATE INDEX` for each of the model's indexes; a leading minus is a descending column."""
    for columns in model.extra_indexes:
        name = "_".join([model.table_name, *(column.lstrip("-") for column in columns)])[:60]
        listed = ", ".join(
            f'"{column.lstrip("-")}"{" DESC" if column.startswith("-") else ""}' for column in columns
        )
        yield f'CREATE INDEX "{name}" ON "{model.table_name}" ({listed})'


def fingerprint() -> str:
    """SHA-256 over every table, index and fill: a generation laid out otherwise cannot be read by this desk."""
    told = hashlib.sha256()
    for name in sorted(REGISTERED):
        model = REGISTERED[name]
        for statement in (table_statement(model), *index_statements(model), model.fill_statement):
            told.update(statement.encode())
    return told.hexdigest()


def _column(model: type[Decided], name: str) -> str:
    field = model.stored[name]
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    kind = target.db_type(connection)
    bytewise = connection.vendor == "postgresql" and isinstance(target, models.CharField)
    missing = "" if field.null else " NOT NULL"
    return f'"{name}" {kind}{" COLLATE " + chr(34) + "C" + chr(34) if bytewise else ""}{missing}'
