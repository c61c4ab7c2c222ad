"""Chapter 7. What the client is doing (R030, R145): lost, inclined to leave, asleep, hesitating, active.

Of several states that hold, the first in the signed order is the state. 沉睡 (asleep) is what the client does;
休眠 (dormant) is the status of an account and plays no part here.
"""

import datetime as dt
from typing import Any

import pytest

from keepwell.contract.reasons.grading import ActivityReason
from keepwell.contract.reasons.sentence import sentence
from keepwell.engine.grading.rules import client_grade
from tests.small_firm import AS_OF, ago, answer, client, yuan

BUSY = {"days_since_trade": 1, "days_since_seen": 1, "n_trades_ever": 50, "tenure_days": 2000}


def classed(parent: list[dict[str, Any]] | None = None, **facts: Any) -> dict[str, Any]:
    feature = {"client_id": "wang", "assets_amount": yuan(100_000), **BUSY, **facts}
    tables = {"client": [client("wang")], "client_feature": [feature], "parent_client_grade": parent or []}
    (row,) = answer(client_grade, tables)
    return row


def state(**facts: Any) -> str:
    return str(classed(**facts)["activity_state"])


def outflow(share: str, amount: str) -> dict[str, Any]:
    return {"outflow_30d_amount": yuan(amount), "net_outflow_30d_share": yuan(share)}


def test_r030_who_trades_and_looks_in_is_active() -> None:
    assert classed()["activity_reason"] == "trades_or_logins"
    assert state() == "active"


@pytest.mark.parametrize(
    ("days_since_trade", "days_since_seen", "expected"),
    [(90, 60, "asleep"), (89, 60, "active"), (90, 59, "active"), (365, 365, "asleep")],
)
def test_r030_asleep_is_ninety_days_without_trade_and_sixty_unseen(
    days_since_trade: int, days_since_seen: int, expected: str
) -> None:
    assert state(days_since_trade=days_since_trade, days_since_seen=days_since_seen) == expected


def test_r030_who_never_traded_nor_came_is_measured_from_the_opening() -> None:
    never = {"days_since_trade": None, "days_since_seen": None, "n_trades_ever": 0}
    assert state(**never, tenure_days=90) == "asleep"
    assert state(**never, tenure_days=89) == "active"


@pytest.mark.parametrize(
    ("assets", "days", "expected"),
    [("100.00", 365, "lost"), ("100.01", 365, "asleep"), ("100.00", 364, "asleep")],
)
def test_r030_lost_is_next_to_nothing_left_and_a_year_of_silence(
    assets: str, days: int, expected: str
) -> None:
    assert state(assets_amount=yuan(assets), days_since_trade=days, days_since_seen=days) == expected


@pytest.mark.parametrize(
    ("share", "amount", "expected"),
    [
        ("0.300000", "10000.00", "leaving"),
        ("0.299999", "10000.00", "active"),
        ("0.300000", "9999.99", "active"),
        ("0.900000", "500.00", "active"),
    ],
)
def test_r145_leaving_is_a_large_net_outflow_by_share_and_amount(
    share: str, amount: str, expected: str
) -> None:
    assert state(**outflow(share, amount)) == expected


def test_r145_money_that_comes_back_is_no_outflow() -> None:
    assert state(**outflow("0.5", "20000"), inflow_30d_amount=yuan("10000.01")) == "active"


@pytest.mark.parametrize(
    ("usual", "now", "expected"),
    [("4.00", 1, "leaving"), ("4.00", 2, "active"), ("3.99", 0, "active"), ("20.00", 5, "leaving")],
)
def test_r145_leaving_is_a_quarter_of_the_own_usual_logins(usual: str, now: int, expected: str) -> None:
    assert state(usual_logins_30d=yuan(usual), n_logins_30d=now) == expected


def test_r145_without_a_habit_nothing_can_break_off() -> None:
    assert state(usual_logins_30d=None, n_logins_30d=0) == "active"


def asked(**facts: Any) -> str:
    return state(**{"n_trades_ever": 0, "days_since_trade": None, **facts})


@pytest.mark.parametrize("fact", ["assessed_on", "last_enquiry_on", "last_permission_asked_on"])
def test_r112_hesitating_is_having_asked_lately_without_buying(fact: str) -> None:
    assert asked(**{fact: ago(29)}) == "hesitating"
    assert asked(**{fact: ago(30)}) == "active"


def test_r112_a_purchase_since_then_ends_the_hesitation() -> None:
    assert asked(assessed_on=ago(5), last_bought_on=ago(5)) == "active"
    assert asked(assessed_on=ago(5), last_bought_on=ago(6)) == "hesitating"


def test_r112_who_traded_more_than_three_times_does_not_hesitate() -> None:
    assert asked(assessed_on=ago(5), n_trades_ever=3) == "hesitating"
    assert asked(assessed_on=ago(5), n_trades_ever=4) == "active"


def test_r030_the_first_state_in_the_signed_order_counts() -> None:
    silent = {"days_since_trade": 400, "days_since_seen": 400}
    assert state(**silent, **outflow("0.9", "50000")) == "leaving"
    assert state(**silent, **outflow("0.9", "50000"), assets_amount=yuan(0)) == "lost"
    assert state(**silent, assessed_on=ago(3), n_trades_ever=1) == "asleep"


def test_r030_a_firm_may_sign_another_order(firm_packs: Any) -> None:
    packs = firm_packs("activity", '"lost", "leaving", "asleep"', '"lost", "asleep", "leaving"')
    feature = {
        "client_id": "wang",
        "days_since_trade": 100,
        "days_since_seen": 100,
        "assets_amount": yuan(10_000),
    }
    tables = {"client": [client("wang")], "client_feature": [{**feature, **outflow("0.9", "50000")}]}
    (row,) = answer(client_grade, tables, packs=packs)
    assert row["activity_state"] == "asleep"


def test_r104_a_state_has_the_day_it_began() -> None:
    before = {
        "client_id": "wang",
        "activity_state": "active",
        "activity_since_on": ago(40),
        "graded_on": ago(40),
    }
    assert classed([before])["activity_since_on"] == ago(40)
    assert classed([before], **outflow("0.5", "50000"))["activity_since_on"] == AS_OF
    assert classed([before])["parent_activity_state"] == "active"


def test_r242_the_reason_is_told_with_the_clients_own_numbers() -> None:
    facts = {"usual_logins_30d": yuan("11.00"), "n_logins_30d": 2}
    reason = ActivityReason(classed(**facts)["activity_reason"])
    assert sentence(reason, facts, "en") == "Logged in on 2 of the last 30 days, usually 11.00."


def test_r230_a_pack_that_asks_for_a_window_no_feature_has_is_refused(firm_packs: Any) -> None:
    packs = firm_packs("activity", "outflow_window_days = 30", "outflow_window_days = 45")
    tables = {"client": [client("wang")], "client_feature": [{"client_id": "wang"}]}
    with pytest.raises(ValueError, match=r"outflow_window_days: found 45"):
        answer(client_grade, tables, packs=packs)


def test_r030_the_cut_is_the_only_clock() -> None:
    later = AS_OF + dt.timedelta(days=30)
    feature = {"client_id": "wang", **BUSY, "n_trades_ever": 0, "assessed_on": ago(10)}
    tables = {"client": [client("wang")], "client_feature": [feature]}
    assert answer(client_grade, tables)[0]["activity_state"] == "hesitating"
    assert answer(client_grade, tables, later)[0]["activity_state"] == "active"


@pytest.mark.parametrize(
    "unknown",
    [{"n_trades_ever": None}, {"n_logins_30d": None, "outflow_30d_amount": None}],
    ids=["no trades", "neither log-ins nor flows"],
)
def test_r030_silence_that_nobody_delivers_is_neither_sleep_nor_loss(unknown: dict[str, Any]) -> None:
    silent = {"days_since_trade": None, "days_since_seen": None, "assets_amount": yuan(0), **unknown}
    row = classed(**silent)
    assert (row["activity_state"], row["activity_reason"]) == ("active", "not_delivered")
    known = dict.fromkeys(unknown, 0)
    assert state(**{**silent, **known}) == "lost"


def test_r030_one_sign_of_life_is_enough_to_hear_silence() -> None:
    silent = {"days_since_trade": 200, "days_since_seen": 200}
    assert state(**silent, n_logins_30d=None) == "asleep"
    assert state(**silent, outflow_30d_amount=None) == "asleep"


def test_r030_little_experience_cannot_be_told_without_trades() -> None:
    asked = {"assessed_on": ago(3), "n_trades_ever": None, "last_bought_on": None}
    assert classed(**asked)["activity_reason"] == "not_delivered"


def test_r231_days_that_never_were_are_said_in_words() -> None:
    """R231: a client who never traded: a dash in the middle of a sentence reads as a fault of the page."""
    row = {"last_trade_on": None, "last_seen_on": None}
    said = sentence(ActivityReason.NO_TRADE_NO_LOGIN, row, "zh-hans")
    assert said == "最近成交 无记录，最近登录或资金往来 无记录。"
    assert "none on record" in sentence(ActivityReason.NO_TRADE_NO_LOGIN, row, "en")
