"""Roles are given by two administrators: one proposes, another decides (R235)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.crypto import get_random_string

from keepwell.desk.audit.actions import record
from keepwell.desk.people import approvers, rules
from keepwell.desk.people.actions import create_user, end_covers_of
from keepwell.desk.people.models import Grant, User
from keepwell.desk.ui.http import demand

PERMISSION = "people.grant"
ONE_TIME = 16
PLACE = ("staff_code", "branch_code", "team_code")


@transaction.atomic
def propose_grant(
    *, kind: str, rows: Sequence[dict[str, str]], reason: str, by: User, at: dt.datetime
) -> tuple[Grant, str]:
    """Ask another administrator for a role; answers the proposal and who was told. Raises `Refused`."""
    demand(rules.may_propose(by, kind, rows), subject_kind="user", subject_id=_who(rows))
    grant = Grant.objects.create(kind=kind, rows=list(rows), reason=reason, proposed_by=by, proposed_at=at)
    _record(grant, "people.propose_grant", by, at)
    told = approvers.ask(
        permission=PERMISSION, title=_who(rows), key=f"people.grant:{grant.pk}", by=by, at=at
    )
    return grant, told


@transaction.atomic
def decide_grant(
    *, pk: int, is_approved: bool, reason: str, version: int, by: User, at: dt.datetime
) -> list[tuple[User, str]]:
    """Give the roles, or return the proposal; answers each login with its one-time password. Raises `Refused`.

    A login whose password stays as it was comes with an empty one.
    """
    grant = Grant.objects.select_for_update().get(pk=pk)
    demand(rules.may_decide(by, grant, version=version), subject_kind="user", subject_id=_who(grant.rows))
    given = []
    if is_approved:  # what was true when it was proposed may be so no longer
        for row in grant.rows:
            demand(rules.keeps_administrator(row), subject_kind="user", subject_id=row["username"])
            if grant.kind != Grant.Kind.PASSWORD:
                demand(rules.has_staff_number(row), subject_kind="user", subject_id=row["username"])
            given.append(_give(grant.kind, row, by, at))
    grant.state = Grant.State.APPROVED if is_approved else Grant.State.RETURNED
    grant.decided_by, grant.decided_at, grant.decision_reason = by, at, reason
    grant.version += 1
    grant.save()
    _record(grant, "people.grant_role" if is_approved else "people.return_grant", by, at)
    approvers.answer(
        to=grant.proposed_by_id,
        title=_who(grant.rows),
        key=f"people.grant:{grant.pk}",
        is_approved=is_approved,
        reason=reason,
        by=by,
        at=at,
        url=reverse("people:staff"),
    )
    return given


@transaction.atomic
def withdraw_grant(*, pk: int, by: User, at: dt.datetime) -> None:
    """Take one's own proposal back, so that the login is free for another. Raises `Refused`."""
    grant = Grant.objects.select_for_update().get(pk=pk)
    demand(rules.may_withdraw(by, grant), subject_kind="user", subject_id=_who(grant.rows))
    grant.state = Grant.State.WITHDRAWN
    grant.version += 1
    grant.save()
    _record(grant, "people.withdraw_grant", by, at)


def _give(kind: str, row: dict[str, str], by: User, at: dt.datetime) -> tuple[User, str]:
    """Make or change one login; a new, reopened or asked-for password is shown once and changed at the first log-in."""
    password = get_random_string(ONE_TIME)
    user = User.objects.filter(username__iexact=row["username"]).first()
    if user is None:
        return _make(row, password, by, at), password
    is_new_password = kind == Grant.Kind.PASSWORD or not user.is_active
    if is_new_password:
        user.set_password(password)
        user.must_change_password = True
    if any(getattr(user, name) != row.get(name, "") for name in ("role", *PLACE)):
        end_covers_of(user=user, by=by, at=at)  # they were set within the scope that ends
    for name in ("display_name", "role", *PLACE):
        setattr(user, name, row.get(name, ""))
    user.is_active = True
    user.save()
    return user, password if is_new_password else ""


def _make(row: dict[str, str], password: str, by: User, at: dt.datetime) -> User:
    return create_user(
        username=row["username"],
        display_name=row["display_name"],
        role=row["role"],
        password=password,
        by=by,
        at=at,
        staff_code=row.get("staff_code", ""),
        branch_code=row.get("branch_code", ""),
        team_code=row.get("team_code", ""),
    )


def _who(rows: Sequence[dict[str, str]]) -> str:
    first = rows[0]["username"]
    return first if len(rows) == 1 else f"{first} +{len(rows) - 1}"


def _record(grant: Grant, verb: str, by: User, at: dt.datetime) -> None:
    payload = {
        "kind": grant.kind,
        "rows": [
            [row["username"], row["role"], *(row.get(name, "") for name in PLACE)] for row in grant.rows
        ],
        "reason": grant.reason,
        "decision_reason": grant.decision_reason,
        "proposed_by": grant.proposed_by.username,
    }
    record(by=by, at=at, verb=verb, subject_kind="user", subject_id=_who(grant.rows), payload=payload)
