"""Where the demo logins find the staff of the current run: the exchange, on a higher floor, registers itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class CurrentStaff(NamedTuple):
    """Rows of the contract's `staff` table in the current run, and whether that run is the made-up firm's."""

    rows: Sequence[dict[str, Any]]
    is_made_up: bool


_sources: list[Callable[[], CurrentStaff | None]] = []


def register(source: Callable[[], CurrentStaff | None]) -> None:
    """Name the function that answers the current staff, or `None` without a run (call it in `AppConfig.ready`)."""
    _sources[:] = [source]


def current_staff() -> CurrentStaff | None:
    """The staff of the current run, `None` while there is no run."""
    return _sources[0]() if _sources else None
