"""Contacts recorded after the acts that a run knows are found by an index."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A day's few of many years."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("contacts", "0002_bytewise")]
    operations: ClassVar[list[migrations.AddIndex]] = [
        migrations.AddIndex(
            model_name="contact", index=models.Index(fields=["recorded_at"], name="contact_recorded")
        ),
    ]
