"""R002, R057: who waits in the pool is told with the reason, under masked names, and opened so many a day."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.books import pooling
from keepwell.desk.books.pooled import PoolView


def opened(browser: Client, client_id: str) -> Any:
    return browser.post("/books/pool/open/", {"client_id": client_id})


def test_r057_the_pool_tells_who_waits_and_why_under_masked_names(at_work: Callable[[str], Client]) -> None:
    browser = at_work("branch_head")
    page = browser.get("/books/pool/")
    lines = page.context["lines"]
    assert lines
    assert all(one["name"].endswith("*") for one in lines)
    assert all("天未触达" in one["why"] for one in lines)
    assert {one["row"].branch_code for one in lines} == {"B01"}
    assert at_work("manager").get("/books/pool/").status_code == 403


def test_r057_so_many_are_opened_a_day_and_no_more(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = at_work("branch_head")
    ids = [one["row"].client_id for one in browser.get("/books/pool/").context["lines"]][:2]
    signed = pooling.packs

    def one_a_day(*given: Any) -> Any:
        found = signed(*given)
        pool = replace(found.allocation.pool, n_views_a_day=1)
        return replace(found, allocation=replace(found.allocation, pool=pool))

    monkeypatch.setattr(pooling, "packs", one_a_day)
    assert opened(browser, ids[0]).headers["Location"] == f"/clients/{ids[0]}/"
    assert opened(browser, ids[0]).status_code == 302  # the same one counts once
    refused = opened(browser, ids[1])
    assert refused.status_code == 403
    assert "达每日上限" in refused.content.decode()
    assert browser.get("/books/pool/").context["n_left"] == 0
    assert PoolView.objects.count() == 1
    assert FirmEntry.objects.filter(verb="books.open_pooled", outcome="done").count() == 2


def test_r004_outside_of_the_branch_is_unknown(at_work: Callable[[str], Client]) -> None:
    assert opened(at_work("branch_head"), "c000003").status_code == 404


def test_r199_the_list_of_plans_leads_to_hand_overs_and_the_pool_for_whoever_may(
    at_work: Callable[[str], Client],
) -> None:
    assert len(at_work("branch_head").get("/books/plans/").context["ways"]) == 3
    assert at_work("hq_brokerage").get("/books/plans/").context["ways"] == []
