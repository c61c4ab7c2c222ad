"""The real server process on a data folder of its own; a page that complains fails its test."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.flow_desk import Desk, Look, fill

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, "-m", "keepwell.desk.site.manage"]
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


def environment(data: Path) -> dict[str, str]:
    """What a process of this desk is told."""
    return {**os.environ, "KEEPWELL_DATA": str(data), "PYTHONPATH": str(ROOT / "src")}


def manage(data: Path, *arguments: str) -> None:
    """Run a management command to its end; raises `CalledProcessError` when it fails."""
    subprocess.run(
        [*MANAGE, *arguments], env=environment(data), cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )


def serve(data: Path) -> Iterator[str]:
    """Start gunicorn on a free loopback port, yield its address, stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "keepwell.desk.site.wsgi:application",
        "--worker-class",
        "gthread",
    ]
    command += ["--threads", "4", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    server = subprocess.Popen(command, env=environment(data), cwd=ROOT)
    try:
        wait_until_open(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=10)


def wait_until_open(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Return when the first page answers; fail when the server ends or never does."""
    for _ in range(300):
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"the server ended with exit code {server.wait(timeout=0.1)}")
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/login/")
            assert connection.getresponse().status == 200
        except ConnectionRefusedError:
            continue
        finally:
            connection.close()
        return
    pytest.fail("no page within 30 seconds")


@pytest.fixture(scope="session")
def bare_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A desk without a run, with the demo logins: its address."""
    data = tmp_path_factory.mktemp("desk")
    manage(data, "migrate", "--verbosity", "0")
    manage(data, "collectstatic", "--noinput", "--verbosity", "0")
    manage(data, "shell", "--verbosity", "0", "--command", LOGINS)
    yield from serve(data)


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Collect console errors and failed responses; any fails the test at its end.

    A test that provokes a refusal takes the complaint about it out of the list.
    """
    found: list[str] = []
    yield found
    assert found == []


def listen(page: Page, complaints: list[str]) -> None:
    """Write what the page complains of into the list."""
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "response",
        lambda answer: complaints.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
    )


@pytest.fixture
def enter(browser: Browser, complaints: list[str]) -> Iterator[Enter]:
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
        context = browser.new_context(viewport=size, base_url=address, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        listen(page, complaints)
        page.goto("/login/")
        page.fill("#id_username", username)
        page.fill("#id_password", "keepwell-demo")
        page.click("main button")
        page.wait_for_url(lambda url: "/login" not in url)
        page.goto("/me/")
        page.select_option("#id_language", language)
        page.select_option("#id_theme", theme)
        page.click("main form button")
        page.wait_for_load_state("networkidle")
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def flow_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk of the acceptance flows, with its jobs done and its log sealed as they come."""
    data = tmp_path_factory.mktemp("flows")
    fill(data, manage)
    loops = [
        subprocess.Popen([*MANAGE, name, "--loop"], env=environment(data), cwd=ROOT)
        for name in ("seal_audit", "run_jobs")
    ]
    try:
        for address in serve(data):
            yield Desk(address, data)
    finally:
        for process in loops:
            process.terminate()
        for process in loops:
            process.wait(timeout=10)


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
            page.goto("/login/")
            page.fill("#id_username", who)
            page.fill("#id_password", "keepwell-demo")
            page.click("main button")
            page.wait_for_url(lambda url: "/login" not in url)
            flow_desk.sessions[who] = context.storage_state()
        page.goto("/me/")
        switch = page.locator("#switch-language")
        if (switch.inner_text() == "English") == (look.language == "en"):
            switch.click()
            page.wait_for_load_state("networkidle")
        return page

    yield go
    for context in contexts:
        context.close()
