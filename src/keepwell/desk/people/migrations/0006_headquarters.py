"""A service desk without a branch worked for headquarters: now its place says so."""

from __future__ import annotations

from typing import Any

from django.db import migrations

HEADQUARTERS = "HQ"  # as `people.roles` had it when this was written


def say_so(apps: Any, _editor: Any) -> None:
    """Logins, and what is proposed for them."""
    apps.get_model("people", "User").objects.filter(role="service_desk", branch_code="").update(
        branch_code=HEADQUARTERS
    )
    for grant in apps.get_model("people", "Grant").objects.filter(state="proposed"):
        for row in grant.rows:
            if row.get("role") == "service_desk" and not row.get("branch_code"):
                row["branch_code"] = HEADQUARTERS
        grant.save(update_fields=["rows"])


def as_before(apps: Any, _editor: Any) -> None:
    """An empty branch says it again."""
    users = apps.get_model("people", "User").objects.filter(role="service_desk", branch_code=HEADQUARTERS)
    users.update(branch_code="")


class Migration(migrations.Migration):
    """Logins at headquarters."""

    dependencies = [("people", "0005_withdrawn_grant")]  # noqa: RUF012  as Django reads it
    operations = [migrations.RunPython(say_so, as_before)]  # noqa: RUF012
