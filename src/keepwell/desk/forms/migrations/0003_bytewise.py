"""Numbers of clients and records compare byte by byte, as in a generation."""

from typing import ClassVar

from django.db import migrations

from keepwell.desk.columns import bytewise


class Migration(migrations.Migration):
    """The same order on both sides of a join."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("forms", "0002_elsewhere")]
    operations: ClassVar[list[migrations.RunPython]] = [bytewise("forms_form", "client_id", "record_code")]
