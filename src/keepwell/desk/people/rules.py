"""Who may give roles, disable people and set covers: each answers a `Verdict`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from keepwell.contract.codes import Role
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.people import approvals, queries, signed
from keepwell.desk.people.models import Cover, Grant, User
from keepwell.desk.people.roles import HEADQUARTERS, ROLES, Scope, is_at_headquarters
from keepwell.desk.people.staff_source import places

NEEDED = {Scope.OWN: "staff_code", Scope.TEAM: "team_code", Scope.BRANCH: "branch_code"}
COVERING = {Scope.OWN, Scope.TEAM}


def missing_place(role: str, row: dict[str, str]) -> str:
    """The code that the role's scope needs and the row lacks, empty when nothing is missing."""
    needed = NEEDED.get(ROLES[role].scope, "")
    is_lost = row.get("branch_code") == HEADQUARTERS and not is_at_headquarters(role, HEADQUARTERS)
    return needed if needed and (not row.get(needed) or (is_lost and needed == "branch_code")) else ""


def has_staff_number(row: Mapping[str, str]) -> Verdict:
    """Whoever signs is known by their staff number: two logins of one person are not two people (R235)."""
    return ALLOWED if row.get("staff_code", "").strip() else refuse(Refusal.STAFF_NUMBER_MISSING)


def has_known_place(row: Mapping[str, str]) -> Verdict:
    """Branch and team are the firm's, and belong together; before the first run there is nothing to compare with."""
    known, branch, team = places(), row.get("branch_code", ""), row.get("team_code", "")
    if known is None:
        return ALLOWED
    if branch and branch not in {*known.branches, HEADQUARTERS}:
        return refuse(Refusal.UNKNOWN_BRANCH, code=branch)
    if team and team not in known.teams:
        return refuse(Refusal.UNKNOWN_TEAM, code=team)
    if branch and team and (home := known.branch_of(team)) != branch:
        name = known.branches.get(home, home)
        return refuse(Refusal.TEAM_ELSEWHERE, team_name=known.teams[team][0], branch_name=name)
    return ALLOWED


def is_not_about(by: User, person: User) -> Verdict:
    """Nobody changes their own role, by no other login of theirs either (M22)."""
    return refuse(Refusal.OWN_ROLE) if by.is_same_person(person.pk) else ALLOWED


def may_propose(by: User, kind: str, rows: Sequence[dict[str, str]]) -> Verdict:
    """Nobody proposes a role for themselves (M22); one proposal a login at a time; the last administrator stays one."""
    for row in rows:
        name, found = row["username"], queries.by_typed_name(row["username"])
        if queries.is_about(by, row):
            return refuse(Refusal.OWN_ROLE)
        if queries.waits_for(name):
            return refuse(Refusal.LOGIN_WAITS, username=name)
        is_other = found is not None and found.staff_code != row.get("staff_code")
        if found is not None and (kind == Grant.Kind.NEW or (kind == Grant.Kind.FILE and is_other)):
            return refuse(Refusal.LOGIN_EXISTS, username=name)
        if not (verdict := keeps_administrator(row)):
            return verdict
        if kind == Grant.Kind.PASSWORD:  # who they are and where stays as it is
            continue
        for verdict in (has_staff_number(row), has_known_place(row)):
            if not verdict:
                return verdict
    return ALLOWED


def keeps_administrator(row: dict[str, str]) -> Verdict:
    """Somebody administers people afterwards too."""
    found = queries.by_typed_name(row["username"])
    if found is None or row["role"] == str(Role.ADMIN) or not queries.is_last_administrator(found):
        return ALLOWED
    return refuse(Refusal.LAST_ADMINISTRATOR)


def may_decide(by: User, grant: Grant, *, version: int) -> Verdict:
    """Another administrator than the proposer and than those who would get the role; what was read still stands."""
    if not (verdict := by.may("people.grant")):
        return verdict
    told = next((user.display_name for user in queries.administrators().exclude(pk=by.pk)), "")
    if not (verdict := approvals.may_decide(by, proposed_by_id=grant.proposed_by_id, approver_name=told)):
        return verdict
    if any(queries.is_about(by, row) for row in grant.rows):
        return refuse(Refusal.OWN_ROLE)
    if grant.state != Grant.State.PROPOSED:
        return refuse(Refusal.GRANT_IS_DECIDED)
    return approvals.unchanged(version_read=version, version_now=grant.version)


def may_withdraw(by: User, grant: Grant) -> Verdict:
    """The proposer, by whichever login, while it waits."""
    if not by.is_same_person(grant.proposed_by_id):
        return refuse(Refusal.NOT_THE_PROPOSER, proposer_name=grant.proposed_by.display_name)
    return ALLOWED if grant.state == Grant.State.PROPOSED else refuse(Refusal.GRANT_IS_DECIDED)


def may_disable(by: User, user: User) -> Verdict:
    """Any administrator, at once; the last administrator stays."""
    if not (verdict := by.may("people.disable")):
        return verdict
    return refuse(Refusal.LAST_ADMINISTRATOR) if queries.is_last_administrator(user) else ALLOWED


def may_cover(
    by: User, covered: User, covering: User, from_on: dt.date, until_on: dt.date, today: dt.date
) -> Verdict:
    """Leaders and branch heads, for people of their own scope who look after clients."""
    if not (verdict := by.may("people.cover")):
        return verdict
    coverable = queries.coverable(by)
    for user in (covered, covering):
        if not coverable.filter(pk=user.pk).exists() or user.scope not in COVERING:
            return refuse(Refusal.COVER_OUT_OF_SCOPE, name=user.display_name)
    if covered.pk == covering.pk or covered.staff_code == covering.staff_code:
        return refuse(Refusal.COVER_OF_ONESELF)
    if until_on < from_on or until_on < today:
        return refuse(Refusal.COVER_ENDS_BEFORE)
    if until_on > (latest_on := signed.last_day_of_cover(today)):
        return refuse(Refusal.COVER_TOO_LONG, n_days=signed.n_days_of_cover(today), latest_on=latest_on)
    same = Cover.objects.filter(covering=covering, covered_code=covered.staff_code, ended_at=None)
    if same.filter(from_on__lte=until_on, until_on__gte=from_on).exists():
        return refuse(Refusal.COVER_EXISTS, name=covering.display_name)
    return ALLOWED


def may_end_cover(by: User, cover: Cover) -> Verdict:
    """Whoever may set covers for the person who covers."""
    if not (verdict := by.may("people.cover")):
        return verdict
    if queries.coverable(by).filter(pk=cover.covering_id).exists() or cover.set_by_id == by.pk:
        return ALLOWED
    return refuse(Refusal.COVER_OUT_OF_SCOPE, name=cover.covering.display_name)
