"""R004, R008: a branch sees the conflicts of clients at home elsewhere, and of their values its own alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.audit.models import ENTRIES

LIST, ONE = "/identities/conflicts/guests/", "/identities/conflicts/guests/one/"
WORK = {"key": "occupations_opposed/c000057/0123456789ab"}
ACCOUNTS = {"key": "too_many_accounts/c000057/0123456789ab"}
ELSEWHERE = {"key": "number_elsewhere/c000002/0123456789ab"}


@pytest.fixture
def guest(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The counter of the branch where client 57, at home in the other, has a customer number."""
    return log_in("counter", branch_code="B02", staff_code="S99")


def test_r004_the_guest_branch_lists_what_stands_in_its_own_records(guest: Client) -> None:
    shown = guest.get(LIST).context["shown"]
    assert {one["row"].client_id for one in shown} == {"c000057"}
    assert len(shown) == 5


def test_r008_of_the_values_its_own_is_shown_the_other_only_said_to_differ(guest: Client) -> None:
    text = guest.get(ONE, WORK).content.decode()
    assert "无业" in text
    assert "20000057" in text
    assert "自由职业" not in text
    assert "10000057" not in text
    assert "其他营业部登记不同" in text
    assert "解放路营业部是客户的归属营业部" in text
    assert ENTRIES["firm"].objects.filter(verb="identities.read_conflict", subject_id="c000057").exists()


def test_r223_of_too_many_accounts_its_own_are_shown(guest: Client) -> None:
    text = guest.get(ONE, ACCOUNTS).content.decode()
    assert text.count("文三路营业部") == 2
    assert "其他营业部另有" in text


def test_r004_who_it_is_no_guest_of_is_not_found(guest: Client, at_work: Callable[[str], Client]) -> None:
    assert guest.get(ONE, ELSEWHERE).status_code == 404
    home = at_work("service_desk")
    assert home.get(LIST).context["shown"] == []
    assert home.get(ONE, WORK).status_code == 404


def test_r004_the_guest_branch_settles_and_puts_off_nothing(guest: Client) -> None:
    found = {"finding": "one_is_right", "record": "20000057", "how": "phone", "grounds": "电话"}
    assert guest.post("/identities/conflicts/settle/", WORK | found).status_code == 404
    assert guest.post("/identities/conflicts/extend/", WORK | {"to_on": "2026-12-01"}).status_code == 404
    assert guest.get("/identities/conflicts/one/", WORK).status_code == 404


def test_r199_who_sees_no_branch_is_nobodys_guest(log_in: Callable[..., Client], firm_run: Any) -> None:
    steward = log_in("service_desk", username="steward", display_name="总部核对", branch_code="HQ")
    assert steward.get(LIST).context["shown"] == []
    assert steward.get(ONE, WORK).status_code == 404


def test_r004_a_settled_conflict_leaves_the_guests_list(
    guest: Client, at_work: Callable[[str], Client]
) -> None:
    home = at_work("service_desk")
    found = {"finding": "one_is_right", "record": "10000057", "how": "phone", "grounds": "电话"}
    assert home.post("/identities/conflicts/settle/", WORK | found).status_code == 302
    assert WORK["key"] not in {one["row"].conflict_key for one in guest.get(LIST).context["shown"]}
    assert guest.get(ONE, WORK).status_code == 404
