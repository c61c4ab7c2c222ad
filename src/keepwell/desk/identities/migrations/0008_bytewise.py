"""Numbers of the run compare byte by byte in what was added last, too."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from keepwell.desk.columns import bytewise


class Migration(migrations.Migration):
    """On PostgreSQL alone; SQLite compares so by itself."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("identities", "0007_mending")]
    operations: ClassVar[list[migrations.RunPython]] = [
        bytewise("identities_extension", "client_id"),
        bytewise("identities_writebackrow", "record_code", "client_id"),
    ]
