"""The tour in a browser: offered at the log-in, followed, ticked, and left alone; in both languages and widths."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import PHONE, WIDE, Enter, copied, serve
from tests.browser.rest import at_rest
from tests.browser.test_floor import findings, overflow
from tests.desk.run_folder import build, facts
from tests.processes import manage

LOOKS = [("zh-hans", "light", WIDE), ("en", "dark", PHONE), ("zh-hans", "dark", PHONE)]
ROLES = ("manager", "team_leader", "compliance", "aml_hq", "admin")
STORIES = (
    "two_numbers",
    "large_outflow",
    "elder",
    "maturity",
    "twins",
    "leaving_manager",
    "complaint",
    "lowest_class",
)


def write_stories(data: Path) -> None:
    """The stories as the made-up firm leaves them, about clients of the small run."""
    stories = [
        {
            "key": key,
            "on": "2026-11-20",
            "title": {"en": f"The story {key}", "zh": "一个故事，标题写得很长很长很长很长"},
            "look": {"en": "What to see on this page", "zh": "看这一页上的什么"},
            "staff": "S90" if key == "leaving_manager" else "S02",  # who leaves has no login
            "records": [facts(4 * number + 20)["record"]],  # clients of S02, with whom they stay
        }
        for number, key in enumerate(STORIES)
    ]
    (data / "truth").mkdir()
    (data / "truth" / "stories.json").write_text(json.dumps({"stories": stories}), encoding="utf-8")


@pytest.fixture(scope="session")
def toured_desk(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> Iterator[str]:
    """A desk of a made-up firm that has stories: its address."""
    data = copied(empty_folder, tmp_path_factory.mktemp("tour"))
    build(data, n=60)
    write_stories(data)
    manage(data, "load_run")
    manage(data, "demo_logins")
    yield from serve(data)


@pytest.mark.parametrize("look", LOOKS)
def test_r199_the_tour_fits_and_is_accessible(
    enter: Enter, toured_desk: str, look: tuple[str, str, ViewportSize]
) -> None:
    language, theme, size = look
    for role in ROLES:
        page = enter(toured_desk, role, language=language, theme=theme, size=size)
        page.goto("/tour/")
        expect(page.locator(".kw-tour > li").first).to_be_visible()
        assert findings(page) == [], role
        assert overflow(page) == 0, role


def test_r199_offered_followed_ticked_and_left_alone(enter: Enter, toured_desk: str) -> None:
    page = enter(toured_desk, "team_leader", language="en")
    page.goto("/")
    page.click(".kw-help a")
    expect(page.locator("h1")).to_have_text("Five-minute tour")
    at_rest(page)
    page.focus("#tick-large_outflow")
    page.keyboard.press("Enter")
    expect(page.locator("#tour [role=status]")).to_contain_text("1 of 5 seen")
    expect(page.locator("#tick-large_outflow")).to_be_focused()
    page.locator('.kw-tour a[href^="/clients/c"]').first.click()
    expect(page.locator(".kw-card-head h1")).to_be_visible()
    page.goto("/")
    with page.expect_navigation():
        page.click(".kw-help form button")
    expect(page.locator(".kw-help")).to_have_count(0)
    page.click(".kw-user summary")
    page.click('.kw-user a[href="/tour/"]')
    expect(page.locator("#tour [role=status]")).to_contain_text("1 of 5 seen")
