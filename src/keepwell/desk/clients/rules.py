"""Who may see which part of a client's card, and who may decide against the rules."""

from __future__ import annotations

import datetime as dt

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.clients import overrides, queries
from keepwell.desk.clients.acted import LONGEST_QUERY, Override
from keepwell.desk.clients.models import ClientLine, ClientRecord
from keepwell.desk.people import approvals, approvers
from keepwell.desk.people.models import User

SERVICE = queries.SERVICE


def may_see_service(user: User) -> Verdict:
    """Class, state, moments and proposals: not for AML officers, who see identity, accounts, holdings and flows."""
    return user.may(SERVICE)


def tabs(user: User) -> tuple[str, ...]:
    """The card's parts a user sees, the first being the one it opens with."""
    return (
        ("overview", "holdings", "accounts", "service") if may_see_service(user) else ("accounts", "holdings")
    )


PROPOSE, APPROVE = "clients.propose_override", "clients.approve_override"


def may_propose(user: User, line: ClientLine) -> Verdict:
    """Whether the user may say that a grade or type should be another: leaders and heads, of classed clients."""
    allowed = user.may(PROPOSE)
    return allowed if not allowed or line.grade else refuse(Refusal.NOT_CLASSED)


def may_propose_this(
    user: User,
    line: ClientLine,
    wanted: tuple[str, str],
    reason: str,
    expires_on: dt.date | None,
    today: dt.date,
) -> Verdict:
    """Whether this override may be proposed: another value, a reason, a last day to come, none waiting."""
    field, value = wanted
    allowed = may_propose(user, line)
    if not allowed:
        return allowed
    if getattr(line, field) == value:
        return refuse(Refusal.OVERRIDE_IS_SAME)
    if expires_on is None:
        return refuse(Refusal.OVERRIDE_WITHOUT_END)
    if expires_on <= today:
        return refuse(Refusal.OVERRIDE_END_IS_PAST, today_on=today)
    if not reason.strip():
        return refuse(Refusal.PURPOSE)
    return refuse(Refusal.OVERRIDE_WAITS) if overrides.has_waiting(line.client_id, field) else ALLOWED


def may_decide(user: User, row: Override, version: int) -> Verdict:
    """Whether the user may approve or return: not what they proposed, and only what they have read."""
    allowed = user.may(APPROVE)
    if not allowed:
        return allowed
    second = approvals.may_decide(
        user, proposed_by_id=row.proposed_by_id, approver_name=asked_instead(user, row)
    )
    if not second:
        return second
    fresh = approvals.unchanged(
        version_read=version,
        version_now=row.version,
        changed_by=row.decided_by.display_name if row.decided_by else "",
        changed_at=row.decided_at,
    )
    if not fresh:
        return fresh
    return ALLOWED if row.state == Override.State.PROPOSED else refuse(Refusal.OVERRIDE_IS_DECIDED)


def asked_instead(user: User, row: Override) -> str:
    """Who decides the user's own proposal; empty for a proposal of somebody else."""
    if row.proposed_by_id != user.pk:
        return ""
    others = approvers.others(APPROVE, but=user, branch_code=user.branch_code)
    return "、".join(one.display_name for one in others)


def may_withdraw(user: User, row: Override) -> Verdict:
    """Whether the user may withdraw: their own proposal, while it waits."""
    if row.proposed_by_id != user.pk:
        return refuse(Refusal.NOT_THE_PROPOSER, proposer_name=row.proposed_by.display_name)
    return ALLOWED if row.state == Override.State.PROPOSED else refuse(Refusal.OVERRIDE_IS_DECIDED)


def may_keep(query: str) -> Verdict:
    """Whether a view can hold the filters: their number of letters is bounded."""
    if len(query) <= LONGEST_QUERY:
        return ALLOWED
    return refuse(Refusal.VIEW_TOO_LONG, n_letters=f"{len(query):,}", at_most=f"{LONGEST_QUERY:,}")


def may_choose_home(by: User, client_id: str, branch_code: str) -> Verdict:
    """The client's wish counts among the branches where the client has a customer number."""
    if not (verdict := by.may("clients.choose_home")):
        return verdict
    here = ClientRecord.objects.filter(client_id=client_id, branch_code=branch_code)
    return ALLOWED if here.exists() else refuse(Refusal.HOME_WITHOUT_NUMBER)
