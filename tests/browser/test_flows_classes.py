"""R028, R030: the page of classes: how clients spread, who moved, what each class is owed, down to the clients."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Sit
from tests.browser.flow_desk import Look
from tests.browser.flow_steps import every_look, sound, two_looks, was_refused
from tests.browser.rest import at_rest

NUMBER = re.compile(r"^\d+")


def panel(page: Page, look: Look, title: str) -> Locator:
    """The panel of that title."""
    return page.locator(".kw-panel").filter(
        has=page.get_by_role("heading", name=look.word(title), exact=True)
    )


def follow(page: Page, link: Locator, to: str) -> None:
    """Go where a link leads."""
    expect(link).to_be_visible()
    with page.expect_navigation(url=re.compile(to)):
        link.click()
    at_rest(page)


def leads_to_as_many(page: Page, link: Locator) -> None:
    """A number leads to a list of as many clients, and back."""
    expect(link).to_have_text(NUMBER)
    found = NUMBER.match(link.inner_text().strip())
    assert found, "the link shows a number"
    here = page.url
    follow(page, link, "/clients/[?]")
    expect(page.locator("#found [data-row]")).to_have_count(int(found.group()))
    page.goto(here)
    at_rest(page)


@every_look
def test_1_a_branch_head_sees_the_twelve_classes_and_goes_down_to_the_clients(
    sit: Sit, complaints: list[str], look: Look
) -> None:
    """Grid, states beside it, moves as a picture and a table; each number opens the list with its filter set."""
    page = sit("branch_head", look)
    page.goto("/classes/")
    sound(page)
    cells = page.locator(".kw-classes td")
    expect(cells).to_have_count(17)  # sixteen and the corner
    expect(page.locator(".kw-classes .kw-beside")).to_have_count(4)
    expect(panel(page, look, "Activity states")).to_be_visible()
    expect(page.locator("#class-moves canvas, #class-moves svg").first).to_be_visible()
    leads_to_as_many(page, panel(page, look, "Class by class").locator("[data-row] td a").first)
    moves = panel(page, look, "Moves between classes").locator(".kw-table [data-row] td a")
    leads_to_as_many(page, moves.first)
    leads_to_as_many(page, page.locator(".kw-states td a").first)


@every_look
def test_2_a_class_says_who_is_in_it_what_they_are_owed_and_what_changed(
    sit: Sit, complaints: list[str], look: Look
) -> None:
    """From its cell of the grid to its page, and from there to the clients, the filter set."""
    page = sit("hq_brokerage", look)
    page.goto("/classes/")
    at_rest(page)
    name = look.either("看这一格 常规·稳健", "See this class Regular·Steady")
    cell = page.locator(".kw-classes").get_by_role("link", name=re.compile(name))
    expect(cell).to_contain_text(look.either("标准服务", "Standard service"))
    follow(page, cell, "/classes/cell/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(look.either("常规·稳健", "Regular·Steady"))
    owed = panel(page, look, "What they are owed")
    expect(owed).to_contain_text(look.either("标准服务", "Standard service"))
    expect(owed).to_contain_text(look.either("3 个工作日内答复", "An answer within 3 working days"))
    leads_to_as_many(page, panel(page, look, "What changed").locator("[data-row] td a").first)
    sound(page)
    follow(page, page.get_by_role("link", name=look.word("See the clients"), exact=True), "/clients/[?]")
    expect(page).to_have_url(re.compile("grade=regular.*service_type=balanced"))
    expect(page.locator("#found [data-row]").first).to_be_visible()


@two_looks
def test_3_compliance_reads_how_it_was_made_without_leaving_the_page(
    sit: Sit, complaints: list[str], look: Look
) -> None:
    """The rules stand in a drawer, each with the columns of the run it comes from."""
    page = sit("compliance", look)
    page.goto("/classes/")
    at_rest(page)
    panel(page, look, "Twelve classes").get_by_role("link", name=look.word("How it was made")).click()
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text("client_grade.service_level")
    expect(drawer).to_contain_text("class_before.compared_on")
    expect(page).to_have_url(re.compile("/classes/$"))
    sound(page)


@two_looks
def test_4_whom_the_page_is_not_for_is_told_so(sit: Sit, complaints: list[str], look: Look) -> None:
    """A manager has no such entry, and the address refuses."""
    page = sit("manager", look)
    page.goto("/")
    at_rest(page)
    expect(page.locator('a[href="/classes/"]')).to_have_count(0)
    page.goto("/classes/")
    expect(page.locator("main")).to_be_visible()
    was_refused(complaints)
