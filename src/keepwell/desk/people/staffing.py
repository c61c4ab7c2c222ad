"""What the pages of people show: logins beside what the run says of them, proposals, roles by permission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.contract.codes import Role
from keepwell.desk.columns import in_reader_language, lazy_text
from keepwell.desk.people import approvals, leaving, queries, rules
from keepwell.desk.people.models import Grant, User
from keepwell.desk.people.permissions import told
from keepwell.desk.people.roles import (
    AT_HEADQUARTERS,
    HEADQUARTERS,
    HEADQUARTERS_TEXT,
    ROLES,
    SCOPE_TEXTS,
    profile_of,
)
from keepwell.desk.people.staff_source import StaffFacts, facts_of, places
from keepwell.desk.ui import formats

KIND = "people.grant"
SOON = dt.timedelta(days=30)


def listed(users: Sequence[User]) -> list[dict[str, Any]]:
    """Each login with branch, team and licences as the run tells them."""
    facts = facts_of([user.staff_code for user in users])
    return [{"login": user, **_placed(user, facts.get(user.staff_code))} for user in users]


def _placed(user: User, facts: StaffFacts | None) -> dict[str, Any]:
    today = timezone.localdate()
    branch = (
        facts.branch_name
        if facts and facts.branch_code == user.branch_code
        else branch_text(user.branch_code)
    )
    team = facts.team_name if facts and facts.team_code == user.team_code else user.team_code
    licences = [(kind, until, _tone(until, today)) for kind, until in facts.licences] if facts else []
    has_left = bool(facts and facts.left_on and facts.left_on <= today)
    return {"branch": branch, "team": team, "licences": licences, "has_left": has_left, "facts": facts}


def _tone(until: dt.date | None, today: dt.date) -> str:
    if until is None or until > today + SOON:
        return "plain"
    return "warning" if until >= today else "bad"


def person(user: User, by: User) -> dict[str, Any]:
    """One login: role, place, licences, what would be handed over, what may be done."""
    return {
        **listed([user])[0],
        "person": user,
        "handed_over": [(label, held) for label, held in leaving.preview(user.staff_code) if held.n],
        "may_disable": rules.may_disable(by, user),
        "waits": queries.waits_for(user.username),
        "is_self": user.pk == by.pk,
    }


def roles() -> dict[str, Any]:
    """Permissions by roles, room by room; the scope on top. What a role does at headquarters stands beside it."""
    profiles = [
        (label, profile)
        for role in map(str, Role)
        for label, profile in (
            (role_text(role), ROLES[role]),
            (_("%(role)s, headquarters") % {"role": role_text(role)}, AT_HEADQUARTERS.get(role)),
        )
        if profile
    ]
    names = sorted({name for _label, profile in profiles for name in profile.permissions})
    rooms: dict[str, list[tuple[str, Any, list[bool]]]] = {}
    for name in names:
        held = [name in profile.permissions for _label, profile in profiles]
        rooms.setdefault(name.partition(".")[0], []).append((name, told(name), held))
    return {
        "columns": [label for label, _profile in profiles],
        "scopes": [lazy_text(SCOPE_TEXTS[profile.scope]) for _label, profile in profiles],
        "sees_names": [profile.sees_names for _label, profile in profiles],
        "rooms": sorted(rooms.items()),
    }


def waiting(user: User) -> list[approvals.Waiting]:
    """Proposed roles as their approver sees them."""
    return [_waiting(grant, user) for grant in queries.waiting_grants()[:200]]


def open_to(user: User) -> QuerySet[Grant]:
    """Those that wait for the user: own proposals are somebody else's work."""
    return queries.waiting_grants().exclude(proposed_by=user)


def _waiting(grant: Grant, user: User) -> approvals.Waiting:
    return approvals.Waiting(
        kind=KIND,
        pk=grant.pk,
        title=title_of(grant),
        proposed_by_id=grant.proposed_by_id,
        proposed_by=grant.proposed_by.display_name,
        proposed_at=grant.proposed_at,
        decide_url=reverse("people:decide_grant", args=[grant.pk]),
        version=grant.version,
        grounds=grant.reason,
        difference=difference(grant),
        told=_another(user),
        verdict=rules.may_decide(user, grant, version=grant.version),
    )


def _another(user: User) -> str:
    return next((one.display_name for one in queries.administrators().exclude(pk=user.pk)), "")


def title_of(grant: Grant) -> str:
    """Kind and person, or how many people."""
    first = grant.rows[0]
    kind = grant.get_kind_display()
    if (n := len(grant.rows)) > 1:
        return ngettext("%(kind)s: %(n)d person", "%(kind)s: %(n)d people", n) % {"kind": kind, "n": n}
    return f"{kind}: {first['display_name']} ({first['username']})"


def difference(grant: Grant) -> list[tuple[str, str, str]]:
    """What would change: of one person every fact, of many a line each."""
    if len(grant.rows) > 1:
        return [(row["display_name"], _now(row["username"]), _role_line(row)) for row in grant.rows]
    row = grant.rows[0]
    user = queries.by_typed_name(row["username"])
    if grant.kind == Grant.Kind.PASSWORD:
        return [(_("Password"), _("as it is"), _("a new one, shown once, changed at the first log-in"))]
    facts = (
        (_("Role"), role_text(user.role) if user else "", role_text(row["role"])),
        (
            _("Sees"),
            _scope(user.role, user.branch_code) if user else "",
            _scope(row["role"], row["branch_code"]),
        ),
        (_("Staff number"), user.staff_code if user else "", row["staff_code"]),
        (_("Branch"), branch_text(user.branch_code) if user else "", branch_text(row["branch_code"])),
        (_("Team"), team_text(user.team_code) if user else "", team_text(row["team_code"])),
    )
    return [
        (label, before or formats.UNKNOWN, after or formats.UNKNOWN)
        for label, before, after in facts
        if before != after
    ]


def _now(username: str) -> str:
    user = queries.by_typed_name(username)
    return role_text(user.role) if user and user.is_active else formats.UNKNOWN


def _role_line(row: dict[str, str]) -> str:
    place = [row[name] for name in ("staff_code", "branch_code", "team_code") if row[name]]
    return " · ".join([role_text(row["role"]), *place])


def role_text(role: str) -> str:
    """The role's name in the reader's language."""
    return in_reader_language(ROLES[role].role.text) if role in ROLES else role


def branch_text(code: str) -> str:
    """A branch by its name; by its code where the run does not know it."""
    known = places()
    if code == HEADQUARTERS and not (known and code in known.branches):
        return in_reader_language(HEADQUARTERS_TEXT)
    return known.branches.get(code, code) if known else code


def team_text(code: str) -> str:
    """A team by its name, in the same way."""
    known = places()
    return known.teams.get(code, (code, ""))[0] if known else code


def _scope(role: str, branch_code: str) -> str:
    return in_reader_language(SCOPE_TEXTS[profile_of(role, branch_code).scope])


def decided(user: User) -> list[approvals.Decided]:
    """What the user decided lately, newest first."""
    rows = Grant.objects.filter(decided_by=user).select_related("proposed_by").order_by("-decided_at")[:20]
    return [
        approvals.Decided(
            title=title_of(grant),
            is_approved=grant.state == Grant.State.APPROVED,
            at=grant.decided_at or grant.proposed_at,
            reason=grant.decision_reason,
            proposed_by=grant.proposed_by.display_name,
        )
        for grant in rows
    ]
