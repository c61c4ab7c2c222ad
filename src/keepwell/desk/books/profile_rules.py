"""Who may declare, confirm and end facts of a profile, and record a client's need."""

from __future__ import annotations

from keepwell.contract.reasons.plan_refusals import PlanRefusal
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.books.profiled import ProfileFact
from keepwell.desk.people import approvals, approvers
from keepwell.desk.people.models import User

READ, DECLARE, CONFIRM, RECORD = (
    "books.read_profiles",
    "books.declare_profile",
    "books.confirm_profile",
    "books.record_need",
)


def may_declare(user: User, staff_code: str) -> Verdict:
    """Whether the user may declare a fact: of their own profile."""
    allowed = user.may(DECLARE)
    if not allowed:
        return allowed
    is_own = bool(user.staff_code) and user.staff_code == staff_code
    return ALLOWED if is_own else refuse(Refusal.NOT_FOUND)


def may_confirm(user: User, fact: ProfileFact) -> Verdict:
    """Whether the user may confirm a fact or not: not one they declared, nor one about themselves (M12)."""
    allowed = user.may(CONFIRM)
    if not allowed:
        return allowed
    if not fact.waits:
        return refuse(PlanRefusal.PROFILE_DECIDED, name=fact.decided_by or "—")
    if user.is_same_person(fact.declared_by_id) or fact.staff_code == user.staff_code:
        others = approvers.others(CONFIRM, but=user, branch_code=user.branch_code)
        name = others[0].display_name if others else approvals.ANOTHER
        return refuse(Refusal.SECOND_PERSON, approver_name=name)
    return ALLOWED


def may_end(user: User, fact: ProfileFact) -> Verdict:
    """Whether the user may end a fact, or take a declaration back: their own."""
    allowed = may_declare(user, fact.staff_code)
    if not allowed:
        return allowed
    stands = fact.state in {ProfileFact.State.DECLARED, ProfileFact.State.CONFIRMED}
    return ALLOWED if stands else refuse(PlanRefusal.PROFILE_DECIDED, name=fact.decided_by or "—")
