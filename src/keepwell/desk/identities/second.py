"""The second person's word: who may agree to what another asks, and who may ask no more."""

from __future__ import annotations

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User

AGREE = "identities.second"


def may_sign(
    user: User,
    asked_by: User | None,
    version_read: int,
    version_now: int,
    *,
    is_open: bool,
    permission: str = AGREE,
) -> Verdict:
    """Another person than who asks, by staff number or where one has none by name; of what was read (M12, M25)."""
    allowed = user.may(permission)
    if not allowed:
        return allowed
    if asked_by is None:
        return refuse(Refusal.SETTLED_ALREADY)
    second = approvals.may_decide(user, proposed_by_id=asked_by.pk)
    if not second:
        return second
    if not are_two(user, asked_by):
        return refuse(Refusal.SECOND_PERSON, approver_name=approvals.ANOTHER)
    if not is_open:
        return refuse(Refusal.SETTLED_ALREADY)
    return approvals.unchanged(version_read=version_read, version_now=version_now)


def may_withdraw(user: User, proposed_by: User, *, is_open: bool) -> Verdict:
    """What one proposed oneself, by whichever login, while it waits."""
    if not user.is_same_person(proposed_by.pk):
        return refuse(Refusal.NOT_THE_PROPOSER, proposer_name=proposed_by.display_name)
    return ALLOWED if is_open else refuse(Refusal.SETTLED_ALREADY)


def are_two(one: User, other: User) -> bool:
    """Whether two logins are of two people: a login without a staff number is known by its name alone."""
    if one.staff_code and other.staff_code:
        return one.staff_code != other.staff_code
    return "".join(one.display_name.split()) != "".join(other.display_name.split())
