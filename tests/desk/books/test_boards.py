"""R052, R199: whose clients wait for somebody stands before the leader, who finds them somebody, one by one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.books import boards, queries, standing
from keepwell.desk.clients.assignments import hand_over
from keepwell.desk.clients.models import Place
from keepwell.desk.ui.models import Notice


def first_in_tray(browser: Client) -> str:
    page = browser.get("/books/branch/")
    assert page.status_code == 200
    return str(page.context["tray"][0]["one"].line.client_id)


def test_clients_without_a_manager_wait_in_the_branchs_tray(at_work: Callable[[str], Client]) -> None:
    page = at_work("branch_head").get("/books/branch/")
    held = {row["one"].line.client_id for row in page.context["tray"]}
    nobody = Place.objects.filter(
        manager_code=None, home_branch_code="B01", client__line__population="existing"
    )
    assert held == set(nobody.values_list("pk", flat=True))
    assert held


def test_a_leavers_clients_wait_in_the_leaders_tray_the_same_day(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    browser = at_work("team_leader")
    assert browser.get("/books/team/").context["n_tray"] == 0
    n = hand_over(staff_code="S02", by=None, at=timezone.now(), run="000001")
    page = browser.get("/books/team/")
    existing = Place.objects.filter(grounds="leaver", client__line__population="existing").count()
    assert 0 < page.context["n_tray"] == existing <= n


def test_giving_a_client_away_needs_a_reason_and_someone_there(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    browser = at_work("branch_head")
    taker = make_user("manager", staff_code="S02", branch_code="B01", team_code="T01")
    client_id = first_in_tray(browser)
    form = {"client_id": client_id, "to": "S02", "reason": "无人负责"}
    assert browser.post("/books/reassign/", {**form, "reason": " "}).status_code == 403
    assert browser.post("/books/reassign/", {**form, "to": "S06"}).status_code == 403  # of another branch
    assert browser.post("/books/reassign/", {**form, "client_id": "c000003"}).status_code == 404
    assert browser.post("/books/reassign/", form).status_code == 302
    assert Place.objects.get(pk=client_id).manager_code == "S02"
    assert FirmEntry.objects.filter(verb="books.reassign", subject_id=client_id).count() == 3
    assert Notice.objects.filter(user_id=taker.pk, kind="books.reassigned").count() == 1
    page = browser.get("/books/branch/")
    assert client_id not in {row["one"].line.client_id for row in page.context["tray"]}


def test_only_leaders_reassign(at_work: Callable[[str], Client]) -> None:
    assert at_work("manager").post("/books/reassign/", {"client_id": "c000000"}).status_code == 403


def test_boards_tell_what_is_late_and_who_was_contacted(firm_run: Any, worker: Callable[[str], Any]) -> None:
    user = worker("branch_head")
    late = boards.overdue(user, firm_run.as_of_on.replace(year=2027))
    assert sum(late.values()) >= 0
    held = standing.by_manager(standing.of(user))
    assert held["S02"].share_covered == 1
    assert standing.Held(4, None, None).share_covered is None


def test_the_firms_home_reads_as_many_branches_however_many_there_are(
    at_work: Callable[[str], Client], django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keepwell.desk.books.views.LARGEST", 1)
    browser = at_work("hq_brokerage")
    with django_assert_max_num_queries(30):
        page = browser.get("/books/firm/")
    assert len(page.context["branches"]) == 1
    assert page.context["branches"][0]["share"] == 1
    largest = queries.largest_branches(2)
    assert largest[0].assets_amount >= largest[1].assets_amount
    every = browser.get("/books/firm/branches/")
    assert [row["name"] for row in every.context["branches"]] == ["解放路营业部", "文三路营业部"]
