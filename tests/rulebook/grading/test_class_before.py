"""Chapter 6, continued. What moves between classes are told against: the month before (R028, R030)."""

import datetime as dt
from typing import Any

from keepwell.engine.grading.rules import class_before
from tests.small_firm import AS_OF, answer, client

OCTOBER, FIRST_NIGHT = dt.date(2026, 10, 30), dt.date(2026, 11, 19)


def classed(name: str = "wang", grade: str = "regular", on: dt.date = FIRST_NIGHT) -> dict[str, Any]:
    classes = {"grade": grade, "service_type": "balanced", "activity_state": "active"}
    return {"client_id": name, **classes, "decided_on": on}


def stood(name: str = "wang", grade: str = "important", on: dt.date = OCTOBER) -> dict[str, Any]:
    return {"client_id": name, "before_grade": grade, "before_service_type": "cautious",
            "before_activity_state": "asleep", "compared_on": on}  # fmt: skip


def before(as_of: dt.date = AS_OF, **tables: Any) -> list[tuple[Any, ...]]:
    rows = answer(class_before, {"client": [client("wang")], **tables}, as_of)
    return [(row["client_id"], row["before_grade"], row["compared_on"]) for row in rows]


def test_r028_a_first_run_has_nothing_to_compare_with() -> None:
    assert before() == []


def test_r028_within_a_month_the_classes_of_the_month_before_go_on() -> None:
    given = {"parent_client_grade": [classed()], "parent_class_before": [stood()]}
    assert before(**given) == [("wang", "important", OCTOBER)]


def test_r028_with_a_new_month_the_run_before_is_what_counts() -> None:
    given = {"parent_client_grade": [classed()], "parent_class_before": [stood()]}
    assert before(dt.date(2026, 12, 1), **given) == [("wang", "regular", FIRST_NIGHT)]


def test_r028_on_the_last_day_of_a_month_it_is_still_compared_with_the_one_before() -> None:
    given = {"parent_client_grade": [classed(on=dt.date(2026, 11, 27))], "parent_class_before": [stood()]}
    assert before(dt.date(2026, 11, 30), **given) == [("wang", "important", OCTOBER)]


def test_r028_where_no_earlier_month_had_a_run_the_first_run_is_what_counts() -> None:
    assert before(parent_client_grade=[classed()]) == [("wang", "regular", FIRST_NIGHT)]


def test_r028_the_first_run_stays_the_measure_of_its_month() -> None:
    given = {
        "parent_client_grade": [classed(grade="basic")],
        "parent_class_before": [stood(on=FIRST_NIGHT)],
    }
    assert before(**given) == [("wang", "important", FIRST_NIGHT)]


def test_r028_a_client_who_was_not_classed_then_has_no_row() -> None:
    given = {"parent_client_grade": [classed(), classed("li")], "parent_class_before": [stood()]}
    assert before(client=[client("wang"), client("li")], **given) == [("wang", "important", OCTOBER)]


def test_r210_a_number_that_went_into_another_client_brings_no_row() -> None:
    given = {"parent_client_grade": [classed(), classed("merged")]}
    assert before(**given) == [("wang", "regular", FIRST_NIGHT)]
