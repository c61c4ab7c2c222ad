"""R026, R030: who is to be told is told by keyboard alone; compliance reads questionnaires sent and the self-check."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.flow_desk import EVERY_LOOK, Desk, Look
from tests.browser.flow_steps import every_look, forced, sound, was_refused
from tests.browser.hand import Hand
from tests.browser.rest import at_rest

# What is told in one look is owed no more in the next: each look has a role and a notice of its own.
TOLD_BY = dict(zip(EVERY_LOOK, ("manager", "team_leader", "counter", "service_desk"), strict=True))
LIST = "/assessments/notices/"


@every_look
def test_a_client_is_told_of_a_new_grading_by_keyboard_alone(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """From the list to what is to be told, refused without its proof, then on record: the list has one line less."""
    page, mark = sit(TOLD_BY[look], look), flow_desk.mark()
    page.goto(LIST)
    sound(page)
    rows = page.locator("[data-row]")
    n = rows.count()
    hand = Hand(page, look)
    if n:
        first = rows.first.get_by_role("link", name=re.compile(look.either("登记告知", "Record that")))
        hand.reach(first)
        with page.expect_navigation(url=re.compile("/tell/$")):
            hand.press("Enter")
        sound(page)
        ticks = page.locator("[name=notices]")
        for at in range(1, ticks.count()):  # one of them alone is told
            hand.reach(ticks.nth(at))
            hand.press("Space")
        hand.write(page.locator("[name=proof_code]"), "LY-2026-11")
        hand.reach(page.get_by_role("button", name=look.word("Record that the client was told"), exact=True))
        with page.expect_navigation(url=re.compile(f"{LIST}$")):
            hand.press("Enter")
        at_rest(page)
        expect(rows).to_have_count(n - 1)
        mark.has("assessments.tell")
    else:
        expect(page.locator("main")).to_contain_text(look.either("没有应告知的客户", "Nobody is to be told"))
    page.goto(f"{LIST}?told=1")
    expect(page.locator("main")).to_contain_text("LY-2026-11")
    sound(page)


@every_look
def test_compliance_reads_the_lists_and_tells_nobody(sit: Sit, complaints: list[str], look: Look) -> None:
    """Three lists, one after the other; the act is not theirs."""
    page = sit("compliance", look)
    page.goto(LIST)
    at_rest(page)
    expect(page.get_by_role("link", name=re.compile(look.either("登记告知", "Record that")))).to_have_count(0)
    ways = page.get_by_role("list", name=look.word("Lists of suitability"), exact=True)
    for name, title in (
        ("Questionnaires sent", "Questionnaires sent"),
        ("Self-check", "Suitability self-check"),
    ):
        with page.expect_navigation():
            ways.get_by_role("link", name=look.word(name), exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(look.word(title))
        sound(page)
    expect(page.locator("[data-row]")).to_have_count(12)
    answer = forced(page, "/assessments/c000000/tell/", notices="client_level//2026-11-18")
    assert answer.status == 403
    page.goto("/assessments/c000000/tell/")
    at_rest(page)
    was_refused(complaints)
