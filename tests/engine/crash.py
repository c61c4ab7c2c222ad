"""Runs in processes of their own that end in the middle, or stand still, as a machine does when it fails."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any
from unittest.mock import patch

from keepwell.engine.run import Settings, nightly

# A server that has loaded the engine and opened nothing forks the runs: a fork of the tests' own process would
# inherit DuckDB's threads, and a fresh interpreter a run would load everything again.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["keepwell.engine.run.nightly", "keepwell.engine.cli.nightly"])


class Child:
    """A call in a process of its own; one that ends by an error fails the test with its traceback."""

    def __init__(self, target: Callable[..., object], *arguments: Any) -> None:
        self._said, telling = FORKS.Pipe(duplex=False)
        self.process = FORKS.Process(target=_telling, args=(telling, target, arguments))
        self.process.start()
        telling.close()

    def ended(self, seconds: float = 120) -> int | None:
        """How it ended: minus the signal that ended it."""
        self.process.join(seconds)
        if self.process.exitcode is None:
            self.process.kill()
            raise AssertionError(f"process {self.process.pid} was still at work after {seconds:.0f} seconds")
        if self._said.poll():
            with suppress(EOFError):  # it ended without a word
                raise AssertionError(f"process {self.process.pid} failed:\n{self._said.recv()}")
        return self.process.exitcode


def _telling(telling: Connection, target: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    try:
        target(*arguments)
    except BaseException:
        telling.send(traceback.format_exc())
        raise


def ended(target: Callable[..., object], *arguments: Any) -> int | None:
    """How a call in a process of its own ended: minus the signal that ended it."""
    return Child(target, *arguments).ended()


def clock() -> dt.datetime:
    """Telemetry's clock."""
    return dt.datetime.now(dt.UTC)


def quiet(_stage: str, _place: int, _n_stages: int, _done: int, _of: int) -> None:
    """A reporter that says nothing."""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_in(settings: Settings, wanted: str) -> None:
    """A run that gets SIGKILL when about half of a stage is done."""

    def report(stage: str, _place: int, _n_stages: int, done: int, of: int) -> None:
        if stage.split(":")[0] == wanted and of and done * 2 >= of:
            _die()

    nightly(settings, report, clock)


def die_in_publishing(settings: Settings) -> None:
    """A run that gets SIGKILL after its folder has its name and before it is current."""
    rename = Path.rename

    def rename_and_die(path: Path, target: Path) -> Path:
        rename(path, target)
        _die()
        return target

    Path.rename = rename_and_die  # type: ignore[method-assign]  # this process ends with it
    nightly(settings, quiet, clock)


def stand_still(settings: Settings, stands: Event, go_on: Event) -> None:
    """A run that waits in its first report until it is told to go on, then ends."""

    def report(_stage: str, _place: int, _n_stages: int, _done: int, _of: int) -> None:
        stands.set()
        go_on.wait(60)
        _die()

    nightly(settings, report, clock)


@contextmanager
def each_step(before: Callable[[int], None]) -> Iterator[None]:
    """Call ``before`` with its number ahead of every step after which a disk looks different: files that get their
    name, or lose it.
    """
    n_steps = 0

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def taken(path: Path, *arguments: Any, **options: Any) -> Any:
            nonlocal n_steps
            before(n_steps)
            n_steps += 1
            return step(path, *arguments, **options)

        return taken

    with (
        patch.object(Path, "replace", counted(Path.replace)),
        patch.object(Path, "rename", counted(Path.rename)),
        patch.object(Path, "unlink", counted(Path.unlink)),
    ):
        yield
        before(n_steps)


def die_at(step: int, act: Callable[..., object], *arguments: Any) -> None:
    """A call that gets SIGKILL ahead of one of its steps, or after the last."""
    with each_step(lambda number: _die() if number == step else None):
        act(*arguments)
