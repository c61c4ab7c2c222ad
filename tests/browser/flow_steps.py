"""Steps that the acceptance flows share."""

from __future__ import annotations

import pytest
from playwright.sync_api import APIResponse, Page

from tests.browser.flow_desk import EVERY_LOOK, TWO_LOOKS
from tests.browser.rest import at_rest
from tests.browser.test_floor import findings, overflow

every_look = pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
two_looks = pytest.mark.parametrize("look", TWO_LOOKS, ids=str)


def sound(page: Page) -> None:
    """No serious finding of axe, nothing wider than the screen."""
    at_rest(page)
    found = findings(page)
    assert not found, f"{page.url}: {found}"
    assert overflow(page) == 0, page.url


def was_refused(complaints: list[str], status: int = 403) -> None:
    """The page's complaints are about the refusal just provoked, and about nothing else."""
    assert complaints
    assert all(str(status) in said for said in complaints), complaints
    complaints.clear()


def forced(page: Page, address: str, **fields: str) -> APIResponse:
    """POST what no button offers, with the page's own session and token."""
    token = next(one["value"] for one in page.context.cookies() if one["name"] == "csrftoken")  # type: ignore[typeddict-item]  # a cookie has both
    base = page.evaluate("location.origin")
    return page.request.post(
        f"{base}{address}",
        form={**fields, "csrfmiddlewaretoken": token},
        headers={"Referer": f"{base}/"},
        max_redirects=0,
    )
