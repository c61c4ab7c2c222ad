"""R059, R060: managers object, and clients through them; another person answers before the plan is signed."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.books.acted import Objection, Plan, PlanChange, PlanManager, PlanMove
from keepwell.desk.clients.models import Place
from keepwell.desk.ui.jobs_running import work_off
from keepwell.desk.ui.models import Notice

THE_DAY = dt.datetime(2026, 12, 1, 2, tzinfo=dt.UTC)


@pytest.fixture
def leader(at_work: Callable[[str], Client]) -> Client:
    """The team's leader, who has sent a plan with room in everybody's book."""
    browser = at_work("team_leader")
    assert browser.post("/books/plan/open/").status_code == 302
    plan = Plan.objects.get()
    PlanManager.objects.filter(plan=plan).update(n_lower=0, n_upper=60)
    assert browser.post(f"/books/plan/{plan.pk}/agree/").status_code == 302
    return browser


@pytest.fixture
def objected(leader: Client, at_work: Callable[[str], Client]) -> Objection:
    """The objection of a manager to the first of their clients."""
    assert leader
    assert raise_one(at_work("manager")).status_code == 302
    return Objection.objects.get()


def of_manager(code: str = "S02") -> PlanMove:
    return PlanMove.objects.filter(from_code=code).order_by("pk")[0]


def raise_one(browser: Client, **more: str) -> Any:
    facts = {"whose": "manager", "reason": "刚谈好方案", **more}
    return browser.post(f"/books/plan/client/{of_manager().pk}/object/", facts)


def answer(browser: Client, row: Objection, **more: str) -> Any:
    facts = {"decision": "reject", "answer": "能力匹配优先", **more}
    return browser.post(f"/books/objections/{row.pk}/answer/", facts)


def test_r060_a_manager_sees_the_own_moves_and_objects_with_a_reason(
    leader: Client, at_work: Callable[[str], Client]
) -> None:
    browser = at_work("manager")
    page = browser.get("/books/objections/")
    moves = [row["move"] for row in page.context["moves"]]
    concerned = PlanMove.objects.filter(Q(from_code="S02") | Q(to_code="S02"))
    assert {move.pk for move in moves} == set(concerned.values_list("pk", flat=True))
    assert "2026-11-30" in page.content.decode()
    assert raise_one(browser, reason=" ").status_code == 403
    assert raise_one(browser).status_code == 302
    row = Objection.objects.get()
    assert (row.state, row.whose, row.staff_code, row.due_on) == (
        "open",
        "manager",
        "S02",
        dt.date(2026, 11, 26),
    )
    assert raise_one(browser).status_code == 403  # one at a time
    assert FirmEntry.objects.filter(verb="books.object", outcome="done").count() == 1
    assert Notice.objects.filter(kind="books.objected").count() == 1
    other = PlanMove.objects.exclude(from_code="S02").exclude(to_code="S02").order_by("pk")[0]
    assert browser.post(f"/books/plan/client/{other.pk}/object/", {"reason": "x"}).status_code == 404
    assert leader.get("/books/objections/").context["lines"][0]["row"] == row


def test_r060_a_client_s_objection_is_recorded_as_theirs(
    leader: Client, at_work: Callable[[str], Client]
) -> None:
    assert raise_one(at_work("manager"), whose="client", reason="希望继续由李倩服务").status_code == 302
    assert "客户: 希望继续由李倩服务" in leader.get("/books/objections/").content.decode()


def test_r060_objections_end_with_their_time(leader: Client, at_work: Callable[[str], Client]) -> None:
    Plan.objects.update(objections_until=dt.date(2026, 11, 20))
    refused = raise_one(at_work("manager"))
    assert refused.status_code == 403
    assert "2026-11-20" in refused.content.decode()
    assert not any(row["verdict"] for row in at_work_again(leader))


def at_work_again(browser: Client) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = browser.get("/books/objections/").context["moves"]
    return rows


def test_r194_nobody_answers_their_own(leader: Client) -> None:
    assert raise_one(leader).status_code == 302
    row = Objection.objects.get()
    refused = answer(leader, row)
    assert refused.status_code == 403
    assert FirmEntry.objects.filter(outcome="refused", reason="M12").exists()


def test_r059_not_accepted_the_reason_goes_back(leader: Client, objected: Objection) -> None:
    assert answer(leader, objected, answer="").status_code == 403
    assert answer(leader, objected).status_code == 302
    objected.refresh_from_db()
    assert (objected.state, objected.answer) == ("rejected", "能力匹配优先")
    told = Notice.objects.get(kind="books.objection_rejected")
    assert told.user_id == objected.by_id
    assert told.facts["answer"] == "能力匹配优先"
    assert answer(leader, objected).status_code == 403  # once
    move = objected.move
    move.refresh_from_db()
    assert not move.stays


def test_r059_accepted_the_client_stays_at_a_price(leader: Client, objected: Objection) -> None:
    assert answer(leader, objected, decision="accept").status_code == 302
    move = PlanMove.objects.get(pk=objected.move_id)
    assert move.stays
    assert PlanChange.objects.get().reason == "能力匹配优先"
    objected.refresh_from_db()
    assert objected.state == "accepted"


def test_r048_accepting_is_refused_where_a_limit_would_break(leader: Client, objected: Objection) -> None:
    PlanManager.objects.filter(staff_code="S02").update(n_upper=0)
    refused = answer(leader, objected, decision="accept")
    assert refused.status_code == 403
    assert FirmEntry.objects.filter(outcome="refused", reason="M14").exists()
    objected.refresh_from_db()
    assert objected.state == "open"


def test_r059_a_plan_is_not_approved_while_an_objection_waits(
    leader: Client, objected: Objection, at_work: Callable[[str], Client]
) -> None:
    head, plan = at_work("branch_head"), Plan.objects.get()
    facts = {"decision": "approve", "version": plan.version}
    refused = head.post(f"/books/plan/{plan.pk}/decide/", facts)
    assert refused.status_code == 403
    assert "还有 1 件异议未答复" in refused.content.decode()
    assert FirmEntry.objects.filter(outcome="refused", reason="M15").exists()
    assert "还有 1 件异议未答复" in head.get(f"/books/plan/{plan.pk}/").content.decode()
    assert answer(leader, objected).status_code == 302
    assert head.post(f"/books/plan/{plan.pk}/decide/", facts).status_code == 302


def test_r060_whom_an_open_objection_concerns_waits_past_the_day(
    leader: Client, at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    head, plan = at_work("branch_head"), Plan.objects.get()
    facts = {"decision": "approve", "version": plan.version}
    assert head.post(f"/books/plan/{plan.pk}/decide/", facts).status_code == 302
    assert raise_one(at_work("manager")).status_code == 302  # there is still time to object
    row = Objection.objects.get()
    with monkeypatch.context() as later:
        later.setattr(timezone, "now", lambda: THE_DAY)
        assert work_off() == 1
    assert Place.objects.get(pk=row.move.client_id).manager_code == "S02"
    assert answer(leader, row).status_code == 302  # not accepted: now the client moves
    assert Place.objects.get(pk=row.move.client_id).manager_code == "S01"
