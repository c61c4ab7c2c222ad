"""R024, R027, R030, R241: the card says what was decided, why, from what, and leaves a trace each time it is read."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients import matching
from keepwell.desk.clients.explanation import FIGURES
from keepwell.desk.clients.models import Client as Anchor
from keepwell.desk.clients.models import ClientFeature, ClientLine

LEAVING = "c000009"  # 周敏's, in state leaving, with a moment


@pytest.mark.parametrize(("due_on", "is_red"), [(dt.date(2026, 11, 18), True), (None, False)])
def test_r101_on_the_card_too_red_means_a_missed_deadline(due_on: dt.date | None, is_red: bool) -> None:
    """R101: a deadline that was missed stands in red as overdue; a window is never late and says until when it is."""
    row = {"client_id": LEAVING, "moment_kind": "care", "due_on": due_on, "expires_on": dt.date(2026, 11, 22)}
    moment = {
        "row": row,
        "rule": "提醒",
        "kind": "类别",
        "channel": "电话",
        "sentence": "事由",
        "is_late": is_red,
    }
    shown = {"moments": [moment], "line": {"client_id": LEAVING}}
    with translation.override("zh-hans"):
        body = render_to_string("clients/moments.html", shown)
        due = render_to_string(
            "books/due.html", {**shown, "moments": [{**moment, "line": {"assets_amount": None}}]}
        )
    assert ("kw-pill-bad" in body) is is_red
    assert ("11月22日" in body) is not is_red
    assert ("kw-late" in due) is is_red


@pytest.mark.parametrize("part", ["", "holdings/", "accounts/", "service/"])
def test_every_part_is_traced_before_it_is_shown(at_work: Callable[[str], Client], part: str) -> None:
    page = at_work("team_leader").get(f"/clients/{LEAVING}/{part}")
    assert page.status_code == 200
    entry = ENTRIES["firm"].objects.get(verb="clients.read_card")
    assert (entry.subject_id, entry.run) == (LEAVING, "000001")
    assert entry.payload == {"part": part.rstrip("/") or "overview"}


@pytest.mark.parametrize("address", [f"{LEAVING}/", f"{LEAVING}/explain/grade/", "nobody/"])
def test_r231_a_card_out_of_scope_is_traced_as_missed_not_as_read(
    at_work: Callable[[str], Client], address: str
) -> None:
    assert at_work("manager").get(f"/clients/{address}").status_code == 404
    assert not ENTRIES["firm"].objects.filter(verb="clients.read_card").exists()
    missed = ENTRIES["firm"].objects.get(verb="clients.miss_card")
    assert (missed.subject_id, missed.reason) == (address.split("/")[0], "M01")


def test_a_read_whose_trace_cannot_be_written_is_refused(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from keepwell.desk.clients import actions

    def fail(**_facts: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(actions, "record", fail)
    browser = at_work("team_leader")
    browser.raise_request_exception = False
    page = browser.get(f"/clients/{LEAVING}/")
    assert page.status_code == 500
    assert "吴珊" not in page.content.decode()


def test_the_overview_gives_reasons_in_both_languages(at_work: Callable[[str], Client], worker: Any) -> None:
    browser = at_work("team_leader")
    body = browser.get(f"/clients/{LEAVING}/").content.decode()
    assert "20 个交易日日均净资产 291.0 万，达到 50.0 万" in body
    assert "291.0 万" in body
    browser.post("/me/language/", {"language": "en"})
    body = browser.get(f"/clients/{LEAVING}/").content.decode()
    assert "CNY 2.91m" in body
    assert "Inclined to leave" in body


def test_r027_the_grounds_of_a_rule_are_told_in_the_readers_language(
    at_work: Callable[[str], Client],
) -> None:
    browser = at_work("team_leader")
    body = browser.get(f"/clients/{LEAVING}/explain/grade/").content.decode()
    assert "《证券经纪业务管理办法》（证监会令第204号）" in body
    assert "Measures for" not in body
    browser.post("/me/language/", {"language": "en"})
    assert (
        "Measures for Securities Brokerage Business"
        in browser.get(f"/clients/{LEAVING}/explain/grade/").content.decode()
    )


def test_holdings_and_flows_come_from_the_run(at_work: Callable[[str], Client]) -> None:
    body = at_work("team_leader").get(f"/clients/{LEAVING}/holdings/").content.decode()
    assert "浦江银行" in body
    assert "2026-11-17 10:30" in body
    assert "62.0 万" in body


def test_accounts_tell_why_records_are_one_client(at_work: Callable[[str], Client]) -> None:
    body = at_work("team_leader").get(f"/clients/{LEAVING}/accounts/").content.decode()
    assert "没有其他档案有相同依据" in body
    assert "330102********002X" in body


def test_aml_officers_see_identity_accounts_holdings_and_flows_only(at_work: Callable[[str], Client]) -> None:
    browser = at_work("aml_branch")
    body = browser.get("/clients/c000003/").content.decode()
    assert "330102********002X" in body
    for word in ("有去意", "联系时机", "建议", "分级", "贡献"):
        assert word not in body, word
    holdings = browser.get("/clients/c000003/holdings/")
    assert holdings.status_code == 200
    assert "登录" not in holdings.content.decode().split("<main", 1)[1]
    assert browser.get("/clients/c000003/service/").status_code == 403
    assert browser.get("/clients/c000003/explain/grade/").status_code == 403
    assert not ENTRIES["firm"].objects.filter(subject_id="c000003").exists()
    assert ENTRIES["aml"].objects.filter(subject_id="c000003").exists()


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_says_how_it_was_made(at_work: Callable[[str], Client], figure: str) -> None:
    body = at_work("team_leader").get(f"/clients/{LEAVING}/explain/{figure}/").content.decode()
    assert FIGURES[figure].rule.zh in body
    assert "#1" in body
    assert "2026-11-20" in body
    assert ENTRIES["firm"].objects.filter(verb="clients.read_explanation", subject_id=LEAVING).count() == 1


def test_what_was_not_decided_is_not_explained(at_work: Callable[[str], Client]) -> None:
    browser = at_work("hq_brokerage")
    assert "还没算出" in browser.get("/clients/c000018/explain/grade/").content.decode()
    assert "只对存量客户分类分级" in browser.get("/clients/c000018/").content.decode()
    assert browser.get(f"/clients/{LEAVING}/explain/nothing/").status_code == 404


def test_a_card_takes_a_bounded_number_of_queries(at_work: Callable[[str], Client]) -> None:
    browser = at_work("team_leader")
    browser.get(f"/clients/{LEAVING}/")
    with CaptureQueriesContext(connection) as queries:
        browser.get(f"/clients/{LEAVING}/")
    # the frame's counts, the card's own, what was done since the run, and the panels above the fold
    assert len(queries) <= 44, [query["sql"][:90] for query in queries.captured_queries]


def test_r143_complaints_stand_on_the_card_and_reports_of_wrongdoing_do_not(
    at_work: Callable[[str], Client],
) -> None:
    said = at_work("team_leader").get(f"/clients/{LEAVING}/service/").content.decode()
    assert "佣金收费" in said
    assert "2026-11-12" in said
    assert "未办结" in said
    assert "员工行为" not in said
    assert "举报" not in said


def test_x11_a_holding_above_the_clients_level_is_marked_with_its_rule(
    at_work: Callable[[str], Client],
) -> None:
    """Suitability Art. 22: the fact and the signed bound, in both languages; not a word of it for AML officers."""
    desk, address = at_work("manager"), "/clients/c000000/holdings/"
    body = desk.get(address).content.decode()
    assert "高于客户等级" in body
    assert "现匹配至 R2" in body
    assert "高于客户等级" in desk.get("/clients/c000000/panel/holdings/").content.decode()
    desk.post("/me/language/", {"language": "en"})
    assert "above the client&#x27;s level" in desk.get(address).content.decode()
    officer = at_work("aml_hq")
    for part in ("holdings/", "panel/holdings/"):
        assert "高于" not in officer.get(f"/clients/c000000/{part}").content.decode()


def test_x11_what_matches_is_not_marked(at_work: Callable[[str], Client]) -> None:
    assert "高于客户等级" not in at_work("team_leader").get("/clients/c000001/holdings/").content.decode()


@pytest.mark.parametrize(("level", "is_lowest", "n"), [("C1", True, 2), ("C2", False, 1), (None, False, 0)])
def test_x11_the_lowest_class_matches_the_lowest_level_alone(
    firm_run: Any, level: str | None, is_lowest: bool, n: int
) -> None:
    known = ClientFeature(risk_level=level, is_lowest_class=is_lowest)
    line = ClientLine(client_id="c000000")
    line.client = Anchor(client_id="c000000")
    line.client.features = known
    bound = matching.of_client(line, firm_run)
    assert bound is not None
    assert sum(map(bound.exceeds, ("R1", "R2", "R3"))) == n
    with translation.override("zh-hans"):
        rule = bound.rule(["R1", "R2", "R3"])
        assert ("最低类别" in rule) is is_lowest
        assert bool(rule) is bool(n)


def test_r102_a_maturing_product_is_named_with_its_code(at_work: Callable[[str], Client]) -> None:
    desk = at_work("manager")
    for address in ("/clients/c000020/", "/clients/c000020/service/", "/contacts/today/?span=week"):
        assert "稳享 182 天（WX0182）" in desk.get(address).content.decode(), address
    desk.post("/me/language/", {"language": "en"})
    assert (
        "稳享 182 天</span> (WX0182)" in desk.get("/clients/c000020/").content.decode()
    )  # marked as Chinese


def test_r024_no_dash_stands_for_an_account_that_is_not_closed(at_work: Callable[[str], Client]) -> None:
    body = at_work("manager").get("/clients/c000000/accounts/").content.decode()
    assert "共 1 户，未销 1 户" in body
    assert "未销户" in body
