"""Row scope: the one place where it is decided which clients a person sees, for pages, parts, exports and jobs.

Scope follows from `Place`, the current manager and home branch, and from covers in force; never from a run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BooleanField, CharField, Exists, F, Func, Model, OuterRef, QuerySet, Value
from django.utils import timezone

from keepwell.contract.codes import Role
from keepwell.desk.clients.models import ClientLine, ClientRecord, Place, Staff
from keepwell.desk.people.models import User
from keepwell.desk.people.queries import staff_codes
from keepwell.desk.people.roles import Scope

Row = TypeVar("Row", bound=Model)


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
    return lines.none() if places is None else within(lines, places)


def visible_ids(user: User, on: dt.date | None = None) -> QuerySet[ClientLine, Any]:
    """Numbers of the clients a user may see, for narrowing the rows of other tables.

    As a set that the database joins by: it would walk the array of `visible_to` once for each of those rows.
    """
    lines = ClientLine.objects.all()
    if user.scope is not Scope.FIRM:
        places = places_of(user, on)
        lines = lines.none() if places is None else lines.filter(client_id__in=places.values("client_id"))
    return lines.values("client_id")


def within(rows: QuerySet[Row], places: QuerySet[Place]) -> QuerySet[Row]:
    """The rows of some places' clients, looked up by key one place after the other: as many reads as places.

    PostgreSQL would rather walk a whole order of the firm until it has met a page of them, which takes long where
    they stand at its end; an array of keys leaves it no such choice. SQLite reads the places first by itself.
    """
    ids = places.values("client_id")
    if connection.vendor != "postgresql":
        return rows.filter(client_id__in=ids)
    return _any(rows, ArraySubquery(ids))


def numbered(rows: QuerySet[Row], client_ids: list[str]) -> QuerySet[Row]:
    """The rows of some clients. Django looks through a list number by number, PostgreSQL takes it as one array."""
    if connection.vendor != "postgresql":
        return rows.filter(client_id__in=client_ids)
    return _any(rows, Value(client_ids, output_field=ArrayField(CharField())))


def _any(rows: QuerySet[Row], numbers: Any) -> QuerySet[Row]:
    any_of = Func(numbers, function="ANY", output_field=CharField())
    is_one = Func(
        F("client_id"), any_of, template="%(expressions)s", arg_joiner=" = ", output_field=BooleanField()
    )
    return rows.filter(is_one)


def visible_one(user: User, client_id: str, on: dt.date | None = None) -> QuerySet[ClientLine]:
    """The client, if visible: as `visible_to` decides, by one key instead of the whole scope."""
    lines = ClientLine.objects.filter(client_id=client_id)
    if user.scope is Scope.FIRM:
        return lines
    places = places_of(user, on)
    return lines.none() if places is None else within(lines, places.filter(pk=client_id))


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


def reach_of(user: User, client_id: str, on: dt.date | None = None) -> Reach | None:
    """`HOME` within scope; `GUEST` for the branch's staff where the client has a record; `None`: unknown."""
    if visible_one(user, client_id, on).exists():
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


def guest(user: User, client_id: str) -> ClientLine | None:
    """The client of another branch who has a customer number here, `None` otherwise."""
    if user.scope is not Scope.BRANCH:
        return None
    line = (
        guests_of(user).select_related("client__profile", "client__grade").filter(client_id=client_id).first()
    )
    if line is not None:
        placed([line])
    return line


def placed(rows: Iterable[ClientLine]) -> None:
    """Lay the current manager and home branch over lines of a run: one query for a page of rows."""
    rows = list(rows)
    places = numbered(Place.objects.all(), [row.client_id for row in rows])
    found = {
        client_id: {"manager_code": manager_code, "home_branch_code": home_branch_code}
        for client_id, manager_code, home_branch_code in places.values_list(
            "client_id", "manager_code", "home_branch_code"
        )
    }
    for row in rows:
        vars(row).update(found.get(row.client_id, {}))


def heir_of(staff_code: str) -> str | None:
    """Who holds the clients of one who leaves: the team's leader, else the branch's head, else nobody.

    Whoever has left or may no longer log in is passed over.
    """
    leaver = Staff.objects.filter(pk=staff_code).first()
    if leaver is None:
        return None
    here = Staff.objects.filter(left_on=None).exclude(pk=staff_code).exclude(pk__in=shut_out()).order_by("pk")
    for role, place in (
        (Role.TEAM_LEADER, {"team_code": leaver.team_code}),
        (Role.BRANCH_HEAD, {"branch_code": leaver.branch_code}),
    ):
        found = here.filter(role=str(role), **place).first() if all(place.values()) else None
        if found:
            return str(found.pk)
    return None


def shut_out() -> QuerySet[User, str]:
    """Staff numbers whose every login has ended at the desk: the staff file may not know it yet."""
    logins = User.objects.exclude(staff_code="").order_by()
    still = logins.filter(is_active=True).values("staff_code")
    ended = logins.filter(is_active=False).exclude(staff_code__in=still)
    return ended.values_list("staff_code", flat=True)


def left_by(as_of: dt.date) -> list[str]:
    """Staff numbers of those who had left by a day."""
    return list(Staff.objects.filter(left_on__lte=as_of).values_list("pk", flat=True))


def leavers(as_of: dt.date) -> list[str]:
    """Staff numbers of those who had left by a day and still hold clients."""
    gone = Staff.objects.filter(left_on__lte=as_of)
    return list(
        gone.filter(Exists(Place.objects.filter(manager_code=OuterRef("pk")))).values_list("pk", flat=True)
    )
