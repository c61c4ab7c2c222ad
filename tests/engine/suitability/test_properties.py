"""Levels by the answers are monotone, the same whatever the order of rows, and what the marks of the pack say."""

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.contract.codes import RiskLevel
from tests.rulebook.suitability.answered import VERSION, Row, assessed, classes, flags, level, score, tables
from tests.small_firm import ago

SHEETS = st.fixed_dictionaries(
    {
        q.no: (
            st.sets(st.sampled_from(q.letters), min_size=1).map(lambda chosen: "".join(sorted(chosen)))
            if q.is_multiple
            else st.sampled_from(q.letters)
        )
        for q in VERSION.questions
    }
)
CASES = st.lists(st.tuples(SHEETS, st.integers(1, len(VERSION.questions)), st.randoms()), max_size=8)


def raised(answers: dict[int, str], no: int, chance: random.Random) -> dict[int, str]:
    """The sheet with one answer exchanged for one with a mark at least as high."""
    marks = {one.option: one.mark for one in VERSION.questions[no - 1].options}
    now = max(marks[letter] for letter in answers[no])
    return {**answers, no: chance.choice([letter for letter, mark in marks.items() if mark >= now])}


def decided(sheets: list[dict[int, str]], chance: random.Random | None = None) -> dict[str, Row]:
    given: dict[str, list[Any]] = {
        f"client {place}": [assessed(f"client {place}", one, questionnaire_code=f"Q{place}")]
        for place, one in enumerate(sheets)
    }
    read = tables(given)
    if chance:
        read = {name: chance.sample(rows, len(rows)) for name, rows in read.items()}
    return classes(read)


def rank(found: Row) -> int:
    return list(RiskLevel).index(RiskLevel(found["computed_level"]))


@settings(max_examples=15, deadline=None)
@given(CASES)
def test_r026_raising_the_mark_of_an_answer_never_lowers_the_level(cases: list[Any]) -> None:
    before = decided([answers for answers, _, _ in cases])
    after = decided([raised(answers, no, chance) for answers, no, chance in cases])
    assert all(rank(before[name]) <= rank(after[name]) for name in before)
    scores = [(before[name]["computed_score"], after[name]["computed_score"]) for name in before]
    assert all(low <= high for low, high in scores)


@settings(max_examples=15, deadline=None)
@given(st.lists(SHEETS, max_size=8))
def test_r026_the_level_is_what_marks_and_cuts_of_the_pack_say(sheets: list[dict[int, str]]) -> None:
    found = decided(sheets)
    for place, answers in enumerate(sheets):
        row = found[f"client {place}"]
        assert (row["computed_score"], row["computed_level"]) == (score(answers), level(score(answers)))
        assert row["level_reason"] == "agrees"


@settings(max_examples=10, deadline=None)
@given(st.lists(SHEETS, max_size=8), st.randoms(use_true_random=False))
def test_r242_the_order_of_rows_decides_nothing(sheets: list[dict[int, str]], chance: random.Random) -> None:
    assert decided(sheets, chance) == decided(sheets) == decided(sheets)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 40), st.sampled_from(RiskLevel)), min_size=1, max_size=8), st.randoms()
)
def test_x18_more_tests_never_take_a_flag_of_repeated_tests_away(
    taken: list[tuple[int, RiskLevel]], chance: random.Random
) -> None:
    """Another test on the day of the latest adds to what is counted, whatever the order of the files."""
    last = min(days for days, _ in taken)
    rows = [assessed("wang", None, ago(days), risk_level=str(level)) for days, level in taken]
    more = [*rows, assessed("wang", None, ago(last), risk_level="C3")]

    def repeated(tests: list[Any]) -> set[str]:
        read = tables({"wang": chance.sample(tests, len(tests))})
        return {row["flag_reason"] for row in flags(read) if row["flag_reason"].startswith("tests_")}

    assert repeated(rows) <= repeated(more)
