"""Art. 51, R004, R213: the work list of each branch, who finds out, and by when."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.identities.models import Remediation

LIST, ONE = "/identities/conflicts/", "/identities/conflicts/one/"
LAST = dt.date(2027, 12, 31)
WORK = {"key": "occupations_opposed/c000057/0123456789ab"}
THERE = {"key": "number_elsewhere/c000003/0123456789ab"}


@pytest.fixture
def counter(at_work: Callable[[str], Client]) -> Client:
    return at_work("counter")


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The service desk of headquarters."""
    return log_in("service_desk", username="steward", display_name="总部核对", branch_code="HQ")


def keys(browser: Client, **asked: str) -> list[str]:
    return [one["row"].conflict_key for one in browser.get(LIST, asked).context["shown"]]


def test_r213_headquarters_sees_each_branchs_list_and_who_finds_out(steward: Client) -> None:
    """The work list per branch: the firm's names the home branch of each, and leads to that branch's alone."""
    every = steward.get(LIST)
    home = next(one for one in every.context["shown"] if one["row"].conflict_key == THERE["key"])
    assert home["branch_url"] == f"{LIST}?branch=B02"
    of_branch = steward.get(home["branch_url"])
    shown = {one["row"].conflict_key for one in of_branch.context["shown"]}
    assert shown == {
        one["row"].conflict_key for one in every.context["shown"] if one["branch"] == home["branch"]
    }
    assert (of_branch.context["n"], of_branch.context["query"]) == (len(shown), "branch=B02")
    assert 0 < len(shown) < len(every.context["shown"])
    one = steward.get(ONE, THERE | {"branch": "B02"})
    assert one.context["all"] == f"{LIST}?branch=B02"
    assert f"由{home['branch']}向客户核实" in one.content.decode()
    assert steward.get(LIST, {"branch": "B99"}).context["branch"] == ""


def test_r004_a_branch_that_asks_for_another_branchs_list_gets_its_own(counter: Client) -> None:
    assert keys(counter, branch="B02") == keys(counter)
    assert counter.get(LIST, {"branch": "B02"}).context["query"] == ""


def test_art51_what_has_no_date_of_its_own_is_mended_by_the_clients_one_neutral_date(counter: Client) -> None:
    shown = counter.get(LIST).context["shown"]
    dates = {row.client_id: row.due_on for row in Remediation.objects.filter(due_on__isnull=False)}
    undated = [one for one in shown if not one["row"].due_on]
    assert {one["board_on"] for one in undated if one["row"].client_id == "c000057"} == {LAST}
    assert all(one["board_on"] == dates.get(one["row"].client_id) for one in undated)
    assert all(one["board_on"] is None for one in shown if one["row"].due_on)
    assert "核实期限 2027-12-31" in counter.get(ONE, WORK).content.decode()
