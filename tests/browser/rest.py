"""When a page has come to rest, and how an answer is made to come late."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect


def at_rest(page: Page) -> None:
    """The page is loaded, its scripts have run and htmx waits for nothing.

    Once a document was idle, waiting for its idleness ends at once: a request made by htmx since would be missed. An
    answer of htmx may lead to another page, which is then waited for. A click that leaves the page by itself is waited
    for with `page.expect_navigation()`, since nothing on the page tells that it is under way.
    """
    idle = page.locator(".htmx-request")
    expect(idle).to_have_count(0)
    page.wait_for_load_state("networkidle")
    expect(idle).to_have_count(0)


def hold(page: Page, addresses: str) -> list[Route]:
    """What is asked there from now on waits in the list until it is told to go on."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(addresses, keep)
    return held
