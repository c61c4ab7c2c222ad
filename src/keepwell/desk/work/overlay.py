"""The open tasks of a page of clients as they are now, for the list and the card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from keepwell.desk.clients import overlay
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.queries import pinned
from keepwell.desk.work.queries import open_of


def register() -> None:
    """Call it in `AppConfig.ready`."""
    overlay.register("tasks", lay)


def lay(rows: Sequence[ClientLine], owners: Mapping[str, str]) -> None:
    """Set the number of open tasks and the nearest deadline: what was settled is gone, what was promised is there."""
    generation = pinned()
    if generation is None:
        return
    found: dict[str, list[dt.date]] = {row.client_id: [] for row in rows}
    for client_id, due_on in open_of(list(found), owners, desk_day(generation)):
        found[client_id].append(due_on)
    for row in rows:
        due = found[row.client_id]
        row.desk_tasks = (len(due), min(due, default=None))
