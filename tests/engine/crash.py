"""Runs in processes of their own that end in the middle, or stand still, as a machine does when it fails."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
from multiprocessing.synchronize import Event
from pathlib import Path

from keepwell.engine.run import Settings, nightly

# A server that has loaded the engine and opened nothing forks the runs: a fork of the tests' own process would
# inherit DuckDB's threads, and a fresh interpreter a run would load everything again.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["keepwell.engine.run.nightly", "keepwell.engine.cli.nightly"])


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
