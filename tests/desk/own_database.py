"""A database of its own for one test, as empty as the migrated one: commits are real, nothing has to be flushed.

The audit log refuses deletion, so a test that commits cannot share the suite's database.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def own_database(folder: Path) -> Iterator[None]:
    """Point the default connection to a copy of the migrated test database; back again at the end."""
    if connection.vendor == "sqlite":
        yield from _copied_file(folder / "desk.sqlite3")
    else:
        yield from _copied_schema(f"own_database_{os.getpid()}")


def _copied_file(path: Path) -> Iterator[None]:
    connection.ensure_connection()
    kept, name = connection.connection, connection.settings_dict["NAME"]
    with closing(sqlite3.connect(path)) as target:
        kept.backup(target)
    connection.connection = None
    connection.settings_dict["NAME"] = path
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        connection.connection = kept


def _copied_schema(copy: str) -> Iterator[None]:
    name = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{copy}"')
