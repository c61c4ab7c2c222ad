"""Who looks after whom, as acts: each dated, atomic and audited; the engine only proposes.

Acts on many clients go in pieces of at most 200, each whole by itself; called again, they do what is left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from keepwell.desk.audit.actions import Actor, record
from keepwell.desk.clients import plans, rules
from keepwell.desk.clients.acted import PlanDecision
from keepwell.desk.clients.models import AllocationProposal, Place
from keepwell.desk.clients.places import HOME, MOVED, SERVICE, Why, change, pieces
from keepwell.desk.clients.scope import heir_of
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand

Grounds = Place.Grounds


def _why(grounds: str, on: dt.date, by: Actor | None, at: dt.datetime, run: str, reason: str = "") -> Why:
    return Why(grounds, on, at, run, reason, by.pk if by else None, by.display_name if by else "")


@transaction.atomic
def assign(
    *,
    client_id: str,
    staff_code: str,
    starts_on: dt.date,
    grounds: str,
    by: Actor | None,
    at: dt.datetime,
    run: str,
    reason: str = "",
) -> None:
    """Give the client another manager from `starts_on`, today or before; "" leaves the client without one.

    Raises `ValueError` for a day to come: the place is who looks after the client now.
    """
    if starts_on > timezone.localdate(at):
        raise ValueError(
            f"starts_on {starts_on} is to come; an assignment takes effect today or took effect before"
        )
    before = Place.objects.select_for_update(of=("self",)).get(pk=client_id).manager_code
    why = _why(grounds, starts_on, by, at, run, reason)
    change([client_id], SERVICE, why, manager_code=staff_code or None)
    record(
        by=by,
        at=at,
        verb="clients.assign",
        subject_kind="client",
        subject_id=client_id,
        payload={
            "from": before,
            "to": staff_code,
            "starts_on": starts_on,
            "grounds": grounds,
            "reason": reason,
        },
        run=run,
    )


@transaction.atomic
def choose_home(
    *, client_id: str, branch_code: str, reason: str, by: User, at: dt.datetime, run: str
) -> None:
    """The client wishes another of their branches for a home; later runs leave it so. Raises `Refused`."""
    demand(rules.may_choose_home(by, client_id, branch_code), subject_kind="client", subject_id=client_id)
    before = Place.objects.get(pk=client_id).home_branch_code
    why = _why(Grounds.WISH, timezone.localdate(at), by, at, run, reason)
    change([client_id], HOME, why, home_branch_code=branch_code, home_is_wish=True)
    record(
        by=by,
        at=at,
        verb="clients.choose_home",
        subject_kind="client",
        subject_id=client_id,
        payload={"from": before, "to": branch_code, "reason": reason},
        run=run,
    )


def hand_over(*, staff_code: str, by: Actor | None, at: dt.datetime, run: str) -> int:
    """The clients of someone who left go to the leader, to be reassigned from there; answers how many."""
    held = list(Place.objects.filter(manager_code=staff_code).order_by("pk").values_list("pk", flat=True))
    heir = heir_of(staff_code)
    why = _why(Grounds.LEAVER, timezone.localdate(at), by, at, run)
    for ids in pieces(held, MOVED):
        with transaction.atomic():
            change(ids, SERVICE, why, manager_code=heir)
            record(
                by=by,
                at=at,
                verb="clients.hand_over",
                subject_kind="staff",
                subject_id=staff_code,
                payload={"to": heir, "n_clients": len(ids)},
                run=run,
            )
    return len(held)


@transaction.atomic
def decide_plan(
    *, branch_code: str, is_approved: bool, by: Actor, at: dt.datetime, run: str, reason: str = ""
) -> PlanDecision:
    """The head of the branch approves the run's proposal, or returns it; carrying it out follows in pieces.

    Raises `IntegrityError` when the run's proposal was decided before.
    """
    n, on = plans.of_branch(branch_code).count(), timezone.localdate(at)
    row = PlanDecision.objects.create(
        branch_code=branch_code,
        run=run,
        is_approved=is_approved,
        n_changes=n,
        reason=reason,
        by_id=by.pk,
        by_name=by.display_name,
        at=at,
    )
    record(
        by=by,
        at=at,
        verb="clients.approve_plan" if is_approved else "clients.return_plan",
        subject_kind="branch",
        subject_id=branch_code,
        payload={"n_changes": n, "starts_on": on} if is_approved else {"n_changes": n, "reason": reason},
        run=run,
    )
    return row


@transaction.atomic
def carry_out(*, decision: PlanDecision, by: Actor, at: dt.datetime, stay: Collection[str] = ()) -> int:
    """The next piece of an approved plan takes effect; answers how many clients have moved, 0 when none is left.

    The clients in ``stay`` keep the manager they have.
    """
    rows = plans.of_branch(decision.branch_code).exclude(pk__in=stay).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:MOVED])
    if not ids:
        PlanDecision.objects.filter(pk=decision.pk).update(is_done=True)
        return 0
    why = _why(Grounds.PLAN, timezone.localdate(decision.at), by, decision.at, decision.run)
    proposed = AllocationProposal.objects.filter(pk=OuterRef("pk")).values("manager_code")
    change(ids, SERVICE, why, manager_code=Subquery(proposed))
    record(
        by=by,
        at=at,
        verb="clients.carry_out_plan",
        subject_kind="branch",
        subject_id=decision.branch_code,
        payload={"n_clients": len(ids)},
        run=decision.run,
    )
    return len(ids)


def approve_plan(
    *, branch_code: str, by: Actor, at: dt.datetime, run: str, stay: Collection[str] = ()
) -> int:
    """Approve the run's proposal for a branch and carry it out at once; answers how many clients change manager.

    Nothing is done to a branch whose head has decided, but to finish what was broken off.
    """
    with transaction.atomic():
        decision = plans.decision(branch_code, run)
        if decision is None and plans.of_branch(branch_code).exists():
            decision = decide_plan(branch_code=branch_code, is_approved=True, by=by, at=at, run=run)
    if decision is None or decision.is_done or not decision.is_approved:
        return 0
    n = 0
    while moved := carry_out(decision=decision, by=by, at=at, stay=stay):
        n += moved
    return n
