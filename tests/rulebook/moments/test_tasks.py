"""Chapter 9, continued. One client and one occasion are one task, however many rules speak of it (R104, R145)."""

import datetime as dt
from typing import Any

import pytest

from keepwell.engine.moments.rules import moment, moment_fired
from tests.small_firm import AS_OF, ago, answer, client, yuan

DAY = dt.timedelta(days=1)
NEXT = AS_OF + DAY
LARGE = {"outflow_7d_amount": yuan(200_000), "largest_outflow_7d_on": ago(1)}
TURNED = {"largest_outflow_on": ago(1), "net_outflow_30d_share": yuan("0.45")}
STAYS_AWAY = {"last_login_on": ago(28), "n_logins_30d": 1}
Rows = list[dict[str, Any]]


def fired(
    facts: dict[str, Any],
    reason: str = "",
    *,
    before: Rows = (),  # type: ignore[assignment]  # no run before
    as_of: dt.date = AS_OF,
    acts: Rows = (),  # type: ignore[assignment]  # nobody did anything
) -> Rows:
    """What is found for a client with these facts; with a reason the client became inclined to leave tonight."""
    assets = {"assets_amount": yuan(200_000), "net_assets_60d_amount": yuan(500_000)}
    state = {"activity_state": "leaving" if reason else "active", "activity_reason": reason or None}
    tables = {
        "client": [client("wang")],
        "client_record": [{"record_code": "wang-1", "client_id": "wang"}],
        "client_feature": [{"client_id": "wang", **assets, **facts}],
        "client_grade": [{"client_id": "wang", "parent_activity_state": "active", **state}],
        "returned_outcome": list(acts),
        "parent_moment_fired": list(before),
    }
    return answer(moment_fired, tables, as_of)


def listed(rows: Rows) -> Rows:
    return answer(moment, {"moment_fired": rows, "client": [client("wang", manager_code="M7")]})


def tasks(rows: Rows) -> set[str]:
    return {f"{row['task_rule']}/{row['task_occasion']}" for row in rows}


def done(task: str, at: dt.datetime) -> dict[str, Any]:
    rule, _slash, occasion = task.partition("/")
    act = {"item_key": task, "client_id": "wang", "record_code": "wang-1", "staff_code": "S7"}
    return {**act, "rule": rule, "occasion": occasion, "outcome": "reached", "decided_at": at}


OUTFLOW_TASK = f"large_outflow/{ago(1)}"


def test_r104_an_outflow_and_the_state_it_brings_are_one_task_with_both_reasons() -> None:
    rows = fired({**LARGE, **TURNED}, "outflow")
    assert {row["rule"] for row in rows} == {"large_outflow", "leaving"}
    assert tasks(rows) == {OUTFLOW_TASK}
    (task,) = listed(rows)
    assert (task["rule"], task["occasion"]) == ("large_outflow", str(ago(1)))
    assert (task["moment_reason"], task["fact_amount"]) == ("large_outflow", 200_000)
    assert (task["also_rule"], task["also_reason"]) == ("leaving", "moves_out")
    assert (task["also_on"], task["also_share"]) == (ago(1), yuan("0.45"))


def test_r104_the_one_task_has_the_nearest_deadline_and_the_first_priority() -> None:
    (task,) = listed(fired({**LARGE, **TURNED}, "outflow"))
    assert (task["due_on"], task["calendar_kind"], task["term"]) == (
        dt.date(2026, 11, 24),
        "trading",
        "promised",
    )
    assert task["priority"] == 20
    assert task["expires_on"] == AS_OF + 30 * DAY  # the longer of both


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0)])
def test_r104_what_is_found_the_next_night_joins_the_task_begun(first: int, second: int) -> None:
    """R104: whichever rule was first names the task, and the name stays."""
    found: list[tuple[dict[str, Any], str]] = [({**LARGE, **STAYS_AWAY}, ""), (STAYS_AWAY, "fewer_logins")]
    began = fired(*found[first])
    (task,) = tasks(began)
    facts, reason = found[second]
    rows = fired(facts, reason or "fewer_logins", before=began, as_of=NEXT)
    assert tasks(rows) == {task}
    (one,) = listed(rows)
    assert f"{one['rule']}/{one['occasion']}" == task
    assert {one["rule"], one["also_rule"]} == {"large_outflow", "leaving"}
    again = fired(facts, reason or "fewer_logins", before=rows, as_of=NEXT)
    assert again == rows


def test_r104_who_spoke_with_the_client_is_not_sent_again_for_what_was_before() -> None:
    began = fired(LARGE)
    spoken = done(OUTFLOW_TASK, dt.datetime(2026, 11, 20, 3))  # noqa: DTZ001 - instants are UTC without a zone in Arrow
    rows = fired({**LARGE, **TURNED}, "outflow", before=began, as_of=NEXT, acts=[spoken])
    assert len(rows) == 2
    assert not any(row["is_open"] for row in rows)
    assert listed(rows) == []


def test_r145_what_leaves_after_the_talk_is_a_task_of_its_own() -> None:
    began = fired(STAYS_AWAY, "fewer_logins")
    (task,) = tasks(began)
    spoken = done(task, dt.datetime(2026, 11, 20, 3))  # noqa: DTZ001 - instants are UTC without a zone in Arrow
    moved = {**LARGE, "largest_outflow_7d_on": NEXT}
    rows = fired(moved, "fewer_logins", before=began, as_of=NEXT, acts=[spoken])
    assert [(row["rule"], row["occasion"]) for row in listed(rows)] == [("large_outflow", str(NEXT))]


def test_r145_after_the_time_of_repetition_it_is_another_going_away() -> None:
    began = fired(STAYS_AWAY, "fewer_logins")
    for days, n in ((29, 1), (30, 2)):
        later = AS_OF + days * DAY
        moved = {**LARGE, **STAYS_AWAY, "largest_outflow_7d_on": later}
        assert len(tasks(fired(moved, "fewer_logins", before=began, as_of=later))) == n


def test_r104_what_is_put_off_is_put_off_with_all_its_reasons() -> None:
    rows = fired({**LARGE, **TURNED}, "outflow")
    until = AS_OF + 3 * DAY
    later = {**done(OUTFLOW_TASK, dt.datetime(2026, 11, 20, 3)), "outcome": "snoozed", "until_on": until}  # noqa: DTZ001 - instants are UTC without a zone in Arrow
    again = fired({**LARGE, **TURNED}, "outflow", before=rows, as_of=NEXT, acts=[later])
    assert [row["put_off_until_on"] for row in listed(again)] == [until]
