"""What every test may ask for: real data, a browser, a settled Hypothesis."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")


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
