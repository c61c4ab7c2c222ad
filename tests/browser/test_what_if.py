"""R048, R054, R055: a what-if from the slider to the host's answer, with desk and `keepwell host` as they run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from keepwell.contract.asking import FOLDER, HOST
from keepwell.engine.run import Settings, nightly
from tests.browser.conftest import SERVING, Enter, copied, serve
from tests.browser.flow_desk import EN_PHONE, ZH_WIDE, Look
from tests.browser.flow_steps import sound
from tests.browser.rest import at_rest
from tests.engine.crash import clock, quiet
from tests.engine.small_firm import AS_OF, deliver
from tests.processes import Beside, environment, manage

HEAD = """
from django.utils import timezone
from keepwell.desk.people.actions import create_user
create_user(username="branch_head", display_name="王琳", role="branch_head", password="keepwell-demo", by=None,
            at=timezone.now(), staff_code="", branch_code="B0", must_change_password=False)
"""
DESK = "keepwell.desk.site.wsgi:application"  # host and desk go by one clock, that of the machine
HOST_COMMAND = "import sys; from keepwell.engine.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture(scope="module")
def real_desk(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> Iterator[str]:
    """A desk that has taken in what the engine decided of a small firm, and the host of what-ifs beside it."""
    data = copied(empty_folder, tmp_path_factory.mktemp("what-if"))
    nightly(Settings(data, deliver(data / "extracts"), AS_OF), quiet, clock)
    manage(data, "load_run")
    manage(data, "shell", "--verbosity", "0", "--command", HEAD)
    with ExitStack() as stops:
        host = Beside(
            [sys.executable, "-c", HOST_COMMAND, "host", "--data", data], data / "host.log", environment(data)
        )
        SERVING.append(host)
        stops.callback(host.stop)
        stops.callback(SERVING.remove, host)
        host.until((data / FOLDER / HOST).exists, seconds=120)
        yield from serve(data, DESK)


def tried(page: Page, look: Look) -> None:
    """Send what the form says; the answer comes by itself, with its chart drawn and its table."""
    page.get_by_role("button", name=look.word("Try out"), exact=True).press("Enter")
    expect(page.get_by_role("img")).to_be_visible(timeout=60_000)
    expect(page.locator("#tried canvas")).to_be_visible()
    expect(page.locator("main")).to_contain_text(look.word("As tried"))


@pytest.mark.parametrize("look", [ZH_WIDE, EN_PHONE], ids=str)
def test_r054_a_slider_is_moved_by_keyboard_and_the_host_answers(
    enter: Enter, real_desk: str, look: Look
) -> None:
    page = enter(real_desk, "branch_head", language=look.language, size=look.size)
    page.goto("/books/trial/?signed=1")
    at_rest(page)
    budget, slider = page.locator("#id_changes"), page.locator("[data-slides=id_changes]")
    expect(budget).to_have_value("9")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(budget).to_have_value("5")
    expect(slider).to_have_attribute("aria-valuetext", "5%")
    sound(page)
    tried(page, look)
    sound(page)
    expect(budget).to_have_value("5")
    page.get_by_role("link", name=look.word("Back to the signed numbers")).press("Enter")
    expect(budget).to_have_value("9")


def test_r048_weights_are_made_a_hundred_and_a_manager_who_leaves_is_tried(
    enter: Enter, real_desk: str
) -> None:
    page = enter(real_desk, "branch_head", language="en")
    page.goto("/books/trial/?signed=1")
    at_rest(page)
    page.get_by_text("Weights of the score").click()
    page.locator("#id_need_weight").fill("75")
    expect(page.locator("[data-total]")).to_contain_text("140")
    page.get_by_role("button", name="Make it 100 in proportion").click()
    expect(page.locator("[data-total]")).to_contain_text("100")
    expect(page.locator("#id_need_weight")).to_have_value("53.59")
    page.locator("#id_leaves").select_option(index=1)
    gone = page.locator("#id_leaves option:checked").inner_text()
    tried(page, Look("en", 1440))
    row = page.locator("main tr", has=page.get_by_role("rowheader", name=gone))
    expect(row).to_contain_text("takes none")
    sound(page)
