"""When a page has come to rest."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def at_rest(page: Page) -> None:
    """The page is loaded and htmx waits for nothing.

    Once a document was idle, waiting for its idleness ends at once: a request made by htmx since would be missed.
    """
    page.wait_for_load_state("networkidle")
    expect(page.locator(".htmx-request")).to_have_count(0)
