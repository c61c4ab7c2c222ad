"""R199: a login's branch and team are the firm's; the service desk of headquarters has a place of its own."""

import io
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client

from keepwell.contract.reasons.refusals import Refusal
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients import access
from keepwell.desk.clients.models import Place
from keepwell.desk.people import grants, queries
from keepwell.desk.people.models import Grant, User
from keepwell.desk.people.roles import AT_HEADQUARTERS, ROLES, Scope
from keepwell.desk.ui import navigation
from keepwell.desk.ui.http import Refused

Enter = Callable[..., Client]
NEW = {
    "username": "chenjing2",
    "display_name": "陈静",
    "staff_code": "S97",
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
        call_command("add_login", "new", "--role", "counter", "--branch", "B99", "--staff", "S97")


def test_r199_before_the_first_run_a_code_is_typed(log_in: Enter) -> None:
    """R199: a new desk knows no branch yet, and its administrators need logins all the same."""
    page = log_in("admin")
    assert '<input type="text" name="branch_code"' in page.get("/people/new/").content.decode()
    assert page.post("/people/new/", {**NEW, "branch_code": "B99"}).status_code == 302


@pytest.fixture
def steward(log_in: Enter, firm_run: Any) -> Client:
    """The service desk of headquarters: a login whose place is there."""
    return log_in("service_desk", username="steward", display_name="温雅琴", branch_code="HQ")


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


def test_r199_headquarters_is_a_place_that_is_chosen_never_an_empty_field(admin: Client) -> None:
    """A service desk whose branch was forgotten sees nothing; a counter has no place at headquarters."""
    desk = {**NEW, "role": "service_desk"}
    assert '<option value="HQ">总部 · HQ</option>' in admin.get("/people/new/").content.decode()
    refused = admin.post("/people/new/", {**desk, "branch_code": ""})
    assert (refused.status_code, "branch_code" in refused.context["form"].errors) == (422, True)
    assert admin.post("/people/new/", {**NEW, "branch_code": "HQ"}).status_code == 422
    assert admin.post("/people/new/", {**desk, "branch_code": "HQ"}).status_code == 302
    (row,) = Grant.objects.get().rows
    user = User(role=row["role"], branch_code=row["branch_code"])
    assert (user.is_at_headquarters, user.scope) == (True, Scope.PAIRS)
    forgotten = User(role="service_desk", branch_code="")
    assert (forgotten.is_at_headquarters, forgotten.scope) == (False, Scope.BRANCH)
    assert "总部" in admin.get("/people/").content.decode()


def test_r199_logins_that_were_of_headquarters_without_a_branch_say_so_since(
    make_user: Callable[..., User],
) -> None:
    before = make_user("service_desk", username="before")
    here = make_user("service_desk", username="here", branch_code="B01")
    row = {"username": "next", "display_name": "新人", "role": "service_desk", "staff_code": "S95"}
    grant = Grant.objects.create(
        kind="new", rows=[row], proposed_by=make_user("admin"), proposed_at=before.created_at
    )
    step = import_module("keepwell.desk.people.migrations.0006_headquarters")
    step.say_so(apps, None)
    for one in (before, here, grant):
        one.refresh_from_db()
    assert (before.branch_code, here.branch_code, grant.rows[0]["branch_code"]) == ("HQ", "B01", "HQ")
    step.as_before(apps, None)
    before.refresh_from_db()
    assert before.branch_code == ""


def test_r235_no_role_is_given_without_a_staff_number(admin: Client) -> None:
    """Four eyes go by it: the no stands beside the field; what waits from before is asked again when it is given."""
    refused = admin.post("/people/new/", {**NEW, "staff_code": " "})
    assert refused.status_code == 422
    assert "登录账号须填员工号" in str(refused.context["form"].errors["staff_code"])
    assert FirmEntry.objects.filter(outcome="refused", reason="staff_number_missing").count() == 1
    assert admin.post("/people/new/", NEW).status_code == 302
    grant = Grant.objects.get()
    Grant.objects.update(rows=[{**grant.rows[0], "staff_code": ""}])
    second = User.objects.get(username="admin2")
    told: dict[str, Any] = {
        "pk": grant.pk,
        "is_approved": True,
        "reason": "",
        "version": 1,
        "at": grant.proposed_at,
    }
    with pytest.raises(Refused) as no:
        grants.decide_grant(**told, by=second)
    assert no.value.verdict.refusal is Refusal.STAFF_NUMBER_MISSING
    with pytest.raises(CommandError, match="--staff is missing"):
        call_command("add_login", "new", "--role", "hq_brokerage")


def test_r235_the_page_of_people_names_logins_that_sign_without_a_number(
    admin: Client, make_user: Callable[..., User]
) -> None:
    make_user("hq_brokerage", display_name="程立新")
    make_user("compliance", display_name="许宁", staff_code="S96")
    page = admin.get("/people/").content.decode()
    assert "缺员工号的登录账号" in page
    assert [user.username for user in queries.without_staff_number()] == ["admin", "admin2", "hq_brokerage"]
    User.objects.filter(staff_code="").update(staff_code="S90")
    assert "缺员工号的登录账号" not in admin.get("/people/").content.decode()
