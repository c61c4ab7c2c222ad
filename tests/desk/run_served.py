"""Fairness, limits, hours and the pool of the small run: numbers that can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

Rows = dict[str, list[dict[str, Any]]]
GRADES = ("strategic", "important", "regular", "basic")
MEASURES = (("now", "0.31", "27.25"), ("proposed", "0.07", "30.5"), ("by_assets", "0.44", "28"))


def served(n: int, facts: Callable[[int], Mapping[str, Any]], managers: Iterable[tuple[str, str]]) -> Rows:
    """The tables that the pages of fairness and of the pool read."""
    branches = ("B01", "B02")
    return {
        "allocation_fairness": [row for branch in branches for row in measures(branch)],
        "allocation_hours": [hours(branch, grade, n) for branch in branches for grade in GRADES],
        "allocation_limit": [limit(code, branch) for code, branch in managers],
        "allocation_pool": [
            {"client_id": f"c{number:06}", "branch_code": who["branch"], "manager_code": who["manager"],
             "pool_reason": "untouched", "n_days_untouched": 200 + number}
            for number in range(0, n, 4)
            if (who := facts(number))["population"] == "existing"
        ],
    }  # fmt: skip


def measures(branch: str) -> list[dict[str, Any]]:
    """How even the head count is under three plans."""
    return [
        {"branch_code": branch, "resource": "heads", "basis": basis, "n_managers": 2,
         "gini_share": Decimal(gini), "total_score": Decimal(score)}
        for basis, gini, score in MEASURES
    ]  # fmt: skip


def hours(branch: str, grade: str, n: int) -> dict[str, Any]:
    """Hours of a grade: six wanted, four given, two at least."""
    return {
        "branch_code": branch, "grade": grade, "n_clients": n // 8, "wanted_hours": Decimal(6),
        "floor_hours": Decimal(2), "given_hours": Decimal(4), "hours_reason": "cut_to_capacity",
        "capacity_hours": Decimal(900), "ceiling_share": Decimal("0.25") if grade == "strategic" else None,
    }  # fmt: skip


def limit(code: str, branch: str) -> dict[str, Any]:
    """A manager's hours."""
    return {
        "staff_code": code, "branch_code": branch, "resource": "hours", "load_now": Decimal(120),
        "load_proposed": Decimal(150), "load_fair": Decimal(140), "price": Decimal("0.001"),
    }  # fmt: skip
