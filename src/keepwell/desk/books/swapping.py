"""Swaps worth it: two clients of the branch who would gain together by changing places, as the run found them."""

from __future__ import annotations

from typing import Any

from keepwell.desk.books import plan_rows
from keepwell.desk.books.acted import Plan
from keepwell.desk.books.models import AllocationSwap
from keepwell.desk.clients.models import ClientLine, Place
from keepwell.desk.clients.queries import staff_names
from keepwell.desk.clients.scope import numbered
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats


def listed(user: User) -> dict[str, Any]:
    """The swaps of the user's branch that still stand, the largest gain first; names as the reader may see them."""
    rows = AllocationSwap.objects.filter(branch_code=user.branch_code or "-").order_by("-gain", "client_id")
    held = _holders({code for row in rows for code in (row.client_id, row.other_id)})
    standing = [row for row in rows if _stands(row, held)]
    ids = sorted({code for row in standing for code in (row.client_id, row.other_id)})
    lines = {line.pk: line for line in numbered(ClientLine.objects.all(), ids)}
    seen, moves = plan_rows.seen(user, ids), _moves(user, ids)
    names = staff_names({code for row in standing for code in (row.manager_code, row.other_code)})

    def side(client_id: str, code: str) -> dict[str, Any]:
        line, is_seen = lines.get(client_id), client_id in seen
        shown = line.client_name if line else f"…{client_id[-4:]}"
        return {
            "client_id": client_id,
            "name": shown if is_seen and user.sees_names else formats.mask_name(shown),
            "is_seen": is_seen,
            "manager": names.get(code, code),
            "move": moves.get(client_id),
        }

    return {
        "swaps": [
            {
                "one": side(row.client_id, row.manager_code),
                "other": side(row.other_id, row.other_code),
                "gain": row.gain,
            }
            for row in standing
        ],
        "n_gone": len(rows) - len(standing),
    }


def _holders(ids: set[str]) -> dict[str, str | None]:
    return dict(Place.objects.filter(pk__in=ids).values_list("pk", "manager_code"))


def _stands(row: AllocationSwap, held: dict[str, str | None]) -> bool:
    """Whether both are still with whom the run found them."""
    return held.get(row.client_id) == row.manager_code and held.get(row.other_id) == row.other_code


def _moves(user: User, ids: list[str]) -> dict[str, int]:
    """By client, their place in the branch's open plan, where it concerns the reader."""
    plan: Plan | None = plan_rows.open_of(user.branch_code) if user.branch_code else None
    if plan is None:
        return {}
    rows: Any = plan_rows.moves_of(user, plan).filter(client_id__in=ids)
    found: dict[str, int] = dict(rows.values_list("client_id", "pk"))
    return found
