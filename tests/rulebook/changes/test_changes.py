"""Chapter 10. What the run changed (R104), and how clients spread over branches (R004)."""

import datetime as dt
from typing import Any

from keepwell.engine.changes.rules import branch_month, branch_statistic, client_change
from tests.small_firm import answer, client, yuan

OCTOBER = dt.date(2026, 10, 31)


def classed(name: str = "wang", grade: str = "regular", state: str = "active") -> dict[str, Any]:
    return {"client_id": name, "grade": grade, "service_type": "balanced", "activity_state": state}


def changed(now: dict[str, Any], before: dict[str, Any], grades: Any = (), parent_grades: Any = ()) -> Any:
    tables = {
        "client": [now], "parent_client": [before],
        "client_grade": list(grades), "parent_client_grade": list(parent_grades),
    }  # fmt: skip
    return [(row["changed"], row["before"], row["after"]) for row in answer(client_change, tables)]


def test_r104_without_a_run_before_nothing_changed() -> None:
    assert answer(client_change, {"client": [client("wang")], "client_grade": [classed()]}) == []


def test_r104_an_unchanged_client_is_not_told() -> None:
    same = client("wang", manager_code=None)
    assert changed(same, same, [classed()], [classed()]) == []


def test_r104_each_value_that_differs_is_told_with_before_and_after() -> None:
    rows = changed(client("wang"), client("wang"), [classed(grade="important", state="leaving")], [classed()])
    assert rows == [("activity_state", "active", "leaving"), ("grade", "regular", "important")]


def test_r104_a_manager_who_is_new_or_gone_is_a_change() -> None:
    alone, held = client("wang", manager_code=None), client("wang", manager_code="M1")
    assert changed(held, alone) == [("manager_code", None, "M1")]
    assert changed(alone, held) == [("manager_code", "M1", None)]


def test_r104_becoming_an_existing_client_brings_a_first_grade() -> None:
    rows = changed(client("wang"), client("wang", population="never_funded"), [classed()])
    assert ("population", "never_funded", "existing") in rows
    assert ("grade", None, "regular") in rows


def test_r104_a_client_the_run_before_did_not_know_is_one_change() -> None:
    tables = {
        "client": [client("wang"), client("li")],
        "parent_client": [client("wang")],
        "client_grade": [classed("li")],
    }
    (row,) = answer(client_change, tables)
    assert (row["client_id"], row["changed"], row["after"]) == ("li", "new_client", "existing")


def spread(**tables: Any) -> list[dict[str, Any]]:
    return answer(branch_statistic, tables)


def test_r004_clients_and_sums_stand_in_the_cell_of_their_branch_manager_and_class() -> None:
    place = {"home_branch_code": "B1", "manager_code": "M1"}
    worth = {"assets_amount": yuan(100), "contribution_365d_amount": yuan(3)}
    (row,) = spread(
        client=[client("wang", **place), client("li", **place)],
        client_feature=[{"client_id": "wang", **worth, "n_contacts_90d": 1}, {"client_id": "li", **worth}],
        client_grade=[classed("wang"), classed("li")],
    )
    assert (row["branch_code"], row["manager_code"], row["grade"]) == ("B1", "M1", "regular")
    assert (row["n_clients"], row["assets_amount"], row["contribution_365d_amount"]) == (2, 200, 6)
    assert row["n_untouched_90d"] == 1


def test_r002_who_is_not_an_existing_client_stands_under_a_dash() -> None:
    (row,) = spread(client=[client("new", population="never_funded")], client_feature=[{"client_id": "new"}])
    assert (row["population"], row["grade"], row["activity_state"], row["manager_code"]) == (
        "never_funded",
        "-",
        "-",
        "-",
    )


def test_r004_the_curve_of_a_branch_adds_up_its_clients() -> None:
    months = [
        {"client_id": name, "month_on": OCTOBER, "assets_amount": yuan(10), "outflow_amount": yuan(4)}
        for name in ("wang", "li")
    ]
    place = {"home_branch_code": "B1"}
    (row,) = answer(
        branch_month, {"client": [client("wang", **place), client("li", **place)], "client_month": months}
    )
    assert (row["branch_code"], row["month_on"], row["n_clients"]) == ("B1", OCTOBER, 2)
    assert (row["assets_amount"], row["outflow_amount"]) == (20, 8)
