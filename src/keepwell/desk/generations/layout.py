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
    """`CREATE TABLE` for the model in the schema that comes first; SQLite stores the rows by their key."""
    columns = ", ".join(_column(model, name) for name in model.stored)
    if connection.vendor == "sqlite":
        return f'CREATE TABLE "{model.table_name}" ({columns}, {_key(model)}) WITHOUT ROWID'
    return f'CREATE TABLE "{model.table_name}" ({columns})'


def index_statements(model: type[Decided]) -> Iterator[str]:
    """The model's indexes, for when its rows are there: built at once they cost less than row by row.

    On PostgreSQL the key is one of them; a leading minus is a descending column.
    """
    if connection.vendor == "postgresql":
        yield f'ALTER TABLE "{model.table_name}" ADD {_key(model)}'
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


def _key(model: type[Decided]) -> str:
    names = ", ".join(f'"{name}"' for name in model.contract_table.grain)
    return f"PRIMARY KEY ({names})"


def _column(model: type[Decided], name: str) -> str:
    field = model.stored[name]
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    kind = target.db_type(connection)
    bytewise = connection.vendor == "postgresql" and isinstance(target, models.CharField)
    missing = "" if field.null else " NOT NULL"
    return f'"{name}" {kind}{" COLLATE " + chr(34) + "C" + chr(34) if bytewise else ""}{missing}'
