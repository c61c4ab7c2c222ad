"""R104, R231, R241, R242: counter and service desk record who came and who called; where it is refused."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.flow_desk import TWO_LOOKS, ZH_WIDE, Desk, Look
from tests.browser.flow_steps import sound, two_looks, was_refused

TAILS = dict(zip(TWO_LOOKS, ("0088", "0096"), strict=True))
CALLERS = dict(zip(TWO_LOOKS, ("c000104", "c000108"), strict=True))
NOT_FOUND = "没有找到，或不在您的范围内。请核对号码，或问团队长。", "Not found or outside your scope."


def by_tail(page: Page, tail: str) -> str:
    """Search by the last four digits of a phone; answers the client's address."""
    page.goto("/clients/")
    page.fill("#search", tail)
    page.press("#search", "Enter")
    page.wait_for_url("**/clients/search/")
    address = page.locator(f"a[href='/clients/c00{tail}/']").first.get_attribute("href")
    assert address
    return address


@two_looks
def test_counter_records_a_visit_that_the_manager_sees(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """By the phone's tail; the manager's timeline shows it; a client of another branch is not found (M01)."""
    page, mark = sit("counter", look), flow_desk.mark()
    address = by_tail(page, TAILS[look])
    sound(page)
    page.goto(address)
    page.get_by_role("link", name=look.word("Record a contact")).first.click()
    expect(page.locator("[name=way]")).to_have_value("at_branch")
    page.fill("[name=note]", "咨询银证转账")
    page.locator("main .btn-primary").first.click()
    expect(page.locator("#toasts")).to_contain_text(look.word("Recorded."))
    sound(page)
    mark.has("contacts.record_contact")
    mark.has("clients.read_card")
    manager = sit("manager", look)
    manager.goto(f"{address}service/")
    expect(manager.locator(".kw-timeline").first).to_contain_text("咨询银证转账")
    page.goto("/clients/c000003/")
    expect(page.locator("main")).to_contain_text(look.either(*NOT_FOUND))
    was_refused(complaints, 404)


@two_looks
def test_service_desk_promises_and_the_manager_has_it_on_the_day(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """A call with a promise is a task of the client's manager; a number without a purpose is refused (M20)."""
    client = CALLERS[look]
    page, mark = sit("service_desk", look), flow_desk.mark()
    page.goto(f"/clients/{client}/")
    page.get_by_role("link", name=look.word("Record a contact")).first.click()
    page.select_option("[name=way]", "call_in")
    page.fill("[name=promise]", "寄对账单")
    page.fill("[name=promise_due_on]", "2026-11-23")
    page.locator("main .btn-primary").first.click()
    expect(page.locator("#toasts")).to_contain_text(look.word("Recorded."))
    mark.has("contacts.record_contact")
    page.goto(f"/clients/{client}/accounts/")
    page.locator(".kw-reveal").first.click()
    page.locator("#reveal-purpose").select_option("other")
    page.locator("#drawer .btn-primary").click()
    sentence = look.either("请填用途或理由，才能继续；此举会留痕。", "Give a purpose or a reason to go on")
    expect(page.locator("#drawer [data-refusal]")).to_contain_text(sentence)
    sound(page)
    was_refused(complaints)
    mark.has_refusal("M20")
    manager = sit("manager", look)
    manager.goto("/contacts/today/?kind=promise")
    task = manager.locator(".kw-task", has=manager.locator(f"a[href='/clients/{client}/']"))
    expect(task).to_contain_text("寄对账单")


@pytest.mark.parametrize("who", ["counter", "service_desk"])
def test_both_record_by_keyboard_alone(sit: Sit, flow_desk: Desk, who: str) -> None:
    """`/` searches, Enter opens, Tab and Enter record, Ctrl+S saves."""
    page, mark = sit(who, ZH_WIDE), flow_desk.mark()
    page.goto("/clients/")
    page.keyboard.press("/")
    page.keyboard.type("0112")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/search/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/clients/c\d{6}/$"))
    link = page.get_by_role("link", name="记录联系").first
    for _ in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/record/")
    page.locator("[name=way]").focus()
    page.keyboard.press("Control+s")
    expect(page.locator("#toasts")).to_contain_text("已记录。")
    mark.has("contacts.record_contact")
