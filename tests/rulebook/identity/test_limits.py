"""Chapter 4, section 5. How many accounts: three of a kind in a market over the whole client, former ones apart."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from keepwell.engine.identity.rules import conflicts, limits
from keepwell.policy.packs import Packs
from tests.book import Rows, decide

AS_OF = dt.date(2026, 11, 20)
BEFORE, AFTER = dt.date(2016, 10, 14), dt.date(2016, 10, 15)
LATER = dt.date(2020, 1, 6)
Opened = list[dt.date]


def firm(*opened: dt.date, kind: str = "normal", market: str = "sh") -> dict[str, Rows]:
    """One client with an account a day of opening: S1 of the fund account F1 and the record R1, and so on."""
    return {
        "securities_account": [
            {"market": market, "securities_account_code": f"S{n}", "account_code": f"F{n}", "opened_on": on}
            for n, on in enumerate(opened, start=1)
        ],
        "client_account": [
            {
                "account_code": f"F{n}", "client_id": "C", "record_code": f"R{n}", "branch_code": f"B{n}",
                "account_kind": kind,
            }
            for n, _on in enumerate(opened, start=1)
        ],
    }  # fmt: skip


def limited(tables: dict[str, Rows], packs: Packs | None = None) -> list[dict[str, Any]]:
    rows = decide(limits.limited_account, tables, as_of=AS_OF, packs=packs)
    return sorted(rows, key=lambda row: row["nth"])


@pytest.mark.parametrize("n", [1, 3])
def test_r223_three_accounts_of_a_kind_in_a_market_are_allowed(n: int) -> None:
    assert limited(firm(*[LATER] * n)) == []


@pytest.mark.parametrize(
    ("opened", "reasons"),
    [
        ([BEFORE] * 4, ["within"] * 3 + ["grandfathered"]),
        ([BEFORE] * 5, ["within"] * 3 + ["grandfathered"] * 2),
        ([BEFORE] * 3 + [AFTER], ["within"] * 3 + ["over"]),
        ([AFTER] * 4, ["within"] * 3 + ["over"]),
        ([BEFORE] * 4 + [LATER], ["within"] * 3 + ["grandfathered", "over"]),
    ],
)
def test_r223_what_was_opened_before_the_limit_may_stay_what_came_after_is_over(
    opened: Opened, reasons: list[str]
) -> None:
    rows = limited(firm(*opened))
    assert [row["limit_reason"] for row in rows] == reasons
    assert [row["nth"] for row in rows] == list(range(1, len(opened) + 1))
    assert {row["n_open"] for row in rows} == {len(opened)}


def test_r223_the_whole_client_counts_over_numbers_and_branches() -> None:
    assert {(row["record_code"], row["branch_code"]) for row in limited(firm(*[LATER] * 4))} == {
        (f"R{n}", f"B{n}") for n in range(1, 5)
    }


def test_r223_other_markets_kinds_and_closed_accounts_do_not_count() -> None:
    two = firm(LATER, LATER)
    tables = {
        "securities_account": [
            *two["securities_account"],
            {"market": "sz", "securities_account_code": "S1", "account_code": "F1", "opened_on": LATER},
            {"market": "sh", "securities_account_code": "S3", "account_code": "F3", "opened_on": LATER},
            {"market": "sh", "securities_account_code": "S4", "account_code": "F1", "opened_on": LATER,
             "closed_on": AS_OF},
            {"market": "sh", "securities_account_code": "S5", "account_code": "F1",
             "opened_on": AS_OF + dt.timedelta(days=1)},
        ],
        "client_account": [
            *two["client_account"],
            {"account_code": "F3", "client_id": "C", "record_code": "R1", "account_kind": "credit"},
        ],
    }  # fmt: skip
    assert limited(tables) == []


IDLE = {"trade": [{"account_code": "F1", "traded_on": dt.date(2023, 11, 20)}]}


@pytest.mark.parametrize(
    ("facts", "is_idle"),
    [
        (IDLE, True),
        ({}, True),
        ({"trade": [{"account_code": "F1", "traded_on": dt.date(2023, 11, 21)}]}, False),
        ({**IDLE, "daily_asset": [("100.00", AS_OF)]}, True),
        ({**IDLE, "daily_asset": [("100.01", AS_OF)]}, False),
        ({**IDLE, "daily_asset": [("900", BEFORE), ("3", AS_OF)]}, True),
        ({**IDLE, "holding": [{"account_code": "F1", "product_code": "P", "quantity": Decimal(1)}]}, False),
        ({**IDLE, "holding": [{"account_code": "F1", "product_code": "P", "quantity": Decimal(0)}]}, True),
    ],
)
def test_r223_an_idle_account_is_on_the_dormancy_list(facts: dict[str, Any], is_idle: bool) -> None:
    tables = {**firm(*[BEFORE] * 4), **facts}
    tables["daily_asset"] = [
        {"account_code": "F1", "held_on": on, "cash_amount": Decimal(cash)}
        for cash, on in facts.get("daily_asset", [])
    ]
    assert limited(tables)[0]["is_idle"] is is_idle


def test_r223_too_many_accounts_wait_on_the_work_list_until_one_is_opened_or_closed() -> None:
    def found(*opened: dt.date) -> dict[str, Any]:
        rows = decide(conflicts.identity_conflict, {"limited_account": limited(firm(*opened))}, as_of=AS_OF)
        (row,) = rows
        return row

    four, again, five = found(*[BEFORE] * 4), found(*[BEFORE] * 4), found(*[BEFORE] * 5)
    assert (four["conflict_reason"], four["severity"], four["n_values"], four["golden_field"]) == (
        "too_many_accounts", "medium", 4, None,
    )  # fmt: skip
    assert four["conflict_key"] == again["conflict_key"] != five["conflict_key"]


def test_r230_the_firm_signs_the_limit(firm_packs: Callable[..., Packs]) -> None:
    packs = firm_packs("identity", "n_at_most = 3\nsince_on", "n_at_most = 1\nsince_on")
    assert [row["limit_reason"] for row in limited(firm(BEFORE, LATER), packs)] == ["within", "over"]
