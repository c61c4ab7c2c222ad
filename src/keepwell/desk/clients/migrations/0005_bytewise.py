"""Numbers of the run compare byte by byte here too: without it no index serves a join from a generation."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from keepwell.desk.columns import bytewise


class Migration(migrations.Migration):
    """On PostgreSQL alone; SQLite compares so by itself."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("clients", "0004_client_secret")]
    operations: ClassVar[list[migrations.RunPython]] = [
        bytewise("clients_assignment", "record_code"),
        bytewise("clients_override", "client_id", "record_code"),
        bytewise("clients_recentclient", "client_id"),
        bytewise("clients_place", "manager_code", "home_branch_code"),
    ]
