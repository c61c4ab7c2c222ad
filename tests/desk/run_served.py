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
        "allocation_leaning": leanings(),
        "allocation_group": groups(),
        "allocation_swap": [
            swap("c000000", "S02", "c000002", "S03", "0.12"), swap("c000004", "S02", "c000001", "S01", "0.05"),
        ],
        "allocation_use": [
            {"client_id": f"c{number:06}", "branch_code": facts(number)["branch"], "is_risk_known": number % 2 == 1}
            for number in range(min(n, 40))
        ],
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


def leanings() -> list[dict[str, Any]]:
    """The proposal favours nobody; sharing out by assets favours seniors."""
    return [
        {"trait": "senior", "basis": basis, "n_observed": 9, "tau_share": Decimal(tau),
         "standard_errors": Decimal(far), "is_showing": basis == "by_assets"}
        for basis, tau, far in (("proposed", "0.05", "0.4"), ("by_assets", "0.72", "4.8"))
    ]  # fmt: skip


def groups() -> list[dict[str, Any]]:
    """Two grades, an age, a sex and a branch."""
    told = (("grade", "strategic", "0.018"), ("grade", "basic", "0.002"), ("age", "from_75", "0.003"),
            ("sex", "female", "0.002"), ("branch", "B01", "0.001"), ("tenure", "under_1", "0.004"))  # fmt: skip
    return [
        {"group_kind": kind, "group_value": value, "n_clients": 12, "n_changes": 3, "mean_score": Decimal("0.7"),
         "mean_best": Decimal("0.7") + Decimal(loss), "mean_loss": Decimal(loss)}
        for kind, value, loss in told
    ]  # fmt: skip


def swap(client: str, manager: str, other: str, other_manager: str, gain: str) -> dict[str, Any]:
    """Two clients of B01 who gain by changing places."""
    return {
        "branch_code": "B01", "client_id": client, "manager_code": manager, "other_id": other,
        "other_code": other_manager, "gain": Decimal(gain),
    }  # fmt: skip


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
