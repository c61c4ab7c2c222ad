"""R059: a manager sees the own limits, and who came and went of late, why."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from keepwell.desk.clients.assignments import assign
from keepwell.desk.clients.models import Place
from keepwell.desk.people.models import User


def test_r059_my_book_tells_my_limits_and_who_came_and_went(at_work: Callable[[str], Client]) -> None:
    browser = at_work("manager")
    by, now = User.objects.get(username="manager"), timezone.now()
    came = Place.objects.filter(manager_code="S03", is_existing=True)[0].pk
    went = Place.objects.filter(manager_code="S02", is_existing=True)[0].pk
    facts: dict[str, Any] = {
        "grounds": "act",
        "reason": "客户要股票分析",
        "by": by,
        "at": now,
        "run": "000001",
    }
    for client_id, code in ((came, "S02"), (went, "S03")):
        assign(client_id=client_id, staff_code=code, starts_on=timezone.localdate(now), **facts)
    page = browser.get("/books/mine/")
    told = {one["row"].client_id: one for one in page.context["own_changes"]}
    assert not told[came]["has_gone"]
    assert told[went]["has_gone"]
    assert told[went]["name"].endswith("*")
    body = page.content.decode()
    assert "我的限额" in body
    assert "客户要股票分析" in body
    assert page.context["own_load"].staff_code == "S02"


def test_r059_a_book_without_changes_shows_none(at_work: Callable[[str], Client]) -> None:
    page = at_work("manager").get("/books/mine/")
    assert page.context["own_changes"] == []
    assert "来去" not in page.content.decode().split("<main", 1)[1]
