"""What a change of a plan costs, and whether the limits still hold: from the evidence of the run alone.

The run proves its proposal by the prices of the managers' limits: what a client scores with a manager less what is
charged is the net score. For each client it lists the managers that net the most, so that the price of a change is
exact; for any other the proof bounds the score from above, and the price of the change from below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import F

from keepwell.contract.reasons.plan_refusals import PlanRefusal
from keepwell.contract.serving import Resource
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.books import boards, plan_rows
from keepwell.desk.books.acted import Plan, PlanManager, PlanMove
from keepwell.desk.books.grounds import Listed
from keepwell.desk.clients.queries import staff_names

NOTHING = Decimal(0)


class Grounds(Protocol):
    """A client's evidence, of a plan's move or of the run."""

    score: Decimal
    price: Decimal
    best_code: str
    best_score: Decimal


@dataclass(frozen=True, slots=True)
class Net:
    """One manager for one client: score, price of the place, and what is left; a ceiling where it is not exact."""

    code: str
    score: Decimal
    price: Decimal
    is_exact: bool

    @property
    def net(self) -> Decimal:
        """Score less price."""
        return self.score - self.price


def net_of(grounds: Grounds, proposed: str, code: str, price: Decimal, listed: Listed | None = None) -> Net:
    """What the evidence knows of a manager for a client, whose alternatives are `listed`.

    `price` is that of the manager's place. Where the run keeps no score of the pair, its proof still says that the
    score is at most the best one, and the net at most that of the proposed manager.
    """
    if listed and code in listed:
        return Net(code, listed[code].score, listed[code].charged, is_exact=True)
    if code == proposed:
        return Net(code, grounds.score, grounds.price, is_exact=True)
    if code == grounds.best_code:
        return Net(code, grounds.best_score, price, is_exact=True)
    ceiling = min(grounds.best_score, grounds.score - grounds.price + price)
    return Net(code, ceiling, price, is_exact=False)


@dataclass(frozen=True, slots=True)
class Cost:
    """What giving a client to somebody else costs in net score; `is_exact` or at least so much."""

    amount: Decimal
    is_exact: bool

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.amount + other.amount, self.is_exact and other.is_exact)


def cost_of(
    grounds: Grounds,
    proposed: str,
    to: str,
    managers: Mapping[str, PlanManager],
    listed: Listed | None = None,
) -> Cost:
    """The price of giving a client to `to` instead of whom the run proposed.

    Of somebody whom the run did not consider, who has left or is away, nothing is known: at least 0.
    """
    if to == proposed:
        return Cost(NOTHING, is_exact=True)
    if to not in managers or not managers[to].is_eligible:
        return Cost(NOTHING, is_exact=False)
    if listed and proposed in listed and to in listed:
        return Cost(listed[proposed].net - listed[to].net, is_exact=True)
    chosen = net_of(grounds, proposed, proposed, grounds.price)
    other = net_of(grounds, proposed, to, managers[to].price)
    return Cost(max(chosen.net - other.net, NOTHING), other.is_exact)


@dataclass(frozen=True, slots=True)
class Load:
    """A manager in a plan: who is there, who comes, who goes, within which limits."""

    row: PlanManager
    n_held: int
    n_in: int
    n_out: int

    @property
    def n_planned(self) -> int:
        """Clients once the plan is in effect."""
        return self.n_held + self.n_in - self.n_out


def loads(plan: Plan) -> dict[str, Load]:
    """Each manager of a plan as things stand now."""
    managers = plan_rows.managers(plan)
    held = boards.n_held(managers)
    come, go = plan_rows.balance(plan)
    return {
        code: Load(row, held.get(code, 0), come.get(code, 0), go.get(code, 0))
        for code, row in managers.items()
    }


@dataclass(frozen=True, slots=True)
class Step:
    """A client goes from one manager to another, with what they take of each limit."""

    before: str
    after: str
    use: Mapping[str, str] = field(default_factory=dict)


def fits(plan: Plan, steps: Iterable[Step]) -> Verdict:
    """Whether all limits hold after clients go from one manager to another, all at once (M14)."""
    taken = list(steps)
    return _heads_fit(plan, taken) and _limits_fit(plan, taken)


def _heads_fit(plan: Plan, steps: Sequence[Step]) -> Verdict:
    shift: Counter[str] = Counter()
    for step in steps:
        shift[step.before] -= 1
        shift[step.after] += 1
    now = loads(plan)
    names = staff_names(now)
    for code, n in sorted(shift.items()):
        if n == 0 or code not in now:
            continue
        load, after_all = now[code], now[code].n_planned + n
        name = names.get(code, code)
        if n > 0 and after_all > load.row.n_upper:
            facts = {"n": load.n_planned, "n_upper": load.row.n_upper}
            return refuse(PlanRefusal.MANAGER_FULL, manager_name=name, **facts)
        if n < 0 and after_all < load.row.n_lower:
            facts = {"n": after_all, "n_lower": load.row.n_lower}
            return refuse(PlanRefusal.MANAGER_TOO_FEW, manager_name=name, **facts)
    return ALLOWED


Place = tuple[str, str]  # of whom, of which limit


def limit_loads(plan: Plan) -> dict[Place, Decimal]:
    """By manager and limit, how much is taken once the plan is in effect: of the run's night, and of its moves."""
    found = {(row.staff_code, row.resource): row.now for row in plan.limits.all()}
    moves = PlanMove.objects.filter(plan=plan).exclude(to_code=F("from_code")).order_by()
    rows = moves.values_list("from_code", "to_code", "use")
    _add(found, (Step(before, after, use) for before, after, use in rows))
    return found


def _add(found: dict[Place, Decimal], steps: Iterable[Step]) -> None:
    for step in steps:
        for resource, taken in step.use.items():
            for code, sign in ((step.before, -1), (step.after, 1)):
                if (code, resource) in found:
                    found[code, resource] += sign * Decimal(taken)


def _limits_fit(plan: Plan, steps: Sequence[Step]) -> Verdict:
    """Hours, assets, top-tier and vulnerable clients: nobody goes over a limit, or further over it."""
    before = limit_loads(plan)
    after = dict(before)
    _add(after, steps)
    for row in plan.limits.order_by("staff_code", "resource"):
        was, n = before[row.staff_code, row.resource], after[row.staff_code, row.resource]
        facts: dict[str, Any] = {"n": n, "resource": Resource.of(row.resource)}
        facts["manager_name"] = staff_names([row.staff_code]).get(row.staff_code, row.staff_code)
        if row.upper is not None and n > max(row.upper, was):
            return refuse(PlanRefusal.LIMIT_FULL, n_upper=row.upper, **facts)
        if row.lower is not None and n < min(row.lower, was):
            return refuse(PlanRefusal.LIMIT_LOW, n_lower=row.lower, **facts)
    return ALLOWED
