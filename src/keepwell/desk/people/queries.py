"""Reading people."""

from __future__ import annotations

from django.db.models import QuerySet

from keepwell.desk.people.models import User


def active() -> QuerySet[User]:
    """People who may log in."""
    return User.objects.filter(is_active=True).order_by("role", "username")


def by_staff_code(staff_code: str) -> User | None:
    """The user of a staff number."""
    return active().filter(staff_code=staff_code).first()
