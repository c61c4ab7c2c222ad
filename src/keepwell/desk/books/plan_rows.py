"""Plans of allocation as rows: which is open in a branch, whose moves somebody sees, which teams they concern."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from keepwell.contract.codes import Role
from keepwell.contract.reasons.allocation import AllocationReason
from keepwell.desk.books.acted import OPEN, Objection, Plan, PlanChange, PlanManager, PlanMove, Tie
from keepwell.desk.books.models import AllocationLoad
from keepwell.desk.clients import plans
from keepwell.desk.clients.models import AllocationProposal, Place, Staff
from keepwell.desk.clients.scope import shut_out, team_codes, visible_ids
from keepwell.desk.people.models import User
from keepwell.desk.people.queries import active
from keepwell.desk.people.roles import Scope


def of_scope(user: User) -> QuerySet[Plan]:
    """Plans of the branches the user sees: the firm's, or those of the own branch."""
    if user.scope is Scope.FIRM:
        return Plan.objects.all()
    return Plan.objects.filter(branch_code=user.branch_code) if user.branch_code else Plan.objects.none()


def one(user: User, pk: int) -> Plan | None:
    """A plan within scope, `None` outside of it."""
    return of_scope(user).filter(pk=pk).first()


def open_of(branch_code: str) -> Plan | None:
    """The branch's plan that is still to be finished, if there is one."""
    return Plan.objects.filter(branch_code=branch_code, state__in=OPEN).first()


def latest(branch_codes: Collection[str]) -> dict[str, Plan]:
    """The newest plan of each branch."""
    rows = Plan.objects.filter(branch_code__in=branch_codes).order_by("pk")
    return {row.branch_code: row for row in rows}


def moves_of(user: User, plan: Plan) -> QuerySet[PlanMove]:
    """The moves of a plan that concern somebody: all of the branch, the team's, or the own ones."""
    rows = PlanMove.objects.filter(plan=plan)
    match user.scope:
        case Scope.FIRM | Scope.BRANCH:
            return rows
        case Scope.TEAM:
            return _with(rows, team_codes(user))
        case Scope.OWN if user.staff_code:
            return _with(rows, [user.staff_code])
    return rows.none()


def _with(rows: QuerySet[PlanMove], codes: list[str]) -> QuerySet[PlanMove]:
    return rows.filter(Q(from_code__in=codes) | Q(to_code__in=codes) | Q(proposed_code__in=codes))


def move(user: User, pk: int) -> PlanMove | None:
    """A move that concerns the user, `None` otherwise."""
    row = PlanMove.objects.select_related("plan", "client__line").filter(pk=pk).first()
    if row is None or one(user, row.plan_id) is None:
        return None
    return row if moves_of(user, row.plan).filter(pk=pk).exists() else None


def seen(user: User, client_ids: Iterable[str]) -> set[str]:
    """Which of some clients the user may see today: of the others a plan shows the masked name alone."""
    rows = visible_ids(user).filter(client_id__in=list(client_ids))
    return set(rows.values_list("client_id", flat=True))


def with_open_objections(rows: QuerySet[PlanMove]) -> QuerySet[PlanMove]:
    """The moves, each knowing whether an objection about it waits for an answer."""
    waits = Objection.objects.filter(move=OuterRef("pk"), state=Objection.State.OPEN)
    return rows.annotate(is_objected=Exists(waits))


def open_objections(plan: Plan) -> QuerySet[Objection]:
    """What waits for an answer in a plan."""
    return Objection.objects.filter(move__plan=plan, state=Objection.State.OPEN)


def n_objections(plan_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """By plan, how many objections there were and how many wait."""
    waits = Count("pk", filter=Q(state=Objection.State.OPEN))
    rows = Objection.objects.filter(move__plan_id__in=list(plan_ids)).order_by()
    counted = rows.values_list("move__plan_id").annotate(n=Count("pk"), n_open=waits)
    return {pk: (n, n_open) for pk, n, n_open in counted}


def objections_of(user: User) -> QuerySet[Objection]:
    """Objections within scope: the own ones, those about a team's moves, or all of the branch."""
    rows = Objection.objects.filter(move__plan__branch_code=user.branch_code).select_related(
        "move__plan", "move__client__line"
    )
    match user.scope:
        case _ if not user.branch_code:
            return rows.none()
        case Scope.BRANCH:
            return rows
        case Scope.TEAM:
            codes = team_codes(user)
            of_team = Q(move__from_code__in=codes) | Q(move__to_code__in=codes)
            return rows.filter(of_team | Q(move__proposed_code__in=codes) | Q(by_id=user.pk))
        case Scope.OWN:
            return rows.filter(by_id=user.pk)
    return rows.none()


def managers(plan: Plan) -> dict[str, PlanManager]:
    """The managers of a plan by staff number."""
    return {row.staff_code: row for row in PlanManager.objects.filter(plan=plan).order_by("staff_code")}


def balance(plan: Plan) -> tuple[Counter[str], Counter[str]]:
    """By manager, how many clients of the plan are still to come and to go."""
    pending = PlanMove.objects.filter(plan=plan, is_moved=False).exclude(to_code=F("from_code")).order_by()
    come = Counter(dict(pending.values_list("to_code").annotate(n=Count("pk"))))
    go = Counter(dict(pending.values_list("from_code").annotate(n=Count("pk"))))
    return come, go


def cost_of(plan: Plan) -> tuple[Decimal, bool]:
    """What people's changes cost against the run's proposal together, and whether all of it is exact."""
    changed = PlanMove.objects.filter(plan=plan).exclude(to_code=F("proposed_code"))
    total = changed.aggregate(total=Sum("cost"))["total"] or Decimal(0)
    return total, not changed.filter(cost_is_exact=False).exists()


def teams_of(plan: Plan) -> set[str]:
    """The teams that a plan concerns and that have somebody at the desk who can agree."""
    rows = PlanMove.objects.filter(plan=plan).order_by()
    codes = set(rows.values_list("from_code", flat=True)) | set(rows.values_list("to_code", flat=True))
    concerned = Staff.objects.filter(pk__in=codes).exclude(team_code=None).values_list("team_code", flat=True)
    leaders = active().filter(role=str(Role.TEAM_LEADER)).values_list("team_code", flat=True)
    return {code for code in concerned if code} & set(leaders)


def missing_teams(plan: Plan) -> set[str]:
    """The teams whose agreement is still missing; none once the whole branch agreed."""
    agreed = set(plan.agreements.values_list("team_code", flat=True))
    return set() if "" in agreed else teams_of(plan) - agreed


def hands(plan: Plan) -> set[int]:
    """Who had a hand in a plan, and so does not sign it: whoever agreed to it, changed it, or sent it."""
    agreed = set(plan.agreements.values_list("by_id", flat=True))
    changed = set(PlanChange.objects.filter(plan=plan).values_list("by_id", flat=True))
    return agreed | changed | ({plan.sent_by_id} if plan.sent_by_id else set())


def ties(client_ids: Iterable[str]) -> QuerySet[Tie]:
    """What is fixed or ruled out for some clients now."""
    return Tie.objects.filter(client_id__in=list(client_ids), lifted_at=None)


def tie_of_branch(user: User, pk: int) -> Tie | None:
    """A tie in force of the user's branch."""
    return Tie.objects.filter(pk=pk, branch_code=user.branch_code, lifted_at=None).first()


def untied(rows: QuerySet[Place]) -> QuerySet[Place]:
    """Open changes without those that people have fixed with their manager, or ruled out."""
    mine = Tie.objects.filter(client_id=OuterRef("pk"), lifted_at=None)
    fixed = mine.filter(kind=Tie.Kind.PIN, staff_code=OuterRef("manager_code"))
    out = mine.filter(kind=Tie.Kind.BAN, staff_code=OuterRef("client__proposal__manager_code"))
    return rows.exclude(Exists(fixed)).exclude(Exists(out))


def proposed_in(branch_code: str) -> QuerySet[Place]:
    """What the current run would change in a branch, ties heeded."""
    return untied(plans.of_branch(branch_code))


def evidence(client_ids: Iterable[str]) -> dict[str, AllocationProposal]:
    """The run's grounds for some clients."""
    rows = AllocationProposal.objects.filter(pk__in=list(client_ids)).exclude(manager_code=None)
    return {row.client_id: row for row in rows}


def loads_of(branch_code: str) -> list[AllocationLoad]:
    """The run's limits and prices in a branch."""
    return list(AllocationLoad.objects.filter(branch_code=branch_code).order_by("staff_code"))


def swappable(plan: Plan, code: str) -> list[PlanMove]:
    """Clients of a plan who would be with a manager and could be given back, the cheapest first."""
    rows = PlanMove.objects.filter(plan=plan, to_code=code, is_moved=False).select_related("client__line")
    return list(rows.order_by("pk"))


def staying(plan: Plan, code: str) -> list[AllocationProposal]:
    """Clients of a manager whom the current run leaves where they are, and no plan moves."""
    rows = AllocationProposal.objects.filter(
        branch_code=plan.branch_code, manager_code=code, current_code=code, client__place__manager_code=code
    ).exclude(client_id__in=PlanMove.objects.filter(plan=plan).values("client_id"))
    return list(rows.select_related("client__line").order_by("pk"))


def barred(branch_code: str) -> set[str]:
    """Who may look after nobody by the newest run: gone, going, or without a valid licence. Leave alone bars nobody."""
    reasons = [AllocationReason.HAS_LEFT, AllocationReason.LEAVES_SOON, AllocationReason.LICENCE_EXPIRED]
    told = AllocationLoad.objects.filter(branch_code=branch_code, allocation_reason__in=map(str, reasons))
    left = Staff.objects.filter(branch_code=branch_code).exclude(left_on=None)
    return {*told.values_list("staff_code", flat=True), *left.values_list("pk", flat=True)}


def pending(plan: Plan) -> QuerySet[PlanMove]:
    """The moves of a plan that its day carries out: none of whom an objection waits.

    Nor whom people gave to somebody else since, who is at home elsewhere by now, or whose new manager has left.
    """
    as_planned = Place.objects.filter(
        Q(manager_code=OuterRef("from_code")) | Q(manager_code=None),
        pk=OuterRef("client_id"),
        home_branch_code=plan.branch_code,
    )
    rows = PlanMove.objects.filter(plan=plan, is_moved=False).exclude(to_code=F("from_code"))
    rows = rows.exclude(pk__in=open_objections(plan).values("move_id"))
    gone = barred(plan.branch_code)
    rows = rows.filter(client_id__in=Subquery(as_planned.values("pk"))).exclude(to_code__in=shut_out())
    return rows.exclude(to_code__in=gone) if gone else rows
