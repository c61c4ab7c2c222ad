"""What a change of a plan costs, and whether the limits still hold: from the evidence of the run alone.

The run proves its proposal by the prices of the managers' places: what a client scores with a manager less that price
is the net score, and none is larger than that of the proposed manager. For the proposed and the best-scoring manager
both figures are in the evidence, so the price of a change is exact; for any other the proof bounds the score from
above, and the price of the change from below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from keepwell.contract.reasons.plan_refusals import PlanRefusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.books import boards, plan_rows
from keepwell.desk.books.acted import Plan, PlanManager
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


def net_of(grounds: Grounds, proposed: str, code: str, price: Decimal) -> Net:
    """What the evidence knows of a manager for a client.

    `price` is that of the manager's place. Where the run keeps no score of the pair, its proof still says that the
    score is at most the best one, and the net at most that of the proposed manager.
    """
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


def cost_of(grounds: Grounds, proposed: str, to: str, managers: Mapping[str, PlanManager]) -> Cost:
    """The price of giving a client to `to` instead of whom the run proposed.

    Of somebody whom the run did not consider, who has left or is away, nothing is known: at least 0.
    """
    if to == proposed:
        return Cost(NOTHING, is_exact=True)
    if to not in managers or not managers[to].is_eligible:
        return Cost(NOTHING, is_exact=False)
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


def fits(plan: Plan, steps: Iterable[tuple[str, str]]) -> Verdict:
    """Whether the limits hold after clients go from one manager to another, all at once: (from, to) each (M14)."""
    shift: Counter[str] = Counter()
    for before, after in steps:
        shift[before] -= 1
        shift[after] += 1
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
