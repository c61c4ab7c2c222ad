"""Reading people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from keepwell.contract.codes import Role
from keepwell.desk.people.models import Cover, Grant, User
from keepwell.desk.people.roles import FOUR_EYES, ROLES, Scope


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


def is_about(user: User, row: Mapping[str, str]) -> bool:
    """Whether a proposed row is the user: their login in whatever case, or another of their staff number."""
    same_name = row["username"].lower() == user.username.lower()
    return same_name or bool(user.staff_code and row.get("staff_code") == user.staff_code)


def logins_of(codes: Collection[str]) -> QuerySet[User]:
    """Open logins of the staff numbers."""
    return active().filter(staff_code__in=[code for code in codes if code])


def is_last_administrator(user: User) -> bool:
    """Whether nobody else administers people."""
    others = active().filter(role=str(Role.ADMIN)).exclude(pk=user.pk)
    return user.role == str(Role.ADMIN) and not others.exists()


def administrators() -> QuerySet[User]:
    """Those who administer people, by user name."""
    return active().filter(role=str(Role.ADMIN))


def grants_waiting_for(username: str) -> list[Grant]:
    """Proposals about the login, in whatever case it is written, that wait for another administrator."""
    waiting = Grant.objects.filter(state=Grant.State.PROPOSED)
    return [one for one in waiting if username.lower() in {row["username"].lower() for row in one.rows}]


def waits_for(username: str) -> bool:
    """Whether a proposal about the login waits for another administrator."""
    return bool(grants_waiting_for(username))


def waiting_grants() -> QuerySet[Grant]:
    """Proposals that wait, oldest first."""
    return (
        Grant.objects.filter(state=Grant.State.PROPOSED).select_related("proposed_by").order_by("proposed_at")
    )


def coverable(leader: User) -> QuerySet[User]:
    """Who may be covered or cover by the leader's word: open logins with a book in the team or the branch."""
    books = [role for role, profile in ROLES.items() if profile.scope in {Scope.OWN, Scope.TEAM}]
    people = active().filter(role__in=books).exclude(staff_code="")
    match leader.scope:
        case Scope.TEAM if leader.team_code:
            return people.filter(team_code=leader.team_code)
        case Scope.BRANCH if leader.branch_code:
            return people.filter(branch_code=leader.branch_code)
    return people.none()


def covers_of(leader: User, today: dt.date) -> list[Cover]:
    """Covers in the leader's scope that hold or will, the nearest end first."""
    rows = Cover.objects.filter(covering__in=coverable(leader), until_on__gte=today, ended_at=None)
    return list(rows.select_related("covering", "set_by").order_by("until_on", "pk")[:200])


def own_covers(user: User, today: dt.date) -> list[Cover]:
    """Covers the user has or will have."""
    rows = Cover.objects.filter(covering=user, until_on__gte=today, ended_at=None)
    return list(rows.select_related("set_by").order_by("from_on", "pk"))


def found(*, wanted: str, role: str, state: str) -> QuerySet[User]:
    """Logins by the beginning of user name, staff number or name, by role, and whether they are open."""
    users = User.objects.all()
    if wanted:
        users = users.filter(
            Q(username__istartswith=wanted)
            | Q(staff_code__istartswith=wanted)
            | Q(display_name__startswith=wanted)
        )
    if role:
        users = users.filter(role=role)
    return users.filter(is_active=state != "closed") if state else users


def with_codes(codes: Collection[str]) -> QuerySet[User]:
    """Logins of the staff numbers, open or closed; of two the open one comes last."""
    return User.objects.filter(staff_code__in=[code for code in codes if code]).order_by("is_active", "pk")


def covers_told(covers: Collection[Cover]) -> list[tuple[Cover, str]]:
    """Each cover with the name of the colleague whose clients are covered."""
    people = with_codes([cover.covered_code for cover in covers]).values_list("staff_code", "display_name")
    names = dict(people)
    return [(cover, names.get(cover.covered_code, cover.covered_code)) for cover in covers]


def without_staff_number() -> list[User]:
    """Open logins that may sign or judge and have no staff number: four eyes cannot tell them from another's."""
    return [user for user in active().filter(staff_code="") if user.profile.permissions & FOUR_EYES]
