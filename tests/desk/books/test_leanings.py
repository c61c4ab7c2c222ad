"""R043, R055, R057: whom the sharing out favours, what groups lose, which swaps are worth it, what nobody knows."""

from collections.abc import Callable

import pytest
from django.test import Client

from keepwell.desk.books.models import AllocationSwap
from keepwell.desk.clients.models import Place


@pytest.mark.parametrize("role", ["compliance", "audit", "hq_brokerage"])
def test_r043_losses_of_groups_are_for_whoever_sees_the_firm(
    at_work: Callable[[str], Client], role: str
) -> None:
    page = at_work(role).get("/books/fairness/")
    groups = [
        (one["row"].group_kind, str(one["label"]), str(one["row"].mean_loss))
        for one in page.context["groups"]
    ]
    assert groups[:3] == [
        ("branch", "解放路营业部", "0.001000"),
        ("grade", "战略", "0.018000"),
        ("grade", "基础", "0.002000"),
    ]
    labels = [label for _kind, label, _loss in groups[3:]]
    assert labels == ["满 75 年", "女", "不满 1 年"]


def test_r043_a_branch_reads_no_loss_of_a_protected_group(at_work: Callable[[str], Client]) -> None:
    page = at_work("branch_head").get("/books/fairness/")
    assert page.context["groups"] == []
    assert "仅审计" not in page.content.decode()


def test_r057_a_leaning_that_shows_is_told_with_its_numbers(at_work: Callable[[str], Client]) -> None:
    page = at_work("branch_head").get("/books/fairness/")
    told = [(str(one["label"]), str(one["basis"]), one["row"].is_showing) for one in page.context["leanings"]]
    assert told == [("职级", "建议", False), ("职级", "只看资产", True)]
    for word in ("分配偏向", "4.8", "显著", "0.72"):
        assert word in page.content.decode(), word


def test_r054_swaps_worth_it_stand_until_somebody_has_moved(at_work: Callable[[str], Client]) -> None:
    rows = {row.client_id: row for row in AllocationSwap.objects.filter(branch_code="B01")}
    for row in rows.values():
        Place.objects.filter(pk=row.client_id).update(manager_code=row.manager_code)
        Place.objects.filter(pk=row.other_id).update(manager_code=row.other_code)
    browser = at_work("branch_head")
    page = browser.get("/books/plan/swaps/")
    assert [str(one["gain"]) for one in page.context["swaps"]] == ["0.120000", "0.050000"]
    Place.objects.filter(pk="c000001").update(manager_code="S03")
    page = browser.get("/books/plan/swaps/")
    assert [one["one"]["client_id"] for one in page.context["swaps"]] == ["c000000"]
    assert "1 对已有人变动，不再列出" in page.content.decode()


def test_r199_a_leader_reads_the_names_of_their_own_team_s_clients_alone(
    at_work: Callable[[str], Client],
) -> None:
    for row in AllocationSwap.objects.filter(branch_code="B01"):
        Place.objects.filter(pk=row.client_id).update(manager_code=row.manager_code)
        Place.objects.filter(pk=row.other_id).update(manager_code=row.other_code)
    (first, second) = at_work("team_leader").get("/books/plan/swaps/").context["swaps"]
    assert first["one"]["is_seen"]
    assert not first["other"]["is_seen"]
    assert first["other"]["name"].endswith("*")
    assert second["one"]["is_seen"]
    assert second["other"]["is_seen"]
    assert at_work("manager").get("/books/plan/swaps/").status_code == 403
    assert at_work("compliance").get("/books/plan/swaps/").status_code == 403


def test_r050_what_nobody_knows_counts_as_neutral_and_is_listed(at_work: Callable[[str], Client]) -> None:
    page = at_work("branch_head").get("/books/profiles/")
    assert all(one["missing"] for one in page.context["staff"])
    known = [list(map(str, one["neutral"])) for one in page.context["unknown"]]
    assert ["需求", "交易风格", "风险等级"] in known
    assert "按中性计" in page.content.decode()
