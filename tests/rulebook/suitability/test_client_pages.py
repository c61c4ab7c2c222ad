"""What clients answer on the pages for them counts in the next run as an assessment the firm delivers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from keepwell.contract.codes import ClientKind, RiskLevel
from keepwell.policy.answers import is_in_use, jumps, marked, version_in_use, version_of
from keepwell.policy.packs import load_packs
from tests.rulebook.suitability.answered import VERSION, Row, assessed, classes, sheet, tables
from tests.small_firm import AS_OF, ago, coverage


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


SHEETS = {
    "low": sheet(5), "high": sheet(95), "between": sheet(40), "left_out": sheet(40, q7=None),
    "twice": sheet(40, q3="AB"), "strange": sheet(40, q4="H"), "several": sheet(40, q9="ABC", q12="E"),
    "no_loss": sheet(30, q15="A"),
}  # fmt: skip


def test_r026_what_the_client_is_told_at_once_is_what_the_next_run_makes_of_the_answers() -> None:
    """The pages read the marks row by row, the engine over columns: both make the same of each sheet."""
    told = classes(tables({name: [assessed(name, answers)] for name, answers in SHEETS.items()}))
    for name, answers in SHEETS.items():
        own = marked(VERSION, {no: letters for no, letters in answers.items() if letters})
        row = told[name]
        assert (own.score, own.risk_level) == (row["computed_score"], row["computed_level"]), name
        counts = (len(own.unanswered), len(own.double_answered), len(own.unknown))
        assert counts == (row["n_unanswered"], row["n_double_answered"], row["n_unknown_options"]), name
        assert own.is_without_loss == (row["lowest_reason"] == "no_loss"), name
    assert {row["computed_level"] for row in told.values()} >= {None, "C1", "C3", "C5"}


def test_x18_a_level_two_steps_up_within_seven_days_is_a_jump() -> None:
    rule, c2, c3, c4 = load_packs(AS_OF).suitability.retest, RiskLevel.C2, RiskLevel.C3, RiskLevel.C4
    assert jumps(rule, c2, ago(7), c4, AS_OF)
    assert not jumps(rule, c2, ago(8), c4, AS_OF)
    assert not jumps(rule, c3, ago(7), c4, AS_OF)
    assert not jumps(rule, c4, ago(1), c2, AS_OF)
    assert not jumps(rule, None, None, c4, AS_OF)


def test_r026_the_questionnaire_put_to_a_client_is_the_one_in_use_for_the_kind_of_client_on_the_day() -> None:
    pack = load_packs(AS_OF).questionnaires
    assert version_in_use(pack, ClientKind.PERSON, AS_OF) is not None
    assert version_in_use(pack, ClientKind.PERSON, dt.date(2017, 6, 30)) is None
    assert not is_in_use(pack, VERSION.code, ClientKind.PERSON, dt.date(2017, 6, 30))
    assert version_of(pack, "1999", ClientKind.PERSON) is None
