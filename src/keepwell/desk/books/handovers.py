"""Handing clients over: sheets made when a plan is approved, signed by both managers, sent back, and the letter."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.books import handover_rows, handover_rules
from keepwell.desk.books.acted import Plan, PlanMove
from keepwell.desk.books.handed import LONGEST_MISSING, LONGEST_NOTE, WAITING, HandOver, HandOverStep
from keepwell.desk.gates.signed import desk_day, packs
from keepwell.desk.generations.models import Generation
from keepwell.desk.generations.queries import read_current
from keepwell.desk.people.models import User
from keepwell.desk.ui import jobs, notices
from keepwell.desk.ui.http import demand

PIECE = 500
SIGN_ALL = "books.sign_handovers"
State, Step = HandOver.State, HandOverStep.Step


@transaction.atomic
def make(*, plan: Plan, generation: Generation, by: User, at: dt.datetime) -> int:
    """A sheet for each client whom an approved plan gives to somebody else; answers how many."""
    on = plan.effective_on
    if on is None:
        raise ValueError(f"plan {plan.pk} has no day")
    signed = packs(generation, desk_day(generation))
    due_on = signed.calendars.working.add(on, signed.allocation.handovers.n_working_days_to_sign).on
    moves = PlanMove.objects.filter(plan=plan).exclude(to_code=F("from_code")).order_by("pk")
    sheets = [
        HandOver(
            plan=plan,
            move=move,
            client_id=move.client_id,
            from_code=move.from_code,
            to_code=move.to_code,
            effective_on=on,
            due_on=due_on,
        )
        for move in moves
    ]
    made = HandOver.objects.bulk_create(sheets, batch_size=PIECE)
    _journal(made, Step.MADE, by, at)
    _tell("books.handovers_made", Counter(row.from_code for row in made), plan, due_on, at)
    record(by=by, at=at, verb="books.make_handovers", **_on_plan(plan, n_sheets=len(made)))
    return len(made)


def _tell(kind: str, counted: Counter[str], plan: Plan, due_on: dt.date, at: dt.datetime) -> None:
    """Each manager once, with how many sheets."""
    for user in User.objects.filter(staff_code__in=set(counted) - {""}, is_active=True):
        facts = {"n": counted[user.staff_code], "number": plan.pk, "day": due_on.isoformat()}
        url = reverse("books:handovers")
        notices.tell(to=user.pk, kind=kind, key=f"{plan.pk}", at=at, facts=facts, url=url)


def _journal(rows: Iterable[HandOver], step: str, by: User, at: dt.datetime, words: str = "") -> None:
    facts = {"step": step, "words": words, "by_id": by.pk, "by_name": by.display_name, "at": at}
    HandOverStep.objects.bulk_create([HandOverStep(handover=row, **facts) for row in rows], batch_size=PIECE)


def _on_plan(plan: Plan, **payload: Any) -> dict[str, Any]:
    told = {"plan": plan.pk, "policy": plan.policy_version, **payload}
    return {"subject_kind": "plan", "subject_id": str(plan.pk), "payload": told, "run": plan.run}


def _on_client(row: HandOver, **payload: Any) -> dict[str, Any]:
    told = {"plan": row.plan_id, "handover": row.pk, **payload}
    return {"subject_kind": "client", "subject_id": row.client_id, "payload": told, "run": row.plan.run}


@transaction.atomic
def follow(*, move: PlanMove, by: User, at: dt.datetime) -> None:
    """The sheet of a client whom a plan gives to somebody else since it was made: it follows, or is not needed."""
    row = HandOver.objects.select_related("plan").select_for_update(of=("self",)).filter(move=move).first()
    if row is None or row.state == State.DONE:
        return
    step = Step.VOID if move.stays else Step.CHANGED
    row.to_code = move.to_code
    row.state = State.VOID if move.stays else State.OPEN
    row.given_by_id, row.given_by, row.given_at = None, "", None
    row.version += 1
    row.save()
    _journal([row], step, by, at)
    record(by=by, at=at, verb="books.change_handover", **_on_client(row, to=move.to_code, step=str(step)))


@transaction.atomic
def let_go(*, plan: Plan, by: User, at: dt.datetime) -> int:
    """The plan's day is over: whoever did not move needs no sheet, but for those an objection holds back."""
    rows = HandOver.objects.filter(plan=plan, state__in=WAITING, move__is_moved=False)
    rows = rows.exclude(move__objections__state="open")
    ids = list(rows.values_list("pk", flat=True))
    left = list(HandOver.objects.filter(pk__in=ids))
    HandOver.objects.filter(pk__in=ids).update(state=State.VOID, version=F("version") + 1)
    _journal(left, Step.VOID, by, at)
    record(by=by, at=at, verb="books.change_handover", **_on_plan(plan, n_void=len(left)))
    return len(left)


def _locked(row: HandOver) -> HandOver:
    """The sheet as it stands now, held until the transaction ends."""
    rows = HandOver.objects.select_related("plan", "move").select_for_update(of=("self",))
    return rows.get(pk=row.pk)


@transaction.atomic
def give(
    *,
    handover: HandOver,
    note: str,
    generation: Generation,
    by: User,
    at: dt.datetime,
    is_told: bool = True,
) -> HandOver:
    """Sign as who hands over; what stands open about the client is frozen with it. Raises `Refused`."""
    row = _locked(handover)
    demand(handover_rules.may_give(by, row), subject_kind="client", subject_id=row.client_id)
    if not note.strip():
        demand(refuse(Refusal.PURPOSE), subject_kind="client", subject_id=row.client_id)
    row.note = note.strip()[:LONGEST_NOTE]
    row.content = handover_rows.content(row.client_id, desk_day(generation))
    row.state = State.OPEN
    row.given_by_id, row.given_by, row.given_at = by.pk, by.display_name, at
    row.version += 1
    row.save()
    _journal([row], Step.GIVEN, by, at, row.note)
    counts = {name: len(told) for name, told in row.content.items()}
    record(by=by, at=at, verb="books.give_client", **_on_client(row, **counts))
    if is_told:
        _tell("books.handed_over", Counter([row.to_code]), row.plan, row.due_on, at)
    return row


@transaction.atomic
def take(*, handover: HandOver, by: User, at: dt.datetime) -> HandOver:
    """Sign as who takes over; raises `Refused`: not the new manager, before the day, before the giver."""
    row = _locked(handover)
    demand(handover_rules.may_take(by, row), subject_kind="client", subject_id=row.client_id)
    row.state, row.taken_by_id, row.taken_by, row.taken_at = State.DONE, by.pk, by.display_name, at
    row.version += 1
    row.save()
    _journal([row], Step.TAKEN, by, at)
    record(by=by, at=at, verb="books.take_client", **_on_client(row))
    return row


@transaction.atomic
def send_back(*, handover: HandOver, missing: str, by: User, at: dt.datetime) -> HandOver:
    """Send a sheet back to be completed, with what is missing; raises `Refused`."""
    row = _locked(handover)
    demand(handover_rules.may_send_back(by, row), subject_kind="client", subject_id=row.client_id)
    if not missing.strip():
        demand(refuse(Refusal.PURPOSE), subject_kind="client", subject_id=row.client_id)
    giver, words = row.given_by_id, missing.strip()[:LONGEST_MISSING]
    row.state = State.RETURNED
    row.given_by_id, row.given_by, row.given_at = None, "", None
    row.version += 1
    row.save()
    _journal([row], Step.RETURNED, by, at, words)
    if giver is not None:
        facts = {"by": by.display_name, "missing": words}
        url = reverse("books:handover", args=[row.pk])
        key = f"{row.pk}-{row.version}"
        notices.tell(to=giver, kind="books.handover_returned", key=key, at=at, facts=facts, url=url)
    record(by=by, at=at, verb="books.return_handover", **_on_client(row))
    return row


def sign_all(job: jobs.Job) -> Iterator[jobs.Step]:
    """Sign everything that waits for the person, as giver with one note or as taker; each is recorded by itself."""
    user, generation = jobs.actor(job), read_current()
    if generation is None or not user.may(handover_rules.SIGN):
        raise jobs.Failed(refuse(Refusal.NOT_FOUND).in_language(user.language))
    is_giving, done = job.payload["what"] == "give", 0
    waiting = handover_rows.to_sign(user).filter(given_at__isnull=is_giving).order_by("pk")
    rows = list(waiting.select_related("plan", "move"))
    for at, row in enumerate(rows, 1):
        may = handover_rules.may_give if is_giving else handover_rules.may_take
        if may(user, row):
            _sign(row, job, generation, user)
            done += 1
        yield _("Signing"), at, len(rows)
    job.result = _("Signed: %(done)d; not: %(left)d.") % {"done": done, "left": len(rows) - done}


def _sign(row: HandOver, job: jobs.Job, generation: Generation, user: User) -> None:
    if job.payload["what"] == "give":
        give(
            handover=row,
            note=job.payload["note"],
            generation=generation,
            by=user,
            at=timezone.now(),
            is_told=False,
        )
    else:
        take(handover=row, by=user, at=timezone.now())


@transaction.atomic
def print_letter(*, handover: HandOver, by: User, at: dt.datetime) -> None:
    """The letter that introduces the new manager to the client was made; raises `Refused`."""
    row = _locked(handover)
    demand(handover_rules.may_write(by, row), subject_kind="client", subject_id=row.client_id)
    _journal([row], Step.LETTER, by, at)
    record(by=by, at=at, verb="books.print_letter", **_on_client(row))
