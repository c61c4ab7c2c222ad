"""The classes of one's scope as a file: class by class who is in it, what they are owed, what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from keepwell.desk.classes import grid, owed, queries
from keepwell.desk.classes.grid import Facts
from keepwell.desk.gates.signed import packs
from keepwell.desk.generations.queries import current
from keepwell.desk.people.models import User
from keepwell.desk.ui.exports import Kind
from keepwell.policy.clients import Grading

NAME = "classes.export"


def address() -> str:
    """Where the file is asked for."""
    return reverse("people:export", args=[NAME])


def _signed() -> Grading | None:
    generation = current()
    return packs(generation, generation.as_of_on).grading if generation else None


def _classes(user: User, signed: Grading) -> list[Facts]:
    """The classes that have or had anybody, as on the page."""
    compared_on = queries.compared_on()
    moved = queries.moved(user) if compared_on else []
    told = grid.facts(queries.held(user), moved, owed.levels(signed), is_compared=bool(compared_on))
    return [one for one in told.values() if one.is_any]


def columns(_user: User) -> Sequence[str]:
    """What the page shows, and what is owed in words."""
    head = [_("Class"), _("Clients"), _("Share"), _("Assets"), _("Service level"), _("Owed")]
    compared_on = queries.compared_on()
    if compared_on is None:
        return head
    since = {"day": compared_on.isoformat()}
    return [*head, _("Came since %(day)s") % since, _("Went since %(day)s") % since]


def count(user: User, _query: str, at_most: int) -> int:
    """How many classes there are."""
    signed = _signed()
    return min(len(_classes(user, signed)), at_most) if signed else 0


def rows(user: User, _query: str) -> Iterator[Sequence[Any]]:
    """The classes in their order."""
    signed = _signed()
    if signed is None:
        return
    between = "；" if (get_language() or "").startswith("zh") else "; "
    is_compared = queries.compared_on() is not None
    for one in _classes(user, signed):
        said = between.join(owed.of_cell(signed, one.cell)["owed"])
        head = [one.name, one.n, one.share, one.assets, one.level, said]
        yield [*head, one.came, one.went] if is_compared else head


KIND = Kind(
    label=gettext_lazy("Classes"),
    permission=NAME,
    columns=columns,
    rows=rows,
    count=count,
    page="classes:spread",
)
