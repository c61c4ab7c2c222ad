"""Where the demo logins find the staff of the current run: the exchange, on a higher floor, registers itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class CurrentStaff(NamedTuple):
    """Rows of the contract's `staff` table in the current run, and whether that run is the made-up firm's."""

    rows: Sequence[dict[str, Any]]
    is_made_up: bool


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """What the current run says of one staff number; `licences` are (kind's name, valid until or `None`)."""

    staff_name: str
    role: str
    branch_code: str
    branch_name: str
    team_code: str
    team_name: str
    left_on: dt.date | None
    licences: Sequence[tuple[str, dt.date | None]] = ()


Facts = Callable[[Sequence[str]], Mapping[str, StaffFacts]]
_facts: list[Facts] = []
_sources: list[Callable[[], CurrentStaff | None]] = []


def register(source: Callable[[], CurrentStaff | None]) -> None:
    """Name the function that answers the current staff, or `None` without a run (call it in `AppConfig.ready`)."""
    _sources[:] = [source]


def current_staff() -> CurrentStaff | None:
    """The staff of the current run, `None` while there is no run."""
    return _sources[0]() if _sources else None


def register_facts(source: Facts) -> None:
    """Name the function that answers what the current run says of some staff numbers."""
    _facts[:] = [source]


def facts_of(codes: Sequence[str]) -> Mapping[str, StaffFacts]:
    """What the current run says of the staff numbers, by number; those it does not know are missing."""
    wanted = [code for code in dict.fromkeys(codes) if code]
    return _facts[0](wanted) if _facts and wanted else {}
