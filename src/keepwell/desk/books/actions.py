"""What a leader does about books: giving a client to somebody else at once; taking up a plan, changing it, agreeing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from keepwell.contract.reasons.plan_refusals import PlanRefusal
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.books import boards, grounds, handovers, plan_rows, pricing, profile_rows, rules
from keepwell.desk.books.acted import (
    LONGEST_REASON,
    Plan,
    PlanAgreement,
    PlanChange,
    PlanLimit,
    PlanManager,
    PlanMove,
    Tie,
)
from keepwell.desk.books.models import AllocationLimit
from keepwell.desk.books.queries import certificates_of
from keepwell.desk.clients.assignments import assign
from keepwell.desk.clients.models import AllocationProposal, Assignment, Place, Staff
from keepwell.desk.clients.queries import staff_names
from keepwell.desk.gates.signed import desk_day, packs
from keepwell.desk.generations.models import Generation
from keepwell.desk.people import approvers
from keepwell.desk.people.models import User
from keepwell.desk.ui import notices
from keepwell.desk.ui.http import demand


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


PIECE = 500  # rows of one statement


@transaction.atomic
def open_plan(*, by: User, at: dt.datetime, run: str) -> Plan:
    """Take the run's proposal for one's branch up as a plan, with the evidence it stands on; raises `Refused`."""
    code = by.branch_code
    demand(rules.may_open(by), subject_kind="branch", subject_id=code)
    largest_first = ("-client__line__sort_amount", "pk")
    places = list(plan_rows.proposed_in(code).order_by(*largest_first))
    evidence = plan_rows.evidence([place.pk for place in places])
    proof = certificates_of([code])[code]
    plan = Plan.objects.create(
        branch_code=code,
        run=run,
        policy_version=next(iter(evidence.values())).policy_version,
        n_moves=len(places),
        value=proof.value,
        bound=proof.bound,
        current_value=proof.current_value,
        opened_by_id=by.pk,
        opened_by=by.display_name,
        opened_at=at,
    )
    names = ("staff_code", "is_eligible", "n_lower", "n_upper", "price")
    limits = [{name: getattr(row, name) for name in names} for row in plan_rows.loads_of(code)]
    PlanManager.objects.bulk_create([PlanManager(plan=plan, **limit) for limit in limits])
    holders = dict(boards.holders_of(code))
    uses = grounds.uses(run, code, {*holders, *evidence})
    taken = grounds.taken(holders, uses)
    limits_now = [_limit(plan, row, taken) for row in grounds.limits_of(code)]
    PlanLimit.objects.bulk_create(limits_now)
    moves = [
        _move(plan, evidence[place.pk], place.manager_code or "", uses.get(place.pk, {})) for place in places
    ]
    PlanMove.objects.bulk_create(moves, batch_size=PIECE)
    for user in approvers.others(rules.REVIEW, but=by, branch_code=code):
        facts = {"by": by.display_name, "number": plan.pk}
        url = reverse("books:plan", args=[plan.pk])
        notices.tell(to=user.pk, kind="books.plan_opened", key=f"{plan.pk}", at=at, facts=facts, url=url)
    record(by=by, at=at, verb="books.open_plan", **_on(plan, n_moves=len(moves)))
    return plan


def _limit(plan: Plan, row: AllocationLimit, taken: Mapping[tuple[str, str], Decimal]) -> PlanLimit:
    """A manager's limit as the run has it, and how much of it is taken by those who have them today."""
    now: Any = taken.get((row.staff_code, row.resource), Decimal(0))
    return PlanLimit(
        plan=plan,
        staff_code=row.staff_code,
        resource=row.resource,
        lower=row.load_lower,
        upper=row.load_upper,
        now=now,
        price=row.price,
    )


def _move(plan: Plan, row: AllocationProposal, holder: str, use: Mapping[str, str]) -> PlanMove:
    """A client of the plan, with the run's grounds; where nobody scores best, whoever was proposed does."""
    return PlanMove(
        plan=plan,
        client_id=row.client_id,
        from_code=holder,
        proposed_code=row.manager_code,
        to_code=row.manager_code,
        score=row.score or 0,
        price=row.price or 0,
        best_code=row.best_code or row.manager_code,
        best_score=row.best_score or row.score or 0,
        why=row.allocation_reason,
        use=dict(use),
    )


def _on(plan: Plan, client: str = "", **payload: Any) -> dict[str, Any]:
    """What the log says of an act on a plan, or on a client of one: subject, plan, policy, run."""
    subject = ("client", client) if client else ("plan", str(plan.pk))
    told = {"plan": plan.pk, "policy": plan.policy_version, **payload}
    return {"subject_kind": subject[0], "subject_id": subject[1], "payload": told, "run": plan.run}


@dataclass(frozen=True, slots=True)
class Swap:
    """Another client of the new manager, who goes where the first one was to go."""

    client_id: str


@transaction.atomic
def change_move(
    *, move: PlanMove, to: str, reason: str, by: User, at: dt.datetime, swap: Swap | None = None
) -> pricing.Cost:
    """Give a client of a plan to somebody else, or let them stay, with one swapped out for it; answers the price.

    Raises `Refused`: sent already, no reason (M20), not eligible, ruled out, or a limit that would not hold (M14).
    """
    subject = {"subject_kind": "client", "subject_id": move.client_id}
    locked = Plan.objects.select_for_update().get(pk=move.plan_id)
    move = PlanMove.objects.get(pk=move.pk)
    move.plan = locked
    demand(rules.may_change(by, move), **subject)
    other = _swapped(move, to, swap, by) if swap else None
    step = pricing.Step(to, move.to_code, other.use) if other else None
    demand(rules.may_go_to(move, to, step), **subject)
    if not reason.strip():
        demand(refuse(Refusal.PURPOSE), **subject)
    was, managers, cost = (
        move.to_code,
        plan_rows.managers(locked),
        pricing.Cost(pricing.NOTHING, is_exact=True),
    )
    told = _Told(reason.strip()[:LONGEST_REASON], by, at)
    for one, code in ((move, to), (other, was)):
        if one is None:
            continue
        facts = {"from": one.to_code, "to": code}
        more = _put(one, code, managers, told)
        facts |= {"cost": str(more.amount), "is_exact": str(more.is_exact)}
        record(by=by, at=at, verb="books.reassign", **_on(locked, one.client_id, **facts))
        cost += more
    Plan.objects.filter(pk=locked.pk).update(version=F("version") + 1)
    return cost


@dataclass(frozen=True, slots=True)
class _Told:
    reason: str
    by: User
    at: dt.datetime


def _put(move: PlanMove, to: str, managers: dict[str, PlanManager], told: _Told) -> pricing.Cost:
    """Give one client of the plan to somebody, journalled and audited; answers what it costs more than before."""
    listed = grounds.of_clients(move.plan.run, [move.client_id]).get(move.client_id)
    cost = pricing.cost_of(move, move.proposed_code, to, managers, listed)
    more = pricing.Cost(cost.amount - move.cost, cost.is_exact and move.cost_is_exact)
    PlanChange.objects.create(
        plan=move.plan,
        move=move,
        before_code=move.to_code,
        after_code=to,
        cost=more.amount,
        cost_is_exact=more.is_exact,
        reason=told.reason,
        by_id=told.by.pk,
        by_name=told.by.display_name,
        at=told.at,
    )
    move.to_code, move.cost, move.cost_is_exact = to, cost.amount, cost.is_exact
    move.save(update_fields=["to_code", "cost", "cost_is_exact"])
    handovers.follow(move=move, by=told.by, at=told.at)
    return more


@transaction.atomic
def put_back(*, move: PlanMove, reason: str, by: User, at: dt.datetime) -> None:
    """After the plan's day: the plan says that the client stays with the manager before, journalled and audited."""
    told = _Told(reason.strip()[:LONGEST_REASON], by, at)
    cost = _put(move, move.from_code, plan_rows.managers(move.plan), told)
    facts = {"to": move.from_code, "cost": str(cost.amount)}
    record(by=by, at=at, verb="books.put_back", **_on(move.plan, move.client_id, **facts))


def _swapped(move: PlanMove, code: str, swap: Swap, by: User) -> PlanMove:
    """The move of the client who is swapped out; one whom the run leaves with the manager enters the plan."""
    plan = move.plan
    known = PlanMove.objects.filter(plan=plan, client_id=swap.client_id, to_code=code).first()
    if known is None:
        stays = [row for row in plan_rows.staying(plan, code) if row.client_id == swap.client_id]
        if not stays:
            verdict = refuse(PlanRefusal.SWAP_UNFIT, manager_name=staff_names([code]).get(code, code))
            demand(verdict, subject_kind="client", subject_id=swap.client_id)
        use = grounds.uses(plan.run, plan.branch_code, [swap.client_id]).get(swap.client_id, {})
        known = _move(plan, stays[0], code, use)
        known.save()
        Plan.objects.filter(pk=plan.pk).update(n_moves=F("n_moves") + 1)
    known.plan = plan
    demand(rules.may_be_swapped(by, known, move), subject_kind="client", subject_id=known.client_id)
    return known


@transaction.atomic
def tie(*, move: PlanMove, kind: str, staff_code: str, reason: str, by: User, at: dt.datetime) -> Tie:
    """Fix a client with the present manager, or rule a manager out, for every plan to come; raises `Refused`."""
    subject = {"subject_kind": "client", "subject_id": move.client_id}
    demand(rules.may_tie(by, move, kind, staff_code), **subject)
    if not reason.strip():
        demand(refuse(Refusal.PURPOSE), **subject)
    row = Tie.objects.create(
        client_id=move.client_id,
        record_code=profile_rows.first_record(move.client_id),
        staff_code=staff_code,
        kind=kind,
        branch_code=move.plan.branch_code,
        reason=reason.strip()[:LONGEST_REASON],
        by_id=by.pk,
        by_name=by.display_name,
        at=at,
    )
    facts = {"kind": kind, "staff_code": staff_code, "tie": row.pk}
    record(by=by, at=at, verb="books.tie", **_on(move.plan, move.client_id, **facts))
    return row


@transaction.atomic
def lift_tie(*, row: Tie, by: User, at: dt.datetime, run: str) -> None:
    """Lift what was fixed or ruled out; the row stays."""
    demand(by.may(rules.REVIEW), subject_kind="client", subject_id=row.client_id)
    Tie.objects.filter(pk=row.pk, lifted_at=None).update(lifted_at=at, lifted_by=by.display_name)
    payload = {"kind": row.kind, "staff_code": row.staff_code, "tie": row.pk}
    subject: dict[str, Any] = {"subject_kind": "client", "subject_id": row.client_id}
    record(by=by, at=at, verb="books.lift_tie", payload=payload, run=run, **subject)


@transaction.atomic
def agree(*, plan: Plan, generation: Generation, by: User, at: dt.datetime) -> Plan:
    """Agree for one's team; once no team is missing the plan goes to the head and to whom it concerns.

    Raises `Refused` where it was sent, or the team agreed already.
    """
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    demand(rules.may_agree(by, locked), subject_kind="plan", subject_id=str(plan.pk))
    team = rules.team_of(by)
    PlanAgreement.objects.create(plan=locked, team_code=team, by_id=by.pk, by_name=by.display_name, at=at)
    record(by=by, at=at, verb="books.agree_plan", **_on(locked, team=team))
    if not plan_rows.missing_teams(locked):
        _send(locked, generation, by, at)
    return locked


def _send(plan: Plan, generation: Generation, by: User, at: dt.datetime) -> None:
    """Managers may object from now until the signed number of working days has passed; the head is asked to sign."""
    on = desk_day(generation)
    signed = packs(generation, on)
    plan.objections_until = signed.calendars.working.add(
        on, signed.allocation.objections.n_working_days_to_object
    ).on
    plan.state, plan.sent_by_id, plan.sent_by, plan.sent_at = (
        Plan.State.OBJECTIONS,
        by.pk,
        by.display_name,
        at,
    )
    plan.version += 1
    plan.save()
    approvers.ask(
        permission=rules.APPROVE,
        title=lambda: gettext("Plan of allocation #%(number)s") % {"number": plan.pk},
        key=f"books.plan:{plan.pk}",
        by=by,
        at=at,
        branch_code=plan.branch_code,
    )
    rows = PlanMove.objects.filter(plan=plan).exclude(to_code=F("from_code")).order_by()
    codes = set(rows.values_list("from_code", flat=True)) | set(rows.values_list("to_code", flat=True))
    for user in User.objects.filter(staff_code__in=codes - {""}, is_active=True):
        facts = {"number": plan.pk, "day": plan.objections_until.isoformat()}
        url = reverse("books:objections")
        notices.tell(to=user.pk, kind="books.plan_sent", key=f"{plan.pk}", at=at, facts=facts, url=url)
    until = plan.objections_until
    record(by=by, at=at, verb="books.send_plan", **_on(plan, objections_until=until))
