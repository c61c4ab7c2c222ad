"""R053, R050, R057: strengths are declared and confirmed, a need is recorded, the pool is opened, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.flow_desk import EVERY_LOOK, Desk, Look
from tests.browser.flow_steps import sound
from tests.processes import manage

FRESH = """
from keepwell.desk.books.pooled import PoolView
from keepwell.desk.books.profiled import ProfileFact
ProfileFact.objects.update(state="ended")
PoolView.objects.all().delete()
"""


def declared(manager: Page, look: Look, flow_desk: Desk) -> None:
    """The manager declares a language; it waits for the leader, and what is missing is listed as neutral."""
    mark = flow_desk.mark()
    manager.goto("/books/profiles/")
    expect(manager.locator("main")).to_contain_text(look.word("Not known to the run, counted as neutral"))
    sound(manager)
    manager.get_by_role("link", name=look.word("My profile")).click()
    expect(manager.locator("main")).to_contain_text(look.word("counts as neutral"))
    manager.locator("summary", has_text=look.either("语言", "Language")).click()
    manager.locator("#language-value").select_option("cantonese")
    sound(manager)
    manager.locator("form[action$='/declare/language/'] button").click()
    expect(manager.locator("#toasts")).to_contain_text(
        look.word("Declared; it counts once your leader confirms it.")
    )
    mark.has("books.declare_profile")


def confirmed(leader: Page, look: Look, flow_desk: Desk) -> None:
    """The leader finds it at the head of the page and confirms it."""
    mark = flow_desk.mark()
    leader.goto("/books/profiles/")
    expect(leader.locator("main")).to_contain_text(look.word("Missing, counted as neutral"))
    sound(leader)
    waiting = leader.locator(".kw-panel", has_text=look.word("To be confirmed")).first
    waiting.get_by_role("link").first.click()
    button = leader.get_by_role("button", name=re.compile(look.either("粤语", "Cantonese")))
    button.first.focus()
    leader.keyboard.press("Enter")
    expect(leader.locator("#toasts")).to_contain_text(look.word("Confirmed; the next run counts with it."))
    sound(leader)
    mark.has("books.confirm_profile")


def recorded(manager: Page, look: Look, flow_desk: Desk) -> None:
    """A client's need, with where it comes from."""
    mark = flow_desk.mark()
    manager.goto("/books/profiles/")
    manager.locator("main tbody th a").first.click()
    manager.wait_for_url("**/books/profiles/needs/**")
    manager.locator("#id_words").fill("孩子上学，想要稳一点")
    sound(manager)
    manager.get_by_role("button", name=look.word("Record the need")).click()
    expect(manager.locator("#toasts")).to_contain_text(look.word("Recorded; the next run counts with it."))
    expect(manager.locator("main")).to_contain_text("孩子上学")
    mark.has("books.record_need")


def opened(head: Page, look: Look, flow_desk: Desk) -> None:
    """The pool under masked names: opening one counts against the day's limit."""
    mark = flow_desk.mark()
    head.goto("/books/pool/")
    expect(head.locator("main tbody th").first).to_contain_text("*")
    sound(head)
    head.locator("main tbody form button").first.click()
    head.wait_for_url(re.compile(r"/clients/c\d+/$"))
    mark.has("books.open_pooled")
    head.goto("/books/pool/")
    expect(head.locator("body")).to_contain_text(look.either("19", "19 of 20"))


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_what_the_match_stands_on_and_who_waits_for_somebody(sit: Sit, flow_desk: Desk, look: Look) -> None:
    """Manager: declare, record a need. Leader: confirm. Head: open one of the pool."""
    manage(flow_desk.data, "shell", "--verbosity", "0", "--command", FRESH)
    manager = sit("manager", look)
    declared(manager, look, flow_desk)
    confirmed(sit("team_leader", look), look, flow_desk)
    recorded(manager, look, flow_desk)
    opened(sit("branch_head", look), look, flow_desk)
    assert flow_desk.ask("SELECT COUNT(*) FROM books_poolview") == [(1,)]
