"""Who is to be told of a new grading, and who was told: within scope, the longest owed first."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from keepwell.desk.assessments.models import ORDER, SuitabilityNotice, Told
from keepwell.desk.clients.scope import places_of, within
from keepwell.desk.generations.queries import pinned
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui.paging import Keyset, keyset

KEY = ("client_id", "notice_kind", "product_code", "owed_since_on")
TELL = "assessments.tell"
LATELY, AT_MOST = 20, 10_000
Row = TypeVar("Row", bound=Model)


def owed(user: User) -> QuerySet[SuitabilityNotice]:
    """What is owed to clients of the user's scope and nobody has told yet."""
    return scoped(user, _untold())


def waiting(user: Any) -> int | None:
    """How many wait for whoever may tell them, counted up to a cap; nothing for whoever only reads the list."""
    if pinned() is None or not user.may(TELL):
        return None
    return owed(user).order_by()[:AT_MOST].count()


def owed_page(user: User, cursor: str) -> Keyset[SuitabilityNotice]:
    """A page of it, the longest owed first."""
    return keyset(owed(user).select_related("client__line"), ORDER, cursor)


def told_page(user: User, cursor: str) -> Keyset[Told]:
    """What was told, newest first."""
    return keyset(scoped(user, Told.objects.select_related("client__line")), ("-id", "-id"), cursor)


def owed_to(client_id: str) -> list[SuitabilityNotice]:
    """What is owed to one client; whoever asks has the client in scope."""
    return list(_untold().filter(client_id=client_id).order_by(*ORDER))


def told_to(record_codes: Collection[str]) -> list[Told]:
    """What one client was told lately, newest first, by the customer numbers."""
    return list(Told.objects.filter(record_code__in=record_codes).order_by("-pk")[:LATELY])


def scoped(user: User, rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows of clients of the user's scope."""
    if user.scope is Scope.FIRM:
        return rows
    places = places_of(user)
    return rows.none() if places is None else within(rows, places)


def _untold() -> QuerySet[SuitabilityNotice]:
    done = Told.objects.filter(**{name: OuterRef(name) for name in KEY})
    return SuitabilityNotice.objects.filter(~Exists(done))
