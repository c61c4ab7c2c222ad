"""Chapter 5, suitability. The level as declared and as the answers make it by the marks of their version (R026)."""

import dataclasses
import datetime as dt
from functools import cache
from typing import Any

from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.reasons.suitability import LevelReason
from keepwell.policy.packs import load_packs
from tests.rulebook.suitability.answered import (
    INSTITUTION,
    PRODUCT,
    VERSION,
    Row,
    assessed,
    classes,
    level,
    score,
    sheet,
    tables,
)
from tests.small_firm import AS_OF, ago, coverage

WHOLE = sheet(50)


@cache
def decided() -> dict[str, Row]:
    given = {
        "whole": [assessed("whole", WHOLE)],
        "several": [assessed("several", {**WHOLE, 9: "ABD", 12: "a, b"})],
        "unanswered": [assessed("unanswered", {**WHOLE, 3: None, 8: ""}, risk_level="C3")],
        "double": [assessed("double", {**WHOLE, 3: "AB"}, risk_level="C3")],
        "no option": [assessed("no option", {**WHOLE, 11: "D", 2: "1"}, risk_level="C3")],
        "no question": [assessed("no question", WHOLE)],
        "raised": [assessed("raised", WHOLE, risk_level="C4")],
        "bare": [assessed("bare", None, risk_level="C2")],
        "other form": [assessed("other form", WHOLE, version="2012", risk_level="C3")],
        "company": [assessed("company", WHOLE, risk_level="C3")],
        "never": [],
        "twice": [
            assessed("twice", sheet(90), dt.date(2025, 3, 1)),
            assessed("twice", sheet(30), dt.date(2026, 3, 1)),
        ],
    }
    head, rows = given["no question"][0]
    rows.append({"questionnaire_code": head["questionnaire_code"], "question_no": 21, "answer": "A"})
    return classes(tables(given, company={"client_kind": "company"}))


def test_r026_the_marks_of_twenty_answers_add_up_to_the_score_and_the_cuts_make_the_level() -> None:
    row = decided()["whole"]
    assert (row["computed_score"], row["computed_level"]) == (score(WHOLE), level(score(WHOLE)))
    assert row["computed_level"] == row["risk_level"] == "C3"
    assert row["level_reason"] == "agrees"


def test_r026_of_several_choices_the_option_with_the_highest_mark_counts() -> None:
    row = decided()["several"]
    assert row["computed_score"] == score({**WHOLE, 9: "D", 12: "B"})
    assert row["level_reason"] == "agrees"


def test_r026_unanswered_or_double_answered_questions_make_no_level() -> None:
    counts = ("n_unanswered", "n_double_answered", "n_unknown_options")
    found = {name: tuple(decided()[name][one] for one in counts) for name in decided()}
    assert found["unanswered"] == (2, 0, 0)
    assert found["double"] == (0, 1, 0)
    assert found["no option"] == (0, 0, 2)
    assert found["no question"] == (0, 0, 1)
    for name in ("unanswered", "double", "no option", "no question"):
        row = decided()[name]
        assert (row["level_reason"], row["computed_level"], row["computed_score"]) == (
            "not_whole",
            None,
            None,
        )
        assert (
            row["risk_level"] == "C3"
        )  # as declared to the client, which binds until the client is assessed again


def test_r026_a_declared_level_above_the_answers_is_told_beside_it() -> None:
    row = decided()["raised"]
    assert (row["risk_level"], row["computed_level"], row["level_reason"]) == ("C4", "C3", "disagrees")
    assert row["product_level_at_most"] == "R4"
    said = sentence(LevelReason.DISAGREES, row, "en")
    assert said == f"Level C4 was declared; by version 2023 the answers make {score(WHOLE)}, which is C3."


def test_r026_without_answers_or_a_signed_version_the_declared_level_stands_alone() -> None:
    reasons = {name: decided()[name]["level_reason"] for name in ("bare", "other form", "company")}
    assert reasons == {"bare": "no_answers", "other form": "unknown_version", "company": "unknown_version"}
    assert [decided()[name]["computed_level"] for name in reasons] == [None] * 3
    assert [decided()[name]["risk_level"] for name in reasons] == ["C2", "C3", "C3"]


def test_r026_the_latest_assessment_counts_even_if_it_is_lower() -> None:
    row = decided()["twice"]
    assert (row["assessed_on"], row["risk_level"], row["computed_level"]) == (dt.date(2026, 3, 1), "C2", "C2")


def test_r026_whoever_was_never_assessed_has_no_level() -> None:
    row = decided()["never"]
    assert (row["risk_level"], row["level_reason"], row["assessment_state"]) == (None, "not_assessed", "none")
    assert (row["product_level_at_most"], row["n_tests_30d"]) == (None, 0)


def test_r026_what_is_not_delivered_is_unknown_not_never() -> None:
    row = classes({**tables({"li": []}), "source_coverage": coverage("questionnaire")})["li"]
    assert (row["level_reason"], row["assessment_state"]) == ("not_delivered", "unknown")
    assert (row["n_tests_30d"], row["n_tests_same_day"]) == (None, None)


def test_r026_scores_are_read_by_the_version_of_their_day() -> None:
    """The same answers make another level where the version has other cuts; a version out of use is told."""
    packs = load_packs(AS_OF)
    cuts = tuple(
        dataclasses.replace(cut, score_at_least=at)
        for cut, at in zip(VERSION.cuts, (0, 20, 37, 45, 83), strict=True)
    )
    other = dataclasses.replace(
        VERSION, code="2017", cuts=cuts, in_use_from=dt.date(2017, 7, 1), in_use_to=dt.date(2026, 1, 1)
    )
    forms = dataclasses.replace(
        packs.questionnaires,
        versions=(dataclasses.replace(VERSION, in_use_from=dt.date(2026, 1, 1)), INSTITUTION, PRODUCT, other),
        evidence=(*packs.questionnaires.evidence,),
    )
    given: dict[str, Any] = {
        "new": [assessed("new", WHOLE)],
        "old": [assessed("old", WHOLE, dt.date(2025, 12, 31), version="2017", risk_level="C4")],
        "late": [assessed("late", WHOLE, ago(3), version="2017", risk_level="C4")],
    }
    found = classes(tables(given), packs=dataclasses.replace(packs, questionnaires=forms))
    assert {name: row["computed_level"] for name, row in found.items()} == {
        "new": "C3", "old": "C4", "late": "C4"
    }  # fmt: skip
    assert {name: row["is_version_in_use"] for name, row in found.items()} == {
        "new": True, "old": True, "late": False
    }  # fmt: skip


def test_r024_for_how_long_and_for_what_the_money_is_stands_beside_the_level() -> None:
    given = {
        "short": [assessed("short", {**WHOLE, 11: "A", 12: "A", 16: "D"})],
        "open": [assessed("open", {**WHOLE, 11: "C", 12: "BD", 16: "A"})],
        "bare": [assessed("bare", None, risk_level="C2")],
    }
    found = classes(tables(given))
    told = ("has_term_limit", "term_days_at_most", "kinds_wished", "is_for_pension")
    assert [found["short"][name] for name in told] == [True, 365, "fund bond note wealth", True]
    assert [found["open"][name] for name in told] == [
        False, None, "stock b_stock etf fund warrant wealth structured", False
    ]  # fmt: skip
    assert [found["bare"][name] for name in told] == [None] * 4
