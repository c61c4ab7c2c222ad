"""The database itself refuses to change or delete log entries and seals."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLES = ("audit_firm_entry", "audit_firm_seal", "audit_aml_entry", "audit_aml_seal")


def protect(apps: Any, schema_editor: Any) -> None:
    """Add the triggers."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
        )
    for table in TABLES:
        for act in ("UPDATE", "DELETE"):
            name = f"{table}_no_{act.lower()}"
            if schema_editor.connection.vendor == "postgresql":
                body = "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
            else:
                body = "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} {body}")


def unprotect(apps: Any, schema_editor: Any) -> None:
    """Take them away again."""
    for table in TABLES:
        for act in ("update", "delete"):
            on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER {table}_no_{act}{on}")


class Migration(migrations.Migration):
    """Triggers on both logs."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(protect, unprotect)]
