"""Somebody at work who touches neither mouse nor screen: what the keys do, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.flow_desk import Look
from tests.browser.rest import at_rest

MOST_STOPS = 150
HAS_FOCUS = "place => place.isConnected ? place === document.activeElement : null"


@dataclass(frozen=True)
class Hand:
    """A page and the keyboard before it."""

    page: Page
    look: Look

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, place: Locator, key: str = "Tab") -> None:
        """Press a key until the focus is there, and see that the focus can be seen."""
        expect(place).to_be_visible()
        sought = place.element_handle()
        for _ in range(MOST_STOPS):
            has_focus = self.page.evaluate(HAS_FOCUS, sought)
            if has_focus:
                expect(place).to_be_in_viewport()
                return
            if has_focus is None:  # an answer has put another in its place
                sought = place.element_handle()
            self.page.keyboard.press(key)
        pytest.fail(f"{key} never reached {place}")

    def write(self, place: Locator, words: str) -> None:
        """Reach a field and write into it, in place of what it held."""
        self.reach(place)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)
        expect(place).to_have_value(words)

    def date(self, place: Locator, iso: str) -> None:
        """Reach a field of a day and type month, day and year."""
        year, month, day = iso.split("-")
        self.reach(place)
        self.page.keyboard.type(f"{month}{day}{year}")
        expect(place).to_have_value(iso)

    def choose(self, place: Locator, value: str) -> None:
        """Reach a list and go down in it until the value is chosen."""
        self.reach(place)
        for _ in range(place.locator("option").count()):
            if place.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        expect(place).to_have_value(value)

    def open(self, place: Locator) -> None:
        """Reach a link or a button and press it with Enter; what comes of it comes beside the page."""
        self.reach(place)
        self.page.keyboard.press("Enter")

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """What is pressed here leaves the page; the next one is waited for until its scripts have run."""
        with self.page.expect_navigation():
            yield
        at_rest(self.page)

    def follow(self, place: Locator) -> None:
        """Reach a link or a button and press it with Enter; another page comes."""
        self.reach(place)
        with self.leaving():
            self.press("Enter")

    def go(self, words: str) -> None:
        """By the palette, to what it offers first for these words."""
        self.press("Control+k")
        expect(self.page.locator("#palette")).to_be_visible()
        self.page.keyboard.type(words)
        chosen = self.page.locator("#palette [role=option][aria-selected=true]")
        expect(chosen).to_contain_text(words)
        with self.leaving():
            self.press("Enter")

    def find(self, client: str) -> None:
        """By the last four digits of the phone in the search box, to the client's card."""
        self.press("/")
        expect(self.page.locator("#search")).to_be_focused()
        self.page.keyboard.type(client[-4:])
        with self.leaving():
            self.press("Enter")
        row = self.page.locator(f"main a[href='/clients/{client}/']").first
        self.reach(row, "j")
        with self.leaving():
            self.press("Enter")


def begin(sit: Callable[[str, Look], Page], who: str, look: Look) -> Hand:
    """Sit down before the role's own home."""
    page = sit(who, look)
    page.goto("/")
    at_rest(page)
    return Hand(page, look)
