"""What a leaver holds and who takes it over: rooms above register themselves in `AppConfig.ready`.

The clients go to the leader, the tasks follow; what is registered says how many there are and hands them over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Held:
    """How many things of a kind somebody holds, and the name of who would take them over (empty: nobody)."""

    n: int
    to: str


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing: how many of it are called, what a staff number holds, how it is handed over (`staff_code=`,
    `by=`, `at=`).
    """

    label: Callable[[int], Label]
    held: Callable[[str], Held]
    hand_over: Callable[..., Any] | None = None  # none: they follow what they belong to


_parts: dict[str, Part] = {}


def register(name: str, part: Part) -> None:
    """Add a kind of thing that people hold."""
    _parts[name] = part


def preview(staff_code: str) -> list[tuple[Label, Held]]:
    """What would be handed over, kind by kind; empty for someone without a staff number."""
    if not staff_code:
        return []
    found = [(part, part.held(staff_code)) for part in _parts.values()]
    return [(part.label(held.n), held) for part, held in found]


def hand_over(*, staff_code: str, by: Any, at: dt.datetime) -> None:
    """Hand everything over; called again, it does what is left."""
    if staff_code:
        for part in _parts.values():
            if part.hand_over:
                part.hand_over(staff_code=staff_code, by=by, at=at)
