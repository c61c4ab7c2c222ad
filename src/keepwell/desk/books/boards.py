"""What a leader has to act on: who is late, who is covered, whose clients wait for somebody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from keepwell.desk.books.models import BranchStatistic
from keepwell.desk.books.queries import within
from keepwell.desk.clients.models import ClientLine, Place, Staff
from keepwell.desk.clients.scope import team_codes, visible_to
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
    """Places in the user's scope that somebody has to be found for, the largest clients first."""
    open_ones = Q(manager_code=None) | Q(grounds=Place.Grounds.LEAVER)
    rows = Place.objects.filter(open_ones, client__line__population="existing")
    match user.scope:
        case Scope.BRANCH if user.branch_code:
            return rows.filter(home_branch_code=user.branch_code)
        case Scope.TEAM if user.team_code:
            return rows.filter(manager_code__in=team_codes(user))
        case Scope.FIRM:
            return rows
    return rows.none()


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
    if not visible_to(user).filter(client_id=client_id).exists():
        return None
    return Place.objects.filter(pk=client_id).first()


def takers(user: User) -> list[Staff]:
    """Who may be given a client: holders of a book who are there, of the team or branch."""
    staff = Staff.objects.filter(has_book=True, left_on=None)
    if user.scope is Scope.TEAM:
        return list(staff.filter(team_code=user.team_code).order_by("pk"))
    return list(staff.filter(branch_code=user.branch_code).order_by("pk")) if user.branch_code else []


def overdue(user: User, on: dt.date) -> dict[str, int]:
    """Overdue tasks of the run by the manager of today."""
    late = of_moments(user, on).filter(due__lt=on).annotate(holder=F("client__place__manager_code"))
    rows = late.order_by().values_list("holder").annotate(n=Count("pk"))
    return {code or "": n for code, n in rows}


@dataclass(frozen=True, slots=True)
class Held:
    """A manager's existing clients: how many, with what assets, how many without a contact for 90 days."""

    n: int
    assets: Decimal | None
    n_untouched: int | None

    @property
    def share_covered(self) -> Decimal | None:
        """The share with a contact in the last 90 days, unknown where contacts are not delivered."""
        return (
            Decimal(self.n - self.n_untouched) / self.n if self.n and self.n_untouched is not None else None
        )


def held(user: User) -> dict[str, Held]:
    """What each manager of the scope holds, by the run's own sums."""
    rows: Any = within(user, BranchStatistic.objects.filter(population="existing")).values_list(
        "manager_code"
    )
    summed = rows.annotate(n=Sum("n_clients"), assets=Sum("assets_amount"), late=Sum("n_untouched_90d"))
    return {code: Held(n, assets, late) for code, n, assets, late in summed.order_by("manager_code")}
