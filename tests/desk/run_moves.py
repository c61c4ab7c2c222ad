"""Moves of the small firm since the month before: who rose, was assessed, changed state, came or went, by number."""

from __future__ import annotations

import datetime as dt
from typing import Any

Row = dict[str, Any]
COMPARED = dt.date(2026, 10, 30)
GRADES = ("strategic", "important", "regular", "basic")
NOW = ("grade", "service_type", "activity_state")
BEFORE = tuple(f"before_{name}" for name in NOW)


def then(who: dict[str, Any], number: int) -> tuple[str, str, str] | None:
    """The class and state of a client when the month before ended."""
    if who["population"] == "closed":
        return "regular", "balanced", "active"
    if who["population"] != "existing" or number % 10 == 9:
        return None
    grade, kind, state = who["grade"], who["service_type"], who["state"]
    if number % 10 == 3:
        grade = GRADES[min(3, GRADES.index(grade) + 1)]
    if number % 10 == 7:
        kind = "unassessed"
    return grade, kind, "active" if number % 8 == 5 else state


def now(who: dict[str, Any]) -> tuple[str, str, str] | None:
    """The class and state of a client now."""
    if who["population"] != "existing":
        return None
    return who["grade"], who["service_type"], who["state"]


def moves(n: int, facts: Any) -> dict[str, list[Row]]:
    """Rows of the two tables."""
    told: list[Row] = []
    sums: dict[tuple[str, ...], list[Any]] = {}
    nothing = ("-", "-", "-")
    for number in range(n):
        who = facts(number)
        before, after = then(who, number), now(who)
        if before is None and after is None:
            continue
        if before != after:
            sides = [*zip(BEFORE, before or (), strict=False), *zip(NOW, after or (), strict=False)]
            told.append({"client_id": who["client_id"], "compared_on": COMPARED, **dict(sides)})
        key = (who["branch"], *(before or nothing), *(after or nothing))
        sums.setdefault(key, []).append(who["assets"])
    names = ("branch_code", *BEFORE, *NOW)
    counted = [
        dict(zip(names, key, strict=True))
        | {"compared_on": COMPARED, "n_clients": len(assets), "assets_amount": sum(assets)}
        for key, assets in sums.items()
    ]
    return {"client_move": told, "class_move": counted}
