"""Reading people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from keepwell.desk.people.models import User


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
