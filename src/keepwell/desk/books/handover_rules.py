"""Who may sign a hand-over, send it back, or make the letter to the client."""

from __future__ import annotations

from django.utils import timezone

from keepwell.contract.reasons.plan_refusals import PlanRefusal
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.books.handed import HandOver
from keepwell.desk.clients.queries import staff_names
from keepwell.desk.clients.scope import visible_one
from keepwell.desk.people.models import User
from keepwell.desk.people.queries import staff_codes
from keepwell.desk.people.roles import Scope

READ, SIGN, LETTER = "books.read_handovers", "books.sign_handover", "books.print_letter"


def may_give(user: User, row: HandOver) -> Verdict:
    """Whether the user may sign as who hands over: the manager before, or the leader where that one cannot."""
    allowed = user.may(SIGN)
    if not allowed:
        return allowed
    if not row.is_open or row.given_at is not None:
        return _moved_on(row)
    is_leader = user.scope in {Scope.TEAM, Scope.BRANCH}
    is_giver = row.from_code in staff_codes(user, timezone.localdate())
    if user.staff_code != row.to_code and (is_giver or is_leader):
        return ALLOWED
    return refuse(PlanRefusal.NOT_YOURS_TO_SIGN, manager_name=_name(row.from_code))


def may_take(user: User, row: HandOver) -> Verdict:
    """Whether the user may sign as who takes over: the new manager, from the plan's day on, after the giver."""
    allowed = user.may(SIGN)
    if not allowed:
        return allowed
    if not row.is_open:
        return _moved_on(row)
    if row.given_at is None:
        return refuse(PlanRefusal.NOT_HANDED_OVER, manager_name=_name(row.from_code))
    if not row.move.is_moved:
        return refuse(PlanRefusal.NOT_THE_DAY, day=row.effective_on.isoformat())
    if user.staff_code != row.to_code:
        return refuse(PlanRefusal.NOT_YOURS_TO_SIGN, manager_name=_name(row.to_code))
    if row.given_by_id is not None and user.is_same_person(row.given_by_id):
        return refuse(PlanRefusal.NOT_YOURS_TO_SIGN, manager_name=_name(row.from_code))
    return ALLOWED


def may_send_back(user: User, row: HandOver) -> Verdict:
    """Whether the user may send the sheet back for completion: who could sign it as taker."""
    return may_take(user, row)


def may_write(user: User, row: HandOver) -> Verdict:
    """Whether the user may make the letter to the client: within their scope, while the client is to move."""
    allowed = user.may(LETTER)
    if not allowed:
        return allowed
    if row.state == HandOver.State.VOID:
        return _moved_on(row)
    return ALLOWED if visible_one(user, row.client_id).exists() else refuse(Refusal.NOT_FOUND)


def _moved_on(row: HandOver) -> Verdict:
    return refuse(PlanRefusal.HANDED_OVER_ALREADY, state=str(row.get_state_display()))


def _name(code: str) -> str:
    return staff_names([code]).get(code, code) if code else "—"
