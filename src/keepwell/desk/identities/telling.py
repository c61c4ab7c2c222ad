"""What of the write-back is shown: files, their rows, and what came back refused, that within `reach`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keepwell.contract.golden import Fact
from keepwell.contract.sources.clients import CustomerRecord
from keepwell.desk.clients.sentences import code_text, language
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import due
from keepwell.desk.identities.models import Acknowledgement, WriteBack, WriteBackRow
from keepwell.desk.identities.reach import within
from keepwell.desk.people.models import User
from keepwell.desk.ui.paging import Keyset, keyset

TONES = {
    "waits": "warning", "sent": "accent", "part": "warning", "done": "good", "returned": "bad", "withdrawn": "plain",
    "accepted": "good", "refused": "bad",
}  # fmt: skip


def files(cursor: str) -> Keyset[WriteBack]:
    """All files, newest first; their text stays closed."""
    rows = WriteBack.objects.select_related("by").defer("sealed")
    return keyset(rows, ("-number", "-id"), cursor)


def file(number: int) -> WriteBack | None:
    """One file with its text, still encrypted."""
    return WriteBack.objects.select_related("by", "decided_by").filter(number=number).first()


def waiting() -> QuerySet[WriteBack]:
    """Files that wait for a second person, oldest first; their text stays closed."""
    rows = WriteBack.objects.filter(state=WriteBack.State.WAITS).select_related("by").defer("sealed")
    return rows.order_by("number")


def decided_by(user: User) -> QuerySet[WriteBack]:
    """What the person has let go or returned, newest first."""
    rows = WriteBack.objects.filter(decided_by=user).select_related("by").defer("sealed")
    return rows.order_by("-decided_at")


def rows(write_back: WriteBack, state: str, cursor: str) -> Keyset[WriteBackRow]:
    """The rows of a file, masked: all or those of a state."""
    found = WriteBackRow.objects.filter(write_back=write_back)
    if state in WriteBackRow.State.values:
        found = found.filter(state=state)
    return keyset(found, ("line", "id"), cursor)


def answers(write_back: WriteBack) -> list[Acknowledgement]:
    """What the firm's systems answered to a file, newest first."""
    return list(write_back.answers.select_related("by").order_by("-at", "-pk")[:50])


def back(user: User) -> QuerySet[WriteBackRow]:
    """Rows that came back refused and wait, within reach."""
    found = WriteBackRow.objects.filter(is_back=True)
    return within(user, found, "client_id").select_related("write_back").order_by("pk")


def back_of(user: User, conflict_key: str) -> list[WriteBackRow]:
    """Those of a conflict."""
    return list(back(user).filter(conflict_key=conflict_key)) if conflict_key else []


def n_back(user: User) -> int:
    """How many wait, counted up to 10,000."""
    return back(user).order_by()[:10_000].count()


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
