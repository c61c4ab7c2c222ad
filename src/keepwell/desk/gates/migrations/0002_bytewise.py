"""Numbers of the run compare byte by byte here too: without it no index serves a join from a generation."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from keepwell.desk.columns import bytewise


class Migration(migrations.Migration):
    """On PostgreSQL alone; SQLite compares so by itself."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("gates", "0001_initial")]
    operations: ClassVar[list[migrations.RunPython]] = [
        bytewise("gates_touch", "client_id", "record_code"),
        bytewise("gates_nocontact", "client_id", "record_code"),
    ]
