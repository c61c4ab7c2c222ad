"""What every test may ask for: real data, a browser, a settled Hypothesis, a desk with a folder of its own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings

hypothesis.settings.register_profile("house", derandomize=True, deadline=None)
hypothesis.settings.load_profile("house")

# Django's settings read the data folder when they are loaded: no test may meet the reader's own.
DATA = tempfile.mkdtemp(prefix="keepwell-tests-")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ["KEEPWELL_DATA"] = DATA
os.environ["DJANGO_SETTINGS_MODULE"] = "keepwell.desk.site.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the tests' thread


def pytest_configure() -> None:
    """Load Django's settings now, after the folder above is set; pytest-django then sets Django up."""
    assert settings.configured or settings.ROOT_URLCONF


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
