"""R043, R048, R054, R057: how evenly clients are shared out, against how it is, with what limits cost in words."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.books import fairness_pages
from keepwell.desk.books.models import AllocationLoad
from keepwell.desk.clients.models import Place


def test_r043_the_head_sees_the_branch_s_curve_loads_and_mixes(at_work: Callable[[str], Client]) -> None:
    page = at_work("branch_head").get("/books/fairness/")
    body = page.content.decode()
    for told in ("洛伦茨曲线", "每位经理对公平份额", "分级构成", "相识年限构成", "对现状"):
        assert told in body, told
    assert not page.context["sees_firm"]
    assert {one["row"].resource for one in page.context["limits"]} == {"hours"}
    assert [one["row"].grade for one in page.context["hours"]] == [
        "strategic",
        "important",
        "regular",
        "basic",
    ]
    assert [one["row"].basis for one in page.context["measures"]] == ["now", "proposed", "by_assets"]
    for told in ("对现状与只看资产", "0.310", "0.070", "0.440"):
        assert told in body, told
    for told in ("各级客户服务工时", "25.0%", "营业部可用工时 900", "年服务工时", "0.0010"):
        assert told in body, told
    eligible = AllocationLoad.objects.filter(branch_code="B01", is_eligible=True)
    assert [one["row"].staff_code for one in page.context["rows"]] == sorted(
        eligible.values_list("staff_code", flat=True)
    )
    mixed = sum(n for one in page.context["grades"] for _label, n in one["cells"])
    of_managers = Place.objects.filter(
        is_existing=True, home_branch_code="B01", manager_code__in=eligible.values("staff_code")
    )
    assert mixed == of_managers.count()
    assert sum(n for one in page.context["ages"] for _label, n in one["cells"]) == of_managers.count()


@pytest.mark.parametrize("role", ["compliance", "audit", "hq_brokerage"])
def test_r057_whoever_sees_the_firm_looks_at_one_branch_after_the_other(
    at_work: Callable[[str], Client], role: str
) -> None:
    browser = at_work(role)
    page = browser.get("/books/fairness/?branch=B02")
    assert page.context["chosen"] == "B02"
    assert browser.get("/books/fairness/?branch=nowhere").context["chosen"] == "B01"
    assert "/exports/books.export_fairness/" in page.content.decode()
    assert "陈志远" not in page.content.decode()


def test_r054_the_grounds_are_a_file_with_the_price_in_words(at_work: Callable[[str], Client]) -> None:
    browser = at_work("branch_head")
    assert browser.get("/books/fairness/").context["export"]
    assert not at_work("team_leader").get("/books/fairness/").context.get("export")
    load: Any = AllocationLoad.objects.filter(branch_code="B01", is_eligible=True)[0]
    for price, told in (("0.25", "0.25"), ("-0.10", "0.10"), ("0", "一样")):
        load.price = Decimal(price)
        assert told in fairness_pages.price_told(load)
    user = browser.get("/books/fairness/").context["user"]
    rows = list(fairness_pages.rows(user, ""))
    assert len(rows) == fairness_pages.count(user, "", 100) > 0
    assert all(len(row) == len(fairness_pages.columns(user)) for row in rows)


def test_the_points_of_a_curve_begin_at_nothing_and_end_at_all() -> None:
    assert fairness_pages.points([3, 1]) == [(0.0, 0.0), (0.5, 0.25), (1.0, 1.0)]
    assert fairness_pages.points([2, 2])[1] == (0.5, 0.5)


def test_r199_a_manager_does_not_open_it(at_work: Callable[[str], Client]) -> None:
    assert at_work("manager").get("/books/fairness/").status_code == 403
