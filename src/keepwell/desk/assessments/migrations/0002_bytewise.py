"""What names a notice compares byte by byte here too: without it no index serves a join from a generation."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from keepwell.desk.columns import bytewise


class Migration(migrations.Migration):
    """On PostgreSQL alone; SQLite compares so by itself."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("assessments", "0001_initial")]
    operations: ClassVar[list[migrations.RunPython]] = [
        bytewise("assessments_told", "client_id", "record_code", "notice_kind", "product_code")
    ]
