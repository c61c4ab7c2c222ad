"""What every test may ask for: real data, a browser, a settled Hypothesis, a desk with a folder of its own."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings

from keepwell.engine.store import statements

hypothesis.settings.register_profile("house", derandomize=True, deadline=None)
hypothesis.settings.load_profile("house")

TESTS = Path(__file__).resolve().parent
# Django's settings read the data folder when they are loaded: no test may meet the reader's own.
DATA = tempfile.mkdtemp(prefix="keepwell-tests-")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ["KEEPWELL_DATA"] = DATA
# To make a night's SQL takes ten times as long as a small night: data folders of the same policy share it.
statements.FOLDER = f"{DATA}/statements"
os.environ["DJANGO_SETTINGS_MODULE"] = "keepwell.desk.site.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the tests' thread


def pytest_configure() -> None:
    """Load Django's settings now, after the folder above is set; pytest-django then sets Django up."""
    assert settings.configured or settings.ROOT_URLCONF
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:  # said aloud, or pytest-django gives each of several workers a file
        database["TEST"] = {**database.get("TEST", {}), "NAME": ":memory:"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let each of several workers find settings and folder by itself, above: what they inherit is read before that."""
    for name in ("DJANGO_SETTINGS_MODULE", "KEEPWELL_DATA"):
        os.environ.pop(name)


# What takes longest comes first: short groups fill what is left at the end, on every worker.
LONG_FIRST = ("browser-flows", "desk/test_on_postgres.py", "browser", "identity")


def group_of(item: pytest.Item) -> str:
    """What stays on one worker when the suite runs on several (`-n 2 --dist loadgroup`): what shares what it prepares.

    The browser's tests of one desk; a room of the engine with its chapter of the rule book, whose rules are compiled
    once; else a file. The rooms run again on PostgreSQL share nothing.
    """
    where = item.path.relative_to(TESTS).parts
    if where[0] == "browser":
        return "browser-flows" if "flow_desk" in getattr(item, "fixturenames", ()) else "browser"
    if where[-1] == "test_on_postgres.py":
        return f"{'/'.join(where)}-{item.name}"
    return where[1] if where[0] in {"engine", "rulebook"} and len(where) > 2 else "/".join(where)


def turn_of(group: str) -> int:
    """Which turn a group has: as listed, else behind them."""
    turns = [turn for turn, name in enumerate(LONG_FIRST) if group.partition("-test_")[0] == name]
    return turns[0] if turns else len(LONG_FIRST)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Name each test's group, before xdist asks for it, and let the long groups begin."""
    groups = {item: group_of(item) for item in items}
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))
    yield
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: turn_of(groups[item]))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Find the real data sets through KEEPWELL_REAL_DATA; in continuous integration they must be there."""
    folder = os.environ.get("KEEPWELL_REAL_DATA", "")
    if not folder and os.environ.get("CI") != "true":
        pytest.skip("KEEPWELL_REAL_DATA does not name a folder with the real data sets")
    assert Path(folder).is_dir(), f"KEEPWELL_REAL_DATA names {folder!r}, which is not a folder"
    return Path(folder).resolve()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's chromium: no browser is ever downloaded."""
    quiet = ["--no-sandbox", "--disable-background-networking", "--force-color-profile=srgb"]
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": quiet}
