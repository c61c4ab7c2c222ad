"""The folder of asks: what waits, answers, and the sign of life. Each file is written aside and renamed."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keepwell.contract.asking import ANSWER, ASK, FOLDER, HOST, LONGEST_SECONDS, AskKind, AskState
from keepwell.engine.store.errors import StoreError
from keepwell.engine.store.folder import write_json

KEPT_FOR = dt.timedelta(days=1)


class HostRuns(StoreError):
    """Another host answers for this data folder."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"another host answers for {path}: one is enough; stop that one first")


@dataclass(frozen=True, slots=True)
class Asked:
    """An ask as the desk wrote it."""

    key: str
    kind: AskKind
    run: str
    asked_at: dt.datetime
    seconds: int
    body: dict[str, Any]

    def is_late(self, at: dt.datetime) -> bool:
        """Whether nobody waits for the answer any more."""
        return at > self.asked_at + dt.timedelta(seconds=self.seconds)


class Unreadable(ValueError):
    """An ask that is none; the message names what is wrong."""


@dataclass(frozen=True, slots=True)
class Asks:
    """The folder of asks of a data folder."""

    data: Path

    @property
    def path(self) -> Path:
        """Where asks lie."""
        return self.data / FOLDER

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only host until the end. Raises ``HostRuns`` where another is."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise HostRuns(self.path) from None
            try:
                yield
            finally:
                (self.path / HOST).unlink(missing_ok=True)

    def live(self, run: str, key: str = "") -> None:
        """Show that the host lives: which run it holds, and which ask it is at."""
        write_json(self.path / HOST, {"run": run, "key": key, "pid": os.getpid()})

    def waiting(self) -> list[Path]:
        """The files of what waits, the oldest first."""
        found = [(path.stat().st_mtime_ns, path.name, path) for path in self.path.glob(f"*{ASK}")]
        return [path for *_, path in sorted(found)]

    def answer(self, key: str, state: AskState, body: dict[str, Any]) -> None:
        """Answer an ask; it waits no longer."""
        write_json(self.path / f"{key}{ANSWER}", {"state": str(state), "body": body})
        (self.path / f"{key}{ASK}").unlink(missing_ok=True)

    def sweep(self, at: dt.datetime) -> None:
        """Take away answers that nobody fetched for a day."""
        for path in self.path.glob(f"*{ANSWER}"):
            if at.timestamp() - path.stat().st_mtime > KEPT_FOR.total_seconds():
                path.unlink(missing_ok=True)


def key_of(path: Path) -> str:
    """The key in the name of a file that waits."""
    return path.name.removesuffix(ASK)


def read(path: Path) -> Asked:
    """The ask in a file. Raises ``Unreadable``, and ``FileNotFoundError`` once it is withdrawn."""
    text = path.read_text(encoding="utf-8")
    try:
        told = json.loads(text)
        asked = Asked(
            key_of(path), AskKind.of(told["kind"]), told["run"], dt.datetime.fromisoformat(told["asked_at"]),
            int(told["seconds"]), dict(told["body"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as fault:
        raise Unreadable(f"{path.name} cannot be read: {type(fault).__name__} {fault}") from fault
    if not (asked.run.isdigit() and 0 < asked.seconds <= LONGEST_SECONDS and asked.asked_at.tzinfo):
        raise Unreadable(f"{path.name}: run, seconds or instant is none")
    return asked
