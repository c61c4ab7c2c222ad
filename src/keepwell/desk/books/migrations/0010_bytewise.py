"""Numbers of the run compare byte by byte in hand-overs, ties, needs and looks into the pool, too."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from keepwell.desk.columns import bytewise


class Migration(migrations.Migration):
    """On PostgreSQL alone; SQLite compares so by itself."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("books", "0009_pool")]
    operations: ClassVar[list[migrations.RunPython]] = [
        bytewise("books_tie", "record_code"),
        bytewise("books_handover", "client_id"),
        bytewise("books_needfact", "client_id", "record_code"),
        bytewise("books_poolview", "client_id"),
    ]
