"""R194, R199, R232, R233: what compliance, audit and AML officers look at, what the logs keep, where it is refused."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.flow_desk import EN_PHONE, ZH_WIDE, Desk, Look, Mark
from tests.browser.flow_steps import forced, sound, two_looks, was_refused

CLIENT = "c000009"
SITTINGS = [("compliance", ZH_WIDE), ("compliance", EN_PHONE), ("audit", ZH_WIDE), ("audit", EN_PHONE)]
sittings = pytest.mark.parametrize(("who", "look"), SITTINGS, ids=[f"{who}-{look}" for who, look in SITTINGS])
PURPOSE = (
    "请填用途或理由，才能继续；此举会留痕。",
    "Give a purpose or a reason to go on; this leaves a trace.",
)


def reveal(page: Page, look: Look, purpose: str, client: str = CLIENT) -> None:
    """Ask for the document number with a purpose; 'other' without words is none."""
    page.goto(f"/clients/{client}/accounts/")
    name = look.word("Show document number")
    page.locator(".kw-facts").get_by_role("link", name=name).first.click()
    page.locator("#reveal-purpose").select_option(purpose)
    drawer = page.locator("#drawer")
    drawer.get_by_role("button", name=name).click()
    expect(drawer.locator("[data-value], [data-refusal]:visible")).to_have_count(1)


@sittings
def test_1_the_log_is_filtered_and_its_chain_checked(
    sit: Sit, flow_desk: Desk, complaints: list[str], who: str, look: Look
) -> None:
    """Showings of numbers are found; the chain is whole; nothing changes or deletes; too many rows stay (M21)."""
    reveal(sit("team_leader", look), look, "call")
    page, mark = sit(who, look), flow_desk.mark()
    page.goto("/audit/log/")
    if look.is_phone:
        page.locator(".kw-fold > summary").click()
    page.select_option("#id_verb", "clients.reveal")
    page.get_by_role("button", name=look.word("Filter")).click()
    page.wait_for_url("**verb=clients.reveal**")
    expect(page.locator("#entries tbody tr").first).to_contain_text(CLIENT)
    sound(page)
    acts = {form.get_attribute("action") or "get" for form in page.locator("main form").all()}
    assert acts <= {"/audit/log/verify/", "/audit/log/draw/", "/tour/dismiss/", "get"}
    with page.expect_navigation():
        page.get_by_role("button", name=look.word("Check the chain")).click()
    until_checked(page, mark)
    expect(page.locator("main")).to_contain_text(look.either("链条完整", "chain whole"))
    page.get_by_role("link", name=look.word("Export…")).click()
    told = look.either("单次上限 5,000", "one file holds at most 5,000")
    expect(page.locator("#drawer [role=alert]")).to_contain_text(told)
    sound(page)
    answer = forced(page, "/exports/audit.export_log/", query="", form="csv", purpose="季度检查")
    assert answer.status == 403
    mark.has_refusal("M21")


def until_checked(page: Page, mark: Mark) -> None:
    """The check is a job and its result an entry: look again until it is there; an earlier check's stands there too."""
    deadline = time.monotonic() + 60
    is_there = False
    while not is_there:
        assert time.monotonic() < deadline, "the chain was never checked"
        is_there = "audit.verify_chain" in [row[0] for row in mark.rows("firm")]
        page.goto("/audit/log/")


@sittings
def test_2_who_can_see_a_client_names_no_aml_officer(
    sit: Sit, flow_desk: Desk, complaints: list[str], who: str, look: Look
) -> None:
    """Role, scope and grounds of everybody who sees the client; a number without a purpose is refused (M20)."""
    reveal(sit("aml_hq", look), look, "check")
    page, mark = sit(who, look), flow_desk.mark()
    page.goto(f"/clients/{CLIENT}/")
    expect(page.locator("h1")).to_contain_text("吴*")
    page.get_by_role("link", name=look.word("Who can see this")).click()
    for client in (CLIENT, "c000010", "c000057"):
        page.goto(f"/clients/{client}/access/")
        shown = page.locator("main").inner_text()
        assert look.either("营业部负责人", "Branch manager") in shown
        assert look.either("反洗钱", "AML") not in shown
        assert "钱松" not in shown
    sound(page)
    mark.has("clients.read_access")
    mark.has("clients.read_card")
    reveal(page, look, "other")
    expect(page.locator("#drawer [data-refusal]")).to_have_text(look.either(*PURPOSE))
    was_refused(complaints)
    mark.has_refusal("M20")


@pytest.mark.parametrize("who", ["compliance", "audit"])
def test_the_log_is_read_by_keyboard_alone(sit: Sit, flow_desk: Desk, who: str) -> None:
    """The palette leads to the log; the filter is typed into; Enter filters."""
    page, mark = sit(who, ZH_WIDE), flow_desk.mark()
    page.goto(f"/clients/{CLIENT}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("操作日志")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("操作日志")
    page.keyboard.press("Enter")
    page.wait_for_url("**/audit/log/")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "id_actor":
            break
    page.keyboard.type("李倩")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("actor="))
    assert "audit.read_log" in [row[0] for row in mark.rows("firm")]


@two_looks
def test_aml_keeps_a_view_and_sees_a_number_and_the_firms_log_stays_as_it_was(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """Everything goes to the AML log, the refusal too (M20); the firm's log has not one row more."""
    name = look.either("证件过期", "Expired papers")
    page, mark = sit("aml_branch", look), flow_desk.mark()
    page.goto("/clients/?document=expired")
    page.get_by_role("link", name=look.word("Save as a view…")).click()
    drawer = page.locator("#drawer")
    expect(drawer.locator("input[type=radio]")).to_have_count(1)
    drawer.get_by_label(look.word("Private")).check()
    drawer.locator("#id_name").fill(name)
    drawer.get_by_role("button", name=look.word("Save"), exact=True).click()
    expect(page.locator(".kw-chips a[aria-current]", has_text=name)).to_be_visible()
    sound(page)
    reveal(page, look, "other", "c000003")
    expect(drawer.locator("[data-refusal]")).to_have_text(look.either(*PURPOSE))
    was_refused(complaints)
    drawer.locator("#reveal-purpose").select_option("check")
    drawer.locator(".btn-primary").click()
    expect(drawer.locator("[data-seconds]")).to_have_text(re.compile(r"^(60|5\d)$"))
    expect(drawer.locator("[data-value]")).to_have_text("330102197405010003")
    sound(page)
    for verb in ("clients.save_view", "clients.reveal"):
        mark.has(verb, "aml")
    mark.has_refusal("M20", "aml")
    assert mark.rows("firm") == []


@pytest.mark.parametrize("who", ["aml_branch", "aml_hq"])
def test_aml_shows_a_number_by_keyboard_alone(sit: Sit, flow_desk: Desk, who: str) -> None:
    """Tab reaches the link; purpose and consent by keys; Esc hides it. No trace in the firm's log."""
    page, mark = sit(who, ZH_WIDE), flow_desk.mark()
    page.goto("/clients/c000003/accounts/")
    link = page.locator(".kw-facts").get_by_role("link", name="显示证件号")
    for _ in range(80):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#drawer #reveal-purpose")).to_be_visible()
    page.locator("#drawer #reveal-purpose").focus()
    for key in ("ArrowDown", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#drawer [data-value]")).to_have_text("330102197405010003")
    page.keyboard.press("Escape")
    assert "330102197405010003" not in page.content()
    mark.has("clients.reveal", "aml")
    assert mark.rows("firm") == []
