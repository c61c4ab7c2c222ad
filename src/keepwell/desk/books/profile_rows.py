"""Profiles as rows: whose somebody may see, what waits to be confirmed, which clients' needs are not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from keepwell.desk.books import boards
from keepwell.desk.books.profiled import NeedFact, ProfileFact
from keepwell.desk.clients.models import ClientLine, ClientRecord, Place, Staff
from keepwell.desk.clients.scope import places_of, team_codes, within
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope

State = ProfileFact.State
STANDING = (State.DECLARED, State.CONFIRMED)


def staff_of(user: User) -> QuerySet[Staff]:
    """The colleagues whose profiles somebody sees: the own one, the team's, or the branch's with a book."""
    match user.scope:
        case Scope.TEAM if user.team_code:
            return Staff.objects.filter(pk__in=team_codes(user), left_on=None).order_by("pk")
        case Scope.BRANCH if user.branch_code:
            codes = [row.pk for row in boards.takers_of(user.branch_code)]
            return Staff.objects.filter(pk__in=codes).order_by("pk")
        case Scope.OWN if user.staff_code:
            return Staff.objects.filter(pk=user.staff_code)
    return Staff.objects.none()


def one(user: User, staff_code: str) -> Staff | None:
    """A colleague within scope; oneself always."""
    if staff_code and staff_code == user.staff_code:
        return Staff.objects.filter(pk=staff_code).first()
    return staff_of(user).filter(pk=staff_code).first()


def facts_of(staff_code: str) -> list[ProfileFact]:
    """What stands or waits of one manager's profile, and what was not confirmed of late."""
    rows = ProfileFact.objects.filter(staff_code=staff_code).exclude(state=State.ENDED)
    return list(rows.order_by("kind", "value", "-pk"))


def fact(user: User, pk: int) -> ProfileFact | None:
    """A fact of somebody within scope."""
    row = ProfileFact.objects.filter(pk=pk).first()
    return row if row and one(user, row.staff_code) else None


def counted(codes: list[str]) -> dict[str, tuple[int, int]]:
    """By manager, how many facts are confirmed and how many wait."""
    rows = ProfileFact.objects.filter(staff_code__in=codes).order_by()
    confirmed, waits = (
        Count("pk", filter=Q(state=State.CONFIRMED)),
        Count("pk", filter=Q(state=State.DECLARED)),
    )
    return {code: (n, m) for code, n, m in rows.values_list("staff_code").annotate(n=confirmed, m=waits)}


def kinds_of(codes: list[str]) -> dict[str, set[str]]:
    """By manager, the kinds of facts of which at least one is confirmed."""
    rows = ProfileFact.objects.filter(staff_code__in=codes, state=State.CONFIRMED).order_by()
    found: dict[str, set[str]] = {}
    for code, kind in rows.values_list("staff_code", "kind").distinct():
        found.setdefault(code, set()).add(kind)
    return found


def waiting(user: User) -> QuerySet[ProfileFact]:
    """Facts that wait for this leader to look at."""
    codes = staff_of(user).values("pk")
    rows = ProfileFact.objects.filter(staff_code__in=codes, state=State.DECLARED)
    return rows.exclude(staff_code=user.staff_code or "-").order_by("declared_at", "pk")


def needs_of(client_id: str) -> list[NeedFact]:
    """The latest word on each need of a client, the strongest first."""
    return list(NeedFact.objects.filter(client_id=client_id, is_latest=True).order_by("-strength", "need"))


def needs_so_far(client_id: str) -> list[NeedFact]:
    """Everything that was ever recorded, newest first."""
    return list(NeedFact.objects.filter(client_id=client_id).order_by("-pk")[:50])


def unknown_needs(user: User, before: dt.date) -> QuerySet[ClientLine]:
    """Existing clients in scope of whose needs nobody at the desk has heard since a day."""
    places = places_of(user, timezone.localdate())
    if places is None:
        return ClientLine.objects.none()
    heard = NeedFact.objects.filter(client_id=OuterRef("pk"), is_latest=True, recorded_on__gte=before)
    rows: QuerySet[Place] = places.filter(~Exists(heard), is_existing=True)
    return within(ClientLine.objects.all(), rows)


def first_record(client_id: str) -> str:
    """The customer number after which a client's needs are filed: the first opened."""
    rows: Any = ClientRecord.objects.filter(client_id=client_id).order_by("opened_on", "record_code")
    return rows.values_list("record_code", flat=True).first() or ""


def owners_of(client_ids: Iterable[str]) -> dict[str, str]:
    """Clients by their customer numbers."""
    rows = ClientRecord.objects.filter(client_id__in=list(client_ids))
    return dict(rows.values_list("record_code", "client_id"))
