"""Chapter 9, continued. What people made of an occasion at the desk counts the next night (R104): over, or put off."""

import datetime as dt
from typing import Any

import pytest

from keepwell.engine.moments.rules import moment, moment_fired
from tests.small_firm import AS_OF, ago, answer, client, yuan

DAY = dt.timedelta(days=1)
AT = dt.datetime(2026, 11, 20, 3)  # noqa: DTZ001 - instants are UTC without a zone in Arrow
OCCASION = str(ago(1))


def said(outcome: str, at: dt.datetime = AT, **more: Any) -> dict[str, Any]:
    """What somebody made of the client's large outflow of yesterday; the client was another one then."""
    act = {"item_key": f"large_outflow/{OCCASION}", "client_id": f"before {at}", "record_code": "wang-1"}
    task = {"rule": "large_outflow", "occasion": OCCASION, "outcome": outcome, "decided_at": at}
    return {**act, **task, "staff_code": "S7", **more}


def fired(
    *acts: dict[str, Any],
    before: list[dict[str, Any]] | None = None,
    as_of: dt.date = AS_OF,
    flows: bool = True,
) -> list[dict[str, Any]]:
    amount = yuan(400_000 if flows else 0)
    feature = {
        "client_id": "wang", "assets_amount": yuan(200_000), "net_assets_60d_amount": yuan(500_000),
        "outflow_7d_amount": amount, "largest_outflow_7d_on": ago(1),
    }  # fmt: skip
    tables = {
        "client": [client("wang")],
        "client_record": [{"record_code": "wang-1", "client_id": "wang"}],
        "client_feature": [feature],
        "client_grade": [{"client_id": "wang", "activity_state": "active"}],
        "returned_outcome": list(acts),
        "parent_moment_fired": before or [],
    }
    return answer(moment_fired, tables, as_of)


@pytest.mark.parametrize("outcome", ["reached", "done", "skipped"])
def test_r104_an_occasion_dealt_with_is_over_and_says_by_whom(outcome: str) -> None:
    reason = "no_need" if outcome == "skipped" else None
    (row,) = fired(said(outcome, reason=reason))
    assert (row["is_open"], row["settled_as"], row["settled_by"], row["settled_at"]) == (
        False,
        outcome,
        "S7",
        AT,
    )
    assert row["settled_reason"] == reason


def test_r104_it_is_not_found_again_the_next_night() -> None:
    done = said("done")
    first = fired(done)
    (again,) = fired(done, before=first, as_of=AS_OF + DAY)
    assert (again["is_open"], again["fired_on"]) == (False, AS_OF)
    (gone,) = fired(done, before=first, as_of=AS_OF + DAY, flows=False)
    assert (gone["is_open"], gone["settled_as"]) == (False, "done")


def test_r104_who_was_not_reached_stays_on_the_list() -> None:
    (row,) = fired(said("not_reached"))
    assert (row["is_open"], row["settled_as"]) == (True, "not_reached")


def test_r104_an_outcome_that_was_taken_back_never_was() -> None:
    (row,) = fired(said("done"), said("undone", AT + DAY))
    assert (row["is_open"], row["settled_as"]) == (True, None)


def test_r104_the_last_word_counts_also_when_two_clients_have_become_one() -> None:
    (row,) = fired(said("done"), said("not_reached", AT - DAY))
    assert row["settled_as"] == "done"


def test_r104_what_was_put_off_stays_until_that_day_however_long_the_rule_lists_it() -> None:
    until = AS_OF + 60 * DAY
    later = said("snoozed", until_on=until)
    (row,) = fired(later)
    assert (row["is_open"], row["put_off_until_on"], row["expires_on"]) == (True, until, until)
    (still,) = fired(later, before=[row], as_of=until, flows=False)
    assert still["is_open"]
    assert not any(one["is_open"] for one in fired(later, before=[still], as_of=until + DAY, flows=False))


def test_r104_what_was_put_off_and_then_done_is_over() -> None:
    put_off = said("snoozed", until_on=AS_OF + 9 * DAY)
    (row,) = fired(put_off, said("done", AT + DAY))
    assert (row["is_open"], row["put_off_until_on"]) == (False, None)


@pytest.mark.parametrize("other", [{"record_code": "li-1"}, {"occasion": "2026-01-01"}, {"rule": "promise"}])
def test_r104_an_outcome_of_something_else_changes_nothing(other: dict[str, Any]) -> None:
    assert fired(said("done", **other)) == fired()


def test_r104_the_list_of_the_morning_tells_until_when_something_is_put_off() -> None:
    until = AS_OF + 9 * DAY
    rows = answer(
        moment, {"moment_fired": fired(said("snoozed", until_on=until)), "client": [client("wang")]}
    )
    assert [row["put_off_until_on"] for row in rows] == [until]
    assert answer(moment, {"moment_fired": fired(said("skipped")), "client": [client("wang")]}) == []
