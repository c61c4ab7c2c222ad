"""Chapter 9, continued. Occasions in what clients do (R102, R145): large outflow, falling asleep, inclined to leave."""

import datetime as dt
from typing import Any

import pytest

from keepwell.engine.moments.rules import moment_fired
from tests.small_firm import AS_OF, ago, answer, client, yuan

NEXT = AS_OF + dt.timedelta(days=1)


def fired(
    facts: dict[str, Any],
    state: dict[str, Any] | None = None,
    before: list[dict[str, Any]] | None = None,
    as_of: dt.date = AS_OF,
) -> list[dict[str, Any]]:
    """What the rules find for one client with these facts and this state, after a run that found ``before``."""
    feature = {
        "client_id": "wang",
        "assets_amount": yuan(200_000),
        "net_assets_60d_amount": yuan(500_000),
        **facts,
    }
    grade = {"client_id": "wang", "activity_state": "active", **(state or {})}
    tables = {
        "client": [client("wang")],
        "client_feature": [feature],
        "client_grade": [grade],
        "parent_moment_fired": before or [],
    }
    return answer(moment_fired, tables, as_of)


def outflow(amount: str, on: dt.date = AS_OF, inflow: str = "0") -> dict[str, Any]:
    return {"outflow_7d_amount": yuan(amount), "inflow_7d_amount": yuan(inflow), "largest_outflow_7d_on": on}


@pytest.mark.parametrize(
    ("amount", "inflow", "n"),
    [("150000.00", "0", 1), ("149999", "0", 0), ("400000", "250000", 1), ("400000", "250001", 0)],
)
def test_r145_a_large_outflow_is_net_and_measured_by_share(amount: str, inflow: str, n: int) -> None:
    assert len(fired(outflow(amount, inflow=inflow))) == n


def test_r145_a_small_sum_is_no_large_outflow_whatever_its_share() -> None:
    poor = {"net_assets_60d_amount": yuan(100_000)}
    assert fired({**outflow("100000.00"), **poor})
    assert not fired({**outflow("99999.99"), **poor})


def test_r145_the_outflow_is_told_with_its_facts() -> None:
    (row,) = fired(outflow("200000", on=ago(2)))
    assert (row["rule"], row["moment_reason"], row["occasion"]) == (
        "large_outflow",
        "large_outflow",
        "2026-11-18",
    )
    assert (row["fact_on"], row["fact_amount"], row["fact_share"]) == (ago(2), 200_000, yuan("0.4"))


ASLEEP = {"activity_state": "asleep", "activity_reason": "no_trade_no_login"}


def silent(trade: int, seen: int) -> dict[str, Any]:
    return {"last_trade_on": ago(trade), "last_seen_on": ago(seen)}


@pytest.mark.parametrize(
    ("trade", "seen", "n"),
    [(90, 60, 1), (96, 60, 1), (97, 66, 1), (97, 67, 0), (300, 300, 0)],
)
def test_r102_without_a_run_before_only_who_fell_asleep_within_a_week_is_found(
    trade: int, seen: int, n: int
) -> None:
    assert len(fired(silent(trade, seen), ASLEEP)) == n


def test_r102_after_a_run_before_whoever_was_awake_then_is_found() -> None:
    assert fired(silent(300, 300), {**ASLEEP, "parent_activity_state": "active"})
    assert not fired(silent(90, 60), {**ASLEEP, "parent_activity_state": "asleep"})


def test_r102_the_occasion_is_the_day_the_client_fell_asleep() -> None:
    (row,) = fired(silent(95, 62), ASLEEP)
    assert (row["occasion"], row["fact_on"], row["fact_days"]) == ("2026-11-18", ago(2), 62)


def test_r102_who_has_next_to_nothing_is_not_called() -> None:
    assert fired({**silent(90, 60), "assets_amount": yuan("1000.00")}, ASLEEP)
    assert not fired({**silent(90, 60), "assets_amount": yuan("999.99")}, ASLEEP)


def leaving(reason: str, before: str | None = "active") -> dict[str, Any]:
    return {"activity_state": "leaving", "activity_reason": reason, "parent_activity_state": before}


def test_r145_who_moves_out_is_found_with_the_share() -> None:
    facts = {"largest_outflow_on": ago(20), "net_outflow_30d_share": yuan("0.45")}
    (row,) = fired(facts, leaving("outflow"))
    assert (row["rule"], row["moment_reason"], row["occasion"]) == (
        "leaving",
        "moves_out",
        "outflow/2026-10-31",
    )
    assert row["fact_share"] == yuan("0.45")


def test_r145_who_stays_away_is_found_with_the_last_login() -> None:
    (row,) = fired({"last_login_on": ago(28), "n_logins_30d": 1}, leaving("fewer_logins"))
    assert (row["moment_reason"], row["occasion"], row["fact_days"]) == ("stays_away", "logins/2026-10-23", 1)


def test_r145_without_a_run_before_an_old_outflow_is_not_found() -> None:
    assert fired({"largest_outflow_on": ago(6)}, leaving("outflow", None))
    assert not fired({"largest_outflow_on": ago(7)}, leaving("outflow", None))


def test_r145_who_was_leaving_before_is_not_found_again() -> None:
    assert not fired({"largest_outflow_on": ago(1)}, leaving("outflow", "leaving"))


def test_r104_an_occasion_keeps_the_day_it_was_first_found() -> None:
    first = fired(outflow("200000"))
    (again,) = fired(outflow("200000"), before=first, as_of=NEXT)
    assert (again["fired_on"], again["occasion"]) == (AS_OF, first[0]["occasion"])


def test_r145_an_outflow_stays_on_the_list_until_it_expires() -> None:
    first = fired(outflow("200000"))
    (listed,) = fired({}, before=first, as_of=AS_OF + dt.timedelta(days=15))
    assert listed["is_open"]
    (over,) = fired({}, before=first, as_of=AS_OF + dt.timedelta(days=16))
    assert not over["is_open"]


def test_r104_a_second_outflow_within_thirty_days_is_no_second_call() -> None:
    first = fired(outflow("200000"))
    later = AS_OF + dt.timedelta(days=29)
    assert [row["fired_on"] for row in fired(outflow("300000", on=later), before=first, as_of=later)] == [
        AS_OF
    ]
    later = AS_OF + dt.timedelta(days=30)
    assert [row["fired_on"] for row in fired(outflow("300000", on=later), before=first, as_of=later)] == [
        later
    ]


def test_r145_a_second_withdrawal_of_one_move_is_told_in_the_first_task() -> None:
    """R145, R104: the key stays, so that what people did with it counts; the numbers are those of tonight."""
    first = fired(outflow("200000"))
    more = {**outflow("450000", on=NEXT), "net_assets_60d_amount": yuan(500_000)}
    (again,) = fired(more, before=first, as_of=NEXT)
    assert (again["occasion"], again["fired_on"]) == (str(AS_OF), AS_OF)
    assert (again["fact_on"], again["fact_amount"]) == (NEXT, 450_000)


def test_r102_who_wakes_up_leaves_the_list_and_is_remembered() -> None:
    first = fired(silent(90, 60), ASLEEP)
    (still,) = fired(silent(90, 60), {**ASLEEP, "parent_activity_state": "asleep"}, first, NEXT)
    assert still["is_open"]
    (awake,) = fired({}, {"activity_state": "active", "parent_activity_state": "asleep"}, first, NEXT)
    assert not awake["is_open"]


def test_r210_occasions_of_a_client_who_no_longer_exists_are_forgotten() -> None:
    gone = [{**row, "client_id": "merged away"} for row in fired(outflow("200000"))]
    assert fired({}, before=gone, as_of=NEXT) == []


def test_r145_nothing_fires_from_assets_that_nobody_delivers() -> None:
    unknown = {"net_assets_60d_amount": None, "assets_amount": None}
    assert not fired({**outflow("900000.00"), **unknown})
    assert not fired(unknown, {"activity_state": "asleep", "activity_reason": "no_trade_no_login"})
