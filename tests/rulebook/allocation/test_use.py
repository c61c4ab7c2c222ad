"""What counts of a client: needs by source and age, value up to an amount, what is not known is neutral and listed."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from keepwell.contract.allocation import AllocationUse
from keepwell.engine.allocation.rules.use import allocation_use
from tests.book import Rows, decide
from tests.rulebook.allocation.branch import AS_OF, LAST_MONTH

LONG_AGO = dt.date(2025, 6, 1)


def use(
    feature: dict[str, Any] | None = None, grade: str = "basic", assets: int = 0, **tables: Rows
) -> dict[str, Any]:
    """The row of one existing client."""
    who = {"client_id": "C1"}
    given: dict[str, Rows] = {
        "client": [{**who, "population": "existing", "home_branch_code": "B1"}],
        "client_grade": [
            {**who, "grade": grade, "served_as": "balanced", "net_assets_20d_amount": Decimal(assets)}
        ],
        "client_feature": [{**who, **(feature or {})}],
        "client_record": [{**who, "record_code": "CR1"}],
    }
    (row,) = decide(allocation_use, {**given, **tables}, as_of=AS_OF, writes=AllocationUse)
    return row


def need(source: str = "stated", on: dt.date = LAST_MONTH, strength: str = "0.8") -> Rows:
    said = {"record_code": "CR1", "need": "fund", "strength_share": Decimal(strength)}
    return [{**said, "need_source": source, "recorded_on": on}]


def test_r041_what_the_client_said_counts_more_than_what_was_inferred() -> None:
    assert use(client_need=need())["fund_need_share"] == Decimal("0.8")
    assert use(client_need=need("inferred"))["fund_need_share"] == Decimal("0.48")


def test_r040_a_need_older_than_a_year_is_neutral_and_listed_as_not_known() -> None:
    row = use(client_need=need(on=LONG_AGO))
    assert (row["fund_need_share"], row["is_need_known"]) == (0, False)


def test_r052_what_is_held_tells_a_need_where_nobody_said_one() -> None:
    row = use({"leading_need": "bond"})
    assert (row["bond_need_share"], row["is_need_known"]) == (Decimal("0.3"), True)


def test_r053_a_need_recorded_at_the_desk_stands_for_the_older_delivered_one() -> None:
    desk = [{**need(strength="0.25")[0], "need_key": "1"}]
    older = need(on=dt.date(2026, 1, 5))
    assert use(client_need=older, returned_need=desk)["fund_need_share"] == Decimal("0.25")


@pytest.mark.parametrize(("assets", "units"), [(-5, 0), (9_999, 0), (10_000, 1), (10**9, 2_000)])
def test_r042_assets_count_in_whole_units_up_to_the_signed_amount(assets: int, units: int) -> None:
    assert use(assets=assets)["n_value_units"] == units


@pytest.mark.parametrize(
    ("born", "vulnerable"), [(dt.date(1956, 11, 20), True), (dt.date(1956, 11, 21), False)]
)
def test_r043_old_age_is_a_limit_and_no_part_of_a_score(born: dt.date, vulnerable: bool) -> None:
    who = [
        {
            "client_id": "C1",
            "population": "existing",
            "home_branch_code": "B1",
            "birth_on": born,
            "sex": "female",
        }
    ]
    told, plain = use(client=who), use()
    assert told["is_vulnerable"] is vulnerable
    assert {name for name in told if told[name] != plain[name]} <= {"is_vulnerable"}


@pytest.mark.parametrize(("grade", "untouched"), [("regular", True), ("basic", False)])
def test_r057_untouched_is_who_is_owed_a_contact_and_had_none_for_long(grade: str, untouched: bool) -> None:
    assert use({"days_since_contact": 180}, grade)["is_untouched"] is untouched
    assert use({"days_since_contact": 179}, grade)["is_untouched"] is False


def test_r002_only_existing_clients_are_placed() -> None:
    others = [{"client_id": "C1", "population": "never_funded"}]
    facts = [{"client_id": "C1"}]
    assert not decide(
        allocation_use,
        {"client": others, "client_feature": facts, "client_grade": facts},
        as_of=AS_OF,
        writes=AllocationUse,
    )
