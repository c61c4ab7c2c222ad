"""Reading saved views: one's own, the team's and the branch's, and the clients opened lately."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from keepwell.desk.clients.acted import PinnedView, RecentClient, SavedView
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.queries import visible_to
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope

Reach = SavedView.Reach
LISTED = 30
RECENT = 8


def reaches(user: User) -> list[SavedView.Reach]:
    """With whom a user may share a view: AML officers with nobody, teams with the team, heads with the branch."""
    found = [Reach.PRIVATE]
    if user.audit_stream != "firm":
        return found
    if user.team_code:
        found.append(Reach.TEAM)
    if user.scope is Scope.BRANCH and user.branch_code and user.may("clients.propose_override"):
        found.append(Reach.BRANCH)
    return found


def place_of(user: User, reach: str) -> str:
    """The team or branch a view is shared with."""
    return {Reach.TEAM: user.team_code, Reach.BRANCH: user.branch_code}.get(Reach(reach), "")


def views_of(user: User) -> list[SavedView]:
    """The views a user finds, pinned ones first, each with `is_pinned`; everyone sees their own clients by them."""
    mine = Q(owner=user)
    if user.audit_stream == "firm":
        if user.team_code:
            mine |= Q(reach=Reach.TEAM, place_code=user.team_code)
        if user.branch_code:
            mine |= Q(reach=Reach.BRANCH, place_code=user.branch_code)
    pins = PinnedView.objects.filter(user=user, view=OuterRef("pk"))
    rows = SavedView.objects.filter(mine).annotate(is_pinned=Exists(pins))
    return list(rows.order_by("-is_pinned", "name", "pk")[:LISTED])


def one(user: User, pk: int) -> SavedView | None:
    """A view the user finds, or `None`."""
    return next((view for view in views_of(user) if view.pk == pk), None)


def recent(user: User) -> list[ClientLine]:
    """The clients a user opened lately and still may see, the latest first."""
    ids = list(
        RecentClient.objects.filter(user=user)
        .order_by("-opened_at")
        .values_list("client_id", flat=True)[:RECENT]
    )
    lines = {line.client_id: line for line in visible_to(user).filter(client_id__in=ids)}
    return [lines[one] for one in ids if one in lines]
