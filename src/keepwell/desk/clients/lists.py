"""What the list and the page of changes show: filters for the role, saved views, clients opened lately."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from keepwell.contract.codes import CarriedChange
from keepwell.desk.clients import changed, queries, rules, saved
from keepwell.desk.clients.filters import DECIDED, NOBODY, Filters
from keepwell.desk.clients.models import ClientChange
from keepwell.desk.columns import lazy_text
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui import formats
from keepwell.desk.ui.paging import Keyset

AT_ONCE = {queries.BY_PLAN: _("By an approved plan"), queries.OF_LEAVER: _("Manager left")}
CLASSED = ("grade", "service_type", "activity_state", "risk_level")


def filters_of(user: User, filters: Filters) -> Filters:
    """The filters a role may use: AML officers have no classes and no contacts to choose from."""
    return filters if rules.may_see_service(user) else filters.without((*DECIDED, "manager", "care"))


def groups_of(user: User, filters: Filters) -> tuple[str, ...]:
    """The groups of chips a role sees for a population."""
    if not rules.may_see_service(user):
        return ("document", "client_kind", "assets")
    waiting = ("care",) if user.scope is not Scope.OWN else ()
    classed = CLASSED if filters.is_existing else ()
    return (*classed, *waiting, "assets", "contact", "document", "client_kind")


def filter_choices(user: User, filters: Filters) -> dict[str, Any]:
    """The filter's groups for the role, what is chosen, and the views it was saved under."""
    branches = queries.branch_names() if user.scope is Scope.FIRM else {}
    managers = queries.managers_in_scope(user) if rules.may_see_service(user) else []
    chosen = queries.staff_names(filters.chosen.get("manager", ()))
    views = saved.views_of(user)
    return {
        "groups": filters.groups(groups_of(user, filters)),
        "on_chips": filters.on_chips(
            {"branch": branches, "manager": {NOBODY: gettext("nobody"), **chosen, **dict(managers)}}
        ),
        "branch_choices": sorted(branches.items()),
        "manager_choices": managers,
        "chosen_branch": next(iter(filters.chosen.get("branch", ())), ""),
        "chosen_manager": next(iter(filters.chosen.get("manager", ())), ""),
        "views": views,
        "current_views": [view for view in views if view.query == filters.query],
        "kept": [
            (name, value)
            for name, values in filters.chosen.items()
            if name not in {"branch", "manager"}
            for value in values
        ],
    }


def elsewhere(user: User) -> list[tuple[Any, str]]:
    """Name and address of the populations that have anybody, for a list whose own population has nobody."""
    address = reverse("clients:list")
    return [(lazy_text(code.text), f"{address}?population={code}") for code in queries.populations(user)]


def _at_once(kind: str, n: int) -> str:
    if kind == queries.BY_PLAN:
        said = ngettext(
            "%(n)s client has the manager whom the approved plan gave them.",
            "%(n)s clients have the manager whom the approved plan gave them.",
            n,
        )
    else:
        said = ngettext(
            "%(n)s client of managers who left is held by the leader until somebody is assigned.",
            "%(n)s clients of managers who left are held by the leader until somebody is assigned.",
            n,
        )
    return said % {"n": formats.capped(n, queries.COUNTED_TO)}


def changes(user: User, rows: Keyset[ClientChange], chosen: str) -> dict[str, Any]:
    """What changed: client, what, from, to, and why; what came by the thousand in a sentence with the way to it."""
    at_once = {kind: n for kind, n in queries.n_at_once(user).items() if n}
    return {
        "rows": rows,
        "lines": changed.told(rows.rows),
        "chosen": chosen,
        "at_once": [(_at_once(kind, n), kind) for kind, n in at_once.items()],
        "kinds": [
            *((str(code), lazy_text(code.text)) for code in CarriedChange),
            *((kind, AT_ONCE[kind]) for kind in at_once),
        ],
    }
