"""Who can see a client, and why: told from the same facts that `visible_to` decides by.

AML officers are never listed, and of the readings only the firm's own log is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from keepwell.contract.codes import Role
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients.models import Assignment, ClientLine, ClientRecord, Place, Staff
from keepwell.desk.clients.queries import branch_names, staff_names
from keepwell.desk.people.models import User
from keepwell.desk.people.queries import active, covers_in_force
from keepwell.desk.people.roles import AT_HEADQUARTERS, ROLES, SCOPE_TEXTS, Scope
from keepwell.desk.ui import formats

NAMED = 12  # of a role with more people the number tells more than the names
READINGS = 20


@dataclass(frozen=True, slots=True)
class Seer:
    """People of one role who see the client on the same grounds; `is_guest` see only what lies at their branch."""

    role: Any
    scope: Any
    people: tuple[str, ...]
    n: int
    grounds: str
    is_guest: bool = False


def of_client(line: ClientLine) -> dict[str, Any]:
    """Everything the page shows."""
    place = Place.objects.get(pk=line.client_id)
    return {
        "line": line,
        "place": place,
        "seers": seers(place, timezone.localdate()),
        "history": _history(line.client_id),
        "homes": _other_homes(place),
        "readings": list(
            FirmEntry.objects.filter(subject_kind="client", subject_id=line.client_id).order_by("-id")[
                :READINGS
            ]
        ),
    }


def people_who_see(place: Place, on: dt.date) -> list[tuple[User, str, bool]]:
    """Each open login that sees the client, with its grounds, and whether as a guest; AML officers left out."""
    covers = list(
        covers_in_force(on).filter(covered_code=place.manager_code or "-").select_related("covering")
    )
    covering = {cover.covering_id: cover for cover in covers}
    team = Staff.objects.filter(pk=place.manager_code).values_list("team_code", flat=True).first()
    records = ClientRecord.objects.filter(client_id=place.client_id).values_list("branch_code", flat=True)
    guests = set(records) - {place.home_branch_code}
    branches = branch_names({place.home_branch_code, *guests})
    why = _grounds_of(place)
    rules: Sequence[tuple[Scope, Q, Callable[[User], str], bool]] = (
        (Scope.OWN, Q(staff_code=place.manager_code or "-"), lambda _user: why, False),
        (Scope.OWN, Q(pk__in=covering), lambda user: _cover(covering[user.pk].until_on), False),
        (Scope.TEAM, Q(team_code=team or "-"), lambda _user: _("leads the manager's team"), False),
        (Scope.TEAM, Q(pk__in=covering), lambda user: _cover(covering[user.pk].until_on), False),
        (Scope.TEAM, Q(staff_code=place.manager_code or "-"), lambda _user: why, False),
        (
            Scope.BRANCH,
            Q(branch_code=place.home_branch_code),
            lambda user: (
                _("works at the home branch, %(name)s") % {"name": branches.get(user.branch_code, "")}
            ),
            False,
        ),
        (
            Scope.BRANCH,
            Q(branch_code__in=guests),
            lambda user: (
                _("the client has a customer number at %(name)s")
                % {"name": branches.get(user.branch_code, "")}
            ),
            True,
        ),
        (Scope.FIRM, Q(), lambda _user: _("the role sees the whole firm"), False),
    )
    return _without_repeats(rules)


def _without_repeats(
    rules: Sequence[tuple[Scope, Q, Callable[[User], str], bool]],
) -> list[tuple[User, str, bool]]:
    found: dict[int, tuple[User, str, bool]] = {}
    for scope, where, told, is_guest in rules:
        roles = [role for role, one in ROLES.items() if one.scope is scope and one.audit_stream == "firm"]
        for user in active().filter(where, role__in=roles):
            found.setdefault(user.pk, (user, told(user), is_guest))
    return list(found.values())


def people_who_compare() -> list[tuple[User, str, bool]]:
    """Who compares the records of the whole firm: no card opens to them, but any client's identity may, masked."""
    why = _("compares the firm's records at headquarters: identity alone, masked")
    roles = [role for role, profile in AT_HEADQUARTERS.items() if profile.scope is Scope.PAIRS]
    found = [user for user in active().filter(role__in=roles) if user.is_at_headquarters]
    return [(user, why, False) for user in found]


def seers(place: Place, on: dt.date) -> list[Seer]:
    """The same by role and grounds, in the order of the role table."""
    groups: dict[tuple[str, Scope, str, bool], list[str]] = {}
    for user, grounds, is_guest in [*people_who_see(place, on), *people_who_compare()]:
        group = (user.role, user.scope, grounds, is_guest)
        groups.setdefault(group, []).append(user.display_name or user.username)
    order = [str(role) for role in Role]
    return [
        Seer(
            ROLES[role].role.text,
            SCOPE_TEXTS[scope],
            tuple(names[:NAMED]),
            len(names),
            grounds,
            is_guest,
        )
        for (role, scope, grounds, is_guest), names in sorted(
            groups.items(), key=lambda one: order.index(one[0][0])
        )
    ]


def _grounds_of(place: Place) -> str:
    day = place.since_on.isoformat() if place.since_on else formats.UNKNOWN
    return _("looks after the client since %(day)s: %(why)s") % {
        "day": day,
        "why": place.get_grounds_display(),
    }


def _cover(until: dt.date) -> str:
    return _("covers the manager until %(day)s") % {"day": until.isoformat()}


def _other_homes(place: Place) -> list[tuple[str, str]]:
    """Code and name of the other branches where the client has a customer number."""
    records = ClientRecord.objects.filter(client_id=place.client_id).exclude(
        branch_code=place.home_branch_code
    )
    codes = sorted(set(records.values_list("branch_code", flat=True)))
    names = branch_names(codes) if codes else {}
    return [(code, names.get(code, code)) for code in codes]


def _history(client_id: str) -> list[dict[str, Any]]:
    """The dated acts, newest first."""
    rows = list(Assignment.objects.filter(client_id=client_id).order_by("-starts_on", "-pk")[:50])
    staff = staff_names(row.staff_code for row in rows)
    branches = branch_names({row.branch_code for row in rows})
    return [
        {
            "row": row,
            "is_home": row.relation == Assignment.Relation.HOME,
            "name": staff.get(row.staff_code, row.staff_code)
            or branches.get(row.branch_code, row.branch_code),
        }
        for row in rows
    ]
