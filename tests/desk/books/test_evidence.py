"""R054: the run lists what a client's best managers score and are charged; a change is priced and proved by it."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from keepwell.contract.allocation import AllocationAlternative
from keepwell.desk.books import grounds, pricing, proving
from keepwell.desk.books.acted import Plan, PlanLimit, PlanManager, PlanMove
from keepwell.desk.records import events

ZERO = Decimal(0)


def alternative(client_id: str, code: str, score: str, charged: str, **parts: str) -> dict[str, Any]:
    """A row of the evidence whose need makes up the score."""
    points = dict.fromkeys(grounds.PARTS, ZERO) | {"need_points": Decimal(score)}
    points |= {name: Decimal(value) for name, value in parts.items()}
    return {
        "client_id": client_id,
        "manager_code": code,
        **points,
        "score": Decimal(score),
        "limits_price": Decimal(charged),
        "change_price": ZERO,
        "net": Decimal(score) - Decimal(charged),
        "alternative_reason": "nets_less",
        "resource": None,
    }


def of_clients(_run: str, table: str, client_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Evidence of every client asked for: 周敏 nets most, 周航 scores more and is charged."""
    if table == "allocation_use":
        common = {"grade": "basic", "n_value_units": 40, "is_top_tier": False, "is_vulnerable": True}
        return [{"client_id": one, **common} for one in client_ids]
    rows = [("S01", "0.71", "0"), ("S03", "0.92", "0.30"), ("S02", "0.50", "0")]
    return [alternative(one, *row) for one in client_ids for row in rows]


@pytest.fixture
def leader(at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch) -> Client:
    """A plan taken up with evidence, room in everybody's head count, and limits of assets."""
    monkeypatch.setattr(events, "of_clients", of_clients)
    browser = at_work("team_leader")
    assert browser.post("/books/plan/open/").status_code == 302
    plan = Plan.objects.get()
    PlanManager.objects.filter(plan=plan).update(n_lower=0, n_upper=500)
    for code in ("S01", "S02", "S03"):
        facts = {"resource": "value", "lower": ZERO, "upper": Decimal(4_000), "now": Decimal(1_000)}
        PlanLimit.objects.create(plan=plan, staff_code=code, price=ZERO, **facts)
    return browser


def of_manager(code: str = "S02") -> PlanMove:
    return PlanMove.objects.filter(from_code=code).order_by("pk")[0]


def test_r054_the_page_shows_the_score_part_by_part_with_the_price_that_decided(leader: Client) -> None:
    page = leader.get(f"/books/plan/client/{of_manager().pk}/")
    body = page.content.decode()
    assert page.context["part_names"][0] == "周敏"
    assert page.context["part_nets"] == [Decimal("0.71"), Decimal("0.62"), Decimal("0.50")]
    assert "周航匹配更高（0.92），扣限额价 0.30 后 0.62" in body
    assert "得分逐项" in body
    assert all(one.net.is_exact for one in page.context["alternatives"])


def test_r054_a_change_is_priced_exactly_and_reckoned_anew(leader: Client) -> None:
    move = of_manager()
    facts = {"to": "S03", "reason": "客户要股票分析"}
    answer = leader.post(f"/books/plan/client/{move.pk}/change/", facts, follow=True)
    assert "独立复验通过" in answer.content.decode()
    move.refresh_from_db()
    assert (move.cost, move.cost_is_exact) == (Decimal("0.09"), True)
    plan = Plan.objects.get()
    proof = proving.proof(plan)
    assert proof.is_sound
    assert proof.value == plan.value + Decimal("0.21")  # 0.92 for 0.71
    assert (proof.n_listed, proof.n_moves) == (plan.n_moves, plan.n_moves)
    page = leader.get(f"/books/plan/{plan.pk}/proof/")
    assert page.context["proof"] == proof
    assert "通过" in page.content.decode()


def test_r054_evidence_that_does_not_add_up_is_found(leader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(run: str, table: str, client_ids: Sequence[str]) -> list[dict[str, Any]]:
        rows = of_clients(run, table, client_ids)
        rows[0]["need_points"] += Decimal("0.000001")
        return rows

    monkeypatch.setattr(events, "of_clients", wrong)
    proof = proving.proof(Plan.objects.get())
    assert (proof.n_unsound, proof.is_sound) == (1, False)
    assert "不通过" in leader.get(f"/books/plan/{Plan.objects.get().pk}/proof/").content.decode()


def test_r047_hours_assets_and_tiers_hold_on_a_change_too(leader: Client) -> None:
    move, plan = of_manager(), Plan.objects.get()
    assert move.use["value"] == "40"
    before = pricing.limit_loads(plan)
    assert grounds.taken({"a": "S1", "b": "S1"}, {"a": {"value": "2"}, "b": {"value": "3"}}) == {
        ("S1", "value"): Decimal(5)
    }
    n_in = PlanMove.objects.filter(to_code="S01").exclude(from_code="S01").count()
    assert before["S01", "value"] == Decimal(1_000) + 40 * n_in
    was = before["S03", "value"]
    PlanLimit.objects.filter(staff_code="S03").update(upper=was + 39)
    refused = leader.post(f"/books/plan/client/{move.pk}/change/", {"to": "S03", "reason": "x"})
    assert refused.status_code == 403
    assert f"资产或贡献将达 {was + 40:,.2f}，超过上限 {was + 39:,.2f}" in refused.content.decode()
    asked = leader.get(f"/books/plan/client/{move.pk}/change/?to=S03").context
    assert asked["needs_swap"]
    PlanLimit.objects.filter(staff_code="S03").update(upper=None)
    assert (
        leader.post(f"/books/plan/client/{move.pk}/change/", {"to": "S03", "reason": "x"}).status_code == 302
    )
    assert pricing.limit_loads(plan)["S03", "value"] == was + 40


def test_the_parts_are_those_of_the_contract() -> None:
    assert set(grounds.PARTS) == {name for name in AllocationAlternative.columns if name.endswith("_points")}
    assert len(grounds.PARTS) > 5
