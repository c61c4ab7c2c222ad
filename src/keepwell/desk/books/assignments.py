"""From a plan to who looks after whom: objections and their answers, the second person's signature, the day itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.books import handovers, plan_rows, rules
from keepwell.desk.books.acted import LONGEST_REASON, Objection, Plan, PlanMove
from keepwell.desk.books.actions import change_move, put_back
from keepwell.desk.clients.models import Place
from keepwell.desk.clients.places import MOVED, SERVICE, Why, change
from keepwell.desk.gates.signed import desk_day, packs
from keepwell.desk.generations.models import Generation
from keepwell.desk.people import approvers
from keepwell.desk.people.approvals import Decision
from keepwell.desk.people.models import User
from keepwell.desk.ui import jobs, notices
from keepwell.desk.ui.http import demand

CARRY_OUT = "books.carry_out_plan"


def _on(plan: Plan, client: str = "", **payload: Any) -> dict[str, Any]:
    """What the log says of an act on a plan, or on a client of one: subject, plan, policy, run."""
    subject = ("client", client) if client else ("plan", str(plan.pk))
    told = {"plan": plan.pk, "policy": plan.policy_version, **payload}
    return {"subject_kind": subject[0], "subject_id": subject[1], "payload": told, "run": plan.run}


@transaction.atomic
def object_to(
    *, move: PlanMove, whose: str, reason: str, generation: Generation, by: User, at: dt.datetime
) -> Objection:
    """Object to a move for oneself, or for the client who said so; raises `Refused`: too late, no reason (M20)."""
    subject = {"subject_kind": "client", "subject_id": move.client_id}
    plan = Plan.objects.select_for_update().get(pk=move.plan_id)
    move.plan, on = plan, desk_day(generation)
    demand(rules.may_object(by, move, on, whose), **subject)
    if not reason.strip() or whose not in Objection.Whose.values:
        demand(refuse(Refusal.PURPOSE), **subject)
    signed = packs(generation, on)
    n_days = signed.allocation.objections.n_working_days_to_answer
    row = Objection.objects.create(
        move=move,
        whose=whose,
        staff_code=by.staff_code,
        reason=reason.strip()[:LONGEST_REASON],
        by_id=by.pk,
        by_name=by.display_name,
        at=at,
        due_on=signed.calendars.working.add(on, n_days).on,
    )
    for user in approvers.others(rules.ANSWER, but=by, branch_code=plan.branch_code):
        facts = {"by": by.display_name, "number": plan.pk, "day": row.due_on.isoformat()}
        url = reverse("books:objections")
        notices.tell(to=user.pk, kind="books.objected", key=f"{row.pk}", at=at, facts=facts, url=url)
    facts = {"objection": row.pk, "whose": whose}
    record(by=by, at=at, verb="books.object", **_on(plan, move.client_id, **facts))
    return row


@transaction.atomic
def answer_objection(
    *, objection: Objection, is_accepted: bool, answer: str, by: User, at: dt.datetime
) -> Objection:
    """Answer an objection; accepted, the client stays unless the plan gives them to somebody else by now.

    Raises `Refused`: one's own (M12), answered already, no reason (M20), or a limit that staying would break (M14).
    """
    move = PlanMove.objects.select_related("plan").get(pk=objection.move_id)
    subject = {"subject_kind": "client", "subject_id": move.client_id}
    plan = Plan.objects.select_for_update().get(pk=move.plan_id)
    row = Objection.objects.select_for_update().get(pk=objection.pk)
    row.move = move
    demand(rules.may_answer(by, row), **subject)
    if not answer.strip():
        demand(refuse(Refusal.PURPOSE), **subject)
    if is_accepted and not move.is_changed and not move.stays:
        move.plan = plan
        heed = change_move if plan.is_open else _go_back
        heed(move=move, to=move.from_code, reason=answer, by=by, at=at)
    state = Objection.State.ACCEPTED if is_accepted else Objection.State.REJECTED
    row.state, row.answer = state, answer.strip()[:LONGEST_REASON]
    row.answered_by_id, row.answered_by, row.answered_at = by.pk, by.display_name, at
    row.save()
    facts = {"by": by.display_name, "number": plan.pk, "answer": row.answer}
    kind = "books.objection_accepted" if is_accepted else "books.objection_rejected"
    notices.tell(
        to=row.by_id, kind=kind, key=f"{row.pk}", at=at, facts=facts, url=reverse("books:objections")
    )
    told = {"objection": row.pk, "state": str(state)}
    record(by=by, at=at, verb="books.answer_objection", **_on(plan, move.client_id, **told))
    is_past = plan.state == Plan.State.DONE  # the plan's day: who waited for the answer moves now
    if is_past and plan_rows.pending(plan).exists():
        carry_out(plan=plan, by=by, at=at)
    return row


def _go_back(*, move: PlanMove, to: str, reason: str, by: User, at: dt.datetime) -> None:
    """After the plan's day: the client goes back to the manager before, or is not given away any more."""
    subject = {"subject_kind": "client", "subject_id": move.client_id}
    demand(rules.may_go_back(move), **subject)
    if move.is_moved:
        on, run = timezone.localdate(at), move.plan.run
        why = Why(Place.Grounds.WISH, on, at, run, reason.strip()[:LONGEST_REASON], by.pk, by.display_name)
        change([move.client_id], SERVICE, why, manager_code=to)
    put_back(move=move, reason=reason, by=by, at=at)


@transaction.atomic
def decide(*, plan: Plan, decision: Decision, generation: Generation, by: User, at: dt.datetime) -> Plan:
    """Approve a plan, to take effect on the working day after the time for objections, or return it.

    Raises `Refused`: not sent, one's own (M12), an objection waits (M15), changed since it was read (M25).
    """
    row = Plan.objects.select_for_update().get(pk=plan.pk)
    may = rules.may_approve if decision.is_approved else rules.may_decide
    demand(may(by, row, decision.version), subject_kind="plan", subject_id=str(row.pk))
    row.state = Plan.State.APPROVED if decision.is_approved else Plan.State.RETURNED
    row.reason, row.decided_by_id, row.decided_by, row.decided_at = (
        decision.reason,
        by.pk,
        by.display_name,
        at,
    )
    row.version += 1
    if decision.is_approved:
        row.effective_on = rules.effective_on(row, generation)
    row.save()
    approvers.answer(
        to=row.sent_by_id or row.opened_by_id,
        title=lambda: gettext("Plan of allocation #%(number)s") % {"number": row.pk},
        key=f"books.plan:{row.pk}",
        is_approved=decision.is_approved,
        reason=decision.reason,
        by=by,
        at=at,
        url=reverse("books:plan", args=[row.pk]),
    )
    verb = "books.approve_plan" if decision.is_approved else "books.return_plan"
    told = _on(row, effective_on=row.effective_on, reason=decision.reason)
    record(by=by, at=at, verb=verb, **told)
    if row.effective_on:
        handovers.make(plan=row, generation=generation, by=by, at=at)
        begins = timezone.make_aware(dt.datetime.combine(row.effective_on, dt.time()))
        jobs.start(kind=CARRY_OUT, payload={"plan": row.pk}, by=by, at=at, key=f"{row.pk}", not_before=begins)
    return row


@transaction.atomic
def carry_out(*, plan: Plan, by: User, at: dt.datetime) -> int:
    """The next piece of an approved plan takes effect; answers how many clients have moved, 0 when none is left."""
    rows = list(plan_rows.pending(plan).order_by("client_id")[:MOVED])
    if not rows:
        Plan.objects.filter(pk=plan.pk).update(state=Plan.State.DONE)
        handovers.let_go(plan=plan, by=by, at=at)
        n_left = PlanMove.objects.filter(plan=plan, is_moved=False).count()
        record(by=by, at=at, verb="books.end_plan", **_on(plan, n_left=n_left))
        return 0
    ids = [row.client_id for row in rows]
    why = Why(Place.Grounds.PLAN, timezone.localdate(at), at, plan.run, "", by.pk, by.display_name)
    planned = PlanMove.objects.filter(plan=plan, client_id=OuterRef("pk")).values("to_code")
    change(ids, SERVICE, why, manager_code=Subquery(planned))
    PlanMove.objects.filter(pk__in=[row.pk for row in rows]).update(is_moved=True)
    record(by=by, at=at, verb="books.carry_out_plan", **_on(plan, n_clients=len(ids)))
    return len(ids)


@transaction.atomic
def print_notice(*, plan: Plan, by: User, at: dt.datetime) -> None:
    """The public sheet of an approved plan was made (M16); names are masked, amounts and numbers are not on it."""
    demand(rules.may_post(by, plan), subject_kind="plan", subject_id=str(plan.pk))
    record(by=by, at=at, verb="books.print_notice", **_on(plan))
