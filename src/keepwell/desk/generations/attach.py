"""Where a generation lies and how a connection comes to read it: attached read-only, or first in the search path.

Rows hold run numbers, never paths: a moved data folder keeps working.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ALIAS = "generation"
# SQLite stops at what it was built for, 2 GiB, and reads the rest of a larger file as ever.
MAPPED = 1 << 40
READS = "keepwell_reads"  # on PostgreSQL's connection: the schema it is known to read


def checked(run_id: str) -> str:
    """The run's number, safe in a file name and a schema name; raises `ValueError` for anything else."""
    if not re.fullmatch(r"[0-9a-z]{1,24}", run_id):
        raise ValueError(f"run {run_id!r}: allowed are 1 to 24 lower-case letters and digits")
    return run_id


def folder() -> Path:
    """The folder of SQLite generations."""
    return Path(settings.DATA) / "desk" / "generations"


def file_of(run_id: str) -> Path:
    """The SQLite file of a generation."""
    return folder() / f"{checked(run_id)}.sqlite3"


def schema_of(run_id: str) -> str:
    """The PostgreSQL schema of a generation."""
    return f"run_{checked(run_id)}"


def use(run_id: str) -> None:
    """Let this thread's connection read the generation from here on; called outside of a query's iteration."""
    if connection.vendor == "sqlite":
        _attach(file_of(run_id))
        return
    # The path stays with the connection from request to request. Within a transaction it may be taken back with it:
    # then nothing is remembered, and the next call sets it again.
    schema, wrapped = schema_of(run_id), connection.connection
    if wrapped is not None and getattr(wrapped, READS, None) == schema:
        return
    with connection.cursor() as cursor:
        cursor.execute(f'SET search_path TO "{schema}", public')
    setattr(connection.connection, READS, None if connection.in_atomic_block else schema)


def _attach(path: Path) -> None:
    # A connection stays open from request to request: a file written anew under the same name is another one,
    # though not within a transaction, which goes on reading what it began with.
    inode = path.stat().st_ino if path.exists() else None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        attached = {row[1]: row[2] for row in cursor.fetchall()}
        is_same = getattr(connection, "generation_inode", None) == inode or connection.in_atomic_block
        if attached.get(ALIAS) == str(path) and is_same:
            return
        if ALIAS in attached:
            cursor.execute(f"DETACH DATABASE {ALIAS}")
        # A generation never changes after its rename, so no locks are taken on it.
        cursor.execute("ATTACH DATABASE %s AS " + ALIAS, [f"file:{quote(str(path))}?mode=ro&immutable=1"])
        # Read as memory: a search of four digits looks up hundreds of clients, more pages than a connection keeps.
        cursor.execute(f"PRAGMA {ALIAS}.mmap_size={MAPPED}")
        connection.generation_inode = inode  # type: ignore[attr-defined]  # kept on what it is about
