"""Make the database role of the pages for clients: rights to one-time forms alone (PostgreSQL)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from keepwell.desk.forms.models import Answer, Form, Step

MAY_CHANGE = (
    "state",
    "n_failed",
    "answered_at",
    "score",
    "risk_level",
    "is_lowest_class",
    "is_jump",
    "device_code",
)
NAME = re.compile(r"[a-z_][a-z0-9_]{0,40}")
SHORTEST = 16


class Command(BaseCommand):
    """`manage client_pages_role --name keepwell_clients --password-file FILE`, again after each migration of forms."""

    help = "PostgreSQL: a role that reads and answers one-time forms, and reads no other table"

    def add_arguments(self, parser: CommandParser) -> None:
        """Name and password of the role."""
        parser.add_argument("--name", default="keepwell_clients")
        parser.add_argument("--password-file", type=Path, required=True)

    def handle(self, *_args: Any, **told: Any) -> None:
        """Make the role, or give it exactly these rights anew."""
        if connection.vendor != "postgresql":
            raise CommandError(
                "SQLite has no roles: there the pages are parted from the desk by their process alone"
            )
        name, password = str(told["name"]), told["password_file"].read_text(encoding="utf-8").strip()
        if not NAME.fullmatch(name):
            raise CommandError(f"--name {name!r}: small letters, digits and _ alone")
        if len(password) < SHORTEST:
            raise CommandError(f"the password has {len(password)} signs; at least {SHORTEST}")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE ROLE "{name}"')
            cursor.execute(
                f'ALTER ROLE "{name}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD %s',
                [password],
            )
            for statement in rights(name, connection.settings_dict["NAME"]):
                cursor.execute(statement)
        self.stdout.write(f"{name} may read and answer one-time forms, and nothing else")


def rights(name: str, database: str) -> list[str]:
    """What the role may do, and that it may do nothing else in the desk's schema."""
    q = connection.ops.quote_name
    form, answer, step = (q(model._meta.db_table) for model in (Form, Answer, Step))  # noqa: SLF001  Django documents it
    changed = ", ".join(q(column) for column in MAY_CHANGE)
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {q(name)}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {q(name)}",
        f"GRANT CONNECT ON DATABASE {q(database)} TO {q(name)}",
        f"GRANT USAGE ON SCHEMA public TO {q(name)}",
        f"GRANT SELECT, UPDATE ({changed}) ON {form} TO {q(name)}",
        f"GRANT SELECT, INSERT, UPDATE (letters) ON {answer} TO {q(name)}",
        f"GRANT SELECT, INSERT ON {step} TO {q(name)}",
    ]
