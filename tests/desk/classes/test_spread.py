"""R028, R030: the page of classes shows who is in each cell, what they are owed and who moved, over one's scope."""

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keepwell.contract.codes import Role
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.classes import exporting, flows, grid, naming, queries
from keepwell.desk.clients.models import Place
from keepwell.desk.people.roles import ROLES
from keepwell.desk.ui.models import Export
from tests.desk.clients.test_scope import expected
from tests.desk.run_folder import facts
from tests.desk.run_moves import COMPARED, now, then

ROLES_OF_PAGE = ("branch_head", "compliance", "audit", "hq_brokerage")
EVERYBODY = {who["client_id"]: (number, who) for number, who in ((n, facts(n)) for n in range(60))}
each_role = pytest.mark.parametrize("role", ROLES_OF_PAGE)


def mine(role: str) -> list[tuple[int, dict[str, Any]]]:
    return [EVERYBODY[one] for one in sorted(expected(role))]


def test_r199_the_page_is_for_those_flows_names(at_work: Callable[[str], Client]) -> None:
    for role in map(str, Role):
        allowed = at_work(role).get("/classes/").status_code == 200
        assert allowed is (role in ROLES_OF_PAGE) is ("classes.read" in ROLES[role].permissions), role


@each_role
def test_r028_every_existing_client_is_in_exactly_one_cell(
    firm_run: Any, worker: Callable[[str], Any], role: str
) -> None:
    held = queries.held(worker(role))
    here = [who for _number, who in mine(role) if who["population"] == "existing"]
    assert grid.by_class(held) == Counter((who["grade"], who["service_type"]) for who in here)
    assert grid.n_of(held) == len(here)
    assert grid.assets_of(held) == sum((who["assets"] for who in here), Decimal(0))
    told = grid.facts(held, [], dict.fromkeys(naming.CELLS, ""), is_compared=False)
    shown = grid.of(told)
    assert [len(cells) for _label, cells in shown["rows"]] == [4, 4, 4, 4]
    assert sum(cell.n for _label, cells in shown["rows"] for cell, _depth in cells) == len(here)


@each_role
def test_r028_moves_are_those_of_the_scope(firm_run: Any, worker: Callable[[str], Any], role: str) -> None:
    outside = ("-", "-", "-")
    told = [(then(who, n) or outside, now(who) or outside) for n, who in mine(role)]
    wanted = Counter((before[:2], after[:2]) for before, after in told if before[:2] != after[:2])
    found = flows.between(queries.moved(worker(role)))
    assert {(flow.then, flow.now): flow.n for flow in found} == wanted
    assert [flow.n for flow in found] == sorted((flow.n for flow in found), reverse=True)
    assert queries.compared_on() == COMPARED


@each_role
def test_r030_states_then_and_now_add_up_and_stand_apart_from_the_class(
    firm_run: Any, worker: Callable[[str], Any], role: str
) -> None:
    user = worker(role)
    shown = flows.states(queries.held(user), queries.moved(user))
    told = [(then(who, n), now(who)) for n, who in mine(role)]
    counted = Counter((a[2] if a else "-", b[2] if b else "-") for a, b in told if a or b)
    for (_label, cells), before in zip(shown["rows"], (*flows.STATES, "-"), strict=True):
        after = (*flows.STATES, "-")[: len(cells)]
        assert [cell["n"] for cell in cells] == [counted[before, one] for one in after]


@each_role
def test_r028_each_number_leads_to_a_list_of_as_many_clients(
    at_work: Callable[[str], Client], role: str
) -> None:
    browser = at_work(role)
    body = browser.get("/classes/").content.decode()
    found = re.findall(r'href="(/clients/\?[^"]+)"[^>]*>([\d,]+)<', body)
    ways = {link.replace("&amp;", "&"): int(n.replace(",", "")) for link, n in found}
    assert {"before", "before_state", "grade"} <= {
        key for link in ways for key in re.findall(r"[?&](\w+)=", link)
    }
    for link, n in ways.items():
        listed = browser.get(link).context["listed"]
        assert listed.n_found == n, link


def test_r004_a_branchs_page_follows_the_places_of_today(firm_run: Any, worker: Callable[[str], Any]) -> None:
    head = worker("branch_head")
    before = grid.n_of(queries.held(head))
    who = next(
        one for one in sorted(expected("branch_head")) if EVERYBODY[one][1]["population"] == "existing"
    )
    Place.objects.filter(pk=who).update(home_branch_code="B02")
    assert grid.n_of(queries.held(head)) == before - 1


@each_role
def test_r028_each_cell_says_who_is_in_it_what_they_are_owed_and_what_changed(
    at_work: Callable[[str], Client], role: str
) -> None:
    browser = at_work(role)
    here = [(n, who) for n, who in mine(role) if then(who, n) or now(who)]
    for cell in naming.CELLS:
        page = browser.get(naming.cell_page(cell))
        inside = [who for _n, who in here if (now(who) or ())[:2] == cell]
        came = [n for n, who in here if (now(who) or ())[:2] == cell != (then(who, n) or ())[:2]]
        went = [n for n, who in here if (then(who, n) or ())[:2] == cell != (now(who) or ())[:2]]
        assert page.context["n"] == len(inside)
        assert sum(flow["n"] for flow in page.context["came"]) == len(came)
        assert sum(flow["n"] for flow in page.context["went"]) == len(went)
        assert "服务" in page.context["owed"]["label"]
        assert page.context["owed"]["owed"]


@each_role
def test_r028_each_cell_of_the_grid_itself_says_it_and_leads_to_its_page(
    at_work: Callable[[str], Client], role: str
) -> None:
    """Who is in it, what they are owed, what changed: the numbers of its page stand in the cell that leads there."""
    browser = at_work(role)
    body = browser.get("/classes/").content.decode()
    cells = re.findall(r'<a href="(/classes/cell/[^"]+)">(.*?)</a>', body, re.DOTALL)
    assert len({link for link, _said in cells}) == len(cells) > 0, "a cell leads to its page once"
    for link, said in cells:
        page = browser.get(link.replace("&amp;", "&"))
        assert said.startswith(f"{page.context['n']:,}<"), said
        assert page.context["owed"]["label"] in said
        came, went = (sum(flow["n"] for flow in page.context[way]) for way in ("came", "went"))
        assert (f"+{came}<" in said, f"−{went}<" in said) == (bool(came or went),) * 2


@each_role
def test_r028_the_classes_are_taken_away_as_a_file_of_one_s_scope(
    firm_run: Any, worker: Callable[[str], Any], role: str
) -> None:
    """Class by class, with what is owed in words and who came and went; as many clients as the page has."""
    user = worker(role)
    rows, head = list(exporting.rows(user, "")), exporting.columns(user)
    assert exporting.count(user, "", 5_000) == len(rows) > 0
    assert {len(row) for row in rows} == {len(head)} == {8}
    assert sum(row[1] for row in rows) == grid.n_of(queries.held(user))
    assert sum(row[2] for row in rows) == pytest.approx(Decimal(1))
    assert all("工作日内答复" in row[5] for row in rows)
    assert head[6] == f"{COMPARED.isoformat()} 以来转入"


def test_r199_the_file_is_for_those_who_read_the_page_and_its_taking_is_on_record(
    at_work: Callable[[str], Client],
) -> None:
    for role in map(str, Role):
        assert ("classes.export" in ROLES[role].permissions) is (role in ROLES_OF_PAGE)
    browser = at_work("branch_head")
    assert "/exports/classes.export/" in browser.get("/classes/").content.decode()
    asked = browser.post("/exports/classes.export/", {"query": "", "form": "csv", "purpose": "季度例会"})
    assert asked.status_code == 302
    assert Export.objects.get(kind="classes.export").purpose == "季度例会"
    assert FirmEntry.objects.filter(verb="people.request_export").count() == 1
    assert (
        at_work("manager").post("/exports/classes.export/", {"query": "", "form": "csv"}).status_code == 404
    )


def test_r028_the_unassessed_are_owed_what_the_cautious_are(at_work: Callable[[str], Client]) -> None:
    browser = at_work("compliance")
    owed = {
        kind: browser.get(naming.cell_page(("important", kind))).context["owed"]
        for kind in ("cautious", "unassessed", "enterprising")
    }
    assert owed["cautious"] == owed["unassessed"] != owed["enterprising"]
    assert "12 个月内至少接通 12 次" in owed["enterprising"]["owed"]


def test_a_class_that_is_none_is_not_found(at_work: Callable[[str], Client]) -> None:
    browser = at_work("branch_head")
    for query in ("", "grade=strategic", "grade=strategic&service_type=bold", "grade=-&service_type=-"):
        assert browser.get(f"/classes/cell/?{query}").status_code == 404


def test_r199_aml_officers_learn_nothing_by_naming_a_move(at_work: Callable[[str], Client]) -> None:
    browser = at_work("aml_hq")
    plain = browser.get("/clients/").context["listed"].n_found
    asked = browser.get("/clients/?before=regular.balanced&before_state=active").context["listed"].n_found
    assert asked == plain


def test_an_empty_scope_says_so(at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "held", lambda _user: [])
    body = at_work("branch_head").get("/classes/").content.decode()
    assert "本范围没有已分级客户。" in body
    assert "四级十二类" not in body


def test_r028_without_a_run_to_compare_with_it_says_so_and_shows_no_zero(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "compared_on", lambda: None)
    page = at_work("hq_brokerage").get("/classes/")
    assert page.content.decode().count("还没有可对比的运行") >= 2
    assert all(one.came is one.went is None for one in page.context["classes"])


def test_r004_assets_that_nobody_delivers_are_a_dash_with_the_reason(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = [queries.Held("basic", "cautious", "active", 12, None)]
    monkeypatch.setattr(queries, "held", lambda _user: unknown)
    assert "未交付：每日资产" in at_work("hq_brokerage").get("/classes/").content.decode()


@each_role
def test_the_page_takes_a_bounded_number_of_queries(at_work: Callable[[str], Client], role: str) -> None:
    browser = at_work(role)
    for address in ("/classes/", naming.cell_page(("regular", "balanced"))):
        with CaptureQueriesContext(connection) as made:
            assert browser.get(address).status_code == 200
        assert len(made) <= 16, (role, address, len(made))


def test_the_page_says_how_it_was_made(at_work: Callable[[str], Client]) -> None:
    browser = at_work("audit")
    assert browser.get("/classes/").content.decode().count('href="/classes/explain/"') >= 3
    body = browser.get("/classes/explain/").content.decode()
    for word in ("client_grade.service_level", "class_before.compared_on", "连续两个月末低于门槛的 90%"):
        assert word in body, word


def test_r028_a_class_lists_who_is_in_it_and_a_head_may_say_otherwise_from_there(
    at_work: Callable[[str], Client],
) -> None:
    """The largest by assets stand on the page; whoever may propose an override does so from the row."""
    page = at_work("branch_head").get("/classes/cell/?grade=basic&service_type=balanced").content.decode()
    here = [who for _number, who in mine("branch_head") if who["population"] == "existing"]
    wanted = [who for who in here if (who["grade"], who["service_type"]) == ("basic", "balanced")]
    assert wanted
    for who in wanted[:20]:
        assert f'href="/clients/{who["client_id"]}/"' in page
        assert f'href="/clients/{who["client_id"]}/override/"' in page
    assert page.count("<tr data-member>") == min(20, len(wanted))
    read = at_work("compliance").get("/classes/cell/?grade=basic&service_type=balanced").content.decode()
    assert "/override/" not in read
    assert wanted[0]["name"] not in read
