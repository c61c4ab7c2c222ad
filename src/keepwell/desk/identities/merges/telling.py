"""A client over branches and runs: which branches serve, which is home and why, merges and splits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.contract import identity
from keepwell.desk.clients.models import Assignment, ClientAccount, ClientLine, ClientRecord, Place
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.clients.sentences import code_text
from keepwell.desk.identities import naming, numbers
from keepwell.desk.identities.merges import queries
from keepwell.desk.identities.models import KeptEvent
from keepwell.desk.people.models import User

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch at which the client has a customer number, open or closed."""

    code: str
    name: str
    records: Sequence[ClientRecord]
    n_accounts: int
    is_home: bool

    @property
    def is_serving(self) -> bool:
        """Whether a customer number is open here."""
        return any(row.closed_on is None for row in self.records)

    @property
    def since_on(self) -> Any:
        """When the first of them was opened."""
        return min(row.opened_on for row in self.records)

    @property
    def until_on(self) -> Any:
        """When the last of them was closed; nothing while one is open."""
        closed = [row.closed_on for row in self.records]
        return max(closed) if all(closed) else None

    @property
    def codes(self) -> str:
        """The customer numbers, first opened first."""
        return naming.listed(row.record_code for row in self.records)


def of_client(line: ClientLine, user: User) -> dict[str, Any]:
    """The client's branches, the home first, with why it is; past homes; merges and splits: seven queries at most."""
    records = numbers.records_of(line)
    place = Place.objects.filter(pk=line.client_id).first()
    home = place.home_branch_code if place else line.home_branch_code
    homes = list(
        Assignment.objects.filter(client_id=line.client_id, relation=Assignment.Relation.HOME).order_by(
            "-starts_on", "-pk"
        )[:SHOWN]
    )
    codes = {*(row.branch_code for row in records), *(row.branch_code for row in homes), home}
    names = branch_names(codes)
    events = queries.events_of(line, [row.record_code for row in records])[:SHOWN]
    return {
        "line": line,
        "branches": _branches(line, records, home, names),
        "home_reason": _why(line, place),
        "home_since": next((row.starts_on for row in homes if row.ends_on is None), None),
        "homes": [_home(row, names) for row in homes if row.ends_on],
        "events": told(events, user),
        "n_numbers": len(records),
        "may_read_merges": bool(user.may("identities.read_merges")),
    }


def _branches(
    line: ClientLine, records: Sequence[ClientRecord], home: str, names: dict[str, str]
) -> list[Branch]:
    accounts = list(
        ClientAccount.objects.filter(client_id=line.client_id, closed_on=None).values_list(
            "branch_code", flat=True
        )
    )
    found = [
        Branch(
            code,
            names.get(code, code),
            [row for row in records if row.branch_code == code],
            accounts.count(code),
            code == home,
        )
        for code in dict.fromkeys(row.branch_code for row in records)
    ]
    return sorted(found, key=lambda one: (not one.is_home, not one.is_serving, one.since_on, one.code))


def _home(row: Assignment, names: dict[str, str]) -> dict[str, Any]:
    """A home that was; the source tells of the first one until when, and not since when."""
    is_first = row.grounds == Place.Grounds.SOURCE and row.starts_on == row.ends_on
    name = names.get(row.branch_code, row.branch_code)
    return {"row": row, "name": name, "from": None if is_first else row.starts_on}


def _why(line: ClientLine, place: Place | None) -> str:
    """Why the home branch is it: a wish noted at the desk, or the run's signed rule."""
    if place is not None and place.home_is_wish:
        return code_text(identity.Client, "home_reason", "wish")
    profile = numbers.profiles([line.client_id]).get(line.client_id)
    return code_text(identity.Client, "home_reason", profile.home_reason) if profile else ""


def told(rows: Sequence[KeptEvent], user: User) -> list[dict[str, Any]]:
    """What became of customer numbers; a client out of reach stays unnamed."""
    ends = {one for row in rows for one in (row.from_client_id, row.to_client_id)}
    seen = numbers.clients_seen(user, ends)
    return [
        {
            "row": row,
            "before": row.from_client_id if row.from_client_id in seen else "",
            "now": row.to_client_id if row.to_client_id in seen else "",
            "reason": code_text(identity.ClientEvent, "event_reason", row.event_reason),
        }
        for row in rows
    ]
