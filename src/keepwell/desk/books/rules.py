"""Who may be given a client, who may decide a plan, what may still be taken back."""

from __future__ import annotations

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.clients import plans
from keepwell.desk.clients.models import Assignment, Staff
from keepwell.desk.generations.models import Generation
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User

REASSIGN, APPROVE = "books.reassign", "books.approve_plan"


def may_give(holder: str | None, taker: Staff | None) -> Verdict:
    """Whether a client may be given to somebody: there, with a book, and not who has the client already."""
    if taker is None:
        return refuse(Refusal.NOT_FOUND)
    if holder == taker.staff_code:
        return refuse(Refusal.ALREADY_HELD, manager_name=taker.staff_name)
    return ALLOWED


def may_take_back(user: User, act: Assignment | None, generation: Generation) -> Verdict:
    """Whoever reassigned a client may take it back while it is the last word and no run counts with it."""
    if act is None or act.by_id != user.pk:
        return refuse(Refusal.NOT_FOUND)
    if act.ends_on is not None:
        return refuse(Refusal.REASSIGNED_SINCE)
    return refuse(Refusal.ASSIGNMENT_IN_RUN) if generation.knows(act.at) else ALLOWED


def may_decide_plan(user: User, run: str, version: int) -> Verdict:
    """Whether the user may decide the run's proposal for their branch: once, and as it was read."""
    allowed = user.may(APPROVE)
    if not allowed:
        return allowed
    if not user.branch_code:
        return refuse(Refusal.NOT_FOUND)
    decided = plans.decision(user.branch_code, run)
    now = 0 if decided else plans.of_branch(user.branch_code).count()
    return approvals.unchanged(
        version_read=version,
        version_now=now,
        changed_by=decided.by_name if decided else "",
        changed_at=decided.at if decided else None,
    )
