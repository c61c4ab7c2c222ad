"""What notices and the log call a judgement, and what they tell of it: customer numbers, no name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from keepwell.contract.codes import Judgement as Said
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import naming
from keepwell.desk.identities.models import Judgement


def title_of(row: Judgement) -> str:
    """What a notice calls it: customer numbers, no name."""
    sign = {str(Said.SAME): "=", str(Said.NOT_SAME): "≠"}.get(row.judgement, "?")
    return f"{row.left_code} {sign} {row.right_code}"


def verb_of(row: Judgement, act: str) -> str:
    """What the log calls an act of two people: about "the same", or about what two had agreed to before."""
    return f"identities.{act}_{'same' if row.judgement == Said.SAME else 'other'}"


def key_of(row: Judgement) -> str:
    """By what notices know it."""
    return f"identities.judgement:{row.pk}"


def about(row: Judgement, generation: Generation) -> dict[str, Any]:
    """What the log says of it, of which client, by which run."""
    said = {"judgement": row.pk, "left": row.left_code, "right": row.right_code}
    payload = {**said, "said": row.judgement, "reason": row.reason}
    return {"run": generation.run_id, "payload": payload, **naming.subject(row.left_client_id)}


def title_of_undo(row: Judgement) -> str:
    """What a notice calls taking it back: customer numbers, no name."""
    return _("Taken back: the same client, %(left)s and %(right)s") % {
        "left": row.left_code,
        "right": row.right_code,
    }


def key_of_undo(row: Judgement, version: int) -> str:
    """By what notices know taking it back."""
    return f"identities.undo:{row.pk}:{version}"
