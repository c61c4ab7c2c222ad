"""Chapter 4, section 3. Home of a client of several branches (R001): by wish, assets, contact, newest record."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from keepwell.policy.packs import Packs
from tests.book import Rows
from tests.rulebook.identity.test_golden_record import AS_OF, asset, client

DAY = dt.timedelta(days=1)


def wish(branch: str, on: dt.date = AS_OF, record: str = "R1") -> dict[str, Any]:
    return {"record_code": record, "branch_code": branch, "wished_on": on}


def noted(branch: str, on: dt.date = AS_OF, until: dt.date | None = None) -> dict[str, Any]:
    """A wish that people noted at the desk."""
    act = {"assignment_key": f"a-{branch}", "record_code": "R1", "relation": "home", "branch_code": branch}
    return {**act, "starts_on": on, "ends_on": until}


def contact(record: str, on: dt.date, outcome: str = "reached") -> dict[str, Any]:
    key = f"{record}/{on}"
    return {"contact_code": key, "record_code": record, "contacted_on": on, "outcome": outcome}


def home(packs: Packs | None = None, **tables: Rows) -> tuple[str, str]:
    found = client(packs, **tables)
    return found["home_branch_code"], found["home_reason"]


RICH_IN_B2: Rows = [asset("A1", 100), asset("A2", 200)]


def test_r001_the_clients_wish_comes_before_the_assets() -> None:
    assert home(daily_asset=RICH_IN_B2) == ("B2", "assets")
    assert home(daily_asset=RICH_IN_B2, branch_wish=[wish("B1")]) == ("B1", "wish")


def test_r001_a_firm_signs_what_is_asked_first(firm_packs: Callable[..., Packs]) -> None:
    signed, wanted = (
        '["wish", "assets", "open", "contact", "newest"]',
        '["contact", "newest", "open", "assets", "wish"]',
    )
    packs = firm_packs("clients", signed, wanted)
    assert home(packs, daily_asset=[asset("A1", 200), asset("A2", 100)], branch_wish=[wish("B1")]) == (
        "B2",
        "newest",
    )
    assert home(packs, daily_asset=RICH_IN_B2, contact=[contact("R1", AS_OF)]) == ("B1", "contact")


def test_r001_the_latest_wish_counts() -> None:
    wishes = [wish("B2", AS_OF - DAY), wish("B1", AS_OF, "R2"), wish("B2", AS_OF - 2 * DAY, "R2")]
    assert home(daily_asset=RICH_IN_B2, branch_wish=wishes) == ("B1", "wish")


def test_r001_a_wish_for_a_branch_where_the_client_has_nothing_open_does_not_count() -> None:
    records = [
        {"record_code": "R1", "client_id": "C", "branch_code": "B1", "closed_on": AS_OF},
        {"record_code": "R2", "client_id": "C", "branch_code": "B2"},
    ]
    assert home(client_record=records, branch_wish=[wish("B1")]) == ("B2", "open")
    assert home(daily_asset=RICH_IN_B2, branch_wish=[wish("B9")]) == ("B2", "assets")


def test_r001_a_wish_noted_at_the_desk_counts_while_it_is_in_force() -> None:
    assert home(daily_asset=RICH_IN_B2, returned_assignment=[noted("B1")]) == ("B1", "wish")
    assert home(daily_asset=RICH_IN_B2, returned_assignment=[noted("B1", AS_OF + DAY)]) == ("B2", "assets")
    over = [noted("B1", AS_OF - 3 * DAY, AS_OF)]
    assert home(daily_asset=RICH_IN_B2, returned_assignment=over) == ("B2", "assets")


def test_r001_of_two_wishes_of_one_day_the_desks_counts() -> None:
    both = {"branch_wish": [wish("B2")], "returned_assignment": [noted("B1")]}
    assert home(**both) == ("B1", "wish")


def test_r001_with_equal_assets_the_latest_contact_decides() -> None:
    met = [contact("R1", AS_OF), contact("R2", AS_OF - DAY)]
    assert home(contact=met) == ("B1", "contact")
    equal = [asset("A1", 100), asset("A2", 100)]
    assert home(contact=met, daily_asset=equal) == ("B1", "contact")


@pytest.mark.parametrize(
    "met",
    [contact("R1", AS_OF, "no_answer"), contact("R1", AS_OF + DAY), None],
    ids=["missed", "ahead", "none"],
)
def test_r001_without_a_contact_that_reached_the_client_the_newest_record_decides(
    met: dict[str, Any] | None,
) -> None:
    assert home(contact=[met] if met else []) == ("B2", "newest")


def test_r101_a_contact_recorded_at_the_desk_decides_as_the_firms_own_does() -> None:
    act = {"contact_key": "7", "record_code": "R1", "contacted_on": AS_OF, "outcome": "reached"}
    assert home(returned_contact=[act]) == ("B1", "contact")


def test_r001_a_client_of_one_branch_has_no_choice() -> None:
    one = [{"record_code": "R1", "client_id": "C", "branch_code": "B1"}]
    assert home(client_record=one) == ("B1", "only")


def test_r001_branches_that_nothing_tells_apart_go_by_their_code() -> None:
    same = [{"record_code": code, "client_id": "C", "branch_code": f"B{code[1]}"} for code in ("R2", "R1")]
    assert home(client_record=same) == ("B1", "same")
    assert client(client_record=same, daily_asset=[asset("A1", Decimal(0))])["city"] == "杭州"
