"""What is done to people: each act atomic and audited in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.contract.codes import Role
from keepwell.desk.audit.actions import record
from keepwell.desk.people import queries, rules
from keepwell.desk.people.models import Cover, User
from keepwell.desk.people.roles import HEADQUARTERS
from keepwell.desk.ui.http import demand

# Known to everybody and so only for the made-up firm; `create_demo_logins` refuses any other run.
DEMO_PASSWORD = "keepwell-demo"
# Whom the staff file of the made-up firm does not name: administrators, and the second people of headquarters.
DEMO_NAMES = {
    "admin": "陆建平",
    "admin2": "顾晓雯",
    "hq_brokerage2": "程立新",
    "service_desk2": "温雅琴",
}
DEMO_CODES = {"admin": "K0001", "admin2": "K0002", "hq_brokerage2": "K0003", "service_desk2": "K0004"}
SECOND_LOGINS = (Role.ADMIN, Role.HQ_BROKERAGE, Role.BRANCH_HEAD, Role.MANAGER, Role.SERVICE_DESK)


class NotMadeUp(Exception):
    """The current run is not the made-up firm's: no login with a known password may be made."""


@transaction.atomic
def create_user(
    *,
    username: str,
    display_name: str,
    role: str,
    password: str,
    by: User | None,
    at: dt.datetime,
    staff_code: str = "",
    branch_code: str = "",
    team_code: str = "",
    must_change_password: bool = True,
) -> User:
    """Make a login; `by` is `None` only at set-up. Raises `IntegrityError` when the user name is taken."""
    user = User(
        username=username,
        display_name=display_name,
        role=role,
        staff_code=staff_code,
        branch_code=branch_code,
        team_code=team_code,
        must_change_password=must_change_password,
        created_at=at,
    )
    user.set_password(password)
    user.save()
    record(
        by=by,
        at=at,
        verb="people.create_user",
        subject_kind="user",
        subject_id=username,
        payload={"role": role},
    )
    return user


@transaction.atomic
def create_demo_logins(
    *, staff_rows: Iterable[Mapping[str, Any]], is_made_up: bool, by: User | None, at: dt.datetime
) -> list[User]:
    """One login a role, two for administrators, HQ, branch heads, managers and the service desk, bound to real staff.

    `staff_rows` are rows of the contract's `staff` table. Roles without staff get no login, except
    administrators, who need none; a lone person of headquarters gets a second beside them, for four eyes. The
    second of the service desk is of headquarters, for pairs that lie across branches.
    Existing logins are kept as they are, so the act can be repeated.
    Raises `NotMadeUp` when the run is not the made-up firm's.
    """
    if not is_made_up:
        raise NotMadeUp
    made = []
    for username, role, row in _demo_people(staff_rows):
        found = User.objects.filter(username=username).first()
        made.append(
            found
            or create_user(
                username=username,
                display_name=row.get("staff_name") or DEMO_NAMES.get(username, role.text.zh),
                role=str(role),
                password=DEMO_PASSWORD,
                by=by,
                at=at,
                staff_code=row.get("staff_code") or DEMO_CODES.get(username, ""),
                branch_code=row.get("branch_code") or (HEADQUARTERS if username == "service_desk2" else ""),
                team_code=row.get("team_code") or "",
                must_change_password=False,
            )
        )
    return made


def _demo_people(staff_rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, Role, Mapping[str, Any]]]:
    """Pick, in order of staff number, people still employed; a branch's team is preferred over strangers.

    The first leader's team gives manager and adviser, their branch gives head, counter and service desk, so that
    the demo people see the same clients.
    """
    staff = sorted(
        (row for row in staff_rows if not row.get("left_on")), key=lambda row: str(row["staff_code"])
    )
    leader = next((row for row in staff if row["role"] == Role.TEAM_LEADER), None) or {}
    picked = []
    for role in Role:
        of_role = [row for row in staff if row["role"] == role]
        of_role.sort(
            key=lambda row: (
                row.get("team_code") != leader.get("team_code"),
                row["branch_code"] != leader.get("branch_code"),
            )
        )
        wanted = 2 if role in SECOND_LOGINS else 1
        people: list[Mapping[str, Any]] = [*of_role[: 1 if role is Role.SERVICE_DESK else wanted]]
        if role is Role.ADMIN or (
            role in {Role.HQ_BROKERAGE, Role.SERVICE_DESK} and people
        ):  # who sees the firm needs no place in it
            people += [{}] * (wanted - len(people))
        picked += [(str(role) + ("" if at == 0 else str(at + 1)), role, row) for at, row in enumerate(people)]
    return picked


@transaction.atomic
def change_password(*, user: User, password: str, by: User, at: dt.datetime) -> None:
    """Set the user's own new password; the next pages are open again."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record(by=by, at=at, verb="people.change_password", subject_kind="user", subject_id=user.username)


@transaction.atomic
def save_settings(*, user: User, settings: Mapping[str, Any], by: User, at: dt.datetime) -> None:
    """Save the user's own language, theme, colours and keys."""
    for name in ("language", "theme", "green_is_up", "single_keys"):
        if name in settings:
            setattr(user, name, settings[name])
    user.save(update_fields=["language", "theme", "green_is_up", "single_keys"])
    record(
        by=by,
        at=at,
        verb="people.save_settings",
        subject_kind="user",
        subject_id=user.username,
        payload=dict(settings),
    )


@transaction.atomic
def record_login(*, by: User, at: dt.datetime) -> None:
    """Leave a trace of a log-in."""
    record(by=by, at=at, verb="people.log_in", subject_kind="user", subject_id=by.username)


@transaction.atomic
def record_failed_login(*, username: str, by: User | None, at: dt.datetime) -> None:
    """Leave a trace of a failed log-in: the user meant, if there is one; never what was typed instead."""
    known = queries.by_typed_name(username)
    record(
        by=by,
        at=at,
        verb="people.fail_login",
        subject_kind="user" if known else "",
        subject_id=known.username if known else "",
        stream=known.audit_stream if known else "firm",
    )


@transaction.atomic
def record_logout(*, by: User, at: dt.datetime) -> None:
    """Leave a trace of a log-out."""
    record(by=by, at=at, verb="people.log_out", subject_kind="user", subject_id=by.username)


@transaction.atomic
def disable(*, user: User, reason: str, by: User | None, at: dt.datetime) -> None:
    """End a login at once: the next request of an open session finds nobody logged in; covers given end too.

    Raises `Refused` for the last administrator; `by` is `None` when the staff file says that somebody left.
    """
    if by is not None:
        demand(rules.may_disable(by, user), subject_kind="user", subject_id=user.username)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_covers_of(user=user, by=by, at=at)
    for grant in queries.grants_waiting_for(user.username):  # it would reopen the login: to be read again
        grant.version += 1
        grant.save(update_fields=["version"])
    record(
        by=by,
        at=at,
        verb="people.disable",
        subject_kind="user",
        subject_id=user.username,
        payload={"reason": reason, "staff_code": user.staff_code},
    )


@transaction.atomic
def end_covers_of(*, user: User, by: User | None, at: dt.datetime) -> None:
    """End every cover that somebody has: what gave them the right has ended. `by` is `None` for the staff file."""
    for cover in Cover.objects.filter(covering=user, ended_at=None).order_by("pk"):
        cover.ended_at = at
        cover.save(update_fields=["ended_at"])
        record(
            by=by,
            at=at,
            verb="people.end_cover",
            subject_kind="user",
            subject_id=user.username,
            payload=_told(cover),
        )


@transaction.atomic
def set_cover(
    *,
    covered: User,
    covering: User,
    from_on: dt.date,
    until_on: dt.date,
    reason: str,
    by: User,
    at: dt.datetime,
) -> Cover:
    """Let a person see a colleague's clients from a day until another, after which it ends by itself.

    Raises `Refused` for people out of the leader's scope.
    """
    today = timezone.localdate(at)
    demand(
        rules.may_cover(by, covered, covering, from_on, until_on, today),
        subject_kind="user",
        subject_id=covering.username,
    )
    cover = Cover.objects.create(
        covered_code=covered.staff_code,
        covering=covering,
        from_on=from_on,
        until_on=until_on,
        reason=reason,
        set_by=by,
        set_at=at,
    )
    record(
        by=by,
        at=at,
        verb="people.cover",
        subject_kind="user",
        subject_id=cover.covering.username,
        payload=_told(cover),
    )
    return cover


@transaction.atomic
def end_cover(*, cover: Cover, by: User, at: dt.datetime) -> None:
    """End a cover before its day. Raises `Refused` for a cover out of one's scope."""
    demand(rules.may_end_cover(by, cover), subject_kind="user", subject_id=cover.covering.username)
    cover.ended_at = at
    cover.save(update_fields=["ended_at"])
    record(
        by=by,
        at=at,
        verb="people.end_cover",
        subject_kind="user",
        subject_id=cover.covering.username,
        payload=_told(cover),
    )


def _told(cover: Cover) -> dict[str, Any]:
    """What the log keeps of a cover."""
    return {
        "covered": cover.covered_code,
        "from_on": cover.from_on,
        "until_on": cover.until_on,
        "reason": cover.reason,
    }
