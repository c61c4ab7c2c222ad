"""What a leader does about books: giving a client to somebody else, at once and with a reason; deciding a plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.books import boards, rules
from keepwell.desk.clients.acted import PlanDecision
from keepwell.desk.clients.assignments import assign, decide_plan
from keepwell.desk.clients.models import Assignment, Place, Staff
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.approvals import Decision
from keepwell.desk.people.models import User
from keepwell.desk.ui import jobs, notices
from keepwell.desk.ui.http import demand

CARRY_OUT = "books.carry_out_plan"


@transaction.atomic
def reassign(
    *, place: Place, to: str, reason: str, by: User, at: dt.datetime, run: str, is_told: bool = True
) -> Staff:
    """Give a client of the leader's scope to a holder of a book there; answers whom.

    Raises `Refused`: no reason (M20), somebody who is not of the team or branch (M01), who has the client already.
    """
    taker = next((staff for staff in boards.takers(by) if staff.pk == to), None)
    subject = {"subject_kind": "client", "subject_id": place.pk}
    demand(rules.may_give(place.manager_code, taker), **subject)
    if not reason.strip():
        demand(refuse(Refusal.PURPOSE), **subject)
    assign(
        client_id=place.pk,
        staff_code=to,
        starts_on=timezone.localdate(at),
        grounds=Place.Grounds.ACT,
        reason=reason.strip()[:200],
        by=by,
        at=at,
        run=run,
    )
    record(by=by, at=at, verb="books.reassign", payload={"to": to}, run=run, **subject)
    for user in User.objects.filter(staff_code=to, is_active=True) if is_told else ():
        notices.tell(
            to=user.pk,
            kind="books.reassigned",
            key=f"{place.pk}-{at.isoformat()}",
            at=at,
            facts={"by": by.display_name},
            url=f"/clients/{place.pk}/",
        )
    return taker  # type: ignore[return-value]  # demand has raised when it is None


@transaction.atomic
def tell_many(*, staff_code: str, n: int, key: str, by: User, at: dt.datetime) -> None:
    """Tell a manager once that they were given clients, however many."""
    for user in User.objects.filter(staff_code=staff_code, is_active=True):
        kind = "books.reassigned" if n == 1 else "books.reassigned_many"
        facts = {"by": by.display_name, "n": n}
        notices.tell(to=user.pk, kind=kind, key=key, at=at, facts=facts, url="/clients/")
    record(by=by, at=at, verb="books.tell_taker", payload={"to": staff_code, "n_clients": n})


@transaction.atomic
def undo_reassign(*, act: Assignment, generation: Generation, by: User, at: dt.datetime) -> None:
    """Give a client back to whoever had them before, nobody included; raises `Refused`."""
    subject: dict[str, Any] = {"subject_kind": "client", "subject_id": act.client_id}
    now = Assignment.objects.select_for_update().get(pk=act.pk)
    demand(rules.may_take_back(by, now, generation), **subject)
    rows = Assignment.objects.filter(client_id=act.client_id, relation=act.relation, pk__lt=act.pk)
    before = rows.filter(ends_on=act.starts_on).order_by("-pk").first()
    assign(
        client_id=act.client_id,
        staff_code=before.staff_code if before else "",
        starts_on=timezone.localdate(at),
        grounds=before.grounds if before else Place.Grounds.SOURCE,
        reason=before.reason if before else "",
        by=by,
        at=at,
        run=generation.run_id,
    )
    record(
        by=by, at=at, verb="books.undo_reassign", payload={"act": act.pk}, run=generation.run_id, **subject
    )


@transaction.atomic
def decide(*, decision: Decision, by: User, at: dt.datetime, run: str) -> PlanDecision:
    """Approve the run's proposal for one's branch, which a job then carries out, or return it; raises `Refused`."""
    code = by.branch_code
    demand(rules.may_decide_plan(by, run, decision.version), subject_kind="branch", subject_id=code)
    row = decide_plan(
        branch_code=code, is_approved=decision.is_approved, reason=decision.reason, by=by, at=at, run=run
    )
    record(
        by=by,
        at=at,
        verb="books.decide_plan",
        subject_kind="branch",
        subject_id=code,
        payload={"decision": row.pk, "is_approved": row.is_approved},
        run=run,
    )
    if row.is_approved:
        jobs.start(kind=CARRY_OUT, payload={"decision": row.pk}, by=by, at=at, key=f"{row.pk}")
    return row
