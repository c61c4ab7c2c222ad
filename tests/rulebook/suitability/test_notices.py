"""Chapter 5, suitability. What was graded anew is owed until somebody told the client (R026, Art. 21)."""

import datetime as dt
from typing import Any

import pytest

from keepwell.engine.suitability.rules import suitability_notice
from tests.rulebook.suitability.answered import Row
from tests.small_firm import AS_OF, ago, answer

EARLIER = ago(3)


def owed(
    then: str, now: str, before: list[Row], acts: list[Row], **tables: Any
) -> list[tuple[str, str, dt.date]]:
    """What li is owed: level before and now, and since when."""
    rows = answer(
        suitability_notice,
        {
            "client_suitability": [level(now)],
            "parent_client_suitability": [level(then)],
            "client_record": [{"record_code": "li-1", "client_id": "li"}],
            "parent_suitability_notice": before,
            "returned_notice": acts,
            **tables,
        },
    )
    return [(row["level_before"], row["level_now"], row["owed_since_on"]) for row in rows]


def level(told: str) -> Row:
    return {"client_id": "li", "risk_level": told, "product_level_at_most": f"R{told[1]}"}


def notice(before: str, now: str, since: dt.date = EARLIER, **facts: Any) -> Row:
    told = {
        "client_id": "li",
        "notice_kind": "client_level",
        "product_code": "",
        "notice_reason": "client_level",
    }
    return {**told, "level_before": before, "level_now": now, "owed_since_on": since, **facts}


def act(since: dt.date = EARLIER, **facts: Any) -> Row:
    told = {"notice_key": "1", "client_id": "then", "record_code": "li-1", "notice_kind": "client_level"}
    when = {
        "owed_since_on": since,
        "told_on": since,
        "told_at": dt.datetime(2026, 11, 18, 3),  # noqa: DTZ001 - instants are UTC without a zone
        "channel": "phone",
    }
    return {**told, **when, **facts}


def test_r026_what_is_graded_anew_tonight_is_owed_since_tonight() -> None:
    assert owed("C2", "C3", [], []) == [("C2", "C3", AS_OF)]


def test_r026_what_nobody_told_is_still_owed_the_night_after() -> None:
    assert owed("C3", "C3", [notice("C2", "C3")], []) == [("C2", "C3", EARLIER)]


def test_r026_graded_twice_before_anybody_told_is_one_notice_from_what_the_client_last_knew() -> None:
    assert owed("C3", "C4", [notice("C2", "C3")], []) == [("C2", "C4", EARLIER)]


def test_r026_graded_back_before_anybody_told_is_not_owed() -> None:
    assert owed("C3", "C2", [notice("C2", "C3")], []) == []


def test_r026_what_was_told_is_not_owed_wherever_the_customer_number_went() -> None:
    assert owed("C3", "C3", [notice("C2", "C3")], [act()]) == []


def test_r026_what_is_graded_anew_after_it_was_told_is_owed_again() -> None:
    assert owed("C3", "C4", [notice("C2", "C3")], [act()]) == [("C3", "C4", AS_OF)]


@pytest.mark.parametrize(
    "other",
    [act(since=ago(9)), act(notice_kind="lowest_class"), act(record_code="wang-1"), act(product_code="A")],
)
def test_r026_an_act_on_something_else_settles_nothing(other: Row) -> None:
    assert owed("C3", "C3", [notice("C2", "C3")], [other]) == [("C2", "C3", EARLIER)]


@pytest.mark.parametrize(
    ("holdings", "n"), [([{"client_id": "li", "product_code": "A"}], 1), ([], 0)], ids=["held", "sold"]
)
def test_r026_a_product_is_told_of_as_long_as_it_is_held(holdings: list[Row], n: int) -> None:
    open_ = notice("R3", "R4", notice_kind="product_level", product_code="A", notice_reason="product_level")
    goods = [{"product_code": "A", "product_level": "R4"}]
    tables = {
        "product_suitability": goods, "parent_product_suitability": goods, "client_holding": holdings,
    }  # fmt: skip
    assert owed("C2", "C2", [open_], [], **tables) == [("R3", "R4", EARLIER)] * n
    told = act(notice_kind="product_level", product_code="A")
    assert owed("C2", "C2", [open_], [told], **tables) == []
