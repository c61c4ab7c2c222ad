"""What clients answer on the pages for them counts in the next run as an assessment the firm delivers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.rulebook.suitability.answered import Row, assessed, classes, sheet, tables
from tests.small_firm import ago, coverage


def returned(head: Row, answers: list[Row]) -> dict[str, list[Row]]:
    """An assessment and its answers as the desk gives them back."""
    code = f"desk:{head['questionnaire_code']}"
    told = {**head, "questionnaire_code": code, "client_id": "then", "answered_by_way": "own_device"}
    told.pop("device_code", None)
    return {
        "returned_assessment": [told],
        "returned_answer": [{**row, "questionnaire_code": code} for row in answers],
    }


def facts(row: Row) -> tuple[Any, ...]:
    return row["assessed_on"], row["risk_level"], row["computed_level"], row["level_reason"]


def test_r026_what_the_client_answered_last_counts_wherever_it_was_answered() -> None:
    firm = tables({"li": [assessed("li", sheet(30), ago(200))]})
    later = returned(*assessed("li", sheet(70), ago(3)))
    assert classes(firm)["li"]["risk_level"] == "C2"
    row = classes({**firm, **later})["li"]
    assert facts(row) == (ago(3), "C4", "C4", "agrees")
    assert (row["questionnaire_code"][:5], row["n_tests_30d"]) == ("desk:", 1)


def test_x18_an_assessment_that_the_firm_delivers_by_now_is_counted_once() -> None:
    head, answers = assessed("li", sheet(70), ago(3))
    row = classes({**tables({"li": [(head, answers)]}), **returned(head, answers)})["li"]
    assert (row["questionnaire_code"], row["n_tests_same_day"]) == (head["questionnaire_code"], 1)


def test_x18_tests_on_the_pages_count_among_those_of_the_day() -> None:
    head, answers = assessed("li", sheet(70), ago(3))
    later = {**head, "answered_at": head["answered_at"] + dt.timedelta(hours=1)}
    row = classes({**tables({"li": [(head, answers)]}), **returned(later, answers)})["li"]
    assert (row["n_tests_same_day"], row["n_tests_30d"]) == (2, 2)


def test_r026_where_the_firm_delivers_no_assessments_those_of_the_pages_are_known() -> None:
    told = {
        **tables({"li": [], "wang": []}),
        **returned(*assessed("li", sheet(70), ago(3))),
        "source_coverage": coverage("questionnaire"),
    }
    rows = classes(told)
    assert facts(rows["li"]) == (ago(3), "C4", "C4", "agrees")
    assert rows["wang"]["level_reason"] == "not_delivered"
