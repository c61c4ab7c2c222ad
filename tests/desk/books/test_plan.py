"""R054, R059: a plan is taken up from the run's proposal, agreed by its teams, signed by another, and has its day."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.books import plan_rows
from keepwell.desk.books.acted import OPEN, TRANSITIONS, Plan, PlanMove
from keepwell.desk.clients.models import Place, Staff
from keepwell.desk.people.models import User
from keepwell.desk.ui.jobs_running import work_off
from keepwell.desk.ui.models import Notice

THE_DAY = dt.datetime(
    2026, 12, 1, 2, tzinfo=dt.UTC
)  # the working day after five to object in, from Monday 23 Nov


def n_open() -> int:
    return plan_rows.proposed_in("B01").count()


def taken_up(browser: Client) -> Plan:
    assert browser.post("/books/plan/open/").status_code == 302
    return Plan.objects.get()


def agreed(browser: Client, plan: Plan) -> Plan:
    assert browser.post(f"/books/plan/{plan.pk}/agree/").status_code == 302
    plan.refresh_from_db()
    return plan


def decide(browser: Client, plan: Plan, **more: Any) -> Any:
    facts = {"decision": "approve", "version": plan.version, **more}
    return browser.post(f"/books/plan/{plan.pk}/decide/", facts)


@pytest.fixture
def sent(at_work: Callable[[str], Client]) -> Plan:
    """A plan that the leader of the one team with a leader has sent."""
    leader = at_work("team_leader")
    return agreed(leader, taken_up(leader))


def test_r054_the_run_s_proposal_shows_every_move_with_from_to_and_why(
    at_work: Callable[[str], Client],
) -> None:
    browser = at_work("branch_head")
    page = browser.get("/books/plan/")
    assert len(page.context["rows"]) == page.context["n"] == n_open() > 0
    assert {row["to"] for row in page.context["rows"]} == {"周敏"}
    assert "名额已满" in page.content.decode()
    of_one = browser.get("/books/plan/?manager=S02").context
    assert {row["line"].manager_code for row in of_one["rows"]} == {"S02"}
    of_nobody = browser.get("/books/plan/?manager=-").context
    assert {row["line"].manager_code for row in of_nobody["rows"]} == {None}


def test_r059_a_plan_keeps_the_run_s_grounds(at_work: Callable[[str], Client]) -> None:
    browser, n = at_work("team_leader"), n_open()
    plan = taken_up(browser)
    assert (plan.state, plan.n_moves, plan.run, plan.value) == ("review", n, "000001", Decimal("30.5"))
    moves = PlanMove.objects.filter(plan=plan)
    assert moves.count() == n
    assert {(row.to_code, row.score, row.best_code) for row in moves} == {("S01", Decimal("0.71"), "S03")}
    assert set(plan.managers.values_list("staff_code", flat=True)) == {"S01", "S02", "S03"}
    assert FirmEntry.objects.get(verb="books.open_plan").run == "000001"
    again = browser.post("/books/plan/open/")
    assert again.status_code == 403
    assert f"#{plan.pk}" in again.content.decode()
    assert browser.get("/books/plan/?manager=S02").url == f"/books/plan/{plan.pk}/?manager=S02"


def test_r059_the_list_says_how_far_each_branch_has_come(
    at_work: Callable[[str], Client], sent: Plan
) -> None:
    body = at_work("hq_brokerage").get("/books/plans/").content.decode()
    assert "解放路营业部" in body
    assert "待审批" in body
    assert "还没有方案" in body  # the other branch
    own = at_work("branch_head").get("/books/plans/")
    assert [row["proof"].branch_code for row in own.context["rows"]] == ["B01"]
    assert [row["plan"] for row in own.context["earlier"]] == [sent]


def test_r059_the_team_agrees_and_the_head_is_asked(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    head = make_user("branch_head", staff_code="S04", branch_code="B01")
    leader = at_work("team_leader")
    plan = taken_up(leader)
    assert leader.get(f"/books/plan/{plan.pk}/").context["missing"] == ["一队"]
    plan = agreed(leader, plan)
    assert plan.state == "objections"
    assert plan.objections_until == dt.date(2026, 11, 30)
    assert Notice.objects.filter(user_id=head.pk, kind="people.asked").count() == 1
    assert leader.post(f"/books/plan/{plan.pk}/agree/").status_code == 403
    verbs = FirmEntry.objects.filter(verb__startswith="books.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[:3] == ["books.open_plan", "books.agree_plan", "books.send_plan"]


def test_r052_another_person_approves_and_managers_change_on_the_day(
    at_work: Callable[[str], Client], sent: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = at_work("branch_head")
    waiting = browser.get(reverse("people:approvals")).content.decode()
    assert f"方案 #{sent.pk}" in waiting
    grounds = browser.get(reverse("people:grounds", args=["books.plan", sent.pk])).content.decode()
    for told in ("2026-12-01", "周敏", "30.50"):
        assert told in grounds, told
    assert decide(browser, sent).status_code == 302
    assert decide(browser, sent).status_code == 403
    sent.refresh_from_db()
    assert (sent.state, sent.effective_on) == ("approved", dt.date(2026, 12, 1))
    moving = set(sent.moves.values_list("client_id", flat=True))
    before = dict(Place.objects.filter(pk__in=moving).values_list("pk", "manager_code"))
    assert work_off() == 0  # its day has not come
    assert dict(Place.objects.filter(pk__in=moving).values_list("pk", "manager_code")) == before
    monkeypatch.setattr(timezone, "now", lambda: THE_DAY)
    assert work_off() == 1
    assert set(Place.objects.filter(pk__in=moving).values_list("manager_code", "grounds")) == {
        ("S01", "plan")
    }
    sent.refresh_from_db()
    assert sent.state == "done"
    assert FirmEntry.objects.filter(verb="books.approve_plan", outcome="done").count() == 1
    told = Notice.objects.get(kind="books.reassigned_many")
    assert told.facts["n"] == len(moving)


def test_r054_the_home_says_how_far_the_plan_is_and_leads_to_the_signature(
    at_work: Callable[[str], Client], sent: Plan
) -> None:
    body = at_work("branch_head").get("/books/branch/").content.decode().split("<main", 1)[1]
    assert f'href="{reverse("people:approvals")}"' in body
    assert str(sent.objections_until) in body


def test_r194_who_agreed_does_not_sign_and_the_other_person_is_named(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    make_user("branch_head", username="second", display_name="林静", branch_code="B01")
    browser = at_work("branch_head")
    plan = agreed(browser, taken_up(browser))
    assert plan.state == "objections"  # the head agrees for the whole branch
    refused = decide(browser, plan)
    assert refused.status_code == 403
    assert "已通知林静" in refused.content.decode()
    assert FirmEntry.objects.filter(outcome="refused", reason="M12").exists()


def test_r059_a_returned_plan_moves_nobody_and_says_why(at_work: Callable[[str], Client], sent: Plan) -> None:
    browser = at_work("branch_head")
    assert decide(browser, sent, decision="return").status_code == 403  # without a reason
    assert decide(browser, sent, decision="return", reason="先谈客户").status_code == 302
    assert "先谈客户" in browser.get(f"/books/plan/{sent.pk}/").content.decode()
    assert work_off() == 0
    assert taken_up_again(browser)


def taken_up_again(browser: Client) -> bool:
    """A branch without an open plan may take up the proposal anew."""
    return bool(browser.post("/books/plan/open/").status_code == 302)


def test_r194_a_plan_that_changed_since_it_was_read_is_not_approved(
    at_work: Callable[[str], Client], sent: Plan
) -> None:
    browser = at_work("branch_head")
    assert decide(browser, sent, version=sent.version - 1).status_code == 403
    sent.refresh_from_db()
    assert sent.state == "objections"


def test_r052_on_its_day_a_plan_leaves_alone_whom_people_settled_since(
    at_work: Callable[[str], Client], sent: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = at_work("branch_head")
    assert decide(browser, sent).status_code == 302
    first = sent.moves.exclude(from_code="").order_by("pk")[0].client_id
    Place.objects.filter(pk=first).update(manager_code="S03", grounds="act")
    monkeypatch.setattr(timezone, "now", lambda: THE_DAY)
    assert work_off() == 1
    assert Place.objects.get(pk=first).manager_code == "S03"
    assert sent.moves.filter(is_moved=False).count() == 1


def test_r199_each_sees_their_own_part_and_only_the_head_signs(
    at_work: Callable[[str], Client], sent: Plan
) -> None:
    leader = Client(headers={"host": "localhost"})
    leader.force_login(
        User.objects.get(username="team_leader"), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert decide(leader, sent).status_code == 403
    page = leader.get(f"/books/plan/{sent.pk}/")
    outside = [row for row in page.context["rows"] if not row["is_seen"]]
    assert all(row["name"].endswith("*") for row in outside)
    assert not page.context["may_sign"]
    assert at_work("manager").get(f"/books/plan/{sent.pk}/").status_code == 403


def test_r060_the_public_sheet_is_masked_and_made_of_approved_plans_alone(
    at_work: Callable[[str], Client], sent: Plan
) -> None:
    browser = at_work("branch_head")
    address = f"/books/plan/{sent.pk}/notice/"
    assert "方案未批准" in browser.post(address).content.decode()
    assert decide(browser, sent).status_code == 302
    page = browser.post(address)
    assert page.status_code == 200
    lines = page.context["lines"]
    assert len(lines) == sent.n_moves
    assert all(line["name"].endswith("*") for line in lines)
    body = page.content.decode().split("<main", 1)[1]
    staff = set(Staff.objects.values_list("staff_name", flat=True))
    for move in sent.moves.select_related("client__line"):
        assert move.client_id not in body
        assert move.client.line.client_name in staff or move.client.line.client_name not in body
    assert "万" not in body
    assert FirmEntry.objects.filter(verb="books.print_notice", outcome="done").count() == 1


def test_r059_states_end_where_nothing_follows() -> None:
    assert set(TRANSITIONS) == set(Plan.State)
    assert {state for state, after in TRANSITIONS.items() if after} == set(OPEN)
