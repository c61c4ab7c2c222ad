"""Reading people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from keepwell.contract.codes import Role
from keepwell.desk.people.models import Cover, User


def active() -> QuerySet[User]:
    """People who may log in."""
    return User.objects.filter(is_active=True).order_by("role", "username")


def by_typed_name(typed: str) -> User | None:
    """The user meant by what was typed, in any case; a text with a NUL is nobody (PostgreSQL refuses to look)."""
    return None if "\0" in typed else User.objects.filter(username__iexact=typed.strip()).first()


def counted_as(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The name under which failed log-ins are counted: the user's own, in whatever case it was typed.

    Of strangers only a keyed hash is kept, for people type their passwords into this field too.
    """
    typed = str((credentials or {}).get("username") or request.POST.get("username", ""))
    known = by_typed_name(typed)
    return known.username if known else salted_hmac("people.counted_as", typed).hexdigest()


def covers_in_force(on: dt.date) -> QuerySet[Cover]:
    """Covers that hold on a day; those ended early hold no more."""
    return Cover.objects.filter(from_on__lte=on, until_on__gte=on, ended_at=None)


def staff_codes(user: User, on: dt.date) -> list[str]:
    """The staff numbers a user acts for on a day: the own one, then those covered."""
    covered = covers_in_force(on).filter(covering=user).order_by("covered_code")
    codes = [user.staff_code, *covered.values_list("covered_code", flat=True)]
    return [code for code in dict.fromkeys(codes) if code]


def logins_of(codes: Collection[str]) -> QuerySet[User]:
    """Open logins of the staff numbers."""
    return active().filter(staff_code__in=[code for code in codes if code])


def is_last_administrator(user: User) -> bool:
    """Whether nobody else administers people."""
    others = active().filter(role=str(Role.ADMIN)).exclude(pk=user.pk)
    return user.role == str(Role.ADMIN) and not others.exists()
