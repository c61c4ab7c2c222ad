"""Make the database role of the pages for clients: rights to one-time forms alone (PostgreSQL).

Rights say which columns it writes, guards beside them what it may write there: an open form may be answered or closed,
failures only grow, and what is handed in does not change any more.
"""

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
SECONDS_APART = 300  # the clocks of the pages' server and of the database


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
            for statement in (*rights(name, connection.settings_dict["NAME"]), *guards()):
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


def guards() -> list[str]:
    """Triggers that let whoever does not own the tables take the steps of a client and no others."""
    q = connection.ops.quote_name
    form, answer = (q(model._meta.db_table) for model in (Form, Answer))  # noqa: SLF001  Django documents it
    return [
        _function("keepwell_guard_form", FORM_GUARD),
        _function("keepwell_guard_answer", ANSWER_GUARD.format(form=form)),
        _trigger("keepwell_guard_form", "BEFORE UPDATE", form),
        _trigger("keepwell_guard_answer", "BEFORE INSERT OR UPDATE", answer),
    ]


OWNER = "pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'member')"
RESULT = ("state", "answered_at", "score", "risk_level", "is_lowest_class", "is_jump", "device_code")
FORM_GUARD = f"""
    NEW.n_failed >= OLD.n_failed
    AND CASE
        WHEN OLD.state <> 'open' THEN
            ({", ".join(f"NEW.{one}" for one in RESULT)}) IS NOT DISTINCT FROM
            ({", ".join(f"OLD.{one}" for one in RESULT)})
        WHEN NEW.state = 'answered' THEN abs(extract(epoch FROM NEW.answered_at - now())) < {SECONDS_APART}
        ELSE NEW.state IN ('open', 'locked')
    END"""
ANSWER_GUARD = "EXISTS (SELECT 1 FROM {form} WHERE id = NEW.form_id AND state = 'open')"


def _function(name: str, allowed: str) -> str:
    said = "a form is answered once, by whoever it was sent to, and does not change afterwards"
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT {OWNER} AND ({allowed}) IS NOT TRUE THEN "
        f"RAISE EXCEPTION '{said}' USING ERRCODE = 'insufficient_privilege'; END IF; RETURN NEW; END $$"
    )


def _trigger(name: str, when: str, table: str) -> str:
    return f"CREATE OR REPLACE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
