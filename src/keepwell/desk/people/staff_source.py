"""What the current run says of staff, branches and teams: rooms on higher floors, which read it, register here."""

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


@dataclass(frozen=True, slots=True)
class Places:
    """The firm's branches by code, and its teams by code with the branch each belongs to."""

    branches: Mapping[str, str]
    teams: Mapping[str, tuple[str, str]]

    def branch_of(self, team_code: str) -> str:
        """The branch of a team, empty for one that nobody knows."""
        return self.teams.get(team_code, ("", ""))[1]


Facts = Callable[[Sequence[str]], Mapping[str, StaffFacts]]
_facts: list[Facts] = []
_places: list[Callable[[], Places | None]] = []
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


def register_places(source: Callable[[], Places | None]) -> None:
    """Name the function that answers the firm's branches and teams, `None` before the first run."""
    _places[:] = [source]


def places() -> Places | None:
    """The firm's branches and teams; `None` while no run has told them, and nothing can be compared with."""
    return _places[0]() if _places else None
