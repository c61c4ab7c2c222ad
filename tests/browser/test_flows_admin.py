"""R194, R199, R235: what HQ takes away and administrators give and end, and where it is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Sit
from tests.browser.flow_desk import LEAVERS, NEEDS_A_SECOND, TWO_LOOKS, ZH_WIDE, Desk, Look
from tests.browser.flow_steps import forced, sound, two_looks, was_refused
from tests.browser.rest import at_rest
from tests.processes import manage

OPEN_AGAIN = """
from keepwell.desk.people.models import User
User.objects.filter(username="admin2").update(is_active=True)
"""


@two_looks
def test_hq_1_rejected_rows_leave_the_house_with_a_second_persons_consent(
    sit: Sit, flow_desk: Desk, look: Look
) -> None:
    """Run, rejected rows, purpose, another person, a job, a file with place and remedy; over the limit: M21."""
    page, mark = sit("hq_brokerage", look), flow_desk.mark()
    page.goto("/runs/000001/")
    page.get_by_role("link", name=look.word("See quarantined rows")).click()
    page.wait_for_url("**/quarantine/")
    sound(page)
    page.get_by_role("link", name=look.word("Export…")).click()
    told = look.either("命中 5,064 行，单次上限 5,000。", "5,064 rows match; one file holds at most 5,000.")
    expect(page.locator("#drawer [role=alert]")).to_contain_text(told)
    address = "/exports/exchange.export_quarantine/"
    assert forced(page, address, query="", form="csv", purpose="请源系统改").status == 403
    mark.has_refusal("M21")
    page.goto("/runs/quarantine/?file=login.csv")
    page.get_by_role("link", name=look.word("Export…")).click()
    purpose = f"请源系统改日期（{look.language}）"
    page.fill("#export-purpose", purpose)
    page.get_by_role("button", name=look.word("Submit"), exact=True).click()
    expect(page.locator("#toasts")).to_contain_text(look.either("已通知许宁", "许宁 has been told"))
    sound(page)
    consent(sit("hq_brokerage2", look), look, purpose)
    file = until_there(page, purpose, look.word("Fetch the file"))
    with page.expect_download() as download:
        file.click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert text.count("login.csv") >= NEEDS_A_SECOND
    told = ("traded_on", "YYYY-MM-DD", "孙洁", purpose)
    assert [word for word in told if word not in text] == [], text[:600]
    mark.has("exchange.export_quarantine")


def consent(page: Page, look: Look, grounds: str) -> None:
    """Agree to what waits on these grounds."""
    page.goto("/approvals/")
    row = page.locator("[data-row]", has_text=grounds).first
    sound(page)
    with page.expect_navigation():
        row.locator(".kw-decide .btn-primary").first.click()


def until_there(page: Page, purpose: str, name: str) -> Locator:
    """The file is written in the background: look again until it can be fetched; answers its link."""
    file = page.locator("tbody tr", has_text=purpose).get_by_role("link", name=name)
    for _ in range(40):
        page.goto("/me/exports/")
        if file.count():
            return file
        page.wait_for_timeout(500)
    pytest.fail("the file was never written")


@two_looks
def test_admin_1_a_login_is_given_by_two_and_its_password_changed_first(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """Proposed, approved by another, shown once, changed at the first log-in; one's own role is refused (M22)."""
    name = f"new-{look}"
    page, mark = sit("admin", look), flow_desk.mark()
    ask_for(page, look, "admin")
    told = look.either("不能给自己加角色。请另一位管理员操作。", "You cannot give yourself a role.")
    expect(page.locator("#id_username_error")).to_contain_text(told)
    was_refused(complaints, 422)
    mark.has_refusal("M22")
    sound(page)
    ask_for(page, look, name)
    expect(page.locator("#toasts")).to_contain_text(look.either("待审批", "Waits for approval."))
    sound(page)
    second = sit("admin2", look)
    consent(second, look, name)
    password = second.locator("main td.kw-mono").inner_text()
    sound(second)
    second.goto("/approvals/")
    assert password not in second.content()
    mark.has("people.grant_role", of_run=False)
    first = second.context.browser.new_context(base_url=flow_desk.address)  # type: ignore[union-attr]  # it runs
    fresh = first.new_page()
    log_in(fresh, name, password)
    fresh.wait_for_url("**/me/password/")
    fresh.goto("/clients/")
    fresh.wait_for_url("**/me/password/")
    fresh.fill("#id_old", password)
    fresh.fill("#id_new", "kai-hu-2026-hai")
    fresh.fill("#id_again", "kai-hu-2026-hai")
    with fresh.expect_navigation():
        fresh.locator("main .btn-primary").click()
    fresh.goto("/clients/")
    fresh.wait_for_url("**/clients/")
    expect(fresh.locator("h1")).to_be_visible()
    first.close()


def ask_for(page: Page, look: Look, name: str) -> None:
    """Propose a counter's login."""
    page.goto("/people/new/")
    page.fill("#id_username", name)
    page.fill("#id_display_name", "沈洁")
    page.fill("#id_staff_code", f"N-{name}")
    page.select_option("#id_role", "counter")
    page.select_option("#id_branch_code", "B01")
    page.fill("#id_reason", f"新入职 {name}")
    page.get_by_role("button", name=look.word("Submit"), exact=True).click()
    at_rest(page)


def log_in(page: Page, name: str, password: str) -> None:
    page.goto("/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.click("main button")


@pytest.mark.parametrize(
    ("look", "leaver", "n"),
    [(look, one, n) for look, one, n in zip(TWO_LOOKS, LEAVERS, (12, 7), strict=True)],
    ids=str,
)
def test_admin_2_a_leaver_is_out_at_once_and_no_task_is_lost(
    sit: Sit, flow_desk: Desk, look: Look, leaver: tuple[str, str], n: int
) -> None:
    """The preview counts clients and tasks and names the leader; the open session ends; the leader has them."""
    code, name = leaver
    theirs = sit(code, look)
    page, mark = sit("admin", look), flow_desk.mark()
    page.goto(f"/people/?q={code}")
    with page.expect_navigation():
        page.get_by_role("link", name=name).click()
    page.get_by_role("link", name=look.word("Disable…")).click()
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text(re.compile(rf"{n}\D"))
    expect(drawer).to_contain_text("周敏")
    sound(page)
    drawer.get_by_role("button", name=look.word("Disable now")).click()
    expect(page.locator("#toasts")).to_contain_text(name)
    mark.has("people.disable", of_run=False)
    theirs.goto("/clients/")
    theirs.wait_for_url("**/login/**")
    held = "SELECT COUNT(*) FROM clients_place WHERE manager_code = ?"
    assert flow_desk.ask(held, code) == [(0,)]


def test_admin_2_the_last_administrator_stays(sit: Sit, flow_desk: Desk) -> None:
    """By keyboard alone: the other one is disabled, then one's own button says why not."""
    page = sit("admin", ZH_WIDE)
    pk = flow_desk.ask("SELECT id FROM people_user WHERE username = 'admin2'")[0][0]
    own = flow_desk.ask("SELECT id FROM people_user WHERE username = 'admin'")[0][0]
    page.goto(f"/people/{pk}/disable/")
    page.locator("#id_why").focus()
    page.keyboard.type("离职")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    try:
        page.wait_for_url(f"**/people/{pk}/")
        page.goto(f"/people/{own}/disable/")
        expect(page.locator("main")).to_contain_text("这是最后一位管理员。先新建一位，再停用。")
        assert forced(page, f"/people/{own}/disable/", reason="离职").status == 403
    finally:
        manage(flow_desk.data, "shell", "--verbosity", "0", "--command", OPEN_AGAIN)


@two_looks
def test_admin_3_a_stopped_run_says_where_and_source_text_stays_closed(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """Run 2 stopped in its grading, run 1 stays in use (M24); the source's text is not for administrators (M23)."""
    page, mark = sit("admin", look), flow_desk.mark()
    page.goto("/runs/")
    stopped = page.locator(".kw-warning", has_text=look.either("运行 #2", "Run #2"))
    expect(stopped).to_contain_text(look.either("分类分级", "Grading"))
    expect(stopped).to_contain_text(look.either("现仍用 #1（11月20日）", "run #1 (20 Nov) stays in use"))
    sound(page)
    page.goto("/runs/quarantine/?file=account.csv")
    for fact in ("account.csv", "17", "opened_on", "2026-13-01"):
        expect(page.locator("main")).to_contain_text(fact)
    told = look.either("系统管理员看不到原文", "Administrators do not see source text")
    expect(page.locator("main")).to_contain_text(told)
    sound(page)
    mark.has("exchange.read_quarantine")
    page.goto("/runs/quarantine/row/?file_name=account.csv&line_no=17&column_name=opened_on")
    expect(page.locator("[data-sentence]")).to_contain_text(
        look.either("可由总部经纪业务部查看", "HQ brokerage")
    )
    was_refused(complaints)
    mark.has_refusal("M23")


def test_hq_reads_a_rejected_row_by_keyboard_alone(sit: Sit, flow_desk: Desk) -> None:
    """Tab reaches the row's source text, Enter opens it, Esc closes it."""
    page, mark = sit("hq_brokerage", ZH_WIDE), flow_desk.mark()
    page.goto("/runs/quarantine/?file=account.csv")
    link = page.locator("tbody tr a").first
    for _ in range(80):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_contain_text("2026-13-01")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    mark.has("exchange.read_source_text")
