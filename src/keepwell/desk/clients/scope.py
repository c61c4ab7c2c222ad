"""Row scope: the one place where it is decided which clients a person sees, for pages, parts, exports and jobs.

Scope follows from `Place`, the current manager and home branch, and from covers in force; never from a run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from keepwell.desk.clients.models import ClientLine, ClientRecord, Place, Staff
from keepwell.desk.people.models import User
from keepwell.desk.people.queries import staff_codes
from keepwell.desk.people.roles import Scope


class Reach(StrEnum):
    """How much of a client a person sees: all their role allows, or what a guest branch sees."""

    HOME = "home"
    GUEST = "guest"


def visible_to(user: User, on: dt.date | None = None) -> QuerySet[ClientLine]:
    """The clients a user may see on a day (default: today)."""
    lines = ClientLine.objects.all()
    if user.scope is Scope.FIRM:
        return lines  # no join: a list of the firm keeps to the generation's own indexes
    places = places_of(user, on)
    return lines.none() if places is None else lines.filter(client_id__in=places.values("client_id"))


def places_of(user: User, on: dt.date | None = None) -> QuerySet[Place] | None:
    """The places within the scope of a user who sees a part of the firm; `None` where nobody is seen."""
    on = on or timezone.localdate()
    match user.scope:
        case Scope.BRANCH if user.branch_code:
            return Place.objects.filter(home_branch_code=user.branch_code)
        case Scope.TEAM if user.team_code:
            return Place.objects.filter(manager_code__in=[*team_codes(user), *staff_codes(user, on)])
        case Scope.OWN:
            codes = staff_codes(user, on)
            return Place.objects.filter(manager_code__in=codes) if codes else None
    return None


def team_codes(user: User) -> list[str]:
    """Staff numbers of the user's team, the leader among them."""
    return list(Staff.objects.filter(team_code=user.team_code).order_by("pk").values_list("pk", flat=True))


def manager_codes(user: User, on: dt.date | None = None) -> list[str]:
    """Whose books the user sees: own and covered, the team's, the branch's; empty for those who see the firm."""
    on = on or timezone.localdate()
    match user.scope:
        case Scope.BRANCH if user.branch_code:
            staff = Staff.objects.filter(branch_code=user.branch_code)
            return list(staff.order_by("pk").values_list("pk", flat=True))
        case Scope.TEAM if user.team_code:
            return sorted({*team_codes(user), *staff_codes(user, on)})
        case Scope.OWN:
            return list(staff_codes(user, on))
    return []


def reach_of(user: User, client_id: str, on: dt.date | None = None) -> Reach | None:
    """`HOME` within scope; `GUEST` for the branch's staff where the client has a record; `None`: unknown."""
    if visible_to(user, on).filter(client_id=client_id).exists():
        return Reach.HOME
    return Reach.GUEST if guests_of(user).filter(client_id=client_id).exists() else None


def guests_of(user: User) -> QuerySet[ClientLine]:
    """Clients of other branches who have a customer number here: of them only what lies here is shown."""
    lines = ClientLine.objects.all()
    if user.scope is not Scope.BRANCH or not user.branch_code:
        return lines.none()
    one = {"client_id": OuterRef("client_id")}
    here = ClientRecord.objects.filter(branch_code=user.branch_code, **one)
    at_home = Place.objects.filter(home_branch_code=user.branch_code, **one)
    return lines.filter(Exists(here), ~Exists(at_home))


def placed(rows: Iterable[ClientLine]) -> None:
    """Lay the current manager and home branch over lines of a run: one query for a page of rows."""
    rows = list(rows)
    places = Place.objects.in_bulk([row.client_id for row in rows])
    for row in rows:
        if place := places.get(row.client_id):
            row.manager_code, row.home_branch_code = place.manager_code, place.home_branch_code
