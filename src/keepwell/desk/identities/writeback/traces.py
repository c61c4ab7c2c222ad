"""What notices and the log call a write-back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from keepwell.desk.identities.models import WriteBack
from keepwell.desk.ui import formats


def about(row: WriteBack) -> dict[str, Any]:
    """The file as the log's subject, with the run it was made from."""
    return {"subject_kind": "write_back", "subject_id": str(row.number), "run": row.run}


def title(row: WriteBack) -> str:
    """What a notice calls it: its number and how much it holds."""
    said = ngettext(
        "Write-back %(number)d: %(n)s value in full",
        "Write-back %(number)d: %(n)s values in full",
        row.n_secrets,
    )
    return said % {"number": row.number, "n": formats.number(row.n_secrets)}


def key(row: WriteBack) -> str:
    """By what notices know it."""
    return f"identities.write_back:{row.pk}"
