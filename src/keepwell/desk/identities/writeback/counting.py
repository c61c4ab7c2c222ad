"""What becomes of each row of an answer, and how far a file is answered by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.desk.identities.models import WriteBack, WriteBackRow
from keepwell.desk.identities.writeback import answers

KEPT_UNKNOWN = 200  # unknown rows of an answer that are kept to be shown
State, Row = WriteBack.State, WriteBackRow.State


@dataclass(slots=True)
class Counted:
    """What became of the rows of an answer."""

    accepted: list[int]
    refused: list[WriteBackRow]
    unknown: list[dict[str, Any]]

    def as_numbers(self) -> dict[str, int]:
        """How many rows there are, and how many of each."""
        counts = {
            "n_accepted": len(self.accepted),
            "n_refused": len(self.refused),
            "n_unknown": len(self.unknown),
        }
        return {"n_rows": sum(counts.values()), **counts}

    def as_fields(self) -> dict[str, Any]:
        """By the names of the answer's columns."""
        return {**self.as_numbers(), "unknown": self.unknown[:KEPT_UNKNOWN]}


def counted(write_back: WriteBack, said: Sequence[answers.Said]) -> Counted:
    """Each row of an answer as accepted, refused or unknown."""
    rows = {row.line: row for row in write_back.rows.select_related("verification")}
    found, seen = Counted([], [], []), set[int]()
    for one in said:
        nth = int(one.row) if one.row.isascii() and one.row.isdigit() else 0
        row = rows.get(nth)
        why = _unknown(one, row, is_twice=nth in seen)
        seen.add(nth)
        if why or row is None:
            value = one.result if why == "result" else one.row
            found.unknown.append({"line": one.line, "why": why, "value": value})
        elif one.result == "accepted":
            found.accepted.append(row.pk)
        else:
            row.reason = one.reason
            found.refused.append(row)
    return found


def _unknown(one: answers.Said, row: WriteBackRow | None, *, is_twice: bool) -> str:
    """Why a row of an answer cannot be taken in, empty when it can."""
    if row is None:
        return "row"
    if is_twice:
        return "twice"
    if one.result not in answers.RESULTS:
        return "result"
    return "accepted_before" if row.state == Row.ACCEPTED and one.result == "refused" else ""


def keep(counted: Counted, at: dt.datetime) -> None:
    """Note on each row what was answered; one refused before, and sent again since, is not called back by it."""
    WriteBackRow.objects.filter(pk__in=counted.accepted).update(
        state=Row.ACCEPTED, reason="", answered_at=at, is_back=False, is_again=False
    )
    for refused in counted.refused:
        refused.is_back = refused.is_back or (refused.state == Row.SENT and refused.stands)
        refused.state, refused.answered_at = Row.REFUSED, at
    told = ("state", "reason", "answered_at", "is_back")
    WriteBackRow.objects.bulk_update(counted.refused, told, batch_size=200)


def settle(row: WriteBack) -> None:
    """How far the file is answered; its text is not kept longer than it is needed."""
    row.n_accepted = row.rows.filter(state=Row.ACCEPTED).count()
    row.n_refused = row.rows.filter(state=Row.REFUSED).count()
    row.state = State.DONE if not row.n_open else State.PART if row.n_accepted + row.n_refused else State.SENT
    row.sealed = None if row.state == State.DONE else row.sealed
    row.save(update_fields=["n_accepted", "n_refused", "state", "sealed"])
