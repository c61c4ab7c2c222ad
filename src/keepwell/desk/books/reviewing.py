"""One client of a plan: why this manager, who else and at what price, and what a leader may change about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from keepwell.contract.allocation import AllocationAlternative
from keepwell.contract.reasons.plan_refusals import PlanRefusal
from keepwell.desk.books import grounds, plan_rows, plan_words, planning, pricing, rules
from keepwell.desk.books.acted import PlanChange, PlanManager, PlanMove, Tie
from keepwell.desk.clients.models import AllocationProposal
from keepwell.desk.clients.queries import staff_names
from keepwell.desk.columns import lazy_text
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

CANDIDATES, WIDEST = 8, 4
SWAPPABLE = {
    PlanRefusal.MANAGER_FULL,
    PlanRefusal.MANAGER_TOO_FEW,
    PlanRefusal.LIMIT_FULL,
    PlanRefusal.LIMIT_LOW,
}


@dataclass(frozen=True, slots=True)
class Alternative:
    """One manager for the client, as the evidence has them."""

    name: str
    net: pricing.Net
    cost: str
    is_chosen: bool
    is_present: bool
    is_proposed: bool
    is_tied: bool
    load: pricing.Load
    banned: Tie | None

    @property
    def score(self) -> str:
        """The score, or its ceiling."""
        return ("" if self.net.is_exact else "≤ ") + formats.number(self.net.score, plan_words.FIGURES)

    @property
    def left(self) -> str:
        """Score less price, or its ceiling."""
        return ("" if self.net.is_exact else "≤ ") + formats.number(self.net.net, plan_words.FIGURES)


def shown(user: User, move: PlanMove) -> dict[str, Any]:
    """The page of one client: sentence, alternatives, journal, ties, objections."""
    managers = plan_rows.managers(move.plan)
    row = planning.moves(user, [move])[0]
    known = grounds.of_clients(move.plan.run, [move.client_id]).get(move.client_id, {})
    listed = alternatives(move, managers, known)
    return {
        **parts(known, [one.net.code for one in listed]),
        "decided": decided(move, known),
        "not_known": grounds.not_known(move.plan.run, [move.client_id]).get(move.client_id, []),
        "row": row,
        "move": move,
        "plan": move.plan,
        "net": plan_words.net(move),
        "alternatives": listed,
        "is_tied": any(one.is_tied for one in listed),
        "journal": list(_journal(move)),
        "ties": list(_ties(move)),
        "may_change": rules.may_change(user, move),
        "may_pin": rules.may_tie(user, move, Tie.Kind.PIN, move.to_code),
        "objections": move.objections.order_by("-pk"),
    }


def parts(known: grounds.Listed, order: Sequence[str]) -> dict[str, Any]:
    """The score part by part, for the managers that the run listed: a table as wide as a page."""
    shown = [known[code] for code in order if code in known][:WIDEST]
    names = staff_names([one.code for one in shown])
    table = AllocationAlternative
    rows = [
        (lazy_text(table.columns[name].label), [one.parts[name] for one in shown]) for name in grounds.PARTS
    ]
    return {
        "part_names": [names.get(one.code, one.code) for one in shown],
        "part_rows": [row for row in rows if any(row[1])],
        "part_scores": [one.score for one in shown],
        "part_limits": [-one.limits_price for one in shown],
        "part_changes": [-one.change_price for one in shown],
        "part_nets": [one.net for one in shown],
    }


def decided(move: PlanMove, known: grounds.Listed) -> str:
    """What decided, in one sentence with numbers: against whoever scores more, or nets next."""
    chosen = known.get(move.proposed_code)
    others = [one for one in known.values() if one.code != move.proposed_code]
    if chosen is None or not others:
        return ""
    other = max(others, key=lambda one: (one.score > chosen.score, one.net, one.code))
    names = staff_names([chosen.code, other.code])
    facts = {
        "name": names.get(chosen.code, chosen.code),
        "net": formats.number(chosen.net, plan_words.FIGURES),
        "other": names.get(other.code, other.code),
        "score": formats.number(other.score, plan_words.FIGURES),
        "charged": formats.number(other.charged, plan_words.FIGURES),
        "left": formats.number(other.net, plan_words.FIGURES),
    }
    if other.score > chosen.score:
        return (
            _("%(name)s nets %(net)s. %(other)s scores more, %(score)s, less %(charged)s: %(left)s.") % facts
        )
    return _("%(name)s nets %(net)s. Next is %(other)s: %(score)s less %(charged)s is %(left)s.") % facts


def alternatives(
    move: PlanMove, managers: dict[str, PlanManager], known: grounds.Listed
) -> list[Alternative]:
    """Every eligible manager by net score, the largest first; whoever has as much as the proposed one is tied."""
    loads, names = pricing.loads(move.plan), staff_names(managers)
    banned = {row.staff_code: row for row in plan_rows.ties([move.client_id]) if row.kind == Tie.Kind.BAN}
    best = move.score - move.price
    found = []
    for code, row in managers.items():
        if not row.is_eligible:
            continue
        net = pricing.net_of(move, move.proposed_code, code, row.price, known)
        is_proposed = code == move.proposed_code
        cost = pricing.cost_of(move, move.proposed_code, code, managers, known)
        found.append(
            Alternative(
                name=names.get(code, code),
                net=net,
                cost=plan_words.cost(cost),
                is_chosen=code == move.to_code,
                is_present=code == move.from_code,
                is_proposed=is_proposed,
                is_tied=net.is_exact and net.net == best and not is_proposed,
                load=loads[code],
                banned=banned.get(code),
            )
        )
    return sorted(
        found, key=lambda one: (-one.net.net, not one.is_proposed, not one.net.is_exact, one.net.code)
    )


def _journal(move: PlanMove) -> Iterable[dict[str, Any]]:
    rows = list(PlanChange.objects.filter(move=move).order_by("-pk"))
    names = staff_names({code for row in rows for code in (row.before_code, row.after_code)})
    for row in rows:
        yield {
            "row": row,
            "before": names.get(row.before_code, row.before_code),
            "after": names.get(row.after_code, row.after_code),
            "cost": plan_words.cost(pricing.Cost(row.cost, row.cost_is_exact)),
        }


def _ties(move: PlanMove) -> Iterable[dict[str, Any]]:
    rows = list(plan_rows.ties([move.client_id]).order_by("pk"))
    names = staff_names(row.staff_code for row in rows)
    for row in rows:
        yield {"row": row, "name": names.get(row.staff_code, row.staff_code)}


def asked(user: User, move: PlanMove, to: str) -> dict[str, Any]:
    """A change before it is made: its price, whether the limits hold, and who could be swapped out instead (M14)."""
    managers = plan_rows.managers(move.plan)
    names = staff_names([to, move.to_code])
    known = grounds.of_clients(move.plan.run, [move.client_id]).get(move.client_id)
    cost = pricing.cost_of(move, move.proposed_code, to, managers, known)
    more = pricing.Cost(cost.amount - move.cost, cost.is_exact and move.cost_is_exact)
    changeable = rules.may_change(user, move)
    verdict = rules.may_go_to(move, to) if changeable else changeable
    needs_swap = verdict.refusal in SWAPPABLE
    return {
        "row": planning.moves(user, [move])[0],
        "move": move,
        "plan": move.plan,
        "to": to,
        "to_name": names.get(to, to),
        "from_name": names.get(move.to_code, move.to_code),
        "stays": to == move.from_code,
        "cost": plan_words.cost(more),
        "is_exact": more.is_exact,
        "verdict": verdict,
        "needs_swap": needs_swap,
        "candidates": candidates(user, move, to, managers, more) if needs_swap else [],
    }


def candidates(
    user: User, move: PlanMove, to: str, managers: dict[str, PlanManager], more: pricing.Cost
) -> list[dict[str, Any]]:
    """Clients of the new manager who could go where the first one was to go, the cheapest first, both priced."""
    back = move.to_code
    tied = set(_held_fast(move, to, back))
    found: list[tuple[pricing.Cost, PlanMove | AllocationProposal]] = []
    going, staying = plan_rows.swappable(move.plan, to), plan_rows.staying(move.plan, to)
    ids = [one.client_id for one in going] + [row.client_id for row in staying]
    known = grounds.of_clients(move.plan.run, ids)
    for one in going:
        cost = pricing.cost_of(one, one.proposed_code, back, managers, known.get(one.client_id))
        exact = cost.is_exact and one.cost_is_exact
        found.append((pricing.Cost(cost.amount - one.cost, exact), one))
    found += [(pricing.cost_of(row, to, back, managers, known.get(row.client_id)), row) for row in staying]
    wanted = [(cost, one) for cost, one in found if one.client_id not in tied | {move.client_id}]
    wanted.sort(key=lambda pair: (pair[0].amount, not pair[0].is_exact, pair[1].client_id))
    seen = plan_rows.seen(user, [one.client_id for _cost, one in wanted[:CANDIDATES]])
    return [
        {
            "client_id": one.client_id,
            "name": planning.client_name(user, one, seen),
            "line": one.client.line,
            "cost": plan_words.cost(cost),
            "both": plan_words.cost(more + cost),
        }
        for cost, one in wanted[:CANDIDATES]
    ]


def _held_fast(move: PlanMove, to: str, back: str) -> Iterable[str]:
    """Clients fixed with the one manager, or for whom the other is ruled out."""
    rows = Tie.objects.filter(branch_code=move.plan.branch_code, lifted_at=None)
    for row in rows:
        if (row.kind, row.staff_code) in {(Tie.Kind.PIN, to), (Tie.Kind.BAN, back)}:
            yield row.client_id
