"""What notices and the log call a split: customer numbers, no name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import naming
from keepwell.desk.identities.models import Split


def title_of(row: Split) -> str:
    """What a notice calls it: customer numbers, no name."""
    codes = {"taken": ", ".join(row.taken), "kept": ", ".join(row.kept)}
    if row.undo_asked_by_id:
        return _("Taken back: %(taken)s apart from %(kept)s") % codes
    return _("Split: %(taken)s apart from %(kept)s") % codes


def key_of(row: Split) -> str:
    """By what notices know it."""
    return f"identities.split:{row.pk}:{row.version}"


def about(row: Split, generation: Generation) -> dict[str, Any]:
    """What the log says of it, of which client, by which run."""
    payload = {"split": row.pk, "taken": row.taken, "kept": row.kept, "reason": row.reason}
    return {"run": generation.run_id, "payload": payload, **naming.subject(row.client_id)}
