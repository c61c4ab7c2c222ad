"""Chapter 10, continued. Who moved between classes and states since the month before ended (R028, R030)."""

import datetime as dt
from typing import Any

from keepwell.engine.changes.rules import class_move, client_move
from tests.small_firm import answer, client, yuan

OCTOBER = dt.date(2026, 10, 30)


def then(name: str, grade: str = "regular", state: str = "active") -> dict[str, Any]:
    classes = {"before_grade": grade, "before_service_type": "balanced", "before_activity_state": state}
    return {"client_id": name, **classes, "compared_on": OCTOBER}


def now(name: str, grade: str = "regular", state: str = "active") -> dict[str, Any]:
    return {"client_id": name, "grade": grade, "service_type": "balanced", "activity_state": state}


def moves(*names: str, **tables: Any) -> list[tuple[Any, ...]]:
    facts = [{"client_id": name, "assets_amount": yuan(100)} for name in names]
    given = {"client": [client(name, home_branch_code="B1") for name in names], "client_feature": facts}
    rows = answer(class_move, {**given, **tables})
    assert all(row["branch_code"] == "B1" and row["compared_on"] == OCTOBER for row in rows)
    return [
        (row["before_grade"], row["before_activity_state"], row["grade"], row["activity_state"],
         row["n_clients"], row["assets_amount"])
        for row in rows
    ]  # fmt: skip


def test_r028_clients_are_counted_by_their_class_then_and_now() -> None:
    given = {
        "class_before": [then("wang"), then("li"), then("chen")],
        "client_grade": [now("wang", "important"), now("li", "important"), now("chen")],
    }
    assert moves("wang", "li", "chen", **given) == [
        ("regular", "active", "important", "active", 2, 200),
        ("regular", "active", "regular", "active", 1, 100),
    ]


def test_r030_a_state_moves_beside_the_grade() -> None:
    given = {"class_before": [then("wang")], "client_grade": [now("wang", state="asleep")]}
    assert moves("wang", **given) == [("regular", "active", "regular", "asleep", 1, 100)]


def test_r028_who_came_or_went_stands_under_a_dash_on_one_side() -> None:
    given = {"class_before": [then("gone")], "client_grade": [now("fresh")]}
    assert moves("gone", "fresh", **given) == [
        ("-", "-", "regular", "active", 1, 100),
        ("regular", "active", "-", "-", 1, 100),
    ]


def test_r028_without_a_month_before_there_are_no_moves() -> None:
    assert moves("wang", client_grade=[now("wang")]) == []


def test_r002_who_never_was_an_existing_client_is_in_no_row() -> None:
    given = {"class_before": [then("wang")], "client_grade": [now("wang")]}
    assert moves("wang", "never", **given) == [("regular", "active", "regular", "active", 1, 100)]


def test_r028_whoever_moved_in_grade_type_or_state_is_told_by_name() -> None:
    names = ("wang", "li", "chen", "gone", "fresh")
    given = {
        "client": [client(name) for name in names],
        "class_before": [then("wang"), then("li"), then("chen"), then("gone")],
        "client_grade": [now("wang", "important"), now("li", state="lost"), now("chen"), now("fresh")],
    }
    rows = answer(client_move, given)
    assert [(row["client_id"], row["before_grade"], row["grade"], row["activity_state"]) for row in rows] == [
        ("fresh", None, "regular", "active"),
        ("gone", "regular", None, None),
        ("li", "regular", "regular", "lost"),
        ("wang", "regular", "important", "active"),
    ]
    assert {row["compared_on"] for row in rows} == {OCTOBER}


def test_r028_without_a_month_before_nobody_moved() -> None:
    assert answer(client_move, {"client": [client("wang")], "client_grade": [now("wang")]}) == []
