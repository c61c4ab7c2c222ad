"""Grades are monotone and the same whatever the order of rows; the desk's look-ups give the same answers."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.contract.codes import Grade, RiskLevel, ServiceType
from keepwell.contract.grading import ServiceLevel
from keepwell.engine.grading.rules import client_grade
from keepwell.policy.lookup import (
    grade_of,
    held_grade,
    is_below_hold,
    served_as,
    service_level_of,
    service_type_of,
)
from keepwell.policy.packs import load_packs
from keepwell.policy.serving import BOLDNESS
from tests.small_firm import AS_OF, answer, client

PACKS = load_packs(AS_OF)
GRADING = PACKS.grading
CUTS = [
    cut
    for level in GRADING.levels
    for cut in (level.assets_at_least_amount, level.contribution_at_least_amount)
]
NEAR = st.sampled_from(
    [cut * share + fen for cut in CUTS for share in (1, Decimal("0.9")) for fen in (0, -1)]
)
AMOUNTS = st.one_of(NEAR, st.integers(-100, 500_000_000)).map(
    lambda amount: Decimal(amount).quantize(Decimal("0.01"))
)
MONTH_ENDS = (dt.date(2026, 9, 30), dt.date(2026, 10, 31))

FORM = next(one for one in PACKS.questionnaires.versions if one.code == "2023")
SHEETS = st.one_of(
    st.none(),
    st.tuples(*[st.sampled_from(one.letters) for one in FORM.questions]).map(
        lambda letters: dict(enumerate(letters, 1))
    ),
)
"""A sheet with every question answered, or none."""

CASES = st.fixed_dictionaries(
    {
        "assets": AMOUNTS,
        "contribution": AMOUNTS,
        "more": st.integers(0, 400_000_000).map(Decimal),
        "held": st.one_of(st.none(), st.sampled_from(Grade)),
        "month_ends": st.tuples(AMOUNTS, AMOUNTS),
        "risk_level": st.one_of(st.none(), st.sampled_from(RiskLevel)),
        "sheet": SHEETS,
    }
)


def graded(
    cases: dict[str, dict[str, Any]], chance: random.Random | None = None
) -> dict[str, dict[str, Any]]:
    """The classes of all cases in one run, by name."""
    tables: dict[str, list[dict[str, Any]]] = {
        "client": [client(name) for name in cases],
        "client_feature": [
            {
                "client_id": name,
                "net_assets_20d_amount": case["assets"],
                "contribution_365d_amount": case["contribution"],
                "risk_level": case["risk_level"] and str(case["risk_level"]),
            }
            for name, case in cases.items()
        ],
        "client_month": [
            {"client_id": name, "month_on": on, "net_assets_amount": amount}
            for name, case in cases.items()
            for on, amount in zip(MONTH_ENDS, case["month_ends"], strict=True)
        ],
        **answered(cases),
        "parent_client_grade": [
            {"client_id": name, "grade": str(case["held"]), "graded_on": dt.date(2026, 1, 5)}
            for name, case in cases.items()
            if case["held"]
        ],
    }
    if chance:
        tables = {name: chance.sample(rows, len(rows)) for name, rows in tables.items()}
    return {row["client_id"]: row for row in answer(client_grade, tables)}


def answered(cases: dict[str, dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The sheets of those who have one, and that they can be counted."""
    return {
        "client_suitability": [
            {
                "client_id": name,
                "questionnaire_code": f"sheet of {name}",
                "questionnaire_version": FORM.code,
                "computed_score": sum(marks_of(case["sheet"]).values()),
            }
            for name, case in cases.items()
            if case["sheet"]
        ],
        "questionnaire_answer": [
            {"questionnaire_code": f"sheet of {name}", "question_no": number, "answer": letter}
            for name, case in cases.items()
            for number, letter in (case["sheet"] or {}).items()
        ],
    }


def marks_of(sheet: dict[int, str]) -> dict[int, int]:
    """What each answer of a sheet is marked with."""
    return {
        one.no: next(option.mark for option in one.options if option.option == sheet[one.no])
        for one in FORM.questions
    }


def boldest(sheet: dict[int, str], numbers: set[int]) -> dict[int, str]:
    """The sheet with the option of the highest mark in those questions."""
    best = {one.no: max(one.options, key=lambda option: option.mark).option for one in FORM.questions}
    return {number: best[number] if number in numbers else letter for number, letter in sheet.items()}


def named(cases: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {f"client {place}": case for place, case in enumerate(cases)}


def rank(grade: str) -> int:
    return list(Grade).index(Grade(grade))


@settings(max_examples=20)
@given(st.lists(CASES, max_size=20))
def test_r027_more_assets_or_contribution_never_lower_a_grade(cases: list[dict[str, Any]]) -> None:
    poor = named(cases)
    richer = {name: {**case, "assets": case["assets"] + case["more"]} for name, case in poor.items()}
    busier = {
        name: {**case, "contribution": case["contribution"] + case["more"]} for name, case in poor.items()
    }
    before = graded(poor)
    for after in (graded(richer), graded(busier)):
        assert all(rank(after[name]["grade"]) <= rank(before[name]["grade"]) for name in poor)


@settings(max_examples=20)
@given(st.lists(CASES, max_size=20))
def test_r027_higher_month_ends_never_lower_a_grade(cases: list[dict[str, Any]]) -> None:
    poor = named(cases)
    richer = {
        name: {**case, "month_ends": tuple(amount + case["more"] for amount in case["month_ends"])}
        for name, case in poor.items()
    }
    before, after = graded(poor), graded(richer)
    assert all(rank(after[name]["grade"]) <= rank(before[name]["grade"]) for name in poor)


@settings(max_examples=20)
@given(st.lists(CASES, max_size=20))
def test_r028_engine_and_desk_give_the_same_classes(cases: list[dict[str, Any]]) -> None:
    found = graded(named(cases))
    for name, case in named(cases).items():
        reached = grade_of(GRADING, case["assets"], case["contribution"])
        below = [
            case["held"] is not None and is_below_hold(GRADING, case["held"], amount, case["contribution"])
            for amount in case["month_ends"]
        ]
        assert found[name]["grade"] == held_grade(GRADING, case["held"], reached, sum(below))
        told = marks_of(case["sheet"]) if case["sheet"] else None
        service_type = service_type_of(GRADING, case["risk_level"], FORM.code, told)
        assert found[name]["service_type"] == service_type
        assert found[name]["served_as"] == served_as(GRADING, service_type)
        grade = Grade(found[name]["grade"])
        assert found[name]["service_level"] == service_level_of(GRADING, grade, service_type)


@settings(max_examples=10)
@given(st.lists(CASES, max_size=20), st.randoms(use_true_random=False))
def test_r242_the_order_of_rows_decides_nothing(cases: list[dict[str, Any]], chance: random.Random) -> None:
    assert graded(named(cases), chance) == graded(named(cases))


@settings(max_examples=10)
@given(st.lists(CASES, min_size=1, max_size=20))
def test_r242_deciding_again_with_the_own_result_as_parent_changes_nothing(
    cases: list[dict[str, Any]],
) -> None:
    first = graded(named(cases))
    again = {name: {**case, "held": Grade(first[name]["grade"])} for name, case in named(cases).items()}
    assert {name: row["grade"] for name, row in graded(again).items()} == {
        name: row["grade"] for name, row in first.items()
    }


@settings(max_examples=20)
@given(st.lists(CASES, max_size=20))
def test_r028_every_client_is_in_one_of_the_twelve_cells_or_unassessed(cases: list[dict[str, Any]]) -> None:
    found = graded(named(cases))
    assert set(found) == set(named(cases)), "each existing client once"
    for name, case in named(cases).items():
        row = found[name]
        assert Grade(row["grade"]) in Grade
        is_unassessed = ServiceType(row["service_type"]) is ServiceType.UNASSESSED
        assert is_unassessed is (case["risk_level"] is None)
        assert ServiceType(row["served_as"]) is not ServiceType.UNASSESSED


@settings(max_examples=20)
@given(st.lists(CASES, max_size=20))
def test_r028_a_higher_level_of_the_client_never_gives_a_more_cautious_type(
    cases: list[dict[str, Any]],
) -> None:
    known = {
        name: {**case, "risk_level": case["risk_level"] or RiskLevel.C1}
        for name, case in named(cases).items()
    }
    bold = {name: {**case, "risk_level": RiskLevel.C5} for name, case in known.items()}
    before, after = graded(known), graded(bold)
    order = [str(kind) for kind in BOLDNESS]
    for name in bold:
        assert order.index(after[name]["served_as"]) >= order.index(before[name]["served_as"])
        assert after[name]["grade"] == before[name]["grade"], "the level decides nothing about the grade"


@settings(max_examples=20)
@given(st.lists(CASES, max_size=20), st.sets(st.integers(1, len(FORM.questions))))
def test_r026_higher_marks_of_answers_never_give_a_more_cautious_type(
    cases: list[dict[str, Any]], numbers: set[int]
) -> None:
    known = {name: case for name, case in named(cases).items() if case["sheet"]}
    higher = {name: {**case, "sheet": boldest(case["sheet"], numbers)} for name, case in known.items()}
    before, after = graded(known), graded(higher)
    order = [str(kind) for kind in BOLDNESS]
    for name in known:
        assert after[name]["service_score"] >= before[name]["service_score"]
        assert order.index(after[name]["served_as"]) >= order.index(before[name]["served_as"])
        assert order.index(after[name]["served_as"]) <= order.index(after[name]["type_at_most"])


@settings(max_examples=20)
@given(st.lists(CASES, max_size=20))
def test_r028_more_assets_never_lower_what_a_client_is_owed(cases: list[dict[str, Any]]) -> None:
    richer = {name: {**case, "assets": case["assets"] + case["more"]} for name, case in named(cases).items()}
    before, after = graded(named(cases)), graded(richer)
    levels = [str(level) for level in ServiceLevel]
    for name in richer:
        assert levels.index(after[name]["service_level"]) <= levels.index(before[name]["service_level"])
