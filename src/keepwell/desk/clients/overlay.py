"""What people did since the run, laid over its lines: each room above registers what it knows of a page of clients.

A line says what the run decided; the desk goes on. What the run already counts is the same in both, so that nothing
has to be known of its cut.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from keepwell.desk.clients.models import ClientLine

Lay = Callable[[Sequence[ClientLine], Mapping[str, str]], None]
Reached = Callable[[dt.date | None], QuerySet[Any]]

_lays: dict[str, Lay] = {}
_reached: list[Reached] = []


def register(name: str, lay: Lay) -> None:
    """Name what lays a room's acts over lines: `lay(rows, owners)` sets attributes of `ClientLine`.

    `owners` are the clients by customer number, for acts are kept by it. The number of queries is bounded.
    """
    _lays[name] = lay


def laid(rows: Sequence[ClientLine], owners: Mapping[str, str]) -> None:
    """Lay everything over a page of lines."""
    if rows:
        for lay in _lays.values():
            lay(rows, owners)


def register_reached(reached: Reached) -> None:
    """Name who was reached since the run: `reached(after)` answers their client ids, a day's few of the firm.

    `after` is the day after which they were reached, `None` for at all.
    """
    _reached.append(reached)


def silent(days: int, on: dt.date, line: str = "") -> Q:
    """Nobody reached the client in the last `days` up to `on`, neither for the run nor at the desk since.

    `line` leads to the client's line from rows that are not lines; both have a `client_id`.
    """
    return Q(**{f"{line}days_since_contact__gte": days}) & ~reached_since(on - dt.timedelta(days=days))


def never_reached(line: str = "") -> Q:
    """No contact is on record that reached the client."""
    return Q(**{f"{line}last_contact_on": None}) & ~reached_since()


def reached_since(after: dt.date | None = None) -> Q:
    """The desk has reached the client since the run, after a day or at all."""
    found = Q(client_id__in=[])
    for reached in _reached:
        found |= Q(client_id__in=reached(after))
    return found
