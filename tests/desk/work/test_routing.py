"""R104, R105, R199: a task is on the list of the role its rule names; every act of a card ends where one may go."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.people.roles import ROLES
from keepwell.desk.work import queries
from keepwell.policy.decisions import TASKED
from tests.desk.work.test_work_list import TODAY

OURS, OTHERS = "c000026", "c000031"  # documents that expire: of the first branch, of the second
LEAVING = "c000009"  # of the team leader's, whose rule names the manager
KEY = "id_expiry/2026-12-25/60"
LINK = re.compile(r'(?:href|hx-get)="(/[^"#?]*(?:\?[^"#]*)?)"')
Worker = Callable[[str], Any]
AtWork = Callable[[str], Client]


def listed(user: Any) -> set[tuple[str, str]]:
    return {(item.client_id, item.rule) for item in queries.open_items(user, TODAY)}


def test_r104_every_role_that_a_rule_may_name_has_a_list() -> None:
    assert all("contacts.read_today" in ROLES[str(role)].permissions for role in TASKED)


def test_r104_the_service_desk_lists_what_rules_route_to_it_within_its_branch(
    firm_run: Any, worker: Worker
) -> None:
    desk, adviser = worker("service_desk"), worker("adviser")
    assert listed(desk) == {(OURS, "id_expiry"), (LEAVING, "complaint")}
    assert queries.counts(desk, TODAY).listed == 2
    assert (OURS, "id_expiry") in listed(adviser)  # who looks after the client knows of it too
    assert queries.find(desk, OTHERS, KEY, TODAY) is None


def test_r104_a_role_that_no_rule_names_lists_nothing(firm_run: Any, worker: Worker) -> None:
    for role in ("counter", "branch_head", "compliance", "hq_brokerage"):
        assert listed(worker(role)) == set(), role


def test_r199_the_service_desk_comes_home_to_its_list(at_work: AtWork) -> None:
    page = at_work("service_desk").get("/", follow=True)
    assert page.redirect_chain[-1][0] == "/contacts/today/"
    body = page.content.decode()
    assert OURS in body
    assert OTHERS not in body


def test_r104_what_the_service_desk_settles_leaves_both_lists(at_work: AtWork, worker: Worker) -> None:
    adviser = worker("adviser")
    desk = at_work("service_desk")
    told = {"client": OURS, "key": KEY, "outcome": "reached"}
    assert desk.post("/contacts/today/outcome/", told).url == "/contacts/today/"
    assert (OURS, "id_expiry") not in listed(adviser)


@pytest.mark.parametrize("role", ["counter", "service_desk"])
def test_r199_nobody_deals_with_anothers_task(at_work: AtWork, role: str) -> None:
    """By a form of their own making neither: the 403 says whose it is."""
    told = {"client": LEAVING, "key": "large_outflow/2026-11-18", "outcome": "reached"}
    page = at_work(role).post("/contacts/today/outcome/", told)
    assert page.status_code == 403
    assert "此事由客户经理办理" in page.content.decode()


def test_r199_the_card_says_whose_task_it_is_where_it_is_not_ones_own(at_work: AtWork) -> None:
    body = at_work("service_desk").get(f"/clients/{LEAVING}/").content.decode()
    assert "此事由客户经理办理" in body
    assert "large_outflow" not in body
    assert "/contacts/today/task/?client=c000009&amp;key=complaint" in body
    assert "/contacts/today/task/" in at_work("adviser").get(f"/clients/{OURS}/").content.decode()


@pytest.mark.parametrize(
    "role", ["manager", "adviser", "team_leader", "branch_head", "counter", "service_desk"]
)
@pytest.mark.parametrize("part", ["", "service/"])
def test_r199_every_link_of_a_card_leads_where_the_role_may_go(at_work: AtWork, role: str, part: str) -> None:
    client_id = {"manager": "c000004", "team_leader": LEAVING}.get(role, OURS)
    browser = at_work(role)
    body = browser.get(f"/clients/{client_id}/{part}").content.decode()
    links = {link.replace("&amp;", "&") for link in LINK.findall(body)} - {"/me/logout/"}
    links = {link for link in links if not link.startswith("/static/")}
    assert len(links) > 8
    refused = {link: status for link in links if (status := browser.get(link).status_code) >= 400}
    assert not refused


@pytest.mark.parametrize("role", ["counter", "branch_head"])
def test_r199_contact_leads_to_the_form_where_nothing_is_ones_own(at_work: AtWork, role: str) -> None:
    page = at_work(role).get(f"/contacts/of/{OURS}/")
    if role == "branch_head":
        assert page.status_code == 403
        assert f"/contacts/of/{OURS}/" not in at_work("service_desk").get("/clients/").content.decode()
    else:
        assert page.url == f"/contacts/of/{OURS}/record/"
