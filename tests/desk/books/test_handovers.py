"""R059, R060: every client an approved plan moves is handed over by a sheet both managers sign, and told by letter."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.books.acted import Objection, Plan, PlanManager
from keepwell.desk.books.handed import STEPS, WAITING, HandOver, HandOverStep
from keepwell.desk.clients.models import Place
from keepwell.desk.people.models import User
from keepwell.desk.ui.jobs_running import work_off
from keepwell.desk.ui.models import Notice

THE_DAY = dt.datetime(2026, 12, 1, 2, tzinfo=dt.UTC)


@pytest.fixture
def people(at_work: Callable[[str], Client]) -> dict[str, Client]:
    """Leader (who takes), manager (who gives) and head of the small firm, with an approved plan."""
    browsers = {role: at_work(role) for role in ("team_leader", "manager", "branch_head")}
    leader = browsers["team_leader"]
    assert leader.post("/books/plan/open/").status_code == 302
    plan = Plan.objects.get()
    PlanManager.objects.filter(plan=plan).update(n_lower=0, n_upper=60)
    assert leader.post(f"/books/plan/{plan.pk}/agree/").status_code == 302
    plan.refresh_from_db()
    facts = {"decision": "approve", "version": plan.version}
    assert browsers["branch_head"].post(f"/books/plan/{plan.pk}/decide/", facts).status_code == 302
    return browsers


@pytest.fixture
def sheet(people: dict[str, Client]) -> HandOver:
    """The first sheet of 李倩's, who hands over to 周敏."""
    assert people
    return HandOver.objects.filter(from_code="S02").order_by("pk")[0]


def given(people: dict[str, Client], row: HandOver, note: str = "爱问债券，周三下午方便") -> Any:
    return people["manager"].post(f"/books/handovers/{row.pk}/give/", {"note": note})


def pk_of(username: str) -> int:
    return User.objects.get(username=username).pk


def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Managers change."""
    with monkeypatch.context() as later:
        later.setattr(timezone, "now", lambda: THE_DAY)
        assert work_off() == 1


def signed(people: dict[str, Client], row: HandOver) -> Any:
    return people["team_leader"].post(f"/books/handovers/{row.pk}/take/")


def test_r059_an_approved_plan_makes_a_sheet_for_each_who_moves(people: dict[str, Client]) -> None:
    plan = Plan.objects.get()
    moving = {move.client_id for move in plan.moves.all() if not move.stays}
    rows = HandOver.objects.all()
    assert {row.client_id for row in rows} == moving
    assert {(row.effective_on, row.due_on) for row in rows} == {(dt.date(2026, 12, 1), dt.date(2026, 12, 8))}
    assert FirmEntry.objects.filter(verb="books.make_handovers", outcome="done").count() == 1
    told = Notice.objects.get(kind="books.handovers_made", user_id=pk_of("manager"))
    assert told.facts["n"] == rows.filter(from_code="S02").count()
    own = people["manager"].get("/books/handovers/").context
    assert own["chosen"] == "mine"
    assert {line["row"].from_code for line in own["lines"]} == {"S02"}
    assert HandOverStep.objects.filter(step="made").count() == len(moving)


def test_r059_the_manager_before_signs_with_what_is_to_be_known(
    people: dict[str, Client], sheet: HandOver
) -> None:
    page = people["manager"].get(f"/books/handovers/{sheet.pk}/").content.decode()
    for told in ("首次联系话术", "周敏（S01）", "承诺与任务", "移交并签字"):
        assert told in page, told
    assert given(people, sheet, note=" ").status_code == 403  # M20
    assert given(people, sheet).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.given_by, sheet.waits_for_taker) == (
        User.objects.get(username="manager").display_name,
        True,
    )
    assert set(sheet.content) == {"items", "moments"}
    assert given(people, sheet).status_code == 403  # once
    assert Notice.objects.filter(kind="books.handed_over", user_id=pk_of("team_leader")).exists()


def test_r059_the_new_manager_signs_from_the_day_on(
    people: dict[str, Client], sheet: HandOver, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = signed(people, sheet)
    assert early.status_code == 403
    assert "还未移交" in early.content.decode()
    assert given(people, sheet).status_code == 302
    assert "2026-12-01" in signed(people, sheet).content.decode()  # not before the day
    the_day(monkeypatch)
    assert people["manager"].post(f"/books/handovers/{sheet.pk}/take/").status_code == 403
    assert signed(people, sheet).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.state, sheet.taken_at is not None) == ("done", True)
    steps = sheet.steps.order_by("pk").values_list("step", flat=True)
    assert list(steps) == ["made", "given", "taken"]
    assert FirmEntry.objects.filter(verb="books.take_client", subject_id=sheet.client_id).count() == 1


def test_r059_a_sheet_that_lacks_something_goes_back_and_is_signed_again(
    people: dict[str, Client], sheet: HandOver, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert given(people, sheet).status_code == 302
    the_day(monkeypatch)
    back = f"/books/handovers/{sheet.pk}/back/"
    assert people["team_leader"].post(back, {"missing": ""}).status_code == 403
    assert people["team_leader"].post(back, {"missing": "上次答应的资料没写"}).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.state, sheet.given_at) == ("returned", None)
    told = Notice.objects.get(kind="books.handover_returned")
    assert told.facts["missing"] == "上次答应的资料没写"
    assert given(people, sheet, note="季报 11月27日 发送").status_code == 302
    assert signed(people, sheet).status_code == 302


def test_r199_a_sheet_shows_what_is_handed_over_only_within_scope(
    people: dict[str, Client],
    sheet: HandOver,
    monkeypatch: pytest.MonkeyPatch,
    at_work: Callable[[str], Client],
) -> None:
    the_day(monkeypatch)
    after = people["manager"].get(f"/books/handovers/{sheet.pk}/")
    assert not after.context["is_seen"]
    assert after.context["name"].endswith("*")
    assert not after.context["items"]
    assert not after.context["may_write"]
    assert at_work("adviser").get(f"/books/handovers/{sheet.pk}/").status_code == 404


def test_r060_the_letter_names_the_new_manager_why_and_how_to_object(
    people: dict[str, Client], sheet: HandOver
) -> None:
    page = people["branch_head"].post(f"/books/handovers/{sheet.pk}/letter/")
    body = page.content.decode()
    for told in ("周敏", "S01", "不参与评分", "2026-12-08", "3 个工作日内答复", "继续有效的承诺"):
        assert told in body or told in str(page.context["objections_until"]), told
    assert FirmEntry.objects.filter(verb="books.print_letter").count() == 1
    assert sheet.steps.filter(step="letter").exists()


def test_r060_a_client_objects_after_the_day_and_goes_back(
    people: dict[str, Client], sheet: HandOver, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_day(monkeypatch)
    assert Place.objects.get(pk=sheet.client_id).manager_code == "S01"
    facts = {"whose": "manager", "reason": "想留下"}
    address = f"/books/plan/client/{sheet.move_id}/object/"
    assert people["team_leader"].post(address, facts).status_code == 403  # the managers' time is over
    facts["whose"] = "client"
    assert people["team_leader"].post(address, facts).status_code == 302
    row = Objection.objects.get()
    answer = {"decision": "accept", "answer": "客户希望由李倩继续服务"}
    assert people["branch_head"].post(f"/books/objections/{row.pk}/answer/", answer).status_code == 302
    place = Place.objects.get(pk=sheet.client_id)
    assert (place.manager_code, place.grounds) == ("S02", "wish")
    sheet.refresh_from_db()
    assert sheet.state == "void"


def test_r059_many_are_signed_at_once_each_on_record(
    people: dict[str, Client], sheet: HandOver, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = HandOver.objects.filter(from_code="S02")
    assert people["manager"].get("/books/handovers/").context["n_to_give"] == rows.count()
    assert people["manager"].post("/books/handovers/all/", {"what": "give"}).status_code == 403  # no note
    facts = {"what": "give", "note": "见各自联系记录"}
    assert people["manager"].post("/books/handovers/all/", facts).status_code == 302
    assert work_off() == 1
    assert set(rows.values_list("note", flat=True)) == {"见各自联系记录"}
    the_day(monkeypatch)
    n = people["team_leader"].get("/books/handovers/").context["n_to_take"]
    assert n == rows.count()
    assert people["team_leader"].post("/books/handovers/all/", {"what": "take"}).status_code == 302
    assert work_off() == 1
    assert set(rows.values_list("state", flat=True)) == {"done"}
    assert FirmEntry.objects.filter(verb="books.take_client", outcome="done").count() == n
    sheet.refresh_from_db()
    assert sheet.taken_by


def test_r059_who_did_not_move_needs_no_sheet(
    people: dict[str, Client], sheet: HandOver, monkeypatch: pytest.MonkeyPatch
) -> None:
    Place.objects.filter(pk=sheet.client_id).update(manager_code="S03", grounds="act")
    the_day(monkeypatch)
    sheet.refresh_from_db()
    assert sheet.state == "void"
    assert people["manager"].get("/books/handovers/?view=all").status_code == 200


def test_r059_states_of_a_sheet_end_where_nothing_follows() -> None:
    assert set(STEPS) == set(HandOver.State)
    assert set(WAITING) <= {state for state, after in STEPS.items() if after}
