"""How far a person sees in this room: a branch its own clients, the service desk of headquarters every pair, masked.

A service desk's login may have its place at headquarters (`people.roles`). Pairs across branches are its alone:
each branch would learn of the other's client.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.scope import visible_ids, visible_to
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope

JUDGE = "identities.judge"
Row = TypeVar("Row", bound=Model)


def is_of_headquarters(user: User) -> bool:
    """Whether the person works the queue of the firm."""
    return user.scope is Scope.PAIRS


def sees_all(user: User) -> bool:
    """Whether the person's pairs are those of the firm."""
    return is_of_headquarters(user) or user.scope is Scope.FIRM


def reach(user: User) -> QuerySet[ClientLine]:
    """The clients whose records the person may compare, join and part."""
    return ClientLine.objects.all() if is_of_headquarters(user) else visible_to(user)


def within(user: User, rows: QuerySet[Row], *columns: str) -> QuerySet[Row]:
    """The rows all of whose clients, named by these columns, the person may see here."""
    if sees_all(user):
        return rows
    seen = visible_ids(user)
    return rows.filter(**{f"{column}__in": seen for column in columns})


def sees_names(user: User) -> bool:
    """Whether names and dates of birth are shown in full."""
    return user.sees_names and not sees_all(user)
