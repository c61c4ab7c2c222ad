"""Who waits in the pool, and what groups of clients lose: an audit that no score reads."""

import datetime as dt
from decimal import Decimal
from typing import Any

from keepwell.engine.allocation.rules.audit import allocation_group, allocation_pool
from tests.book import Rows, decide
from tests.rulebook.allocation.branch import AS_OF


def test_r002_never_funded_and_closed_clients_stay_in_the_pool_of_the_branch() -> None:
    kinds = ("existing", "never_funded", "closed", "not_yet_opened")
    people = [{"client_id": kind, "population": kind, "home_branch_code": "B1"} for kind in kinds]
    found = decide(allocation_pool, {"client": people}, as_of=AS_OF)
    assert [row["client_id"] for row in found] == [row["pool_reason"] for row in found]
    assert {row["pool_reason"] for row in found} == set(kinds[1:])


def test_r057_untouched_clients_and_those_nobody_may_serve_wait_too() -> None:
    facts: Rows = [
        {"client_id": "C1", "manager_code": "S1", "is_untouched": True, "n_days_untouched": 200},
        {"client_id": "C2", "is_untouched": True, "n_days_untouched": 200},
        {"client_id": "C3", "manager_code": "S1"},
    ]
    proposed: Rows = [
        {"client_id": "C1", "manager_code": "S1"},
        {"client_id": "C2"},
        {"client_id": "C3", "manager_code": "S1"},
    ]
    found = decide(allocation_pool, {"allocation_use": facts, "allocation_proposal": proposed}, as_of=AS_OF)
    assert {row["client_id"]: row["pool_reason"] for row in found} == {"C1": "untouched", "C2": "unplaced"}


def test_r043_the_loss_of_each_group_is_the_mean_best_less_the_mean_score() -> None:
    born = (dt.date(1996, 11, 20), dt.date(1996, 11, 21), dt.date(1950, 1, 1), None)
    plain: dict[str, Any] = {"sex": "female", "opened_on": dt.date(2024, 1, 1)}
    tables: dict[str, Rows] = {
        "client": [{**plain, "client_id": f"C{n}", "birth_on": on} for n, on in enumerate(born)],
        "allocation_use": [{"client_id": f"C{n}", "grade": "basic"} for n in range(4)],
        "allocation_proposal": [
            {
                "client_id": f"C{n}",
                "branch_code": "B1",
                "score": Decimal("0.5"),
                "best_score": Decimal("0.5") + n,
            }
            for n in range(4)
        ],
    }
    rows = decide(allocation_group, tables, as_of=AS_OF)
    of_age = {row["group_value"]: row["mean_loss"] for row in rows if row["group_kind"] == "age"}
    assert of_age == {"from_30": 0, "under_30": 1, "from_75": 2, "unknown": 3}
    (women,) = (row for row in rows if row["group_kind"] == "sex")
    assert (women["n_clients"], women["mean_loss"]) == (4, Decimal("1.5"))
