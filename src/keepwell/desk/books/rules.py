"""Who may be given a client, who may change, sign and object to a plan, what may still be taken back."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from keepwell.contract.reasons.plan_refusals import PlanRefusal
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.books import boards, plan_rows, pricing
from keepwell.desk.books.acted import TRANSITIONS, Objection, Plan, PlanMove, Tie
from keepwell.desk.books.handed import HandOver
from keepwell.desk.clients.models import Assignment, Staff
from keepwell.desk.clients.queries import staff_names
from keepwell.desk.gates.signed import desk_day, packs
from keepwell.desk.generations.models import Generation
from keepwell.desk.people import approvals, approvers
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui import formats

REASSIGN, APPROVE, REVIEW = "books.reassign", "books.approve_plan", "books.review_plan"
READ, OBJECT, ANSWER = "books.read_plans", "books.object", "books.answer_objection"


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


def _moved_on(plan: Plan) -> Verdict:
    return refuse(PlanRefusal.PLAN_MOVED_ON, number=plan.pk, state=str(plan.get_state_display()))


def may_open(user: User) -> Verdict:
    """Whether the run's proposal for the user's branch may be taken up as a plan."""
    allowed = user.may(REVIEW)
    if not allowed or not user.branch_code:
        return allowed and refuse(Refusal.NOT_FOUND)
    if plan := plan_rows.open_of(user.branch_code):
        return refuse(PlanRefusal.PLAN_OPEN, number=plan.pk)
    if not plan_rows.proposed_in(user.branch_code).exists():
        return refuse(PlanRefusal.NOTHING_PROPOSED)
    return ALLOWED


def may_change(user: User, move: PlanMove) -> Verdict:
    """Whether a client of a plan may be given to somebody else: in review, or after an objection about them."""
    allowed, plan = user.may(REVIEW), move.plan
    if not allowed:
        return allowed
    if plan.state == Plan.State.REVIEW:
        return ALLOWED
    if plan.state not in {Plan.State.OBJECTIONS, Plan.State.APPROVED}:
        return _moved_on(plan)
    waits = move.objections.filter(state=Objection.State.OPEN).exists()
    return ALLOWED if waits else refuse(PlanRefusal.SENT_ALREADY)


def may_go_to(move: PlanMove, to: str, swap: pricing.Step | None = None) -> Verdict:
    """Whether a client of a plan may go to `to`: eligible, not ruled out, the limits of both hold (M14).

    `swap` is another client's step, done at the same time.
    """
    plan, name = move.plan, staff_names([to]).get(to, to)
    if to == move.to_code:
        return refuse(Refusal.ALREADY_HELD, manager_name=name)
    if not _is_there(to, plan.branch_code):  # nobody stays with whoever may serve nobody
        return refuse(PlanRefusal.MAY_NOT_TAKE, manager_name=name or formats.UNKNOWN)
    managers = plan_rows.managers(plan)
    if to != move.from_code and (to not in managers or not managers[to].is_eligible):
        return refuse(PlanRefusal.MAY_NOT_TAKE, manager_name=name)
    banned = plan_rows.ties([move.client_id]).filter(kind=Tie.Kind.BAN, staff_code=to).first()
    if banned:
        return refuse(PlanRefusal.BANNED, manager_name=name, day=timezone.localdate(banned.at).isoformat())
    return pricing.fits(plan, [pricing.Step(move.to_code, to, move.use), *([swap] if swap else [])])


def _is_there(code: str, branch_code: str) -> bool:
    """Whether somebody keeps a book in the branch and may look after clients."""
    takers = {staff.pk for staff in boards.takers_of(branch_code)}
    return code in takers - plan_rows.barred(branch_code)


def may_be_swapped(user: User, other: PlanMove, move: PlanMove) -> Verdict:
    """Whether a client may be swapped out of a manager's book for another: changeable, and nobody ruled out there."""
    to = move.to_code
    if other.client_id == move.client_id or other.is_moved:
        return refuse(PlanRefusal.SWAP_UNFIT, manager_name=staff_names([to]).get(to, to))
    managers = plan_rows.managers(move.plan)
    if to not in managers or not managers[to].is_eligible or not _is_there(to, move.plan.branch_code):
        return refuse(PlanRefusal.MAY_NOT_TAKE, manager_name=staff_names([to]).get(to, to))
    for row in plan_rows.ties([other.client_id]):
        day = timezone.localdate(row.at).isoformat()
        name = staff_names([row.staff_code]).get(row.staff_code, row.staff_code)
        if row.kind == Tie.Kind.BAN and row.staff_code == to:
            return refuse(PlanRefusal.BANNED, manager_name=name, day=day)
        if row.kind == Tie.Kind.PIN and row.staff_code == other.to_code:
            return refuse(PlanRefusal.PINNED, manager_name=name, day=day)
    return user.may(REVIEW)


def may_tie(user: User, move: PlanMove, kind: str, staff_code: str) -> Verdict:
    """Whether a client may be fixed with the manager they have in the plan, or another be ruled out, from now on."""
    allowed = user.may(REVIEW)
    if not allowed:
        return allowed
    if move.plan.state != Plan.State.REVIEW:
        return _moved_on(move.plan)
    known = set(plan_rows.managers(move.plan)) | {move.from_code}
    is_pin = kind == Tie.Kind.PIN
    fits = is_pin == (
        staff_code == move.to_code
    )  # who is fixed has the client; who has them is not ruled out
    if not staff_code or staff_code not in known or kind not in Tie.Kind.values or not fits:
        return refuse(Refusal.NOT_FOUND)
    if is_pin and not _is_there(staff_code, move.plan.branch_code):
        return refuse(PlanRefusal.MAY_NOT_TAKE, manager_name=staff_names([staff_code]).get(staff_code, "—"))
    stands = plan_rows.ties([move.client_id]).filter(kind=kind, staff_code=staff_code).exists()
    return refuse(PlanRefusal.TIED_ALREADY) if stands else ALLOWED


def may_agree(user: User, plan: Plan) -> Verdict:
    """Whether the user may agree to a plan for their team, or for the branch: once, in review."""
    allowed = user.may(REVIEW)
    if not allowed:
        return allowed
    if plan.state != Plan.State.REVIEW:
        return _moved_on(plan)
    done = plan.agreements.filter(team_code=team_of(user)).exists()
    return refuse(PlanRefusal.TEAM_AGREED) if done else ALLOWED


def team_of(user: User) -> str:
    """For whom the user agrees: a team, or with an empty code the whole branch."""
    return user.team_code if user.scope is Scope.TEAM else ""


def may_decide(user: User, plan: Plan, version: int | None = None) -> Verdict:
    """Whether the user may sign a plan: sent, not their own (M12), as it was read (M25)."""
    allowed = user.may(APPROVE)
    if not allowed:
        return allowed
    if plan.state == Plan.State.REVIEW:
        return refuse(PlanRefusal.TEAMS_MISSING)
    if Plan.State.APPROVED not in TRANSITIONS[plan.state]:
        return _moved_on(plan)
    if any(user.is_same_person(pk) for pk in plan_rows.hands(plan)):
        others = approvers.others(APPROVE, but=user, branch_code=plan.branch_code)
        name = others[0].display_name if others else approvals.ANOTHER
        return refuse(Refusal.SECOND_PERSON, approver_name=name)
    if version is None:
        return ALLOWED
    return approvals.unchanged(
        version_read=version, version_now=plan.version, changed_by=plan.sent_by, changed_at=plan.sent_at
    )


def may_approve(user: User, plan: Plan, version: int | None = None) -> Verdict:
    """Whether the user may approve a plan: also no objection waits (M15)."""
    allowed = may_decide(user, plan, version)
    if not allowed:
        return allowed
    waiting = list(plan_rows.open_objections(plan).order_by("due_on", "pk"))
    if waiting:
        return refuse(PlanRefusal.OBJECTIONS_OPEN, n=len(waiting), manager_name=waiting[0].by_name)
    return ALLOWED


def may_object(user: User, move: PlanMove, on: dt.date, whose: str = Objection.Whose.MANAGER) -> Verdict:
    """Whether the user may object to a move on a day: as manager while the plan waits, for the client until the
    hand-over is to be signed, for the client learns of it by the letter (R060).
    """
    allowed, plan = user.may(OBJECT), move.plan
    if not allowed:
        return allowed
    until, states = plan.objections_until, {Plan.State.OBJECTIONS, Plan.State.APPROVED}
    sheet = HandOver.objects.filter(move=move).exclude(state=HandOver.State.VOID).first()
    if whose == Objection.Whose.CLIENT and sheet is not None:
        until, states = sheet.due_on, states | {Plan.State.DONE}
    if plan.state not in states or until is None or on > until:
        return refuse(PlanRefusal.OBJECTIONS_CLOSED, until_on=until.isoformat() if until else "—")
    waits = move.objections.filter(state=Objection.State.OPEN).exists()
    return refuse(PlanRefusal.OBJECTION_WAITS) if waits else ALLOWED


def may_go_back(move: PlanMove) -> Verdict:
    """Whether a client who has moved may go back to the manager before: one who may take them, within the limits."""
    plan, before = move.plan, move.from_code
    if not _is_there(before, plan.branch_code):
        return refuse(PlanRefusal.MAY_NOT_TAKE, manager_name=staff_names([before]).get(before, before or "—"))
    return pricing.fits(plan, [pricing.Step(move.to_code, before, move.use)])


def may_answer(user: User, objection: Objection) -> Verdict:
    """Whether the user may answer an objection: not their own (M12), and nobody has yet."""
    allowed = user.may(ANSWER)
    if not allowed:
        return allowed
    if objection.state != Objection.State.OPEN:
        return refuse(PlanRefusal.OBJECTION_ANSWERED, name=objection.answered_by)
    if user.is_same_person(objection.by_id):
        branch = objection.move.plan.branch_code
        others = approvers.others(ANSWER, but=user, branch_code=branch)
        name = others[0].display_name if others else approvals.ANOTHER
        return refuse(Refusal.SECOND_PERSON, approver_name=name)
    return ALLOWED


def may_post(user: User, plan: Plan) -> Verdict:
    """Whether the public sheet of a plan may be made: approved (M16)."""
    allowed = user.may(READ)
    if not allowed:
        return allowed
    is_approved = plan.state in {Plan.State.APPROVED, Plan.State.DONE}
    return ALLOWED if is_approved else refuse(PlanRefusal.NOT_APPROVED)


def effective_on(plan: Plan, generation: Generation) -> dt.date:
    """The day on which managers change if the plan is approved today."""
    on = desk_day(generation)
    working = packs(generation, on).calendars.working
    return working.add(max(on, plan.objections_until or on), 1).on
