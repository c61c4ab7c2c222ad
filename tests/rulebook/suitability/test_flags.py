"""Chapter 5, suitability. What a person looks at: bad answers, repeated tests, contradictions, care (R026, X18)."""

import datetime as dt
from decimal import Decimal
from functools import cache

import pytest

from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.reasons.suitability import FlagReason
from tests.rulebook.suitability.answered import ADULT, Row, assessed, flags, named, sheet, tables
from tests.small_firm import AS_OF, ago

WHOLE = sheet(50, q1="B", q16="A", q17="C")


def born(age: int) -> Row:
    return {"birth_on": dt.date(AS_OF.year - age, 1, 1)}


def taken() -> dict[str, list[tuple[Row, list[Row]]]]:
    """Assessments by the client's name, which says what is wrong with them."""
    return {
        "plain": [assessed("plain", WHOLE)],
        "unanswered": [assessed("unanswered", {**WHOLE, 3: None}, risk_level="C3")],
        "double": [assessed("double", {**WHOLE, 3: "AB"}, risk_level="C3")],
        "no option": [assessed("no option", {**WHOLE, 11: "D"}, risk_level="C3")],
        "other form": [assessed("other form", WHOLE, version="2012", risk_level="C3")],
        "raised": [assessed("raised", WHOLE, risk_level="C5")],
        "two a day": [assessed("two a day", WHOLE, ago(5)) for _ in range(2)],
        "ten a day": [assessed("ten a day", WHOLE, ago(5)) for _ in range(10)],
        "four a month": [assessed("four a month", WHOLE, ago(n)) for n in (1, 10, 20, 30)],
        "four in 31 days": [assessed("four in 31 days", WHOLE, ago(n)) for n in (1, 10, 20, 31)],
        "jumped": [
            assessed("jumped", None, ago(8), risk_level="C2"),
            assessed("jumped", None, ago(1), risk_level="C4"),
        ],
        "one level": [
            assessed("one level", None, ago(2), risk_level="C3"),
            assessed("one level", None, ago(1), risk_level="C4"),
        ],
        "long ago": [
            assessed("long ago", None, ago(9), risk_level="C2"),
            assessed("long ago", None, ago(1), risk_level="C4"),
        ],
        "fell": [
            assessed("fell", None, ago(2), risk_level="C5"),
            assessed("fell", None, ago(1), risk_level="C2"),
        ],
        "other age": [assessed("other age", {**WHOLE, 17: "A"})],
        "clerk": [assessed("clerk", {**WHOLE, 1: "E"})],
        "idle": [assessed("idle", {**WHOLE, 1: "A"})],
        "student": [assessed("student", {**WHOLE, 1: "A", 5: "A"})],
        "pension": [assessed("pension", {**WHOLE, 16: "D"})],
        "pension on margin": [assessed("pension on margin", {**WHOLE, 16: "D"})],
        "old company": [],
    }


@cache
def found() -> list[Row]:
    clients: dict[str, Row] = {
        "clerk": {"occupation": "civil_servant"}, "idle": {"occupation": "unemployed"},
        "student": {"occupation": "student"}, "59": born(59), "60": born(60), "69": born(69), "70": born(70),
        "17": born(17), "18": born(18), "all in one": {}, "nearly all": {}, "owes more": {},
        "closed": {**born(80), "population": "closed"},
        "old company": {**born(90), "client_kind": "company"},
    }  # fmt: skip
    read = tables(taken(), **clients)
    held: dict[str, Row] = {
        "all in one": {"largest_holding_share": Decimal("0.800001")},
        "nearly all": {"largest_holding_share": Decimal("0.8")},
        "old company": {"largest_holding_share": Decimal(1)},
        "pension on margin": {"debt_amount": Decimal(1), "assets_amount": Decimal(1)},
        "owes more": {"debt_amount": Decimal("100.01"), "assets_amount": Decimal(100)},
    }
    features = [{"client_id": row["client_id"], **held.get(row["client_id"], {})} for row in read["client"]]
    return flags(read, features)


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("plain", []),
        ("unanswered", ["unanswered"]),
        ("double", ["double_answered"]),
        ("no option", ["unknown_option"]),
        ("other form", ["unknown_version"]),
        ("raised", ["level_disagrees"]),
        ("two a day", []),
        ("ten a day", ["tests_30_days", "tests_a_day"]),
        ("four a month", ["tests_30_days"]),
        ("four in 31 days", []),
        ("jumped", ["jump"]),
        ("one level", []),
        ("long ago", []),
        ("fell", []),
        ("other age", ["age_answer"]),
        ("clerk", ["occupation_answer"]),
        ("idle", ["occupation_answer"]),
        ("student", ["occupation_answer", "occupation_answer"]),
        ("pension", ["pension"]),
        ("pension on margin", ["margin_with_pension", "pension"]),
        ("owes more", ["debt_above_assets"]),
        ("17", ["minor"]),
        ("18", []),
        ("59", []),
        ("60", ["elderly"]),
        ("69", ["elderly"]),
        ("70", ["second_person"]),
        ("all in one", ["concentrated"]),
        ("nearly all", []),
        ("closed", []),
        ("old company", []),
    ],
)
def test_r026_x18_each_thing_to_look_at_is_one_row(name: str, reasons: list[str]) -> None:
    assert named(found()).get(name, []) == reasons


def told(name: str, place: int = 0) -> tuple[str, str]:
    row = [row for row in found() if row["client_id"] == name][place]
    return tuple(sentence(FlagReason.of(row["flag_reason"]), row, language) for language in ("en", "zh"))  # type: ignore[return-value]  # two languages


def test_x18_ten_tests_a_day_are_told_with_the_limit_in_both_languages() -> None:
    assert told("ten a day", 1) == (
        f"Tests on {ago(5)}: 10; allowed: 2. The level must be the client's own (SAC guideline).",
        f"{ago(5)} 当日测评 10 次，上限 2 次：等级应反映客户真实情况（协会指引）。",
    )


def test_x18_a_jump_names_both_levels() -> None:
    assert told("jumped") == (
        "From C2 to C4 within 7 days: ask the client why (Art. 13, 21).",
        "7 天内由 C2 升至 C4：应向客户核实原因（第13、21条）。",
    )


def test_r026_a_contradiction_names_the_question_the_answer_and_the_known_fact() -> None:
    assert told("other age")[0] == (
        "Question 17, answer A: by the date of birth the client was 45 (Art. 6, 33)."
    )
    assert told("clerk") == (
        "Question 1, answer E, does not go with the occupation on file: Civil servant (Art. 6, 33).",
        "第 1 题答 E，与登记的职业“公务员”不符（第6、33条）。",
    )
    assert [row["question_no"] for row in found() if row["client_id"] == "student"] == [1, 5]


def test_r026_the_age_that_counts_is_that_of_the_day_of_the_answer() -> None:
    """Whoever was 50 then and is 51 now answered truly."""
    birthday = dt.date(AS_OF.year - 51, AS_OF.month, AS_OF.day - 1)
    given = {"wang": [assessed("wang", {**WHOLE, 17: "C"}, ago(10))]}
    assert named(flags(tables(given, wang={"birth_on": birthday}))) == {}
    given = {"wang": [assessed("wang", {**WHOLE, 17: "C"}, ago(1))]}
    assert named(flags(tables(given, wang={"birth_on": birthday}))) == {"wang": ["age_answer"]}


def test_r026_every_flag_names_an_article_a_guideline_or_the_firms_own_rule() -> None:
    for reason in FlagReason:
        assert any(word in reason.text.en for word in ("Art.", "SAC guideline", "the firm's own rule")), (
            reason
        )
        assert any(word in reason.text.zh for word in ("条）", "协会指引", "公司规则")), reason


def test_r026_nobody_is_flagged_by_what_is_not_known() -> None:
    read = tables({}, nobody={"birth_on": None}, li={"birth_on": ADULT})
    assert flags(read, [{"client_id": "li", "largest_holding_share": None}, {"client_id": "nobody"}]) == []
