"""What people did since the run, laid over its lines: each room above registers what it knows of a page of clients.

A line says what the run decided; the desk goes on. What the run already counts is the same in both, so that nothing
has to be known of its cut.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from keepwell.desk.clients.models import ClientLine

Lay = Callable[[Sequence[ClientLine], Mapping[str, str]], None]

_lays: dict[str, Lay] = {}


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
