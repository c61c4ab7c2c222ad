"""What a leader has to act on: who is late, who is covered, whose clients wait for somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from keepwell.desk.books.standing import EXISTING
from keepwell.desk.clients.filters import CARE
from keepwell.desk.clients.models import Assignment, ClientLine, Place, Staff
from keepwell.desk.clients.scope import places_of, shut_out, visible_one
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.work.queries import of_moments

TRAY = 8
COUNTED_TO = 10_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A client in the tray: nobody looks after them, or only the leader of one who left."""

    line: ClientLine
    since_on: dt.date | None
    is_leavers: bool
    holder: str


def tray(user: User) -> QuerySet[Place]:
    """Places in the user's scope that somebody has to be found for: those of the list behind it."""
    places = Place.objects.all() if user.scope is Scope.FIRM else places_of(user)
    if places is None:
        return Place.objects.none()
    return places.filter(CARE["nobody"] | CARE["leaver"], client__line__population=EXISTING)


def n_in_tray(user: User) -> int:
    """How many wait there, counted up to 10,000."""
    return tray(user).order_by()[: COUNTED_TO + 1].count()


def listed(user: User) -> list[Waiting]:
    """The first of the tray."""
    rows = tray(user).select_related("client__line").order_by("-client__line__sort_amount", "pk")[:TRAY]
    return [
        Waiting(
            line=row.client.line,
            since_on=row.since_on,
            is_leavers=row.grounds == Place.Grounds.LEAVER,
            holder=row.manager_code or "",
        )
        for row in rows
    ]


def one(user: User, client_id: str) -> Place | None:
    """A place in the user's scope, `None` outside of it."""
    if not visible_one(user, client_id).exists():
        return None
    return Place.objects.filter(pk=client_id).first()


def in_force(client_id: str) -> Assignment | None:
    """The act by which somebody looks after a client now."""
    rows = Assignment.objects.filter(client_id=client_id, relation=Assignment.Relation.SERVICE, ends_on=None)
    return rows.first()


def act(user: User, pk: int) -> Assignment | None:
    """An assignment of a client in the user's scope, `None` outside of it."""
    row = Assignment.objects.filter(pk=pk, relation=Assignment.Relation.SERVICE).first()
    return row if row and visible_one(user, row.client_id).exists() else None


def takers(user: User) -> list[Staff]:
    """Who may be given a client: who is there and keeps a book in the team or branch, a leader who does among them.

    Clients held for one who left are nobody's book.
    """
    if user.scope is Scope.TEAM:
        return list(_with_book().filter(team_code=user.team_code).order_by("pk")) if user.team_code else []
    return takers_of(user.branch_code)


def takers_of(branch_code: str) -> list[Staff]:
    """The same in a whole branch."""
    return list(_with_book().filter(branch_code=branch_code).order_by("pk")) if branch_code else []


def _with_book() -> QuerySet[Staff]:
    own = Place.objects.filter(manager_code=OuterRef("pk")).exclude(grounds=Place.Grounds.LEAVER)
    return Staff.objects.filter(Q(has_book=True) | Exists(own), left_on=None).exclude(pk__in=shut_out())


def n_held(codes: Collection[str]) -> dict[str, int]:
    """How many existing clients some managers look after today."""
    rows = Place.objects.filter(manager_code__in=codes, is_existing=True).order_by()
    return dict(rows.values_list("manager_code").annotate(n=Count("pk")))


def holders_of(branch_code: str) -> QuerySet[Place, Any]:
    """Existing clients at home in a branch, each with whoever looks after them today."""
    rows = Place.objects.filter(home_branch_code=branch_code, is_existing=True).exclude(manager_code=None)
    return rows.order_by().values_list("pk", "manager_code")


def overdue(user: User, on: dt.date) -> dict[str, int]:
    """Overdue tasks of the run by the manager of today."""
    late = of_moments(user, on).filter(due__lt=on).annotate(holder=F("client__place__manager_code"))
    rows = late.order_by().values_list("holder").annotate(n=Count("pk"))
    return {code or "": n for code, n in rows}
