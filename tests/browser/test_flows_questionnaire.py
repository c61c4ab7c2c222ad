"""R026, X18: the client answers by keyboard alone, wide and narrow, in both languages, and keeps the letter."""

from __future__ import annotations

import io
import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import PHONE, WIDE, Enter, listen
from tests.browser.flow_desk import EVERY_LOOK, Look
from tests.browser.flow_steps import sound
from tests.browser.hand import Hand
from tests.browser.rest import at_rest
from tests.browser.test_flows_forms import HIDDEN, N_QUESTIONS, WORDS, Firm, firm

__all__ = ["firm"]  # a fixture is asked for by its name
CLIENTS = dict(zip(EVERY_LOOK, ("c000020", "c000024", "c000028", "c000032"), strict=True))


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_questionnaire_by_the_client_with_keys_alone(
    enter: Enter, browser: Browser, firm: Firm, complaints: list[str], look: Look
) -> None:
    """The link, the check, twenty questions, the sheet, the result; the letter's text is read back."""
    word, client = WORDS[look.language], CLIENTS[look]
    staff = enter(firm.desk, "counter", language=look.language, size=WIDE)
    staff.goto(f"/assessments/{client}/send/")
    at_rest(staff)
    staff.get_by_role("button", name=word["make"]).click()
    staff.wait_for_url("**/assessments/sent/*/")
    link = staff.locator("main .kw-mono").inner_text().strip()
    size = PHONE if look.is_phone else WIDE
    context = browser.new_context(
        viewport=size, reduced_motion="reduce", locale="en-US" if look.language == "en" else "zh-CN"
    )
    page = context.new_page()
    listen(page, complaints)
    hand = Hand(page, look)
    page.goto(link)
    hand.write(page.locator("#tail"), HIDDEN)
    with page.expect_navigation():
        hand.press("Enter")
    for no in range(1, N_QUESTIONS + 1):
        expect(page.locator(".place")).to_contain_text(f"{no} / {N_QUESTIONS}")
        hand.reach(page.locator("input").and_(page.locator("[name=answer]")).first)
        hand.press("Space")
        if no == 1:
            sound(page)
        hand.reach(page.get_by_role("button", name=word["all" if no == N_QUESTIONS else "next"]))
        with page.expect_navigation():
            hand.press("Enter")
    sound(page)
    hand.reach(page.get_by_role("button", name=word["hand_in"]))
    with page.expect_navigation(url=re.compile("/result/$")):
        hand.press("Enter")
    sound(page)
    letter = page.locator("a[href$='letter.pdf']")
    hand.reach(letter)
    assert "示例证券" in read_back(page, f"{firm.pages}{letter.get_attribute('href')}")
    context.close()


def read_back(page: Page, address: str) -> str:
    """The words of a PDF's first page, without spaces."""
    made = page.request.get(address)
    assert made.headers["content-type"] == "application/pdf"
    return "".join(PdfReader(io.BytesIO(made.body())).pages[0].extract_text().split())
