"""Chapter 6, continued. What people decide instead of the rules, for a time (R235): the rules go on beside it.

One proposes, another approves; it ends on the day it names, after 180 days at the latest. A service type is never
bolder than the declared level allows.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.contract.reasons.grading import GradeReason, ServiceTypeReason
from keepwell.contract.reasons.sentence import sentence
from keepwell.engine.grading.rules import client_grade
from tests.rulebook.grading.test_grade import facts, held, month_ends
from tests.small_firm import AS_OF, answer, client

DAY = dt.timedelta(days=1)
AT = dt.datetime(2026, 11, 2, 1)  # noqa: DTZ001 - instants are UTC without a zone in Arrow


def override(value: str, key: str = "7", **more: Any) -> dict[str, Any]:
    field = "grade" if value in ("strategic", "important", "regular", "basic") else "service_type"
    who = {"proposed_by": "lead", "approved_by": "head", "approved_role": "branch_head", "approved_at": AT}
    when = {"starts_on": AS_OF - 10 * DAY, "expires_on": AS_OF + 30 * DAY}
    act = {"override_key": key, "client_id": "someone else then", "record_code": "R1"}
    return {**act, "field": field, "value": value, **who, **when, **more}


def judged(
    *acts: dict[str, Any], feature: dict[str, Any] | None = None, as_of: dt.date = AS_OF, **tables: Any
) -> dict[str, Any]:
    """The one client, with 60,000 of assets (regular by rule) and level C3 (balanced) unless said otherwise."""
    known = {
        "client": [client("wang")],
        "client_record": [{"record_code": "R1", "client_id": "wang"}],
        "client_feature": [feature or facts(assets="60000", risk_level="C3")],
        "returned_override": list(acts),
        **tables,
    }
    (row,) = answer(client_grade, known, as_of)
    return row


def test_r235_an_approved_override_in_force_is_the_grade_and_says_who_and_until_when() -> None:
    row = judged(override("strategic"))
    assert (row["grade"], row["grade_reason"], row["ruled_grade"]) == ("strategic", "overridden", "regular")
    assert sentence(GradeReason.OVERRIDDEN, row, "en") == (
        "By people until 2026-12-20, approved by Branch manager (override 7). By rule: Regular."
    )
    assert sentence(GradeReason.OVERRIDDEN, row, "zh") == (
        "由人改判，营业部负责人批准，2026-12-20 到期（编号 7）。按规则为：常规。"
    )


def test_r235_without_an_override_nothing_stands_beside_the_grade() -> None:
    row = judged()
    assert (row["grade"], row["grade_reason"]) == ("regular", "by_assets")
    beside = ("ruled_grade", "ruled_on", "ruled_service_type", "grade_override_key", "type_override_key")
    assert [row[name] for name in beside] == [None] * 5


@pytest.mark.parametrize(
    "when",
    [
        {"expires_on": AS_OF},
        {"starts_on": AS_OF + DAY},
        {"starts_on": AS_OF - 180 * DAY, "expires_on": AS_OF + 400 * DAY},
        {"record_code": "R9"},
    ],
    ids=["over", "not begun", "longer than the pack allows", "nobody's record"],
)
def test_r235_an_override_that_is_not_in_force_has_no_effect(when: dict[str, Any]) -> None:
    assert judged(override("strategic", **when)) == judged()


def test_r235_it_holds_on_its_last_day_and_ends_by_itself() -> None:
    last = {"starts_on": AS_OF - 179 * DAY, "expires_on": AS_OF + 400 * DAY}
    row = judged(override("strategic", **last))
    assert (row["grade"], row["grade_override_ends_on"]) == ("strategic", AS_OF + DAY)


def test_r235_of_two_the_one_approved_last_counts() -> None:
    later = override("basic", key="8", approved_at=AT + DAY)
    assert judged(override("strategic"), later)["grade"] == "basic"


def test_r027_an_override_leaves_the_hysteresis_of_the_rules_untouched() -> None:
    """Set strategic for a while, the client falls back at once when it ends: the rule never gave that grade."""
    first = judged(override("strategic"), parent_client_grade=[held("regular")])
    assert (first["ruled_on"], first["graded_on"]) == (dt.date(2026, 1, 5), AS_OF)
    after = AS_OF + 31 * DAY
    row = judged(as_of=after, parent_client_grade=[first])
    assert (row["grade"], row["parent_grade"], row["graded_on"]) == ("regular", "strategic", after)


def test_r027_a_grade_kept_by_rule_is_kept_through_an_override() -> None:
    """Important by rule since January, now below its cut: kept until two month-ends say so, whatever people set."""
    poor = facts(assets="460000", risk_level="C3")
    given_tables = {
        "client_month": month_ends("470000", "460000"),
        "parent_client_grade": [held("important")],
    }
    first = judged(override("basic"), feature=poor, **given_tables)
    assert (first["grade"], first["ruled_grade"], first["ruled_on"]) == (
        "basic",
        "important",
        dt.date(2026, 1, 5),
    )
    again = judged(feature=poor, **{**given_tables, "parent_client_grade": [first]}, as_of=AS_OF + DAY)
    assert (again["grade"], again["grade_reason"]) == ("important", "kept")


def test_r020_while_an_override_stands_its_date_stays() -> None:
    first = judged(override("strategic"), parent_client_grade=[held("regular")])
    row = judged(override("strategic"), parent_client_grade=[first], as_of=AS_OF + DAY)
    assert (row["graded_on"], row["ruled_on"]) == (AS_OF, dt.date(2026, 1, 5))


def test_r026_a_more_careful_type_may_be_set() -> None:
    row = judged(override("cautious"))
    assert (row["service_type"], row["served_as"], row["ruled_service_type"]) == (
        "cautious",
        "cautious",
        "balanced",
    )
    assert sentence(ServiceTypeReason.OVERRIDDEN, row, "en") == (
        "By people until 2026-12-20, approved by Branch manager (override 7). By rule: Steady."
    )


@pytest.mark.parametrize("level", ["C3", None])
def test_r026_a_type_bolder_than_the_declared_level_is_not_taken_and_that_is_said(level: str | None) -> None:
    row = judged(override("enterprising"), feature=facts(assets="60000", risk_level=level))
    assert row["service_type"] == ("balanced" if level else "unassessed")
    assert row["service_type_reason"] == "above_level"
    told = sentence(ServiceTypeReason.ABOVE_LEVEL, row, "en")
    assert told == f"Override 7 is bolder than risk level {level or '—'} allows: the type by rule stands."


ACTS = st.lists(
    st.builds(
        lambda value, key, begun, lasts, on: override(
            value,
            key=f"{key}",
            starts_on=AS_OF - begun * DAY,
            expires_on=AS_OF + (lasts - begun) * DAY,
            approved_at=AT + on * DAY,
        ),
        st.sampled_from(["strategic", "basic", "cautious", "enterprising"]),
        st.integers(1, 99),
        st.integers(-3, 30),
        st.integers(1, 60),
        st.integers(0, 2),
    ),
    unique_by=lambda row: row["override_key"],
    max_size=5,
)


@settings(max_examples=20)
@given(ACTS, st.randoms(use_true_random=False))
def test_r242_neither_the_order_of_overrides_nor_those_without_force_decide_anything(
    acts: Sequence[dict[str, Any]], chance: Any
) -> None:
    row, turned = judged(*acts), list(acts)
    chance.shuffle(turned)
    assert judged(*turned) == row
    in_force = [act for act in acts if act["starts_on"] <= AS_OF < act["expires_on"]]
    assert judged(*in_force) == row
