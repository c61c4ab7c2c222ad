"""The client list as a file: the columns of the page, the rows of the page's filters, masked as on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keepwell.desk.clients import lists, queries, rules
from keepwell.desk.clients.filters import Filters
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.scope import visible_to
from keepwell.desk.generations.queries import current
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.ui.exports import AT_MOST, Kind

NAME = "clients.export_list"


def columns(user: User) -> Sequence[str]:
    """What the page shows this role."""
    head = [_("Client"), _("Kind"), _("Phone")]
    if rules.may_see_service(user):
        head += [_("Grade"), _("Service type"), _("State"), _("Assets"), _("Contribution"), _("Last contact")]
        return [*head, _("Open moments"), _("Manager"), _("Branch")]
    return [*head, _("Assets"), _("Branch")]


def _wanted(user: User, query: str) -> QuerySet[ClientLine]:
    generation = current()
    if generation is None:
        return ClientLine.objects.none()
    filters = lists.filters_of(user, Filters.kept(query, generation.as_of_on))
    return filters.applied(visible_to(user))


def count(user: User, query: str, at_most: int) -> int:
    """How many clients of the user's scope pass, counted up to a limit."""
    return _wanted(user, query).order_by()[:at_most].count()


def rows(user: User, query: str) -> Iterator[Sequence[Any]]:
    """The clients that pass, largest assets first."""
    found = list(_wanted(user, query).order_by("-sort_amount", "-client_id")[:AT_MOST])
    queries.named(found)
    service = bool(rules.may_see_service(user))
    for line in found:
        yield _row(line, user, service=service)


def _row(line: ClientLine, user: User, *, service: bool) -> Sequence[Any]:
    name = line.client_name if user.sees_names else formats.mask_name(line.client_name)
    head = [name, line.get_client_kind_display(), line.phone_masked]
    if not service:
        return [*head, line.assets_amount, line.branch_name]
    return [
        *head,
        line.get_grade_display() if line.grade else None,
        line.get_service_type_display() if line.service_type else None,
        line.get_activity_state_display() if line.activity_state else None,
        line.assets_amount,
        line.contribution_365d_amount,
        line.last_contact_on,
        line.n_moments,
        line.manager_name,
        line.branch_name,
    ]


def told(query: str) -> str:
    """The filters in words."""
    generation = current()
    if generation is None:
        return ""
    filters = Filters.kept(query, generation.as_of_on)
    population = [chip.label for chip in filters.population_chips() if chip.is_on]
    names = {
        "branch": queries.branch_names(filters.chosen.get("branch", ())),
        "manager": queries.staff_names(filters.chosen.get("manager", ())),
    }
    return ", ".join(str(label) for label in [*population, *(chip.label for chip in filters.on_chips(names))])


KIND = Kind(
    label=gettext_lazy("Client list"),
    permission="clients.export",
    columns=columns,
    rows=rows,
    count=count,
    told=told,
    page="clients:list",
)
