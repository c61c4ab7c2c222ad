"""R052, R054: a proposed allocation says in what state it is, shows every move, and is decided once by the head."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients import plans
from keepwell.desk.clients.acted import PlanDecision
from keepwell.desk.clients.models import Place
from keepwell.desk.people.models import User
from keepwell.desk.ui.jobs_running import work_off
from keepwell.desk.ui.models import Notice

DECIDE = "/books/plan/decide/"


def end_login(user: User) -> None:
    """As when an administrator disables it."""
    User.objects.filter(pk=user.pk).update(is_active=False)


def n_open() -> int:
    return plans.of_branch("B01").count()


def approve(browser: Client, **more: Any) -> Any:
    return browser.post(DECIDE, {"decision": "approve", "version": n_open(), **more})


def test_r054_the_home_says_that_the_plan_waits_and_leads_to_the_signature(
    at_work: Callable[[str], Client],
) -> None:
    browser = at_work("branch_head")
    body = browser.get("/books/branch/").content.decode()
    assert "待审批" in body
    assert 'href="/books/plan/"' in body
    assert f'href="{reverse("people:approvals")}"' in body.split("<main", 1)[1]
    waiting = browser.get(reverse("people:approvals"))
    assert f"{n_open()} 位客户更换经理" in waiting.content.decode()
    address = reverse("people:grounds", args=["books.plan", "000001"])
    grounds = browser.get(address).content.decode()
    for name in ("周敏", "李倩", "无人", "30.50"):
        assert name in grounds, name


def test_r054_every_move_is_listed_with_from_to_and_why(at_work: Callable[[str], Client]) -> None:
    browser = at_work("branch_head")
    page = browser.get("/books/plan/")
    assert len(page.context["rows"]) == page.context["n"] == n_open() > 0
    assert {row["to"] for row in page.context["rows"]} == {"周敏"}
    body = page.content.decode()
    assert "名额已满" in body
    of_one = browser.get("/books/plan/?manager=S02").context
    assert {row["line"].manager_code for row in of_one["rows"]} == {"S02"}
    of_nobody = browser.get("/books/plan/?manager=-").context
    assert {row["line"].manager_code for row in of_nobody["rows"]} == {None}


def test_r052_the_head_approves_once_and_the_managers_change(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    browser, n = at_work("branch_head"), n_open()
    leader = make_user("team_leader", staff_code="S01", branch_code="B01", team_code="T01")
    moving = set(plans.of_branch("B01").values_list("pk", flat=True))
    assert approve(browser).status_code == 302
    assert approve(browser).status_code == 403
    assert work_off() == 1
    assert set(Place.objects.filter(pk__in=moving).values_list("manager_code", "grounds")) == {
        ("S01", "plan")
    }
    assert n_open() == 0
    row = PlanDecision.objects.get()
    assert (row.branch_code, row.n_changes, row.is_done) == ("B01", n, True)
    assert FirmEntry.objects.filter(verb="clients.approve_plan", outcome="done").count() == 1
    told = Notice.objects.get(user_id=leader.pk, kind="books.reassigned_many")
    assert told.facts["n"] == n
    body = browser.get("/books/branch/").content.decode()
    assert "已同意" in body
    done = browser.get("/books/plan/?part=done").context
    assert {row["line"].client_id for row in done["rows"]} == moving
    assert browser.get(reverse("people:approvals")).context["n"] == 0


def test_r052_after_a_plan_postgresql_knows_at_once_how_many_were_moved(
    at_work: Callable[[str], Client],
) -> None:
    """Once, when the last client has moved: else the homes read whole tables until it looks by itself."""
    browser = at_work("branch_head")
    assert approve(browser).status_code == 302
    with CaptureQueriesContext(connection) as seen:
        assert work_off() == 1
    said = [one["sql"] for one in seen.captured_queries]
    tables = ("clients_client", "clients_place", "clients_assignment")
    renewed = [one for one in said if one.startswith("ANALYZE")]
    if connection.vendor == "sqlite":  # it plans by its indexes alone
        assert renewed == []
        return
    assert renewed == [f'ANALYZE "{table}"' for table in tables]
    moved = [at for at, one in enumerate(said) if one.startswith('UPDATE "clients_place"')]
    assert moved
    assert max(moved) < said.index(renewed[0])


def test_r052_a_returned_plan_moves_nobody_and_says_why(at_work: Callable[[str], Client]) -> None:
    browser, n = at_work("branch_head"), n_open()
    assert browser.post(DECIDE, {"decision": "return", "version": n}).status_code == 403  # without a reason
    facts = {"decision": "return", "version": n, "reason": "先谈客户"}
    assert browser.post(DECIDE, facts).status_code == 302
    assert n_open() == n
    body = browser.get("/books/branch/").content.decode()
    assert "已退回" in body
    assert "先谈客户" in body
    assert FirmEntry.objects.filter(verb="clients.return_plan", outcome="done").count() == 1


def test_r194_a_plan_that_changed_since_it_was_read_is_not_approved(at_work: Callable[[str], Client]) -> None:
    browser, n = at_work("branch_head"), n_open()
    Place.objects.filter(pk=plans.of_branch("B01")[0].pk).update(grounds="act")
    assert approve(browser, version=n).status_code == 403
    assert not PlanDecision.objects.exists()


def test_r052_nobody_is_given_to_who_has_left_and_what_people_settled_stands(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    at_work("branch_head")
    first = plans.of_branch("B01").order_by("pk")[0].pk
    Place.objects.filter(pk=first).update(grounds="act")
    assert first not in set(plans.of_branch("B01").values_list("pk", flat=True))
    end_login(make_user("team_leader", username="gone", staff_code="S01"))
    assert n_open() == 0


def test_r199_only_the_head_decides_and_each_sees_their_own_part(at_work: Callable[[str], Client]) -> None:
    leader = at_work("team_leader")
    assert leader.post(DECIDE, {"decision": "approve", "version": 1}).status_code == 403
    page = leader.get("/books/plan/")
    assert {row["line"].manager_code for row in page.context["rows"]} <= {"S01", "S02"}
    assert not page.context["may_decide"]
    assert at_work("manager").get("/books/plan/").status_code == 403
