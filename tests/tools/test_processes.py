"""A test that starts a process which fails says what the process said last."""

import sys
from pathlib import Path

import pytest

from tests.processes import Beside, environment, to_its_end

FAILS = [sys.executable, "-c", "raise SystemExit('the disk of the test is full')"]


def test_a_process_that_fails_has_its_last_words_in_the_failure() -> None:
    with pytest.raises(
        pytest.fail.Exception, match=r"exit code 1 from: (?s:.*)the disk of the test is full$"
    ):
        to_its_end(FAILS)


def test_one_that_ends_too_early_too(tmp_path: Path) -> None:
    beside = Beside(FAILS, tmp_path / "log", environment(tmp_path))
    with pytest.raises(pytest.fail.Exception, match=r"ended too early(?s:.*)the disk of the test is full$"):
        beside.until(lambda: False)


def test_one_that_stays_is_named_and_killed(tmp_path: Path) -> None:
    beside = Beside(
        [sys.executable, "-c", "import signal; signal.pause()"], tmp_path / "log", environment(tmp_path)
    )
    with pytest.raises(pytest.fail.Exception, match="still there after 1 seconds"):
        beside.ends(seconds=1)
    assert beside.process.poll() is not None
