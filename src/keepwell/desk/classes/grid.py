"""The twelve classes as a grid, the unassessed beside them; states stand apart, never on one axis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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


def of(held: Sequence[Held]) -> dict[str, Any]:
    """The grid: count and assets of each class, the deeper the more clients."""
    counts = by_class(held)
    most = max(counts.values(), default=0)

    def cell_of(cell: Cell) -> dict[str, Any]:
        n = counts.get(cell, 0)
        return {
            "name": naming.name_of(cell, is_before=False),
            "n": n,
            "assets": assets_of(row for row in held if (row.grade, row.service_type) == cell),
            "depth": min(DEPTHS, -(-n * DEPTHS // most)) if most else 0,
            "link": naming.list_of(cell),
        }

    return {
        "columns": [lazy_text(kind.text) for kind in TYPES],
        "rows": [
            (lazy_text(grade.text), [cell_of((str(grade), str(kind))) for kind in TYPES]) for grade in Grade
        ],
    }


def listed(
    held: Sequence[Held], moved: Sequence[Moved], levels: Mapping[Cell, str], *, is_compared: bool
) -> list[dict[str, Any]]:
    """Every class that has or had anybody: who is in it, what they are owed, what changed."""
    counts, whole = by_class(held), n_of(held)
    rows = []
    for cell in CELLS:
        came, went = _n(moved, lambda move: move.now, cell), _n(moved, lambda move: move.then, cell)
        n = counts.get(cell, 0)
        if n or came or went:
            rows.append(
                {
                    "name": naming.name_of(cell, is_before=False),
                    "n": n,
                    "share": Decimal(n) / whole if whole else None,
                    "assets": assets_of(row for row in held if (row.grade, row.service_type) == cell),
                    "level": levels[cell],
                    "came": came if is_compared else None,
                    "went": went if is_compared else None,
                    "link": naming.list_of(cell),
                    "page": naming.cell_page(cell),
                }
            )
    return rows


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
