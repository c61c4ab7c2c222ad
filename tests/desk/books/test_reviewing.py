"""R054, R055: a leader sees why and who else with numbers, changes at a price told before, and limits hold (M14)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.books import plan_rows, pricing
from keepwell.desk.books.acted import Plan, PlanChange, PlanManager, PlanMove, Tie

REASON = "客户要股票分析"


@pytest.fixture
def leader(at_work: Callable[[str], Client]) -> Client:
    """The leader of the one team with a leader, a plan taken up, with places and prices that tell apart."""
    browser = at_work("team_leader")
    assert browser.post("/books/plan/open/").status_code == 302
    rows = PlanManager.objects.filter(plan=Plan.objects.get())
    rows.update(n_lower=0, n_upper=60, price=Decimal(0))
    rows.filter(staff_code="S03").update(n_upper=1, price=Decimal("0.30"))
    return browser


def first_two() -> tuple[PlanMove, PlanMove]:
    one, two = PlanMove.objects.filter(from_code="S02").order_by("pk")[:2]
    return one, two


def change(browser: Client, move: PlanMove, to: str, **more: str) -> Any:
    return browser.post(f"/books/plan/client/{move.pk}/change/", {"to": to, "reason": REASON, **more})


def test_r054_why_is_a_sentence_with_numbers_and_a_table_of_others(leader: Client) -> None:
    move, _other = first_two()
    page = leader.get(f"/books/plan/client/{move.pk}/")
    body = page.content.decode()
    assert "周航（S03） 得分 0.92 但名额已满" in body
    assert "净得分 0.71 = 得分 0.71 − 名额价 0.00" in body
    told = [(one.net.code, one.score, one.left, one.cost) for one in page.context["alternatives"]]
    assert told == [
        ("S01", "0.71", "0.71", "0.00"),
        ("S02", "≤ 0.71", "≤ 0.71", "不详"),
        ("S03", "0.92", "0.62", "0.09"),
    ]
    assert "改派（代价 0.09）" in body


def test_r054_a_tie_is_said(leader: Client) -> None:
    PlanManager.objects.filter(staff_code="S03").update(price=Decimal("0.21"))
    page = leader.get(f"/books/plan/client/{first_two()[0].pk}/")
    assert [one.net.code for one in page.context["alternatives"] if one.is_tied] == ["S03"]
    assert "并列" in page.content.decode()


def test_r054_a_change_shows_its_price_first_and_is_journalled(leader: Client) -> None:
    move, _other = first_two()
    before = leader.get(f"/books/plan/client/{move.pk}/change/?to=S03")
    assert before.context["cost"] == "0.09"
    assert not PlanChange.objects.exists()
    assert change(leader, move, "S03").status_code == 302
    move.refresh_from_db()
    assert (move.to_code, move.cost, move.cost_is_exact) == ("S03", Decimal("0.09"), True)
    row = PlanChange.objects.get()
    assert (row.before_code, row.after_code, row.cost, row.reason) == ("S01", "S03", Decimal("0.09"), REASON)
    entry = FirmEntry.objects.get(verb="books.reassign")
    assert (entry.subject_id, entry.run) == (move.client_id, "000001")
    plan = Plan.objects.get()
    assert plan_rows.cost_of(plan) == (Decimal("0.09"), True)
    assert plan.version == 2
    assert leader.get(f"/books/plan/{plan.pk}/").context["cost"] == "0.09"
    assert change(leader, move, "S01").status_code == 302  # back again costs it back
    assert plan_rows.cost_of(plan) == (Decimal(0), True)


def test_r054_a_change_needs_a_reason(leader: Client) -> None:
    refused = change(leader, first_two()[0], "S03", reason="  ")
    assert refused.status_code == 403
    assert FirmEntry.objects.filter(outcome="refused", reason="M20").exists()
    assert not PlanChange.objects.exists()


def test_r048_a_full_manager_takes_nobody_until_one_is_swapped_out(leader: Client) -> None:
    move, other = first_two()
    assert change(leader, other, "S03").status_code == 302
    asked = leader.get(f"/books/plan/client/{move.pk}/change/?to=S03")
    assert "周航名额已满（1/1）" in asked.content.decode()
    assert [one["client_id"] for one in asked.context["candidates"]] == [other.client_id]
    refused = change(leader, move, "S03")
    assert refused.status_code == 403
    assert FirmEntry.objects.filter(outcome="refused", reason="M14").count() == 1
    assert change(leader, move, "S03", swap=other.client_id).status_code == 302
    for row, code in ((move, "S03"), (other, "S01")):
        row.refresh_from_db()
        assert row.to_code == code
    now = pricing.loads(Plan.objects.get())
    assert now["S03"].n_planned == 1  # the limits were computed again, and hold
    unfit = change(leader, other, "S03", swap="c000003")
    assert unfit.status_code == 403


def test_r048_nobody_falls_below_the_lower_limit(leader: Client) -> None:
    move, _other = first_two()
    n = pricing.loads(Plan.objects.get())["S01"].n_planned
    PlanManager.objects.filter(staff_code="S01").update(n_lower=n)
    refused = change(leader, move, "S03")
    assert refused.status_code == 403
    assert "低于下限" in refused.content.decode()


def test_r048_who_may_not_take_is_refused(leader: Client) -> None:
    move, _other = first_two()
    for code in ("S04", "S06", "S99"):  # without a book, of another branch, unknown
        assert change(leader, move, code).status_code == 403
    PlanManager.objects.filter(staff_code="S03").update(is_eligible=False)
    refused = change(leader, move, "S03")
    assert "不能接收客户" in refused.content.decode()


def test_r054_what_is_fixed_or_ruled_out_outlives_the_plan(
    leader: Client, at_work: Callable[[str], Client]
) -> None:
    fixed, banned = first_two()
    address = "/books/plan/client/{}/tie/"
    assert change(leader, fixed, "S02").status_code == 302  # stays
    pin = {"kind": "pin", "staff_code": "S02", "reason": "老客户要求"}
    assert leader.post(address.format(fixed.pk), {**pin, "reason": ""}).status_code == 403
    assert leader.post(address.format(fixed.pk), pin).status_code == 302
    assert leader.post(address.format(fixed.pk), pin).status_code == 403  # stands already
    assert change(leader, banned, "S02").status_code == 302
    ban = {"kind": "ban", "staff_code": "S01", "reason": "利益冲突"}
    assert leader.post(address.format(banned.pk), ban).status_code == 302
    refused = change(leader, banned, "S01")
    assert "禁配此客户" in refused.content.decode()
    plan = Plan.objects.get()
    leader.post(f"/books/plan/{plan.pk}/agree/")
    plan.refresh_from_db()
    facts = {"decision": "return", "version": plan.version, "reason": "重来"}
    assert at_work("branch_head").post(f"/books/plan/{plan.pk}/decide/", facts).status_code == 302
    left = set(plan_rows.proposed_in("B01").values_list("pk", flat=True))
    assert not {fixed.client_id, banned.client_id} & left
    tie = Tie.objects.get(kind="pin")
    assert leader.post(f"/books/plan/tie/{tie.pk}/lift/").status_code == 302
    assert fixed.client_id in set(plan_rows.proposed_in("B01").values_list("pk", flat=True))
    verbs = set(FirmEntry.objects.values_list("verb", flat=True))
    assert {"books.tie", "books.lift_tie"} <= verbs


def test_r059_once_sent_only_objected_clients_change(leader: Client) -> None:
    move, _other = first_two()
    assert leader.post(f"/books/plan/{move.plan_id}/agree/").status_code == 302
    refused = change(leader, move, "S03")
    assert refused.status_code == 403
    assert "方案已送批" in refused.content.decode()


def test_r199_another_branch_and_other_roles_do_not_see_a_plan(
    leader: Client, at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    move, _other = first_two()
    elsewhere = log_in("branch_head", username="far", staff_code="S07", branch_code="B02")
    for address in (f"/books/plan/{move.plan_id}/", f"/books/plan/client/{move.pk}/"):
        assert elsewhere.get(address).status_code == 404
        assert at_work("manager" if "client" in address else "counter").get(address).status_code == 403
    firm = at_work("hq_brokerage")
    assert firm.get(f"/books/plan/client/{move.pk}/").status_code == 200
    assert (
        firm.post(f"/books/plan/client/{move.pk}/change/", {"to": "S03", "reason": REASON}).status_code == 403
    )
