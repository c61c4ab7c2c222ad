"""Chapter 6, continued. Three service types by five indicators, no bolder than the declared level allows (R026, R028).

Age, knowledge, experience, finances and income, risk preference: each counts by a signed table what its answers are
marked with; twelve classes with the grades, the unassessed beside them.
"""

from collections.abc import Callable
from typing import Any

import pytest

from keepwell.contract.reasons.grading import ServiceTypeReason
from keepwell.contract.reasons.sentence import sentence
from keepwell.engine.grading.rules import client_grade
from keepwell.policy.errors import PackError
from keepwell.policy.packs import Packs
from tests.small_firm import answer, client, yuan


def classed(risk_level: str | None) -> dict[str, Any]:
    feature = {"client_id": "wang", "risk_level": risk_level}
    (row,) = answer(client_grade, {"client": [client("wang")], "client_feature": [feature]})
    return row


@pytest.mark.parametrize(
    ("risk_level", "service_type"),
    [
        ("C1", "cautious"),
        ("C2", "cautious"),
        ("C3", "balanced"),
        ("C4", "enterprising"),
        ("C5", "enterprising"),
    ],
)
def test_r026_the_signed_table_gives_the_type(risk_level: str, service_type: str) -> None:
    row = classed(risk_level)
    assert (row["service_type"], row["served_as"]) == (service_type, service_type)
    assert row["service_type_reason"] == "by_risk_level"


def test_r028_the_unassessed_stand_beside_the_twelve_and_are_served_with_the_greatest_care() -> None:
    row = classed(None)
    assert (row["service_type"], row["served_as"]) == ("unassessed", "cautious")
    assert row["service_type_reason"] == "not_assessed"


def test_r028_four_grades_by_three_types_make_twelve_classes() -> None:
    cells = [
        (amount, level) for amount in ("0", "50000", "500000", "3000000") for level in ("C1", "C3", "C5")
    ]
    names = [f"{amount} {level}" for amount, level in cells]
    rows = [
        {"client_id": name, "net_assets_20d_amount": yuan(amount), "risk_level": level}
        for name, (amount, level) in zip(names, cells, strict=True)
    ]
    found = answer(client_grade, {"client": [client(name) for name in names], "client_feature": rows})
    assert len({(row["grade"], row["service_type"]) for row in found}) == 12


BOLD = dict(zip(range(1, 21), "AEADA" + "DDDED" + "CDDDDA" + "BADA", strict=True))
"""Every question with the boldest option that a mark table knows."""


def scored(sheet: dict[int, str], risk_level: str | None = "C5", **suited: Any) -> dict[str, Any]:
    """The class of a client who answered so."""
    known = {"questionnaire_code": "Q1", "questionnaire_version": "2023", "computed_score": 50, **suited}
    tables = {
        "client": [client("wang", client_kind=known.pop("client_kind", "person"))],
        "client_feature": [{"client_id": "wang", "risk_level": risk_level}],
        "client_suitability": [{"client_id": "wang", **known}],
        "questionnaire_answer": [
            {"questionnaire_code": "Q1", "question_no": number, "answer": letters}
            for number, letters in sheet.items()
        ],
    }
    (row,) = answer(client_grade, tables)
    return row


MARKS = ("age_mark", "knowledge_mark", "experience_mark", "finances_mark", "preference_mark")


@pytest.mark.parametrize(
    ("changed", "marks", "score", "service_type"),
    [
        ({}, (20, 20, 20, 20, 20), 100, "enterprising"),
        ({5: "D"}, (20, 0, 20, 20, 20), 80, "enterprising"),
        ({17: "E", 5: "D"}, (0, 0, 20, 20, 20), 60, "enterprising"),
        ({17: "E", 5: "D", 2: "D", 4: "A"}, (0, 0, 20, 15, 20), 55, "balanced"),
        ({17: "E", 5: "D", 14: "A", 15: "A"}, (0, 0, 20, 20, 10), 50, "balanced"),
        ({5: "D", 6: "A", 7: "A", 8: "A", 9: "A", 10: "A", 13: "A", 14: "A", 15: "A", 17: "D"},
         (5, 0, 0, 20, 5), 30, "cautious"),
    ],
)  # fmt: skip
def test_r026_five_indicators_make_the_type_by_the_signed_mark_table(
    changed: dict[int, str], marks: tuple[int, ...], score: int, service_type: str
) -> None:
    row = scored({**BOLD, **changed})
    assert tuple(row[name] for name in MARKS) == marks
    assert (row["service_score"], row["scored_type"], row["service_type"]) == (
        score,
        service_type,
        service_type,
    )
    assert row["service_type_reason"] == "by_indicators"
    assert str(score) in sentence(ServiceTypeReason.BY_INDICATORS, row, "zh")


@pytest.mark.parametrize(
    ("level", "service_type"),
    [("C1", "cautious"), ("C2", "cautious"), ("C3", "balanced"), ("C4", "enterprising")],
)
def test_r026_the_type_is_never_bolder_than_the_declared_level_allows(level: str, service_type: str) -> None:
    row = scored(BOLD, level)
    assert (row["scored_type"], row["service_type"], row["served_as"]) == (
        "enterprising",
        service_type,
        service_type,
    )
    assert row["service_type_reason"] == ("by_indicators" if level == "C4" else "capped")
    assert "进取" in sentence(ServiceTypeReason.CAPPED, row, "zh")


def test_r028_answers_without_a_declared_level_leave_the_client_unassessed() -> None:
    row = scored(BOLD, None)
    assert (row["service_type"], row["served_as"]) == ("unassessed", "cautious")
    assert row["service_type_reason"] == "not_assessed"


@pytest.mark.parametrize(
    "suited",
    [
        {"computed_score": None},
        {"questionnaire_version": "2009"},
        {"client_kind": "company"},
        {"questionnaire_code": "Q2"},
    ],
    ids=["cannot be counted", "no signed version", "asked of persons", "answers of another"],
)
def test_r026_without_answers_that_count_the_level_alone_makes_the_type(suited: dict[str, Any]) -> None:
    row = scored({**BOLD, 17: "E"}, "C3", **suited)
    assert (row["service_type"], row["service_type_reason"]) == ("balanced", "by_risk_level")
    assert [row[name] for name in (*MARKS, "service_score", "scored_type")] == [None] * 7


def test_r026_of_several_choices_the_highest_counts() -> None:
    assert scored({**BOLD, 9: "A,C;E"}) == scored({**BOLD, 9: "E"})
    assert scored({**BOLD, 9: "e"}) == scored({**BOLD, 9: "E"})


def test_r026_a_firm_may_sign_other_marks_and_cuts(firm_packs: Callable[..., Packs]) -> None:
    tables = {
        "client": [client("wang")],
        "client_feature": [{"client_id": "wang", "risk_level": "C5"}],
        "client_suitability": [
            {
                "client_id": "wang",
                "questionnaire_code": "Q1",
                "questionnaire_version": "2023",
                "computed_score": 9,
            }
        ],
        "questionnaire_answer": [{"questionnaire_code": "Q1", "question_no": 5, "answer": "A"}],
    }
    (row,) = answer(
        client_grade, tables, packs=firm_packs("grading", "score_at_least = 35", "score_at_least = 20")
    )
    assert (row["service_score"], row["service_type"]) == (20, "balanced")


def test_r230_a_mark_table_of_questions_nobody_asks_is_refused(firm_packs: Callable[..., Packs]) -> None:
    packs = firm_packs("grading", "questions = [17]", "questions = [23]")
    with pytest.raises(PackError, match=r"service_marks\.2023\.age"):
        answer(client_grade, {"client": [client("wang")]}, packs=packs)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("questions = [17]", "questions = [5]", "no question counts twice"),
        ("{ answers_at_least = 2, mark = 5 }", "{ answers_at_least = 2, mark = 12 }", "rising"),
        ("{ answers_at_least = 5, mark = 20 }", "{ answers_at_least = 5, mark = 30 }", "add up to 100"),
        ("score_at_least = 60", "score_at_least = 30", "rising"),
        ('indicator = "age"', 'indicator = "knowledge"', "each once"),
    ],
)
def test_r230_a_mark_table_that_contradicts_itself_is_refused(
    firm_packs: Callable[..., Packs], old: str, new: str, told: str
) -> None:
    with pytest.raises(PackError, match=told):
        firm_packs("grading", old, new)
