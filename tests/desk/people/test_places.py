"""R199: a login's branch and team are the firm's; the service desk of headquarters has a place of its own."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients import access
from keepwell.desk.clients.models import Place
from keepwell.desk.people.models import Grant, User
from keepwell.desk.people.roles import AT_HEADQUARTERS, ROLES, Scope
from keepwell.desk.ui import navigation

Enter = Callable[..., Client]
NEW = {
    "username": "chenjing2",
    "display_name": "陈静",
    "staff_code": "",
    "role": "counter",
    "branch_code": "B01",
    "reason": "新入职",
}


@pytest.fixture
def admin(log_in: Enter, firm_run: Any) -> Client:
    """The browser of an administrator; another one is there to approve."""
    log_in("admin", username="admin2", display_name="王琳")
    return log_in("admin")


def test_r199_the_form_offers_the_firms_branches_and_teams(admin: Client) -> None:
    page = admin.get("/people/new/").content.decode()
    assert '<option value="B02">文三路营业部 · B02</option>' in page
    assert '<optgroup label="文三路营业部">' in page
    assert '<option value="T03">一队 · T03</option>' in page


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"branch_code": "B99"}, "branch_code", "公司没有营业部“B99”。请从列表中选一个。"),
        ({"team_code": "T99"}, "team_code", "公司没有团队“T99”。请从列表中选一个。"),
        ({"team_code": "T03"}, "team_code", "团队“一队”属于文三路营业部。"),
    ],
)
def test_r199_a_place_the_firm_does_not_have_is_refused_beside_its_field(
    admin: Client, facts: dict[str, str], field: str, sentence: str
) -> None:
    refused = admin.post("/people/new/", {**NEW, **facts})
    assert refused.status_code == 422
    assert sentence in str(refused.context["form"].errors[field])
    assert not Grant.objects.exists()


def test_r199_a_team_alone_tells_its_branch(admin: Client) -> None:
    leader = {**NEW, "role": "team_leader", "branch_code": "", "team_code": "T03"}
    assert admin.post("/people/new/", leader).status_code == 302
    (row,) = Grant.objects.get().rows
    assert (row["branch_code"], row["team_code"]) == ("B02", "T03")


def test_r199_a_branch_that_is_gone_is_shown_and_has_to_be_changed(
    admin: Client, make_user: Callable[..., User]
) -> None:
    """R199: nobody moves a login unseen: the closed branch stands in the list, and is refused by name."""
    person = make_user("counter", branch_code="B77")
    page = admin.get(f"/people/{person.pk}/role/").content.decode()
    assert '<option value="B77" selected>B77 · 已不存在</option>' in page
    kept = {**NEW, "branch_code": "B77"}
    assert "公司没有营业部“B77”" in admin.post(f"/people/{person.pk}/role/", kept).content.decode()
    assert admin.post(f"/people/{person.pk}/role/", NEW).status_code == 302


def test_r199_a_staff_file_and_the_command_line_know_the_branches_too(admin: Client) -> None:
    file = io.BytesIO("staff_code,staff_name,role,branch_code,team_code\nS98,新人,counter,B99,\n".encode())
    file.name = "staff.csv"
    (line,) = admin.post("/people/file/", {"file": file}).context["lines"]
    assert (line.result, "公司没有营业部“B99”" in line.told) == ("wrong", True)
    with pytest.raises(CommandError, match="no branch “B99”"):
        call_command("add_login", "new", "--role", "counter", "--branch", "B99")


def test_r199_before_the_first_run_a_code_is_typed(log_in: Enter) -> None:
    """R199: a new desk knows no branch yet, and its administrators need logins all the same."""
    page = log_in("admin")
    assert '<input type="text" name="branch_code"' in page.get("/people/new/").content.decode()
    assert page.post("/people/new/", {**NEW, "branch_code": "B99"}).status_code == 302


@pytest.fixture
def steward(log_in: Enter, firm_run: Any) -> Client:
    """The service desk of headquarters: a login without a branch."""
    return log_in("service_desk", username="steward", display_name="温雅琴")


def test_r199_the_service_desk_of_headquarters_comes_home_to_its_queue(steward: Client) -> None:
    """R199: no list of clients that is always empty: the firm's pairs are its home, its menu has what it may open."""
    home = steward.get("/", follow=True)
    assert home.redirect_chain[-1][0] == "/identities/pairs/"
    shown = {entry.url for _label, group in home.context["navigation"] for entry in group}
    assert {"/identities/pairs/", "/identities/merges/", "/identities/duplicates/"} <= shown
    assert all(address.startswith("/identities/") for address in shown)
    assert steward.get("/clients/").status_code == 403
    user = User.objects.get(username="steward")
    assert (user.scope, user.sees_names) == (Scope.PAIRS, False)
    more = user.profile.permissions - ROLES["service_desk"].permissions
    assert more == {"identities.write_back"}  # what concerns the firm's other systems is headquarters' alone


def test_r199_the_service_desk_of_a_branch_keeps_its_home(worker: Callable[[str], User]) -> None:
    user = worker("service_desk")
    assert navigation.home(user) not in {None, "identities:pairs"}
    assert user.profile is ROLES["service_desk"]
    assert set(AT_HEADQUARTERS) == {"service_desk"}


def test_r004_who_can_see_a_client_names_the_service_desk_of_headquarters(
    steward: Client, at_work: Callable[[str], Client]
) -> None:
    place = Place.objects.get(pk="c000000")
    (seer,) = [one for one in access.seers(place, access.timezone.localdate()) if "温雅琴" in one.people]
    assert (seer.role.zh, seer.scope.zh) == ("客服", "全公司的同一人核对（遮蔽）")
    page = at_work("compliance").get("/clients/c000000/access/").content.decode()
    assert "只见遮蔽后的身份" in page
    assert FirmEntry.objects.filter(verb="clients.read_access").exists()
