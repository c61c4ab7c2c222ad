"""R004, R233: who can see a client is told from what decides it; a guest branch sees what is its own, and no more."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.contract.codes import Role
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients import access
from keepwell.desk.clients.models import ClientLine, Place
from keepwell.desk.clients.scope import Reach, reach_of
from keepwell.desk.people.models import Cover, User
from tests.desk.conftest import WORKERS
from tests.desk.run_folder import IN_TWO_BRANCHES, facts

Make = Callable[..., Any]
OWN, ELSEWHERE = "c000000", "c000003"


@pytest.fixture
def everybody(firm_run: Any, make_user: Make) -> list[User]:
    """Somebody of each role in the first branch, and the staff of another."""
    people = [make_user(str(role), **WORKERS.get(str(role), {"branch_code": "B01"})) for role in Role]
    people.append(make_user("branch_head", username="head2", staff_code="S07", branch_code="B02"))
    people.append(make_user("counter", username="counter2", branch_code="B02", display_name="吴珊"))
    return people


@pytest.mark.parametrize("client_id", [OWN, "c000001", "c000002", ELSEWHERE, "c000016"])
def test_r004_the_page_names_exactly_those_who_see_the_client(everybody: list[User], client_id: str) -> None:
    day = timezone.localdate()
    adviser, leader = User.objects.get(username="adviser"), User.objects.get(username="team_leader")
    Cover.objects.create(
        covered_code="S02", covering=adviser, from_on=day, until_on=day + dt.timedelta(days=3), reason="休假",
        set_by=leader, set_at=timezone.now(),
    )  # fmt: skip
    Place.objects.filter(pk="c000001").update(home_branch_code="B02")
    told = access.people_who_see(Place.objects.get(pk=client_id), day)
    full = {user.username for user, _why, is_guest in told if not is_guest}
    guests = {user.username for user, _why, is_guest in told if is_guest}
    firm = [user for user in everybody if user.audit_stream == "firm"]
    assert full == {user.username for user in firm if reach_of(user, client_id) is Reach.HOME}
    assert guests == {user.username for user in firm if reach_of(user, client_id) is Reach.GUEST}
    assert all(why for _user, why, _is_guest in told)


def test_r239_aml_officers_are_never_listed_and_never_asked(everybody: list[User]) -> None:
    told = access.people_who_see(Place.objects.get(pk=ELSEWHERE), timezone.localdate())
    assert not {user.role for user, _why, _is_guest in told} & {"aml_branch", "aml_hq"}


def test_r004_the_page_tells_grounds_and_readings_of_the_firms_log_alone(
    at_work: Callable[[str], Client],
) -> None:
    manager, officer, compliance = at_work("manager"), at_work("aml_hq"), at_work("compliance")
    manager.get(f"/clients/{OWN}/")
    officer.get(f"/clients/{OWN}/accounts/")
    page = compliance.get(f"/clients/{OWN}/access/")
    assert page.status_code == 200
    assert {entry.actor_role for entry in page.context["readings"]} == {"manager", "compliance"}
    assert any("公司原有归属" in seer.grounds for seer in page.context["seers"])
    assert FirmEntry.objects.filter(verb="clients.read_access", subject_id=OWN).exists()
    assert "反洗钱" not in page.content.decode()
    assert manager.get(f"/clients/{OWN}/access/").status_code == 403
    assert officer.get(f"/clients/{OWN}/access/").status_code == 403


@pytest.mark.parametrize("role", ["branch_head", "counter", "service_desk", "aml_branch"])
def test_r233_a_guest_sees_its_own_accounts_the_class_and_the_home_alone(
    log_in: Callable[..., Client], firm_run: Any, role: str
) -> None:
    browser = log_in(role, **{**WORKERS[role], "branch_code": "B01"})
    Place.objects.filter(pk=OWN).update(home_branch_code="B02")
    page = browser.get(f"/clients/{OWN}/")
    said, who = page.content.decode(), facts(0)
    assert page.status_code == 200
    assert {who["name"], who["account"], who["record"], "文三路营业部"} <= set(_found(said, who))
    assert ("战略" in said) is (role != "aml_branch")
    line = ClientLine.objects.get(pk=OWN)
    for secret in (
        "138****",
        "330102",
        "300.0",
        "3,000,000",
        str(line.assets_amount),
        "李倩",
        "资产",
        "联系时机",
    ):
        assert secret not in page.content.decode().partition("<main")[2].partition("</main>")[0], secret
    for part in ("holdings", "accounts", "service", "access", "explain/grade"):
        assert browser.get(f"/clients/{OWN}/{part}/").status_code in {403, 404}, part
    assert OWN not in {row.client_id for row in browser.get("/clients/").context["listed"].page.rows}


def _found(said: str, who: dict[str, Any]) -> list[str]:
    return [word for word in (who["name"], who["account"], who["record"], "文三路营业部") if word in said]


def test_r233_a_guest_finds_the_client_by_search_and_leaves_a_trace(at_work: Callable[[str], Client]) -> None:
    counter = at_work("counter")
    Place.objects.filter(pk=OWN).update(home_branch_code="B02")
    page = counter.post("/clients/search/", {"q": facts(0)["name"]})
    assert [row.client_id for row in page.context["guests"]] == [OWN]
    assert OWN not in {row.client_id for row in page.context["listed"].page.rows}
    counter.get(f"/clients/{OWN}/")
    assert FirmEntry.objects.get(verb="clients.read_card").payload == {"part": "guest"}
    assert counter.get(f"/clients/{ELSEWHERE}/").status_code == 404


def test_r233_no_account_of_another_branch_leaks_to_a_guest(at_work: Callable[[str], Client]) -> None:
    client_id, who = f"c{IN_TWO_BRANCHES:06d}", facts(IN_TWO_BRANCHES)
    guest = at_work("aml_branch").get(f"/clients/{client_id}/").content.decode()
    home = at_work("branch_head").get(f"/clients/{client_id}/accounts/").content.decode()
    assert ("99000057" in guest, "20000057" in guest) == (True, True)
    assert (who["account"] in guest, who["record"] in guest) == (False, False)
    assert all(code in home for code in ("99000057", "20000057", who["account"], who["record"]))
