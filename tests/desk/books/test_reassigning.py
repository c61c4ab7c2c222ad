"""R199, R194: whoever waits for a manager is listed whole, given away one by one or together, and taken back."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.books import boards
from keepwell.desk.clients.models import Assignment, Place
from keepwell.desk.people.models import User
from keepwell.desk.ui.jobs_running import work_off
from keepwell.desk.ui.models import Job, Notice

WAITING = "care=leaver&care=nobody"


def end_login(user: User) -> None:
    """As when an administrator disables it."""
    User.objects.filter(pk=user.pk).update(is_active=False)


def waiting() -> set[str]:
    """Existing clients of B01 without a manager."""
    rows = Place.objects.filter(manager_code=None, home_branch_code="B01", is_existing=True)
    return set(rows.values_list("pk", flat=True))


def ask(browser: Client, **more: Any) -> Any:
    facts = {"act": "books.reassign", "all": "1", "query": WAITING, "to": "S02", "reason": "无人负责", **more}
    return browser.post("/clients/bulk/start/", {"key": "k1", **facts})


def test_r199_the_tray_links_to_all_who_wait(at_work: Callable[[str], Client]) -> None:
    page = at_work("branch_head")
    body = page.get("/books/branch/").content.decode()
    assert 'href="/clients/?care=leaver&amp;care=nobody"' in body
    listed = page.get(f"/clients/?{WAITING}").context["listed"]
    assert {row.client_id for row in listed.page.rows} == waiting()


def test_r194_the_preview_says_who_goes_to_whom_and_who_stays_and_why(
    at_work: Callable[[str], Client],
) -> None:
    browser = at_work("branch_head")
    first = browser.post("/clients/bulk/", {"act": "books.reassign", "all": "1", "query": WAITING})
    assert len(first.context["seen"].allowed) == len(waiting())
    assert "请填" not in first.content.decode()  # nothing was filled in yet, so nothing is wrong
    facts = {
        "act": "books.reassign",
        "client": ["c000000", "c000001", "c000003"],
        "to": "S02",
        "reason": "调整",
    }
    seen = browser.post("/clients/bulk/", facts).context["seen"]
    assert [(line.client_id, told) for line, told in seen.allowed] == [("c000001", "李倩")]
    assert [line.client_id for line, _why in seen.refused] == ["c000000"]  # the third is of another branch
    assert "已由李倩负责" in seen.refused[0][1]
    proposed = browser.post("/clients/bulk/", {**facts, "to": "*"}).context["seen"]
    assert {told for _line, told in proposed.allowed} == {"周敏"}


def test_r194_all_who_wait_are_given_away_told_once_and_taken_back(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    browser, before = at_work("branch_head"), waiting()
    taker = make_user("manager", staff_code="S02", branch_code="B01", team_code="T01")
    assert ask(browser).status_code == 302
    assert ask(browser).status_code == 302  # sent twice, it is one job
    assert work_off() == 1
    assert set(Place.objects.filter(pk__in=before).values_list("manager_code", flat=True)) == {"S02"}
    assert waiting() == set()
    assert FirmEntry.objects.filter(verb="books.reassign").count() == len(before)
    told = Notice.objects.filter(user_id=taker.pk, kind__startswith="books.")
    assert [row.facts.get("n") for row in told] == [len(before)]
    page = browser.get("/ui/jobs/").content.decode()
    assert f"已改派：{len(before)}" in page
    address = re.search(r'action="(/books/reassign/many/\d+/undo/)"', page)
    assert address
    first = min(before)
    kept = {"client_id": first, "to": "S03", "reason": "另有安排"}
    assert browser.post("/books/reassign/", kept).status_code == 302  # what came later stands
    assert browser.post(address[1]).status_code == 302
    assert work_off() == 1
    assert waiting() == before - {first}
    assert Place.objects.get(pk=first).manager_code == "S03"
    assert address[1] not in browser.get("/ui/jobs/").content.decode()


def test_r194_a_bulk_act_needs_somebody_and_a_reason(at_work: Callable[[str], Client]) -> None:
    browser = at_work("branch_head")
    assert ask(browser, to="S06").status_code == 200  # of another branch: the form comes back
    assert ask(browser, reason=" ").status_code == 200
    assert not Job.objects.exists()
    assert "books.reassign" not in at_work("manager").get("/clients/").content.decode()
    refused = at_work("adviser").post("/clients/bulk/", {"act": "books.reassign", "client": ["c000000"]})
    assert refused.status_code == 403


def test_r199_one_reassignment_is_undone_from_its_notice(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    browser = at_work("branch_head")
    first = min(waiting())
    page = browser.post(
        "/books/reassign/", {"client_id": first, "to": "S02", "reason": "无人负责"}, follow=True
    )
    address = re.search(r'action="(/books/reassign/\d+/undo/)"', page.content.decode())
    assert address
    assert browser.post(address[1]).status_code == 302
    assert first in waiting()
    assert FirmEntry.objects.filter(verb="books.undo_reassign", subject_id=first).count() == 1
    assert browser.post(address[1]).status_code == 403  # once
    other = Client(headers={"host": "localhost"})
    leader = make_user("team_leader", username="second", staff_code="S01", branch_code="B01", team_code="T01")
    other.force_login(leader, backend="django.contrib.auth.backends.ModelBackend")
    assert other.post(address[1]).status_code in {403, 404}  # nobody else's act


def test_r199_a_leavers_client_goes_back_into_the_tray(at_work: Callable[[str], Client]) -> None:
    from keepwell.desk.clients.assignments import hand_over

    browser = at_work("team_leader")
    hand_over(staff_code="S02", by=None, at=timezone.now(), run="000001")
    one = boards.tray(User.objects.get(username="team_leader")).order_by("pk")[0]
    browser.post("/books/reassign/", {"client_id": one.pk, "to": "S02", "reason": "回任"})
    assert Place.objects.get(pk=one.pk).grounds == "act"
    act = Assignment.objects.get(client_id=one.pk, ends_on=None)
    assert browser.post(f"/books/reassign/{act.pk}/undo/").status_code == 302
    place = Place.objects.get(pk=one.pk)
    assert (place.manager_code, place.grounds) == ("S01", "leaver")


def test_r199_a_leader_who_keeps_a_book_is_in_the_filter_and_among_the_choices(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    browser = at_work("branch_head")
    head = User.objects.get(username="branch_head")
    assert "S01" in {row.staff_code for row in boards.takers(head)}
    assert "S04" not in {row.staff_code for row in boards.takers(head)}  # keeps none
    Place.objects.filter(pk="c000000").update(manager_code="S04", grounds="leaver")
    assert "S04" not in {row.staff_code for row in boards.takers(head)}  # holds a leaver's client alone
    choices = dict(browser.get("/clients/").context["manager_choices"])
    assert {"S01", "S04"} <= set(choices)
    Place.objects.filter(pk="c000000").update(grounds="act")
    assert "S04" in {row.staff_code for row in boards.takers(head)}
    end_login(make_user("manager", username="gone", staff_code="S02"))
    assert "S02" not in {row.staff_code for row in boards.takers(head)}  # the login has ended by day
