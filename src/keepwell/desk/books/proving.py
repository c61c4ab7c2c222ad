"""A plan reckoned anew from the evidence alone, after people's changes: its score, its gap, and whether limits hold.

Independent of whatever made the plan: parts are added up, charges taken off, loads counted client by client.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from keepwell.desk.books import grounds, pricing
from keepwell.desk.books.acted import Plan, PlanMove


class Kept(Enum):
    """What becomes of a limit in a plan."""

    HOLDS = "holds"
    BEFORE = "before"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found: how many clients, for how many the evidence names the manager, which do not add up."""

    n_moves: int
    n_listed: int
    n_unsound: int
    n_limits: int
    n_broken: int
    n_before: int
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
    kept = [*_limits(plan), *_heads(plan)]
    return Proof(
        n_moves=len(moves),
        n_listed=listed,
        n_unsound=unsound,
        n_limits=len(kept),
        n_broken=kept.count(Kept.BROKEN),
        n_before=kept.count(Kept.BEFORE),
        value=value,
        gap=plan.bound - value,
    )


def _limits(plan: Plan) -> Iterator[Kept]:
    """Hours, assets, top-tier and vulnerable clients of each manager."""
    loads = pricing.limit_loads(plan)
    for row in plan.limits.all():
        yield _kept(row.now, loads[row.staff_code, row.resource], row.lower, row.upper)


def _heads(plan: Plan) -> Iterator[Kept]:
    """The head count of each manager who may take clients."""
    for one in pricing.loads(plan).values():
        if one.row.is_eligible:
            bounds = Decimal(one.row.n_lower), Decimal(one.row.n_upper)
            yield _kept(Decimal(one.n_held), Decimal(one.n_planned), *bounds)


def _kept(now: Decimal, planned: Decimal, lower: Decimal | None, upper: Decimal | None) -> Kept:
    """Whether a limit holds in the plan; one that does not hold today either, and gets no worse, was so before."""
    if upper is not None and planned > upper:
        return Kept.BROKEN if planned > now else Kept.BEFORE
    if lower is not None and planned < lower:
        return Kept.BROKEN if planned < now else Kept.BEFORE
    return Kept.HOLDS
