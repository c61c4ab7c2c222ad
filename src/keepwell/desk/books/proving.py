"""A plan reckoned anew from the evidence alone, after people's changes: its score, its gap, and whether limits hold.

Independent of whatever made the plan: parts are added up, charges taken off, loads counted client by client.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from keepwell.desk.books import grounds, pricing
from keepwell.desk.books.acted import Plan, PlanMove


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found: how many clients, for how many the evidence names the manager, which do not add up."""

    n_moves: int
    n_listed: int
    n_unsound: int
    n_limits: int
    n_broken: int
    value: Decimal
    gap: Decimal

    @property
    def is_sound(self) -> bool:
        """Whether all that can be reckoned anew agrees."""
        return self.n_listed > 0 and not self.n_unsound and not self.n_broken

    @property
    def gap_share(self) -> Decimal:
        """The gap by the upper bound."""
        bound = self.value + self.gap
        return self.gap / bound if bound else Decimal(0)


def proof(plan: Plan) -> Proof:
    """Reckon a plan anew: clients one by one, then the limits."""
    moves = list(PlanMove.objects.filter(plan=plan).order_by("pk"))
    known = grounds.of_clients(plan.run, [move.client_id for move in moves])
    listed, unsound, value = 0, 0, plan.value
    for move in moves:
        one = known.get(move.client_id, {})
        now, proposed = one.get(move.to_code), one.get(move.proposed_code)
        if now is None or proposed is None:
            continue
        listed += 1
        unsound += not (now.is_sound and proposed.is_sound)
        value += now.score - proposed.score
    loads, limits = pricing.limit_loads(plan), list(plan.limits.all())
    broken = [
        row
        for row in limits
        if _is_over(loads[row.staff_code, row.resource], row.upper)
        or _is_under(loads[row.staff_code, row.resource], row.lower)
    ]
    heads = pricing.loads(plan).values()
    outside = [
        one
        for one in heads
        if one.row.is_eligible and not one.row.n_lower <= one.n_planned <= one.row.n_upper
    ]
    return Proof(
        n_moves=len(moves),
        n_listed=listed,
        n_unsound=unsound,
        n_limits=len(limits) + sum(one.row.is_eligible for one in heads),
        n_broken=len(broken) + len(outside),
        value=value,
        gap=plan.bound - value,
    )


def _is_over(load: Decimal, limit: Decimal | None) -> bool:
    return limit is not None and load > limit


def _is_under(load: Decimal, limit: Decimal | None) -> bool:
    return limit is not None and load < limit
