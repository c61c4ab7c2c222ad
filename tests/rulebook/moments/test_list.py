"""Chapter 9, continued. The list of the morning: owner, channel, topic, priority and deadline (R234, R104)."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.contract.codes import MomentRule
from keepwell.engine.moments.rules import moment
from keepwell.policy.lookup import due_of
from keepwell.policy.packs import load_packs
from tests.small_firm import AS_OF, answer, client

PACKS = load_packs(AS_OF)


def found(rule: str, on: dt.date = AS_OF, **facts: Any) -> dict[str, Any]:
    reason = {"asleep": "fell_asleep", "id_expiry": "id_expires", "large_outflow": "large_outflow"}.get(
        rule, "birthday"
    )
    given = {"client_id": "wang", "rule": rule, "occasion": f"{rule}/{on}", "moment_reason": reason}
    given |= {"task_rule": rule, "task_occasion": f"{rule}/{on}"}
    return {**given, "fired_on": on, "expires_on": on + dt.timedelta(days=9), "is_open": True, **facts}


def listed(*rows: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    tables = {"moment_fired": list(rows), "client": [client("wang", manager_code="M7")]}
    return answer(moment, tables, **options)


def test_r104_the_list_names_manager_topic_channel_and_priority_of_the_pack() -> None:
    (row,) = listed(found("large_outflow"))
    assert (row["manager_code"], row["owner_role"], row["channel"]) == ("M7", "manager", "phone")
    assert (row["topic_en"], row["topic_zh"]) == ("Large outflow: offer help", "大额资产转出关怀")
    assert (row["moment_kind"], row["priority"], row["is_capped"]) == ("care", 20, True)
    assert row["policy_version"].startswith("moments 1.0+")


def test_r104_legal_duties_pass_the_contact_cap() -> None:
    (row,) = listed(found("id_expiry"))
    assert (row["moment_kind"], row["is_capped"]) == ("legal", False)


TERMS = {
    "product_maturity": "promised",
    "large_outflow": "promised",
    "asleep": "promised",
    "leaving": "promised",
    "assessment_expiry": "legal",
    "id_expiry": "legal",
    "birthday": "window",
    "new_client": "promised",
}


def test_r234_a_rule_has_a_legal_or_a_promised_deadline_or_a_window_that_is_never_due() -> None:
    assert {str(rule) for rule in MomentRule} == set(TERMS)
    for rule, term in TERMS.items():
        (row,) = listed(found(rule, fact_on=AS_OF + dt.timedelta(days=1)))
        is_window = term == "window"
        assert row["term"] == term
        assert (row["due_on"] is None, row["calendar_kind"] is None) == (is_window, is_window)
        assert not row["due_is_provisional"]


def test_r104_what_is_over_is_not_listed() -> None:
    assert listed(found("asleep", is_open=False)) == []


@pytest.mark.parametrize(
    ("rule", "on", "due_on"),
    [
        ("large_outflow", dt.date(2026, 9, 30), dt.date(2026, 10, 9)),
        ("leaving", dt.date(2026, 9, 30), dt.date(2026, 10, 10)),
        ("id_expiry", dt.date(2026, 9, 30), dt.date(2026, 10, 30)),
    ],
)
def test_r234_deadlines_count_trading_working_or_natural_days(
    rule: str, on: dt.date, due_on: dt.date
) -> None:
    (row,) = listed(found(rule, on))
    assert (row["due_on"], row["due_is_provisional"]) == (due_on, False)


def test_r234_beyond_the_loaded_years_a_deadline_is_provisional() -> None:
    (row,) = listed(found("asleep", dt.date(2026, 12, 24)))
    assert (row["due_on"], row["due_is_provisional"]) == (dt.date(2026, 12, 31), True)


def test_r234_a_deadline_of_zero_days_is_the_same_or_the_next_counted_day(firm_packs: Any) -> None:
    packs = firm_packs("moments", '{ n = 2, calendar = "trading" }', '{ n = 0, calendar = "trading" }')
    friday, saturday = found("large_outflow"), found("large_outflow", AS_OF + dt.timedelta(days=1))
    rows = listed(friday, saturday, packs=packs)
    assert [row["due_on"] for row in rows] == [AS_OF, AS_OF + dt.timedelta(days=3)]


@pytest.mark.parametrize(
    ("days_ahead", "due_on", "is_provisional"),
    [(7, 7, False), (30, 30, False), (31, 30, False), (-7, 30, False), (0, 30, False)],
)
def test_r103_a_reminder_is_due_no_later_than_the_day_it_speaks_of(
    days_ahead: int, due_on: int, is_provisional: bool
) -> None:
    (row,) = listed(found("id_expiry", fact_on=AS_OF + dt.timedelta(days=days_ahead)))
    assert row["due_on"] == AS_OF + dt.timedelta(days=due_on)
    assert row["due_is_provisional"] is is_provisional


def test_r234_a_day_spoken_of_ends_what_would_be_provisional() -> None:
    found_late = dt.date(2026, 12, 24)
    (row,) = listed(found("asleep", found_late, fact_on=dt.date(2026, 12, 30)))
    assert (row["due_on"], row["due_is_provisional"]) == (dt.date(2026, 12, 30), False)


@given(
    st.lists(
        st.tuples(st.sampled_from(MomentRule), st.dates(dt.date(2023, 1, 1), AS_OF)), unique=True, max_size=40
    )
)
def test_r234_engine_and_desk_count_the_same_deadline(drawn: list[tuple[MomentRule, dt.date]]) -> None:
    rows = listed(*(found(str(rule), on) for rule, on in drawn))
    assert len(rows) == len(drawn)
    for row in rows:
        due = due_of(PACKS.moments, PACKS.calendars, MomentRule(row["rule"]), row["fired_on"])
        if due is None:
            assert (row["term"], row["due_on"]) == ("window", None)
            continue
        assert (row["due_on"], row["due_is_provisional"]) == (due.on, due.is_provisional)
