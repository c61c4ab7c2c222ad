"""What the overviews show: the run's sums as figures, grids, curves and bars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.contract import changes
from keepwell.contract.codes import ActivityState, Grade, Population, ServiceType
from keepwell.contract.schema import Code
from keepwell.desk.books import plan_rows, queries
from keepwell.desk.books.models import AllocationCertificate, BranchSum
from keepwell.desk.books.queries import Cell
from keepwell.desk.clients import curves
from keepwell.desk.clients.cards import moment
from keepwell.desk.clients.queries import branch_names, staff_names, with_products
from keepwell.desk.columns import lazy_text, undelivered
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui import formats
from keepwell.desk.ui.templatetags import formats as shown

SUMMED = {
    "assets_amount": "assets_amount",
    "contribution_amount": "contribution_365d_amount",
    "n_untouched": "n_untouched_90d",
}
TYPES = (ServiceType.CAUTIOUS, ServiceType.BALANCED, ServiceType.ENTERPRISING)


def of_scope(user: User) -> dict[str, Any]:
    """What every overview has: figures, populations, the class grid, states, the curve."""
    cells = queries.cells(user)
    existing = [cell for cell in cells if cell.population == str(Population.EXISTING)]
    return {
        "cells": cells,
        "figures": _figures(existing, cells),
        "n_existing": _count(existing),
        "populations": _populations(cells),
        "classes": _classes(existing),
        "unassessed": _unassessed(existing),
        "states": _states(existing),
        "book": _book(existing),
        "curve": curves.of(queries.months(user)),
        "curve_note": _curve_note(user, _count(existing)),
    }


def _curve_note(user: User, n_today: int) -> str:
    """Where the curve follows other clients than the figures do: the run drew it for those of its night."""
    if user.scope is Scope.FIRM or (n := queries.n_of_run(user)) == n_today:
        return ""
    said = ngettext(
        "The curve follows the %(n)s client the run counted here; the figures are today's %(today)s.",
        "The curve follows the %(n)s clients the run counted here; the figures are today's %(today)s.",
        n,
    )
    return said % {"n": formats.number(n), "today": formats.number(n_today)}


def _count(cells: Iterable[Cell]) -> int:
    return sum(cell.n_clients for cell in cells)


def _figures(existing: Sequence[Cell], cells: Sequence[Cell]) -> list[dict[str, Any]]:
    leaving = _count(cell for cell in existing if cell.activity_state == str(ActivityState.LEAVING))
    return [
        {
            "label": _("Existing clients"),
            "value": formats.number(_count(existing)),
            "link": reverse("clients:list"),
        },
        _amount(_("Assets"), "assets_amount", existing, cells),
        _amount(_("Contribution, 12 months"), "contribution_amount", existing, cells),
        {
            "label": _("Inclined to leave"),
            "value": formats.number(leaving),
            "tone": "warning" if leaving else "",
            "link": f"{reverse('clients:list')}?activity_state=leaving",
        },
        _untouched(existing, cells),
    ]


def _amount(label: str, name: str, existing: Sequence[Cell], cells: Sequence[Cell]) -> dict[str, Any]:
    """A sum over existing clients, or why nobody knows it."""
    why = _why_unknown(name, cells)
    if why:
        return {"label": label, "value": shown.amount(None, why), "note": why}
    return {
        "label": label,
        "value": shown.amount(sum((getattr(cell, name) for cell in existing), Decimal(0))),
    }


def _untouched(existing: Sequence[Cell], cells: Sequence[Cell]) -> dict[str, Any]:
    label, why = _("No contact for 90 days"), _why_unknown("n_untouched", cells)
    if why:
        return {"label": label, "value": shown.unknown(None, why), "note": why}
    untouched = sum(cell.n_untouched or 0 for cell in existing)
    return {
        "label": label,
        "value": formats.number(untouched),
        "note": _of(untouched, _count(existing)),
        "link": f"{reverse('clients:list')}?contact=90&contact=never",
    }


def unmanaged(n: int) -> dict[str, Any]:
    """How many existing clients have no manager, with the way to them; counted up to a limit."""
    return {
        "label": _("No manager now"),
        "value": shown.capped(n),
        "tone": "warning" if n else "",
        "link": f"{reverse('clients:list')}?manager=-",
    }


def _why_unknown(name: str, cells: Sequence[Cell]) -> str:
    """Why a sum cannot be made, whatever the population: a table that the firm does not deliver; else empty."""
    if all(getattr(cell, name) is not None for cell in cells):
        return ""
    return undelivered(changes.BranchStatistic.columns[SUMMED[name]])


def _of(part: int, whole: int) -> str:
    return (
        _("%(share)s of existing clients") % {"share": formats.percent(Decimal(part) / whole)}
        if whole
        else ""
    )


def _populations(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """Every population that has anybody, with the way to its list."""
    counted = [(code, _count(cell for cell in cells if cell.population == str(code))) for code in Population]
    address, whole = reverse("clients:list"), _count(cells)
    return [
        {
            "label": lazy_text(code.text),
            "n": n,
            "code": str(code),
            "share": n / whole,
            "shown": formats.number(n),
            "link": f"{address}?population={code}",
        }
        for code, n in counted
        if n
    ]


def _classes(existing: Sequence[Cell]) -> dict[str, Any]:
    """Four grades by three service types, the unassessed beside them, each cell with its list."""
    found: dict[tuple[str, str], int] = {}
    for cell in existing:
        key = (cell.grade, cell.service_type)
        found[key] = found.get(key, 0) + cell.n_clients
    most = max(found.values(), default=0)

    def cell_of(grade: Code, kind: Code) -> dict[str, Any]:
        n = found.get((str(grade), str(kind)), 0)
        query = urlencode({"grade": str(grade), "service_type": str(kind)})
        depth = min(5, -(-n * 5 // most)) if most else 0
        return {"n": n, "depth": depth, "link": f"{reverse('clients:list')}?{query}"}

    columns = (*TYPES, ServiceType.UNASSESSED)
    return {
        "columns": [lazy_text(kind.text) for kind in columns],
        "rows": [(lazy_text(grade.text), [cell_of(grade, kind) for kind in columns]) for grade in Grade],
    }


def _unassessed(existing: Sequence[Cell]) -> int:
    return _count(cell for cell in existing if cell.service_type == str(ServiceType.UNASSESSED))


def _states(existing: Sequence[Cell]) -> list[dict[str, Any]]:
    whole = _count(existing)
    rows = []
    for state in ActivityState:
        n = _count(cell for cell in existing if cell.activity_state == str(state))
        rows.append(
            {
                "label": lazy_text(state.text),
                "share": n / whole if whole else 0,
                "shown": formats.number(n),
                "link": f"{reverse('clients:list')}?activity_state={state}",
            }
        )
    return rows


def _book(existing: Sequence[Cell]) -> dict[str, Any]:
    """Grades by states: what stands in a book."""
    found: dict[tuple[str, str], int] = {}
    for cell in existing:
        key = (cell.grade, cell.activity_state)
        found[key] = found.get(key, 0) + cell.n_clients
    address = reverse("clients:list")
    rows = []
    for grade in Grade:
        counts = [
            {
                "n": found.get((str(grade), str(state)), 0),
                "link": f"{address}?grade={grade}&activity_state={state}",
            }
            for state in ActivityState
        ]
        rows.append((lazy_text(grade.text), counts))
    return {"columns": [lazy_text(state.text) for state in ActivityState], "rows": rows}


def due(user: User, on: dt.date) -> list[dict[str, Any]]:
    """The occasions that press most, each with its reason as a sentence."""
    return told(queries.due(user, on), on)


def told(found: Iterable[Any], on: dt.date) -> list[dict[str, Any]]:
    """Occasions with their reason as a sentence."""
    rows = with_products(found)
    staff = staff_names(row.manager_code for row in rows)
    return [{**moment(row, staff, on), "line": row.client.line} for row in rows]


def branches(rows: Sequence[BranchSum], generation: Generation) -> list[dict[str, Any]]:
    """Branches with their clients of today, assets, and what became of the proposal, beside the firm's largest."""
    codes = [row.branch_code for row in rows]
    names, proofs = branch_names(codes), queries.certificates_of(codes)
    newest, moved = plan_rows.latest(codes), queries.moved_since(generation.returns_cut)
    largest = queries.largest_branches(1)
    most = (largest[0].assets_amount if largest else None) or 1
    nothing = queries.Moved()
    return [
        {
            "name": names.get(row.branch_code, row.branch_code),
            "n": row.n_clients + (since := moved.get(row.branch_code, nothing)).n,
            "assets": None if row.assets_amount is None else row.assets_amount + since.assets,
            "share": float((row.assets_amount or 0) / most),
            **_proven(proofs.get(row.branch_code)),
            "plan": newest.get(row.branch_code),
            "link": f"{reverse('clients:list')}?branch={row.branch_code}",
        }
        for row in rows
    ]


def _proven(proof: AllocationCertificate | None) -> dict[str, int | None]:
    names = ("n_managers", "n_changes", "n_unplaced")
    return {name: getattr(proof, name) if proof else None for name in names}
