"""A plan in words: why a client is proposed to somebody, what a change costs, how far the plan has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from keepwell.contract.reasons.allocation import AllocationReason
from keepwell.contract.reasons.sentence import sentence
from keepwell.desk.books import pricing
from keepwell.desk.books.acted import Objection, Plan, PlanMove
from keepwell.desk.clients.sentences import language, member, said
from keepwell.desk.ui import formats

TONES: dict[str, str] = {
    Plan.State.REVIEW: "accent",
    Plan.State.OBJECTIONS: "warning",
    Plan.State.APPROVED: "good",
    Plan.State.DONE: "good",
    Plan.State.RETURNED: "plain",
}
ANSWERED: dict[str, str] = {
    Objection.State.OPEN: "warning",
    Objection.State.ACCEPTED: "good",
    Objection.State.REJECTED: "plain",
}
FIGURES = 2  # decimals of scores and prices on pages


def why(move: PlanMove, names: Mapping[str, str]) -> str:
    """The run's reason for a move as one sentence, with its numbers."""
    if not move.why:
        return ""
    facts = {
        "manager_code": move.proposed_code,
        "best_code": move.best_code,
        "score": move.score,
        "best_score": move.best_score,
    }

    def shown(name: str, value: Any, tag: str) -> str:
        return said(name, value, tag, names)

    return sentence(member(AllocationReason, move.why), facts, language(), shown)


def net(move: PlanMove) -> str:
    """What decided: score less price of the place."""
    return _("Net %(net)s = score %(score)s − price of the place %(price)s") % {
        "net": formats.number(move.score - move.price, FIGURES),
        "score": formats.number(move.score, FIGURES),
        "price": formats.number(move.price, FIGURES),
    }


def cost(one: pricing.Cost) -> str:
    """A price: 0.09, at least 0.09 where the evidence bounds it, or not known where the bound says nothing."""
    told = formats.number(one.amount, FIGURES)
    if not one.is_exact and one.amount <= 0:
        return _("beyond the evidence")
    return told if one.is_exact else _("at least %(n)s") % {"n": told}


def state(plan: Plan) -> str:
    """How far a plan has come, in one sentence: by whom, when, what comes next."""
    facts = {"at": formats.moment(plan.opened_at), "name": plan.opened_by}
    if plan.state == Plan.State.REVIEW:
        return _("Taken up by %(name)s, %(at)s. Teams look at it now.") % facts
    if plan.state == Plan.State.OBJECTIONS:
        until = plan.objections_until.isoformat() if plan.objections_until else formats.UNKNOWN
        facts = {"name": plan.sent_by, "at": formats.moment(plan.sent_at), "day": until}
        return _("Sent by %(name)s, %(at)s. Objections until %(day)s; another person signs.") % facts
    facts = {"name": plan.decided_by, "at": formats.moment(plan.decided_at), "reason": plan.reason}
    if plan.state == Plan.State.RETURNED:
        return _("Returned by %(name)s, %(at)s: %(reason)s") % facts
    day = plan.effective_on.isoformat() if plan.effective_on else formats.UNKNOWN
    return _("Approved by %(name)s, %(at)s; in effect from %(day)s.") % {**facts, "day": day}
