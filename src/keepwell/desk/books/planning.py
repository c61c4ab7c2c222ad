"""Plans of allocation: which are there, what one would change and why, who signs it, and its day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.books import actions, assignments, plan_rows, plan_words, pricing, rules
from keepwell.desk.books.acted import Plan, PlanMove
from keepwell.desk.books.models import AllocationCertificate
from keepwell.desk.books.standing import NOBODY
from keepwell.desk.clients import plans
from keepwell.desk.clients.models import AllocationProposal, ClientLine, Place, Team
from keepwell.desk.clients.places import renew_statistics
from keepwell.desk.clients.queries import branch_names, named, staff_names
from keepwell.desk.clients.scope import places_of, within
from keepwell.desk.clients.sentences import language, reason_of
from keepwell.desk.generations.queries import current, read_current
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui import formats, jobs
from keepwell.desk.ui.paging import Keyset, keyset

KIND = "books.plan"
READ_SHEETS, READ_POOL = "books.read_handovers", "books.read_pool"


def state(user: User) -> dict[str, Any]:
    """What the branch has to know of its allocation: an open plan, else what the run proposes."""
    plan = plan_rows.open_of(user.branch_code) if user.branch_code else None
    n_open = plan_rows.proposed_in(user.branch_code).count() if plan is None else 0
    told = plan_words.state(plan) if plan else _proposed(n_open)
    tone = plan_words.TONES[plan.state] if plan else ""
    may_sign = plan is not None and bool(rules.may_decide(user, plan))
    return {"plan": plan, "n_open": n_open, "told": told, "tone": tone, "may_sign": may_sign}


def _proposed(n: int) -> str:
    if not n:
        return _("Everybody is looked after as proposed.")
    return ngettext(
        "It would change the manager of %(n)s client.", "It would change the manager of %(n)s clients.", n
    ) % {"n": formats.number(n)}


def listed(user: User, cursor: str) -> dict[str, Any]:
    """Branches in scope with their newest plan, and what the run proposes there."""
    found = keyset(_certificates(user), ("branch_code",), cursor)
    codes = [row.branch_code for row in found.rows]
    newest, names = plan_rows.latest(codes), branch_names(codes)
    counts = plan_rows.n_objections(plan.pk for plan in newest.values())
    rows = [
        {
            "name": names.get(proof.branch_code, proof.branch_code),
            "proof": proof,
            **_line(newest.get(proof.branch_code), counts),
        }
        for proof in found.rows
    ]
    earlier = plan_rows.of_scope(user).order_by("-pk")[:20] if user.branch_code else []
    ways = {"books:handovers": (READ_SHEETS, _("Hand-overs")), "books:pool": (READ_POOL, _("Pool"))}
    if user.branch_code:
        ways["books:swaps"] = (rules.REVIEW, _("Swaps worth it"))
    return {
        "found": found,
        "rows": rows,
        "earlier": [_line(plan, counts) for plan in earlier],
        "ways": [(reverse(url), label) for url, (may, label) in ways.items() if user.may(may)],
    }


def _certificates(user: User) -> QuerySet[AllocationCertificate]:
    rows = AllocationCertificate.objects.all()
    return rows if user.scope is Scope.FIRM else rows.filter(branch_code=user.branch_code)


def _line(plan: Plan | None, counts: dict[int, tuple[int, int]]) -> dict[str, Any]:
    if plan is None:
        return {"plan": None}
    cost, is_exact = plan_rows.cost_of(plan)
    n, n_open = counts.get(plan.pk, (0, 0))
    return {
        "plan": plan,
        "tone": plan_words.TONES[plan.state],
        "cost": plan_words.cost(pricing.Cost(cost, is_exact)),
        "n_objections": n,
        "n_waiting": n_open,
        "told": plan_words.state(plan),
    }


def proposal(user: User, manager: str, cursor: str) -> dict[str, Any]:
    """The clients who would change manager by the run's proposal, not taken up yet; the largest first."""
    rows = plan_rows.untied(_open(user))
    if manager:
        now = Q(manager_code=None if manager == NOBODY else manager)
        rows = rows.filter(now | Q(client__proposal__manager_code=manager))
    page = keyset(within(ClientLine.objects.all(), rows), ("-sort_amount", "-client_id"), cursor)
    return {
        "found": page,
        "rows": _rows(page),
        "filter_query": urlencode({"manager": manager}) if manager else "",
        "n": rows.aggregate(n=Count("pk"))["n"],
        "may_open": rules.may_open(user),
        **_chosen(manager),
    }


def _open(user: User) -> Any:
    from_places = places_of(user)
    places = Place.objects.none() if from_places is None else from_places
    return plans.open_changes(places)


def _chosen(manager: str) -> dict[str, Any]:
    name = _("nobody") if manager == NOBODY else staff_names([manager]).get(manager, manager)
    return {"manager": manager, "manager_name": name}


def _rows(page: Keyset[ClientLine]) -> list[dict[str, Any]]:
    named(page.rows)
    proposals = AllocationProposal.objects.in_bulk([line.client_id for line in page.rows])
    codes = {code for row in proposals.values() for code in (row.manager_code, row.best_code)}
    names = staff_names(codes)
    return [
        {
            "line": line,
            "proposal": row,
            "to": names.get(row.manager_code or "", row.manager_code),
            "why": reason_of(row, "allocation_reason", names),
        }
        for line in page.rows
        if (row := proposals.get(line.client_id))
    ]


def shown(user: User, plan: Plan, manager: str, cursor: str) -> dict[str, Any]:
    """A plan as its branch reads it: state, proof, each manager's load, and every client with why."""
    rows = plan_rows.with_open_objections(plan_rows.moves_of(user, plan)).select_related("client__line")
    if manager:
        code = "" if manager == NOBODY else manager
        rows = rows.filter(Q(from_code=code) | Q(to_code=code))
    found = keyset(rows, ("pk",), cursor)
    n, n_open = plan_rows.n_objections([plan.pk]).get(plan.pk, (0, 0))
    may_decide = rules.may_approve(user, plan)
    return {
        **_line(plan, {plan.pk: (n, n_open)}),
        "found": found,
        "rows": moves(user, found.rows),
        "n": rows.count(),
        "loads": _loads(plan),
        "agreements": plan.agreements.order_by("pk"),
        "missing": _team_names(plan_rows.missing_teams(plan)) if plan.state == Plan.State.REVIEW else [],
        "may_agree": rules.may_agree(user, plan),
        "may_decide": may_decide,
        "may_review": bool(user.may(rules.REVIEW)),
        "may_sign": bool(user.may(rules.APPROVE)),
        "effective_told": _effective_day(plan),
        "may_post": rules.may_post(user, plan),
        "filter_query": urlencode({"manager": manager}) if manager else "",
        **_chosen(manager),
    }


def _effective_day(plan: Plan) -> str:
    """The day on which the plan takes effect, or would if it were approved today."""
    generation = current()
    day = rules.effective_on(plan, generation) if generation and plan.is_open else plan.effective_on
    return formats.day(day, language(), timezone.localdate())


def _team_names(codes: set[str]) -> list[str]:
    names = dict(Team.objects.filter(pk__in=codes).values_list("pk", "team_name"))
    return [names.get(code, code) for code in sorted(codes)]


def moves(user: User, rows: Sequence[PlanMove]) -> list[dict[str, Any]]:
    """Clients of a plan in words; whoever is not in the reader's scope stands under a masked name, without a link."""
    seen = plan_rows.seen(user, [row.client_id for row in rows])
    names = staff_names(
        {code for row in rows for code in (row.from_code, row.to_code, row.best_code, row.proposed_code)}
    )
    return [
        {
            "move": row,
            "line": getattr(row.client, "line", None),
            "name": client_name(user, row, seen),
            "is_seen": row.client_id in seen,
            "was": names.get(row.from_code, row.from_code),
            "to": names.get(row.to_code, row.to_code),
            "why": plan_words.why(row, names),
            "cost": plan_words.cost(pricing.Cost(row.cost, row.cost_is_exact)) if row.is_changed else "",
        }
        for row in rows
    ]


def client_name(user: User, move: PlanMove | AllocationProposal, seen: set[str]) -> str:
    """The client's name as this reader may see it; the number's tail where the run has no such client any more."""
    line = getattr(move.client, "line", None)
    if line is None:
        return f"…{move.client_id[-4:]}"
    is_open = user.sees_names and move.client_id in seen
    return line.client_name if is_open else formats.mask_name(line.client_name)


def _loads(plan: Plan) -> list[dict[str, Any]]:
    loads = pricing.loads(plan)
    names = staff_names(loads)
    return [
        {
            "name": names.get(code, code),
            "load": load,
            "is_over": load.n_planned > load.row.n_upper or load.n_planned < load.row.n_lower,
            "link": f"{reverse('books:plan', args=[plan.pk])}?manager={code}",
        }
        for code, load in loads.items()
    ]


def waiting(user: User) -> Sequence[approvals.Waiting]:
    """The plan of the user's branch that was sent and waits for a second person."""
    plan = plan_rows.open_of(user.branch_code) if user.branch_code else None
    generation = current()
    if plan is None or generation is None or plan.state != Plan.State.OBJECTIONS:
        return ()
    day = rules.effective_on(plan, generation).isoformat()
    return [
        approvals.Waiting(
            kind=KIND,
            pk=plan.pk,
            title=_title(plan),
            proposed_by_id=plan.sent_by_id,
            proposed_by=plan.sent_by,
            proposed_at=plan.sent_at or plan.opened_at,
            decide_url=reverse("books:decide_plan", args=[plan.pk]),
            version=plan.version,
            grounds=_("Once approved it takes effect on %(day)s.") % {"day": day},
            difference=_difference(plan),
            facts=_proof(plan),
            subject_link=reverse("books:plan", args=[plan.pk]),
            due_on=plan.objections_until,
            verdict=rules.may_approve(user, plan),
        )
    ]


def _title(plan: Plan) -> str:
    return ngettext(
        "Plan #%(number)s: %(n)s client changes manager",
        "Plan #%(number)s: %(n)s clients change manager",
        plan.n_moves,
    ) % {"number": plan.pk, "n": formats.number(plan.n_moves)}


def _difference(plan: Plan) -> list[tuple[str, str, str]]:
    """Clients of each manager before and after."""
    return [
        (row["name"], formats.number(row["load"].n_held), formats.number(row["load"].n_planned))
        for row in _loads(plan)
        if row["load"].n_in or row["load"].n_out
    ]


def _proof(plan: Plan) -> list[tuple[str, str]]:
    cost, is_exact = plan_rows.cost_of(plan)
    return [
        (_("Total score"), formats.number(plan.value, 2)),
        (_("Upper bound"), formats.number(plan.bound, 2)),
        (_("As things stood"), formats.number(plan.current_value, 2)),
        (_("Price of people's changes"), plan_words.cost(pricing.Cost(cost, is_exact))),
    ]


def n_waiting(user: User) -> int:
    """One, while a plan waits for this user's signature."""
    plan = plan_rows.open_of(user.branch_code) if user.branch_code else None
    return int(plan is not None and bool(rules.may_decide(user, plan)))


def decided(user: User) -> list[approvals.Decided]:
    """What the user decided of plans."""
    rows = Plan.objects.filter(decided_by_id=user.pk).order_by("-decided_at")[:20]
    return [
        approvals.Decided(
            title=_title(row),
            is_approved=row.state != Plan.State.RETURNED,
            at=row.decided_at or row.opened_at,
            reason=row.reason,
            proposed_by=row.sent_by,
            subject_link=reverse("books:plan", args=[row.pk]),
            note=str(row.get_state_display()),
        )
        for row in rows
    ]


def carry(job: jobs.Job) -> Iterator[jobs.Step]:
    """The job of a plan's day: piece by piece; what an objection holds back waits for its answer."""
    user, generation = jobs.actor(job), read_current()
    plan = Plan.objects.get(pk=job.payload["plan"])
    if generation is None or not user.may(rules.APPROVE):
        raise jobs.Failed(refuse(Refusal.NOT_FOUND).in_language(user.language))
    done = 0
    while moved := assignments.carry_out(plan=plan, by=user, at=timezone.now()):
        done += moved
        yield _("Changing managers"), min(done, plan.n_moves), plan.n_moves
    renew_statistics()
    _tell(plan, user)
    job.result = ngettext(
        "%(n)s client has another manager from today.", "%(n)s clients have another manager from today.", done
    ) % {"n": formats.number(done)}


def _tell(plan: Plan, user: User) -> None:
    """Each manager who was given clients is told once."""
    given = PlanMove.objects.filter(plan=plan, is_moved=True).order_by()
    for code, n in given.values_list("to_code").annotate(n=Count("pk")):
        actions.tell_many(staff_code=code, n=n, key=f"plan-{plan.pk}", by=user, at=timezone.now())


def notice(plan: Plan) -> dict[str, Any]:
    """What may be posted in the branch: masked names, from whom to whom, the kind of reason; no amounts, no numbers."""
    rows = PlanMove.objects.filter(plan=plan).exclude(to_code=F("from_code")).select_related("client__line")
    ordered = list(rows.order_by("to_code", "pk"))
    names = staff_names({code for row in ordered for code in (row.from_code, row.to_code)})
    lines = [
        {
            "name": formats.mask_name(line.client_name)
            if (line := getattr(row.client, "line", None))
            else "—",
            "was": names.get(row.from_code, row.from_code),
            "to": names.get(row.to_code, row.to_code),
            "is_by_people": row.is_changed,
        }
        for row in ordered
    ]
    branch = branch_names([plan.branch_code]).get(plan.branch_code, plan.branch_code)
    return {"plan": plan, "lines": lines, "branch": branch}
