"""The data folder: runs written aside and published in one step, the lock, the manifest, live progress."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keepwell.contract import TABLES, Table
from keepwell.contract.data_folder import LEFT_ALONE
from keepwell.engine.store.errors import NoSuchRun, RunInProgress
from keepwell.engine.store.session import file_hash

_ASIDE = ".aside-"
_POINTING = ".current."


def make_data_folder(path: Path) -> None:
    """Make the data folder, and keep it out of a repository around it; one that holds something stays as it is."""
    path.mkdir(parents=True, exist_ok=True)
    if not any(path.iterdir()):
        (path / ".gitignore").write_text(LEFT_ALONE, encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Write JSON so that a reader sees the old file or the new one, never half; keys sorted, durable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as stream:
        json.dump(value, stream, ensure_ascii=False, indent=1, sort_keys=True)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def read_json(path: Path) -> Any:
    """The JSON of a file."""
    return json.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One run on disk, published or still aside."""

    path: Path

    @property
    def manifest(self) -> dict[str, Any]:
        """What the run was made of and what it made."""
        return dict(read_json(self.path / "manifest.json"))

    @property
    def telemetry(self) -> dict[str, Any]:
        """Times and memory per stage; not part of what is compared."""
        return dict(read_json(self.path / "telemetry.json"))

    def file(self, table: type[Table]) -> Path:
        """Where a table of this run lies: secrets in the vault, the rest in the open."""
        if table.name == "quarantine":
            return self.path / "quarantine" / "quarantine.parquet"
        folder = "vault" if table.secret_names() else "tables"
        return self.path / folder / f"{table.name}.parquet"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Everything Keepwell keeps: conformed sources, runs, the pointer to the current run."""

    path: Path

    @property
    def sources(self) -> Path:
        """Conformed, append-only sources."""
        return self.path / "sources"

    @property
    def runs(self) -> Path:
        """Published runs, and those being written aside."""
        return self.path / "runs"

    @property
    def returns(self) -> Path:
        """What the desk gave back for the next run, if it gave anything."""
        return self.path / "returns"

    @property
    def progress(self) -> Path:
        """How far the run in flight is."""
        return self.path / "progress.json"

    @property
    def stopped(self) -> Path:
        """Why the last run stopped before its end, if it did."""
        return self.path / "stopped.json"

    def known_runs(self) -> list[str]:
        """Identifiers of all published runs, oldest first; a run is published when it has been current."""
        last = self.current()
        return [run for run in self._folders() if last is not None and run <= last]

    def _folders(self) -> list[str]:
        if not self.runs.is_dir():
            return []
        return sorted(entry.name for entry in self.runs.iterdir() if entry.is_dir() and entry.name.isdigit())

    def current(self) -> str | None:
        """Identifier of the current run, if there is one."""
        pointer = self.runs / "current"
        return pointer.read_text(encoding="utf-8").strip() if pointer.exists() else None

    def run(self, run: str) -> RunFolder:
        """A published run. Raises ``NoSuchRun``."""
        if run not in self.known_runs():
            raise NoSuchRun(run, self.known_runs())
        return RunFolder(self.runs / run)

    def next_run(self) -> str:
        """The identifier the next run will have."""
        known = self.known_runs()
        return f"{int(known[-1]) + 1 if known else 1:06d}"

    def aside(self, run: str) -> RunFolder:
        """The folder a run is written in before it is published; other asides are leftovers and removed.

        So is a run that got its name and was killed before it became current: nobody has seen it.
        """
        mine = self.runs / f"{_ASIDE}{run}"
        for unseen in set(self._folders()) - set(self.known_runs()):
            shutil.rmtree(self.runs / unseen)
        if self.runs.is_dir():
            for entry in self.runs.iterdir():
                if entry.name.startswith(_ASIDE) and entry != mine:
                    shutil.rmtree(entry)
                elif entry.name.startswith(_POINTING):  # a pointer that was being written
                    entry.unlink()
        mine.mkdir(parents=True, exist_ok=True)
        return RunFolder(mine)

    def publish(self, aside: RunFolder, run: str) -> RunFolder:
        """Make a run visible and current: a rename, then an atomic change of the pointer."""
        _sync_tree(aside.path)
        final = self.runs / run
        aside.path.rename(final)
        pointer = self.runs / f"{_POINTING}{os.getpid()}"
        pointer.write_text(run + "\n", encoding="utf-8")
        pointer.replace(self.runs / "current")
        _sync(self.runs)
        return RunFolder(final)

    @contextmanager
    def locked(self, holder: str) -> Iterator[None]:
        """Hold the one lock on runs; it falls with the process. Raises ``RunInProgress`` naming who has it."""
        make_data_folder(self.path)
        self.runs.mkdir(exist_ok=True)
        path = self.runs / ".lock"
        with path.open("a+", encoding="utf-8") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                stream.seek(0)
                raise RunInProgress(stream.read().strip() or "unknown", path) from None
            stream.seek(0)
            stream.truncate()
            stream.write(holder)
            stream.flush()
            yield


class Journal:
    """What a run written aside has finished, so that a killed run goes on where it stopped.

    ``key`` is the digest of everything the run depends on; with another key the journal is empty.
    """

    def __init__(self, aside: RunFolder, key: str) -> None:
        self._folder = aside
        self._path = aside.path / "journal.json"
        stored = read_json(self._path) if self._path.exists() else {}
        self._done: dict[str, dict[str, str]] = stored.get("done", {}) if stored.get("key") == key else {}
        self._key = key

    def finished(self, stage: str) -> dict[str, str] | None:
        """Tables and hashes of a finished stage whose files are still whole, else ``None``."""
        tables = self._done.get(stage)
        if tables is None:
            return None
        for name, digest in tables.items():
            path = self._folder.file(TABLES[name])
            if not path.exists() or file_hash(path) != digest:
                return None
        return tables

    def finish(self, stage: str, tables: dict[str, str]) -> None:
        """Record a stage as done."""
        self._done[stage] = tables
        write_json(self._path, {"key": self._key, "done": self._done})

    def close(self) -> None:
        """The run is complete: the journal is no part of it."""
        self._path.unlink(missing_ok=True)


def place_of_process(data: Path, name: str) -> Path:
    """A folder of this process alone, so that two at once do not meet; what killed ones left behind is removed."""
    for left in data.glob(f"{name}-*"):
        process = left.name.rpartition("-")[2]
        if process.isdigit() and not _lives(int(process)):
            shutil.rmtree(left, ignore_errors=True)
    return data / f"{name}-{os.getpid()}"


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def sweep(folder: DataFolder, keep: set[str]) -> list[str]:
    """Remove published runs that are neither current nor in ``keep``; answers what was removed."""
    removed = [run for run in folder.known_runs() if run not in keep and run != folder.current()]
    for run in removed:
        shutil.rmtree(folder.runs / run)
    return removed


def _sync_tree(path: Path) -> None:
    for entry in sorted(path.rglob("*")):
        if entry.is_file():
            _sync(entry)
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
