"""How classes are called and where their clients are listed."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from keepwell.contract.codes import ActivityState, Grade, Population, ServiceType
from keepwell.desk.classes.queries import NONE
from keepwell.desk.columns import in_reader_language

TYPES = (ServiceType.CAUTIOUS, ServiceType.BALANCED, ServiceType.ENTERPRISING, ServiceType.UNASSESSED)
CELLS = tuple((str(grade), str(kind)) for grade in Grade for kind in TYPES)
OUTSIDE = (NONE, NONE)
Cell = tuple[str, str]


def name_of(cell: Cell, *, is_before: bool) -> str:
    """「战略·保守」; outside of the classes who came since, or who went."""
    if cell == OUTSIDE:
        return _("newly classed") if is_before else _("no longer existing")
    grade, kind = cell
    return f"{in_reader_language(Grade.of(grade).text)}·{in_reader_language(ServiceType.of(kind).text)}"


def state_of(state: str, *, is_before: bool) -> str:
    """The state in the reader's language."""
    if state == NONE:
        return name_of(OUTSIDE, is_before=is_before)
    return in_reader_language(ActivityState.of(state).text)


def list_of(cell: Cell, **more: str) -> str:
    """The client list with the filter of a class set."""
    grade, kind = cell
    return _listed({"grade": grade, "service_type": kind} | more)


def moved_list(then: Cell, now: Cell) -> str:
    """The clients who moved from one class to another."""
    before = NONE if then == OUTSIDE else ".".join(then)
    if now == OUTSIDE:
        return _listed({"population": str(Population.CLOSED), "before": before})
    return list_of(now, before=before)


def moved_states(then: str, now: str) -> str:
    """The clients who moved from one state to another."""
    if now == NONE:
        return _listed({"population": str(Population.CLOSED), "before_state": then})
    return _listed({"activity_state": now, "before_state": then})


def cell_page(cell: Cell) -> str:
    """The page of one class."""
    grade, kind = cell
    return f"{reverse('classes:cell')}?{urlencode({'grade': grade, 'service_type': kind})}"


def _listed(asked: dict[str, str]) -> str:
    return f"{reverse('clients:list')}?{urlencode(asked)}"
