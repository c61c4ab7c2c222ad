"""The real server process on a data folder of its own; a page that complains fails its test."""

import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.flow_desk import Desk, Look, fill
from tests.browser.rest import TELLS_OF_LEAVING, at_rest
from tests.desk.run_folder import build
from tests.processes import MANAGE, Beside, environment, manage

expect.set_options(timeout=15_000)  # what is expected comes; on a busy machine not within five seconds
WIDE, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
# What the exchange does from a run's staff table, here from invented staff: one login a role.
LOGINS = """
from django.utils import timezone
from keepwell.contract.codes import Role
from keepwell.desk.people.actions import create_demo_logins
place = dict(branch_code="B01", team_code="T01", staff_name="周敏", left_on=None)
rows = [dict(place, staff_code=f"S{at:04d}", role=str(role)) for at, role in enumerate([*Role, *Role])]
create_demo_logins(staff_rows=rows, is_made_up=True, by=None, at=timezone.now())
"""
Enter = Callable[..., Page]
SERVING: list[Beside] = []


def serve(data: Path, application: str = "tests.browser.served:application") -> Iterator[str]:
    """Start gunicorn on a free loopback port, yield its address, stop it; the desk goes by the tests' clock."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", application]
    command += ["--worker-class", "gthread", "--threads", "4"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    server = Beside(command, data / "server.log", environment(data))
    SERVING.append(server)
    try:
        server.until(lambda: answers(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        SERVING.remove(server)
        server.stop()


def answers(port: int) -> bool:
    """Whether the log-in page is there; a server that answers anything else fails."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/login/")
        assert connection.getresponse().status == 200
    except (ConnectionRefusedError, TimeoutError):
        return False
    finally:
        connection.close()
    return True


def copied(folder: Path, to: Path) -> Path:
    """A data folder of a desk's own, as a prepared one is: nothing is set up twice."""
    return Path(shutil.copytree(folder, to, dirs_exist_ok=True))


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a desk as its set-up leaves it, to be copied."""
    data = tmp_path_factory.mktemp("empty")
    manage(data, "migrate", "--verbosity", "0")
    manage(data, "collectstatic", "--noinput", "--verbosity", "0")
    return data


@pytest.fixture(scope="session")
def firm_folder(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> Path:
    """The data folder of a desk that has taken a small run in, with its demo logins, to be copied."""
    data = copied(empty_folder, tmp_path_factory.mktemp("firm-folder"))
    build(data, n=240)
    manage(data, "load_run")
    manage(data, "demo_logins")
    return data


@pytest.fixture(scope="session")
def firm_desk(tmp_path_factory: pytest.TempPathFactory, firm_folder: Path) -> Iterator[str]:
    """A desk with a small run and its demo logins, that the rooms' tests share: its address."""
    yield from serve(copied(firm_folder, tmp_path_factory.mktemp("firm")))


@pytest.fixture(scope="session")
def bare_desk(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> Iterator[str]:
    """A desk without a run, with the demo logins: its address."""
    data = copied(empty_folder, tmp_path_factory.mktemp("desk"))
    manage(data, "shell", "--verbosity", "0", "--command", LOGINS)
    yield from serve(data)


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Collect console errors and failed responses; any fails the test at its end.

    A test that provokes a refusal takes the complaint about it out of the list.
    """
    found: list[str] = []
    yield found
    assert found == [], "\n".join(["the servers said:", *(server.last_words() for server in SERVING)])


def listen(page: Page, complaints: list[str]) -> None:
    """Write what the page complains of into the list; let it tell when it is about to leave."""
    page.add_init_script(TELLS_OF_LEAVING)
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "response",
        lambda answer: complaints.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
    )


def log_in(page: Page, username: str) -> None:
    """Log in with the demo's password."""
    page.goto("/login/")
    page.fill("#id_username", username)
    page.fill("#id_password", "keepwell-demo")
    page.click("main button")
    page.wait_for_url(lambda url: "/login" not in url)


@pytest.fixture(scope="session")
def sessions() -> dict[tuple[str, str], Any]:
    """What the browser keeps of whoever has logged in, by desk and login: everybody logs in once."""
    return {}


@pytest.fixture
def enter(browser: Browser, complaints: list[str], sessions: dict[tuple[str, str], Any]) -> Iterator[Enter]:
    """Log in: `enter(address, "manager", language="en", theme="dark", size=PHONE)` answers the page."""
    contexts = []

    def go(
        address: str,
        username: str,
        *,
        language: str = "zh-hans",
        theme: str = "light",
        size: ViewportSize = WIDE,
    ) -> Page:
        kept = sessions.get((address, username))
        context = browser.new_context(
            viewport=size, base_url=address, reduced_motion="reduce", storage_state=kept
        )
        contexts.append(context)
        page = context.new_page()
        listen(page, complaints)
        page.goto("/me/")
        if "/login" in page.url:  # for the first time, or a test has logged out
            log_in(page, username)
            sessions[address, username] = context.storage_state()
            page.goto("/me/")
        if [page.input_value(f"#id_{name}") for name in ("language", "theme")] != [language, theme]:
            page.select_option("#id_language", language)
            page.select_option("#id_theme", theme)
            with page.expect_navigation():
                page.click("main form button")
        at_rest(page)
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def flow_desk(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> Iterator[Desk]:
    """The desk of the acceptance flows, with its jobs done and its log sealed as they come."""
    data = copied(empty_folder, tmp_path_factory.mktemp("flows"))
    fill(data)
    with ExitStack() as stops:
        for name in ("seal_audit", "run_jobs"):
            loop = Beside([*MANAGE, name, "--loop"], data / f"{name}.log", environment(data))
            SERVING.append(loop)
            stops.callback(loop.stop)
            stops.callback(SERVING.remove, loop)
        for address in serve(data):
            yield Desk(address, data)


Sit = Callable[[str, Look], Page]


@pytest.fixture
def sit(browser: Browser, flow_desk: Desk, complaints: list[str]) -> Iterator[Sit]:
    """Sit down at the flows' desk: `sit("manager", look)` answers a page; each person logs in once a session."""
    contexts = []

    def go(who: str, look: Look) -> Page:
        context = browser.new_context(
            viewport=look.size,
            base_url=flow_desk.address,
            reduced_motion="reduce",
            storage_state=flow_desk.sessions.get(who),
        )
        contexts.append(context)
        page = context.new_page()
        listen(page, complaints)
        if who not in flow_desk.sessions:
            log_in(page, who)
            flow_desk.sessions[who] = context.storage_state()
        page.goto("/me/")
        switch = page.locator("#switch-language")
        if (switch.inner_text() == "English") == (look.language == "en"):
            with page.expect_navigation():
                switch.click()
        return page

    yield go
    for context in contexts:
        context.close()
