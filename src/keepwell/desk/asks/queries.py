"""Whose asks are these?"""

from __future__ import annotations

from typing import Any, Protocol

from django.db.models import QuerySet

from keepwell.desk.asks.models import Ask


class Reader(Protocol):
    """Who looks: any object with these, in practice `people.User`."""

    pk: Any

    @property
    def audit_stream(self) -> str:
        """`firm` or `aml`."""


def visible_to(user: Reader) -> QuerySet[Ask]:
    """The user's own asks, the newest first: what somebody tries out is theirs until they propose it."""
    return Ask.objects.filter(actor_id=user.pk, stream=user.audit_stream).order_by("-asked_at", "key")


def one(user: Reader, key: str) -> Ask | None:
    """One of the user's own asks, `None` otherwise."""
    return visible_to(user).filter(pk=key).first()


def latest(user: Reader, kind: str, run_id: str, n: int) -> list[Ask]:
    """The user's last asks of a kind about a run, the newest first."""
    return list(visible_to(user).filter(kind=kind, run_id=run_id)[:n])
