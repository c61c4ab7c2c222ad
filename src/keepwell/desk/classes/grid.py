"""The twelve classes as a grid, the unassessed beside them; states stand apart, never on one axis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from keepwell.contract.codes import ActivityState, Grade, ServiceType
from keepwell.desk.classes import naming
from keepwell.desk.classes.naming import CELLS, TYPES, Cell
from keepwell.desk.classes.queries import Held, Moved
from keepwell.desk.columns import lazy_text
from keepwell.desk.ui import formats
from keepwell.desk.ui.templatetags import formats as shown

DEPTHS = 5


def by_class(held: Iterable[Held]) -> dict[Cell, int]:
    """How many clients each class has."""
    found: dict[Cell, int] = {}
    for row in held:
        cell = row.grade, row.service_type
        found[cell] = found.get(cell, 0) + row.n
    return found


@dataclass(frozen=True, slots=True)
class Facts:
    """One class: who is in it, what they are owed, what changed; unknown where there is nothing to compare with."""

    cell: Cell
    n: int
    share: Decimal | None
    assets: Decimal | None
    level: str
    came: int | None
    went: int | None

    @property
    def name(self) -> str:
        """What the class is called."""
        return naming.name_of(self.cell, is_before=False)

    @property
    def link(self) -> str:
        """The list of its clients."""
        return naming.list_of(self.cell)

    @property
    def page(self) -> str:
        """Its own page."""
        return naming.cell_page(self.cell)

    @property
    def is_any(self) -> bool:
        """Whether anybody is in it, or was."""
        return bool(self.n or self.came or self.went)


def facts(
    held: Sequence[Held], moved: Sequence[Moved], levels: Mapping[Cell, str], *, is_compared: bool
) -> dict[Cell, Facts]:
    """The twelve classes and the unassessed of each grade."""
    counts, whole = by_class(held), n_of(held)
    return {
        cell: Facts(
            cell,
            counts.get(cell, 0),
            Decimal(counts.get(cell, 0)) / whole if whole else None,
            assets_of(row for row in held if (row.grade, row.service_type) == cell),
            levels[cell],
            _n(moved, lambda move: move.now, cell) if is_compared else None,
            _n(moved, lambda move: move.then, cell) if is_compared else None,
        )
        for cell in CELLS
    }


def of(told: Mapping[Cell, Facts]) -> dict[str, Any]:
    """The grid, the deeper the more clients."""
    most = max((one.n for one in told.values()), default=0)

    def depth(n: int) -> int:
        return min(DEPTHS, -(-n * DEPTHS // most)) if most else 0

    rows = [(lazy_text(grade.text), [told[str(grade), str(kind)] for kind in TYPES]) for grade in Grade]
    return {
        "columns": [lazy_text(kind.text) for kind in TYPES],
        "rows": [(label, [(one, depth(one.n)) for one in cells]) for label, cells in rows],
    }


def _n(moved: Iterable[Moved], side: Callable[[Moved], Cell], cell: Cell) -> int:
    """How many came into a class from another, or went out of it into another."""
    return sum(move.n for move in moved if move.then != move.now and side(move) == cell)


def n_of(held: Iterable[Held]) -> int:
    """How many clients."""
    return sum(row.n for row in held)


def assets_of(held: Iterable[Held]) -> Decimal | None:
    """Their assets together; unknown where any are."""
    amounts = [row.assets for row in held]
    return None if any(amount is None for amount in amounts) else sum(filter(None, amounts), Decimal(0))


def states(held: Sequence[Held], cell: Cell | None = None) -> list[dict[str, Any]]:
    """Clients by activity state, of one class or of all."""
    whole = n_of(held)
    rows = []
    for state in ActivityState:
        n = n_of(row for row in held if row.activity_state == str(state))
        asked = f"activity_state={state}"
        link = f"{naming.list_of(cell)}&{asked}" if cell else f"{reverse('clients:list')}?{asked}"
        rows.append(
            {
                "label": lazy_text(state.text),
                "share": n / whole if whole else 0,
                "shown": formats.number(n),
                "link": link,
            }
        )
    return rows


def figures(held: Sequence[Held], why: str) -> list[dict[str, Any]]:
    """Clients, assets, and who was never assessed."""
    n, assets = n_of(held), assets_of(held)
    unassessed = n_of(row for row in held if row.service_type == str(ServiceType.UNASSESSED))
    share = formats.percent(Decimal(unassessed) / n) if n else ""
    return [
        {"label": _("Existing clients"), "value": formats.number(n), "link": reverse("clients:list")},
        {"label": _("Assets"), "value": shown.amount(assets, why), "note": why if assets is None else ""},
        {
            "label": _("Unassessed"),
            "value": formats.number(unassessed),
            "note": _("%(share)s of existing clients") % {"share": share} if share else "",
            "link": f"{reverse('clients:list')}?service_type={ServiceType.UNASSESSED}",
        },
    ]
