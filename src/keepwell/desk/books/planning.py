"""The proposed allocation of one's branch: in what state it is, what it would change, who decides it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.books import actions, boards, queries, rules, standing
from keepwell.desk.books.standing import NOBODY
from keepwell.desk.clients import plans
from keepwell.desk.clients.acted import PlanDecision
from keepwell.desk.clients.assignments import carry_out
from keepwell.desk.clients.models import AllocationProposal, Assignment, ClientLine, Place
from keepwell.desk.clients.places import renew_statistics
from keepwell.desk.clients.queries import named, staff_names
from keepwell.desk.clients.scope import places_of, within
from keepwell.desk.clients.sentences import reason_of
from keepwell.desk.generations.queries import current, read_current
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats, jobs
from keepwell.desk.ui.paging import Keyset, keyset

KIND = "books.plan"


def state(user: User, run: str) -> dict[str, Any]:
    """How far the run's proposal for the user's branch has come, in words."""
    decision, n_open = plans.decision(user.branch_code, run), plans.of_branch(user.branch_code).count()
    may_decide = bool(user.may(rules.APPROVE)) and decision is None and n_open > 0
    told = _told(decision, n_open)
    return {"decision": decision, "n_open": n_open, "may_decide": may_decide, "told": told}


def _told(decision: PlanDecision | None, n_open: int) -> str:
    still = ngettext(
        "It would change the manager of %(n)s client.",
        "It would change the manager of %(n)s clients.",
        n_open,
    ) % {"n": formats.number(n_open)}
    if decision is None:
        return still if n_open else _("Everybody is looked after as proposed.")
    facts = {"at": formats.moment(decision.at), "name": decision.by_name}
    if not decision.is_approved:
        return _("%(name)s, %(at)s: %(reason)s") % {**facts, "reason": decision.reason}
    done = ngettext(
        "%(name)s, %(at)s: %(n)s client changes manager.", "%(name)s, %(at)s: %(n)s clients change manager.",
        decision.n_changes,
    ) % {**facts, "n": formats.number(decision.n_changes)}  # fmt: skip
    if not decision.is_done or not n_open:
        return done
    left = ngettext(
        "%(n)s client more has been freed since: reassign them, or wait for the next run.",
        "%(n)s clients more have been freed since: reassign them, or wait for the next run.",
        n_open,
    )
    return f"{done} {left % {'n': formats.number(n_open)}}"


def waiting(user: User) -> Sequence[approvals.Waiting]:
    """The proposal for the user's branch, while nobody has decided it and it would change something."""
    generation = current()
    if generation is None or not user.branch_code or plans.decision(user.branch_code, generation.run_id):
        return ()
    n_open = plans.of_branch(user.branch_code).count()
    if not n_open:
        return ()
    title = ngettext(
        "Proposed allocation of run #%(run)s: %(n)s client changes manager",
        "Proposed allocation of run #%(run)s: %(n)s clients change manager",
        n_open,
    ) % {"run": generation.number, "n": formats.number(n_open)}
    proof = queries.certificates_of([user.branch_code]).get(user.branch_code)
    return [
        approvals.Waiting(
            kind=KIND,
            pk=generation.run_id,
            title=title,
            proposed_by_id=None,
            proposed_by=_("run #%(run)s") % {"run": generation.number},
            proposed_at=generation.taken_in_at,
            decide_url=reverse("books:decide_plan"),
            version=n_open,
            grounds=_("What people have settled stands; the rest moves from today, in pieces, by a job."),
            difference=_difference(user),
            facts=_proof(proof) if proof else (),
            subject_link=reverse("books:plan"),
        )
    ]


def _difference(user: User) -> list[tuple[str, str, str]]:
    """Clients of each manager before and after."""
    moves = standing.proposed_moves(user.branch_code)
    held = boards.n_held([code for code in moves if code != NOBODY])
    names = staff_names(code for code in moves if code != NOBODY)
    freed = Place.objects.filter(home_branch_code=user.branch_code, is_existing=True, manager_code=None)
    held[NOBODY] = freed.count() if NOBODY in moves else 0
    names[NOBODY] = _("nobody")
    return [
        (
            names.get(code, code),
            formats.number(held.get(code, 0)),
            formats.number(held.get(code, 0) + one.n_in - one.n_out),
        )
        for code, one in sorted(moves.items(), key=lambda pair: (pair[0] == NOBODY, pair[0]))
    ]


def _proof(proof: Any) -> list[tuple[str, str]]:
    return [
        (_("Total score"), formats.number(proof.value, 2)),
        (_("Upper bound"), formats.number(proof.bound, 2)),
        (_("As things stood"), formats.number(proof.current_value, 2)),
        (_("Nobody may take"), formats.number(proof.n_unplaced)),
    ]


def n_waiting(user: User) -> int:
    """One, while the proposal waits; where the run proposes no change, its certificate alone is read."""
    generation = current()
    if generation is None or not queries.n_proposed(user.branch_code):
        return 0
    if plans.decision(user.branch_code, generation.run_id):
        return 0
    return int(plans.of_branch(user.branch_code).exists())


def decided(user: User) -> list[approvals.Decided]:
    """What the user decided of plans."""
    return [
        approvals.Decided(
            title=ngettext(
                "Proposed allocation: %(n)s client changes manager",
                "Proposed allocation: %(n)s clients change manager",
                row.n_changes,
            )
            % {"n": formats.number(row.n_changes)},
            is_approved=row.is_approved,
            at=row.at,
            reason=row.reason,
            subject_link=reverse("books:plan"),
            note=_("carried out") if row.is_done else "",
        )
        for row in plans.decided_by(user.pk)
    ]


def moves(user: User, run: str, asked: dict[str, str], cursor: str) -> dict[str, Any]:
    """The clients who would change manager, or who did by the approved plan; the largest first."""
    decision = plans.decision(user.branch_code, run)
    is_done = asked["part"] == "done" and decision is not None and decision.is_approved
    places = places_of(user) or Place.objects.none()
    rows = _done(places, decision) if is_done and decision else plans.open_changes(places)
    if code := asked["manager"]:
        now = Q(manager_code=None if code == NOBODY else code)
        then = Q(client__proposal__current_code=None if code == NOBODY else code)
        rows = rows.filter((then if is_done else now) | Q(client__proposal__manager_code=code))
    page = keyset(within(ClientLine.objects.all(), rows), ("-sort_amount", "-client_id"), cursor)
    return {
        "found": page,
        "rows": _rows(page),
        "filter_query": urlencode({name: value for name, value in asked.items() if value}),
        "is_done": is_done,
        "has_done": decision is not None and decision.is_approved,
        "manager": code,
        "manager_name": _("nobody") if code == NOBODY else staff_names([code]).get(code, code),
        "n": rows.aggregate(n=Count("pk"))["n"],
    }


def _done(places: QuerySet[Place], decision: PlanDecision) -> QuerySet[Place]:
    """Whom the approved plan gave another manager, where that still stands."""
    acts = Assignment.objects.filter(
        relation=Assignment.Relation.SERVICE, at=decision.at, grounds=Place.Grounds.PLAN, ends_on=None
    )
    return places.filter(client_id__in=acts.values("client_id"))


def _rows(page: Keyset[ClientLine]) -> list[dict[str, Any]]:
    named(page.rows)
    proposals = AllocationProposal.objects.in_bulk([line.client_id for line in page.rows])
    codes = {
        code for row in proposals.values() for code in (row.manager_code, row.current_code, row.best_code)
    }
    names = staff_names(codes)
    return [
        {
            "line": line,
            "proposal": row,
            "to": names.get(row.manager_code or "", row.manager_code),
            "was": names.get(row.current_code or "", row.current_code or ""),
            "why": reason_of(row, "allocation_reason", names),
        }
        for line in page.rows
        if (row := proposals.get(line.client_id))
    ]


def carry(job: jobs.Job) -> Iterator[jobs.Step]:
    """The job behind an approval: piece by piece, while the run it was read on is the current one."""
    user, generation = jobs.actor(job), read_current()
    decision = PlanDecision.objects.get(pk=job.payload["decision"])
    if not user.may(rules.APPROVE):
        raise jobs.Failed(refuse(Refusal.NOT_FOUND).in_language(user.language))
    if generation is None or generation.run_id != decision.run:
        raise jobs.Failed(
            _("A newer run has been taken in: what was left of this plan waits in its proposal.")
        )
    done = 0
    while moved := carry_out(decision=decision, by=user, at=timezone.now()):
        done += moved
        yield _("Changing managers"), min(done, decision.n_changes), decision.n_changes
    renew_statistics()
    _tell(decision, user)
    job.result = ngettext(
        "%(n)s client has another manager from today.", "%(n)s clients have another manager from today.", done
    ) % {"n": formats.number(done)}


def _tell(decision: PlanDecision, user: User) -> None:
    """Each manager who was given clients is told once."""
    acts = Assignment.objects.filter(
        relation=Assignment.Relation.SERVICE, at=decision.at, grounds=Place.Grounds.PLAN, ends_on=None
    )
    given = acts.order_by().values_list("staff_code").annotate(n=Count("pk"))
    for code, n in given:
        actions.tell_many(staff_code=code, n=n, key=f"plan-{decision.pk}", by=user, at=timezone.now())
