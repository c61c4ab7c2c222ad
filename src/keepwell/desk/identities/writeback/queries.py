"""What of the write-back is there: files, their rows, and what came back refused, that within `reach`."""

from __future__ import annotations

from django.db.models import QuerySet

from keepwell.desk.identities.models import Acknowledgement, WriteBack, WriteBackRow
from keepwell.desk.identities.reach import within
from keepwell.desk.people.models import User
from keepwell.desk.ui.paging import Keyset, keyset


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
