"""R004, R048: the homes show the run's own sums over one's scope, and nothing where a run says nothing."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keepwell.desk.books import overview, queries
from keepwell.desk.people.models import User
from keepwell.desk.ui import navigation
from tests.desk.clients.test_scope import expected
from tests.desk.run_folder import facts

PAGES = {
    "manager": "mine",
    "adviser": "mine",
    "team_leader": "team",
    "branch_head": "branch",
    "hq_brokerage": "firm",
}
EXISTING = {who["client_id"]: who for who in map(facts, range(60)) if who["population"] == "existing"}


@pytest.mark.parametrize("role", PAGES)
def test_the_home_is_the_overview_of_the_scope(at_work: Callable[[str], Client], role: str) -> None:
    browser = at_work(role)
    if PAGES[role] != "mine":  # who has a book of their own begins with Today
        assert navigation.home(User.objects.get(role=role)) == f"books:{PAGES[role]}"
    page = browser.get(f"/books/{PAGES[role]}/")
    assert page.status_code == 200


@pytest.mark.parametrize("role", PAGES)
def test_figures_are_the_sums_of_the_clients_in_scope(
    firm_run: Any, worker: Callable[[str], Any], role: str
) -> None:
    cells = [cell for cell in queries.cells(worker(role)) if cell.population == "existing"]
    mine = [EXISTING[one] for one in expected(role) & set(EXISTING)]
    assert sum(cell.n_clients for cell in cells) == len(mine)
    assert sum((cell.assets_amount for cell in cells), Decimal(0)) == sum(who["assets"] for who in mine)
    leaving = sum(cell.n_clients for cell in cells if cell.activity_state == "leaving")
    assert leaving == len([who for who in mine if who["state"] == "leaving"])


def test_twelve_classes_and_the_unassessed_beside_them(firm_run: Any, worker: Callable[[str], Any]) -> None:
    classes = overview.of_scope(worker("hq_brokerage"))["classes"]
    assert [len(cells) for _label, cells in classes["rows"]] == [4, 4, 4, 4]
    counted = sum(cell["n"] for _label, cells in classes["rows"] for cell in cells)
    assert counted == len(EXISTING)


def test_curves_sum_the_months_of_the_scope(firm_run: Any, worker: Callable[[str], Any]) -> None:
    months = queries.months(worker("hq_brokerage"))
    assert [row["month_on"].month for row in months] == list(range(1, 12))
    assert months[-1]["assets_amount"] == Decimal(4 * (10_000_000 + 11 * 100_000))


def test_the_team_board_shows_each_member_against_the_limits(at_work: Callable[[str], Client]) -> None:
    body = at_work("team_leader").get("/books/team/").content.decode()
    for name in ("周敏", "李倩"):
        assert name in body
    assert "吴珊 <" not in body
    assert "10–20" in body


def test_moments_due_stay_in_scope(firm_run: Any, worker: Callable[[str], Any]) -> None:
    due = queries.due(worker("team_leader"), firm_run.as_of_on)
    assert {row.client_id for row in due} <= expected("team_leader")
    assert due


def test_a_scope_without_existing_clients_says_which_populations_there_are(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = [queries.Cell("never_funded", "-", "-", "-", 29_090, Decimal(0), Decimal(0), 0)]
    monkeypatch.setattr(queries, "cells", lambda _user: nobody)
    body = at_work("hq_brokerage").get("/books/firm/").content.decode()
    assert "本范围没有存量客户" in body
    assert re.search(r"population=never_funded[^>]*>开户未入金 29,090", body)


def test_r004_a_sum_that_nobody_can_know_is_a_dash_with_its_reason(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = [queries.Cell("existing", "basic", "cautious", "active", 12, None, None, None)]
    month = {"assets_amount": None, "inflow_amount": Decimal(9), "outflow_amount": None}
    months = [{"month_on": dt.date(2026, number, 28), **month} for number in (9, 10)]
    monkeypatch.setattr(queries, "cells", lambda _user: unknown)
    monkeypatch.setattr(queries, "months", lambda _user: months)
    branch = queries.BranchSum(branch_code="B01", population="existing", n_clients=12, assets_amount=None)
    monkeypatch.setattr(queries, "largest_branches", lambda _n: [branch])
    body = at_work("hq_brokerage").get("/books/firm/").content.decode()
    for name in ("每日资产", "成交", "历史联系"):
        assert f"未交付：{name}" in body, name
    assert "本次运行没有此范围的月末资产" in body


@pytest.mark.parametrize("role", PAGES)
def test_an_overview_takes_a_bounded_number_of_queries(at_work: Callable[[str], Client], role: str) -> None:
    browser = at_work(role)
    with CaptureQueriesContext(connection) as made:
        assert browser.get(f"/books/{PAGES[role]}/").status_code == 200
    # a team's scope is a list of staff numbers, read anew by each of the board's counts; what waits for a head's
    # signature is counted for the figure and for the navigation; how many
    # clients wait to be told, for the navigation
    assert len(made) <= {"team": 42, "branch": 34, "mine": 22}.get(PAGES[role], 18)


def test_every_overview_says_how_its_sums_were_made(at_work: Callable[[str], Client]) -> None:
    browser = at_work("branch_head")
    assert browser.get("/books/branch/").content.decode().count('href="/books/explain/"') >= 4
    body = browser.get("/books/explain/").content.decode()
    for word in ("branch_statistic.n_clients", "四级乘三类", "总得分等于上界", "#1"):
        assert word in body, word
