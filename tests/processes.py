"""Our own processes as tests start them: when one fails, its last words stand in the test's failure."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest

from tests import morning

ROOT = Path(__file__).resolve().parents[1]
MANAGE = [sys.executable, "-m", "tests.morning"]  # the desk's commands under the tests' clock
N_LAST_LINES = 40
BEGAN = os.environ.setdefault(morning.BEGAN, str(time.time()))


def environment(data: Path) -> dict[str, str]:
    """What a process of a desk on SQLite in this data folder is told."""
    return {
        **os.environ,
        "KEEPWELL_DATA": str(data),
        "KEEPWELL_DATABASE_URL": "",
        morning.BEGAN: BEGAN,
        "PYTHONPATH": str(ROOT / "src"),
    }


def last_lines(said: str) -> str:
    """The end of what a process said."""
    return "\n".join(said.strip().splitlines()[-N_LAST_LINES:]) or "(it said nothing)"


def called(command: Sequence[str | Path]) -> str:
    """A command in one line, however long the program in it."""
    line = " ".join(" ".join(str(part) for part in command).split())
    return line if len(line) <= 200 else f"{line[:200]}…"


def to_its_end(command: Sequence[str | Path], **told: object) -> str:
    """Run a process to its end and answer what it printed; one that fails fails the test with its last words."""
    __tracebackhide__ = True
    done = subprocess.run(
        command, check=False, capture_output=True, encoding="utf-8", errors="replace", **told
    )  # type: ignore[call-overload]  # the caller's own keywords of subprocess.run
    if done.returncode:
        pytest.fail(
            f"exit code {done.returncode} from: {called(command)}\n{last_lines(done.stderr or done.stdout)}"
        )
    return str(done.stdout)


def manage(data: Path, *arguments: str) -> str:
    """Run a management command of the desk in this folder to its end; what it printed."""
    return to_its_end([*MANAGE, *arguments], env=environment(data), cwd=ROOT)


class Beside:
    """A process that goes on beside the test; what it says goes to a file."""

    def __init__(self, command: Sequence[str | Path], log: Path, env: dict[str, str]) -> None:
        self.command, self.log = command, log
        with log.open("wb") as told:
            self.process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=told, stderr=subprocess.STDOUT)

    def last_words(self) -> str:
        """The end of what it said until now."""
        return last_lines(self.log.read_text(encoding="utf-8", errors="replace"))

    def fail(self, what: str) -> NoReturn:
        """Fail the test with the process's last words."""
        __tracebackhide__ = True
        pytest.fail(f"{what}: {called(self.command)}\n{self.last_words()}")

    def until(self, met: Callable[[], object], seconds: float = 60) -> None:
        """Return when something holds; fail when the process ends before, or when the time is over."""
        __tracebackhide__ = True
        deadline = time.monotonic() + seconds
        while not met():
            if time.monotonic() > deadline:
                self.fail(f"not within {seconds:.0f} seconds")
            with suppress(subprocess.TimeoutExpired):
                self.fail(f"ended too early with exit code {self.process.wait(timeout=0.1)}")

    def ends(self, *, with_code: int = 0, seconds: float = 60) -> None:
        """Wait for its end; fail when it ends otherwise or not at all."""
        __tracebackhide__ = True
        try:
            code = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            self.fail(f"still there after {seconds:.0f} seconds")
        if code != with_code:
            self.fail(f"exit code {code}, not {with_code}, from")

    def stop(self) -> None:
        """Ask it to end, and see that it ends well; one that has ended already must have ended well too."""
        self.process.send_signal(signal.SIGTERM)
        self.ends()

    def kill(self) -> None:
        """SIGKILL, and see that nothing else ended it."""
        self.process.send_signal(signal.SIGKILL)
        self.ends(with_code=-signal.SIGKILL)
