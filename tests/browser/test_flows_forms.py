"""R026, X18, R231: staff send the link, the client answers on a phone, the next run is given the answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PHONE, SERVING, WIDE, Enter, copied, listen, serve
from tests.browser.flow_steps import sound, was_refused
from tests.browser.rest import at_rest
from tests.desk.postgres import free_port
from tests.processes import Beside, environment, manage

N_QUESTIONS = 20
HIDDEN = "0013"  # of every phone of the small firm: what no page of the desk shows
WORDS = {
    "zh-hans": {
        "to": "发测评链接…", "make": "发测评链接", "tail": "您手机号的中间四位", "begin": "开始",
        "wrong": "还可再试 4 次",
        "next": "下一题", "back": "上一题", "all": "查看全部答案", "hand_in": "提交", "result": "评估结果",
        "level": "C4 积极型", "lost": "不作留存", "counter": "退出登录并交给客户",
        "give_back": "请交还设备", "begin_there": "开始风险测评",
    },
    "en": {
        "to": "Send the link…", "make": "Make the link", "tail": "Middle four digits of your phone number",
        "begin": "Begin", "wrong": "4 attempts are left", "next": "Next question", "back": "Previous question",
        "all": "To all answers", "hand_in": "Hand in", "result": "Result of the assessment", "level": "C4 active",
        "lost": "kept nowhere", "counter": "Log out and hand over",
        "give_back": "Please give the device back", "begin_there": "Begin the risk assessment",
    },
}  # fmt: skip
LOOKS = [("zh-hans", "light", "c000004"), ("en", "dark", "c000008")]


@dataclass(frozen=True)
class Firm:
    """A desk and the pages for clients beside it, each a process of its own."""

    desk: str
    pages: str
    data: Path


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory, firm_folder: Path) -> Iterator[Firm]:
    data, port = copied(firm_folder, tmp_path_factory.mktemp("forms")), free_port()
    pages = f"http://127.0.0.1:{port}"
    told = {
        "PAGES": pages, "FIRM": "示例证券", "LICENCE": "演示000000", "COMPLAINTS": "400-000-0000",
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(f"KEEPWELL_CLIENT_{name}", value)
        command = [sys.executable, "-m", "gunicorn", "tests.browser.served_pages:application"]
        command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
        beside = Beside(command, data / "pages.log", environment(data))
        SERVING.append(beside)
        try:
            beside.until(lambda: is_there(port))
            for address in serve(data):
                yield Firm(address, pages, data)
        finally:
            SERVING.remove(beside)
            beside.stop()


def is_there(port: int) -> bool:
    """Whether the pages answer; an unknown link leads nowhere."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/f/unknown/")
        assert connection.getresponse().status == 404
    except (ConnectionRefusedError, TimeoutError):
        return False
    finally:
        connection.close()
    return True


def returned(firm: Firm, name: str) -> list[dict[str, object]]:
    """Rows of a table as the next run is given them."""
    manage(firm.data, "write_returns")
    folder = firm.data / "returns"
    index = json.loads((folder / "returns.json").read_text(encoding="utf-8"))
    rows: list[dict[str, object]] = pq.read_table(folder / index["files"][name]["file"]).to_pylist()
    return rows


def answer_all(page: Page, word: dict[str, str], letter: str) -> None:
    """Question after question, the same letter; once back and forth again."""
    for no in range(1, N_QUESTIONS + 1):
        expect(page.locator(".place")).to_contain_text(f"{no} / {N_QUESTIONS}")
        page.locator(f"input[value='{letter}']").check()
        if no in {1, 9, N_QUESTIONS}:
            sound(page)
        page.get_by_role("button", name=word["all" if no == N_QUESTIONS else "next"]).click()
        if no == 2:
            page.get_by_role("link", name=word["back"]).click()
            expect(page.locator(".place")).to_contain_text("2 /")
            expect(page.locator(f"input[value='{letter}']")).to_be_checked()
            page.get_by_role("button", name=word["next"]).click()


@pytest.mark.parametrize(("language", "theme", "client"), LOOKS, ids=["zh-light", "en-dark"])
def test_the_client_answers_on_a_phone_what_staff_sent_and_the_next_run_has_it(
    enter: Enter, browser: Browser, firm: Firm, complaints: list[str], language: str, theme: str, client: str
) -> None:
    """The link is shown once; a wrong number is refused; twenty questions; result; the returns hold the answers."""
    word = WORDS[language]
    staff = enter(firm.desk, "counter", language=language, theme=theme, size=WIDE)
    link = sent(staff, firm, client, word)
    page = phone(browser, complaints, language, theme)
    page.goto(link)
    sound(page)
    prove(page, word, "zzzz")
    expect(page.get_by_role("alert")).to_contain_text(word["wrong"])
    complaints[:] = [said for said in complaints if "422" not in said]
    prove(page, word, HIDDEN)
    answer_all(page, word, "C")
    page.wait_for_url("**/all/")
    sound(page)
    page.get_by_role("button", name=word["hand_in"]).click()
    page.wait_for_url("**/result/")
    expect(page.get_by_role("heading", name=word["result"])).to_be_visible()
    expect(page.locator(".level")).to_contain_text(word["level"])
    sound(page)
    (row,) = [one for one in returned(firm, "returned_assessment") if one["client_id"] == client]
    assert (row["score"], row["risk_level"], row["answered_by_way"]) == (62, "C4", "own_device")
    told = [
        one
        for one in returned(firm, "returned_answer")
        if one["questionnaire_code"] == row["questionnaire_code"]
    ]
    assert [one["answer"] for one in told] == ["C"] * N_QUESTIONS
    page.context.close()


def test_at_the_counter_staff_are_logged_out_before_the_client_answers(
    enter: Enter, firm: Firm, complaints: list[str]
) -> None:
    """The same pages on the branch's device: until the client hands in, nobody of the firm opens the desk on it."""
    word, here, client = WORDS["zh-hans"], WORDS["en"], "c000012"  # the pages speak the browser's language
    page = enter(firm.desk, "counter", size=PHONE)
    page.goto(f"/assessments/{client}/send/")
    page.locator("[name=is_checked]").check()
    page.get_by_role("button", name=word["counter"]).click()
    expect(page.get_by_role("link", name=word["begin_there"])).to_be_visible()
    sound(page)
    begin = page.get_by_role("link", name=word["begin_there"]).get_attribute("href")
    page.goto("/clients/")
    expect(page.get_by_role("heading", level=1)).to_have_text("设备在客户手中")
    sound(page)
    was_refused(complaints, 423)
    assert begin
    page.goto(begin)
    prove(page, here, HIDDEN)
    answer_all(page, here, "B")
    page.wait_for_url("**/all/")
    page.get_by_role("button", name=here["hand_in"]).click()
    page.wait_for_url("**/result/")
    expect(page.locator("main")).to_contain_text(here["give_back"])
    page.reload()
    expect(page.locator("#tail")).to_be_visible()
    page.goto("/clients/")
    page.wait_for_url("**/login/**")


def sent(staff: Page, firm: Firm, client: str, word: dict[str, str]) -> str:
    """From the card to the link, which is shown once."""
    staff.goto(f"/clients/{client}/")
    down_to(staff, word["to"]).click()
    staff.wait_for_url("**/send/")
    sound(staff)
    staff.get_by_role("button", name=word["make"]).click()
    staff.wait_for_url("**/assessments/sent/*/")
    sound(staff)
    link = staff.locator("main .kw-mono").inner_text().strip()
    assert link.startswith(f"{firm.pages}/f/")
    staff.reload()
    expect(staff.locator("main")).to_contain_text(word["lost"])
    return link


def down_to(page: Page, name: str) -> Locator:
    """The link of a panel that fetches itself once it is scrolled to."""
    link, later = page.get_by_role("link", name=name), page.locator(".kw-later[hx-get]")
    at_rest(page)
    while not link.count() and later.count():
        address = later.first.get_attribute("hx-get")
        later.first.scroll_into_view_if_needed()
        expect(page.locator(f".kw-later[hx-get='{address}']")).to_have_count(0)
        at_rest(page)
    expect(link).to_be_visible()
    return link


def phone(browser: Browser, complaints: list[str], language: str, theme: str) -> Page:
    """The client's own phone: no cookie of the desk."""
    context = browser.new_context(
        viewport=PHONE,
        reduced_motion="reduce",
        color_scheme="dark" if theme == "dark" else "light",
        locale="en-US" if language == "en" else "zh-CN",
    )
    page = context.new_page()
    listen(page, complaints)
    return page


def prove(page: Page, word: dict[str, str], tail: str) -> None:
    """Type the four digits and begin."""
    page.get_by_label(word["tail"]).fill(tail)
    with page.expect_navigation():
        page.get_by_role("button", name=word["begin"]).click()
    at_rest(page)
