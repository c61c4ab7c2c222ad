"""When a page has come to rest, and how an answer is made to come late."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

# What htmx marks while it asks, puts in its place and settles; and the page that its answer is about to leave.
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling, html[data-leaving]"
# Nothing else on a page tells that an answer sends the browser elsewhere.
TELLS_OF_LEAVING = """
document.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => {
  const elsewhere = ["HX-Redirect", "HX-Refresh"].some((name) => xhr.getResponseHeader(name));
  if (elsewhere) document.documentElement.dataset.leaving = "";
});
"""


def at_rest(page: Page) -> None:
    """The page is loaded, its scripts have run and htmx has settled all that it was asked for.

    An answer of htmx may lead to another page, which is then waited for. A click that leaves the page by itself is
    waited for with `page.expect_navigation()`, since nothing on the page tells that it is under way.
    """
    busy = page.locator(BUSY)
    page.wait_for_load_state()
    expect(busy).to_have_count(0)
    page.wait_for_load_state()  # the next page's, if there is one
    expect(busy).to_have_count(0)


def hold(page: Page, addresses: str) -> list[Route]:
    """What is asked there from now on waits in the list until it is told to go on."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(addresses, keep)
    return held
