"""What of the write-back is shown, in the reader's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from keepwell.contract.golden import Fact
from keepwell.contract.sources.clients import CustomerRecord
from keepwell.desk.clients.sentences import code_text, language
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.models import WriteBackRow
from keepwell.desk.identities.writeback import due

TONES = {
    "waits": "warning", "sent": "accent", "part": "warning", "done": "good", "returned": "bad", "withdrawn": "plain",
    "accepted": "good", "refused": "bad",
}  # fmt: skip


def summary(generation: Generation) -> tuple[int, list[tuple[str, int]]]:
    """How many rows a file made now would have, and of what kinds."""
    lines = due.lines(generation)
    kinds = Counter(_kind(line) for line in lines)
    return len(lines), sorted(kinds.items(), key=lambda one: (-one[1], one[0]))


def _kind(line: due.Line) -> str:
    if line.is_undoing and line.verification_id:
        return _("no longer verified")
    if line.field == due.CLIENT:
        return _("who is one person")
    return _("new value") if line.change == WriteBackRow.Change.SET else _("value confirmed")


def field_label(name: str) -> str:
    """What a row is about, in the reader's language."""
    return _("Client number") if name == due.CLIENT else Fact.of(name).text.in_language(language())


def shown(found: Sequence[WriteBackRow]) -> list[dict[str, Any]]:
    """Rows as a page shows them."""
    return [
        {
            "row": row,
            "field": field_label(row.field),
            "old": _value(row.field, row.old_shown),
            "new": _value(row.field, row.new_shown),
            "tone": TONES.get(row.state, "plain"),
        }
        for row in found
    ]


def _value(name: str, kept: str) -> str:
    """A code in the reader's words; everything else as the row keeps it, masked."""
    column = CustomerRecord.columns.get(name)
    return code_text(CustomerRecord, name, kept) if kept and column and column.codes else kept


def why(code: str) -> str:
    """Why a row of an answer could not be taken in, with the remedy."""
    return {
        "row": _("no such row in this file; column row holds the number of the row that is answered"),
        "twice": _("answered twice in one file; the first answer counts"),
        "result": _("column result holds accepted or refused"),
        "accepted_before": _("accepted before; what was accepted is changed by a new file only"),
    }.get(code, code)
