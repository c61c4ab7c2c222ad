"""Classes and moves over a scope: today's clients of a part of the firm, the run's own sums for the whole.

A branch's figures are those of the clients who are at home there today, as on every list; so a figure and the list
behind it are the same clients.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum, Value
from django.db.models.functions import Coalesce

from keepwell.contract.codes import Population
from keepwell.desk.classes.models import FirmClass, FirmMove
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.queries import named
from keepwell.desk.clients.scope import places_of, visible_to
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope

NONE = "-"
MOST = 20
NOW = ("grade", "service_type", "activity_state")
BEFORE = ("before_grade", "before_service_type", "before_activity_state")


@dataclass(frozen=True, slots=True)
class Held:
    """Existing clients of one class and state; assets are None where the firm does not deliver them."""

    grade: str
    service_type: str
    activity_state: str
    n: int
    assets: Decimal | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Clients who were in one class and state and now are in another; a dash is outside of the classes."""

    before_grade: str
    before_service_type: str
    before_activity_state: str
    grade: str
    service_type: str
    activity_state: str
    n: int
    assets: Decimal | None

    @property
    def then(self) -> tuple[str, str]:
        """The class before."""
        return self.before_grade, self.before_service_type

    @property
    def now(self) -> tuple[str, str]:
        """The class now."""
        return self.grade, self.service_type


def held(user: User) -> list[Held]:
    """Existing clients of the scope by class and state: one query, at most eighty rows."""
    if user.scope is Scope.FIRM:
        rows = FirmClass.objects.order_by(*NOW).values_list(*NOW, "n_clients", "assets_amount")
        return [Held(*row) for row in rows]
    places = places_of(user)
    if places is None:
        return []
    by = {f"of_{name}": F(f"client__line__{name}") for name in NOW}
    classed = places.filter(client__line__grade__isnull=False).order_by().annotate(**by).values_list(*by)
    return [Held(*row) for row in _counted(classed).order_by(*by)]


def moved(user: User) -> list[Moved]:
    """Who is in another class or state than when the month before ended: one query, as many rows as kinds of moves."""
    if user.scope is Scope.FIRM:
        stayed = {then: F(now) for then, now in zip(BEFORE, NOW, strict=True)}
        rows = FirmMove.objects.exclude(**stayed).order_by(*BEFORE, *NOW)
        return [Moved(*row) for row in rows.values_list(*BEFORE, *NOW, "n_clients", "assets_amount")]
    places = places_of(user)
    if places is None:
        return []
    by = {f"of_{name}": Coalesce(f"client__move__{name}", Value(NONE)) for name in (*BEFORE, *NOW)}
    movers = places.filter(client__move__isnull=False).order_by().annotate(**by).values_list(*by)
    return [Moved(*row) for row in _counted(movers).order_by(*by)]


def members(user: User, grade: str, service_type: str) -> list[ClientLine]:
    """The clients of a class with the largest assets, within scope; the list behind the page has all of them."""
    chosen = {"population": str(Population.EXISTING), "grade": grade, "service_type": service_type}
    rows = list(visible_to(user).filter(**chosen).order_by("-sort_amount", "-client_id")[:MOST])
    named(rows)
    return rows


def _counted(rows: Any) -> Any:
    return rows.annotate(n_here=Count("client_id"), assets_here=Sum("client__line__assets_amount"))


def compared_on() -> dt.date | None:
    """The day that moves are told against; nothing where the run had none to compare with."""
    on: dt.date | None = (
        FirmMove.objects.order_by("compared_on").values_list("compared_on", flat=True).first()
    )
    return on
