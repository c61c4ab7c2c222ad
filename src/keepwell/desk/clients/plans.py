"""The run's proposal against who looks after whom today: what it would still change, and what was decided about it."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from keepwell.desk.clients.acted import PlanDecision
from keepwell.desk.clients.models import Place
from keepwell.desk.clients.scope import shut_out

UNSETTLED = (Place.Grounds.SOURCE, Place.Grounds.LEAVER)


def open_changes(places: QuerySet[Place]) -> QuerySet[Place]:
    """Those of the places whose client the run proposes to give another manager.

    What people have settled stands: a client reassigned by a person or an approved plan is not moved by it, nor one
    who is at home in another branch by now; and nobody is given to who has left since.
    """
    at_home = Q(client__proposal__branch_code=F("home_branch_code"), client__proposal__is_change=True)
    other = Q(manager_code=None) | ~Q(manager_code=F("client__proposal__manager_code"))
    rows = places.filter(at_home, other, grounds__in=UNSETTLED, is_existing=True)
    to = "client__proposal__manager_code"
    return rows.exclude(**{to: None}).exclude(**{f"{to}__in": shut_out()})


def of_branch(branch_code: str) -> QuerySet[Place]:
    """What the proposal would change in a branch."""
    return open_changes(Place.objects.filter(home_branch_code=branch_code))


def decision(branch_code: str, run: str) -> PlanDecision | None:
    """What was decided about the run's proposal for a branch, `None` while nothing is."""
    return PlanDecision.objects.filter(branch_code=branch_code, run=run).first()
