"""A run on disk, as the desk reads it: manifest, telemetry, progress, table files. Never written to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

from keepwell.contract import CONTRACT_HASH, TABLES
from keepwell.desk.generations.attach import checked


class IntakeError(Exception):
    """A run that cannot be taken in; the sentence names the thing, the value found and the remedy."""


@dataclass(frozen=True)
class RunFolder:
    """One published run."""

    path: Path

    @property
    def run_id(self) -> str:
        """The run's number."""
        return self.path.name

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the run was made of and what it made."""
        return _json(self.path / "manifest.json")

    @cached_property
    def telemetry(self) -> dict[str, Any]:
        """Times and memory by stage; empty where the run left none."""
        path = self.path / "telemetry.json"
        return _json(path) if path.exists() else {}

    @property
    def manifest_hash(self) -> str:
        """SHA-256 of the manifest's bytes."""
        return hashlib.sha256((self.path / "manifest.json").read_bytes()).hexdigest()

    def file(self, table: str) -> Path:
        """Where a table lies: what has secret columns in the vault, quarantined rows apart."""
        secret = TABLES[table].secret_names() if table in TABLES else ()
        folder = "quarantine" if table == "quarantine" else "vault" if secret else "tables"
        return self.path / folder / f"{table}.parquet"

    def check(self, tables: Iterable[str]) -> None:
        """See that every file is the one the manifest names; raises `IntakeError` with both hashes."""
        for table in tables:
            self._check_file(table)

    def check_contract(self) -> None:
        """See that the run was made under this desk's contract; raises `IntakeError` with both hashes."""
        told = self.manifest["contract_hash"]
        if told != CONTRACT_HASH:
            raise IntakeError(
                f"run {self.run_id} was made under contract {told[:12]}, the desk has {CONTRACT_HASH[:12]}: "
                "run again with this version, or start the desk of that one"
            )

    def _check_file(self, table: str) -> None:
        outputs: dict[str, Any] = self.manifest["outputs"]
        place = self.file(table).relative_to(self.path).as_posix()
        if place not in outputs:
            raise IntakeError(
                f"run {self.run_id}: the manifest names no {place}; run again with this version"
            )
        with self.file(table).open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found != (told := outputs[place]):
            raise IntakeError(
                f"{self.file(table).name} of run {self.run_id} has SHA-256 {found[:12]}, its manifest says "
                f"{told[:12]}: the file was changed after the run; keepwell verify tells more"
            )


def _json(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def runs_folder() -> Path:
    """Where runs lie."""
    return Path(settings.DATA) / "runs"


def known() -> list[RunFolder]:
    """Published runs, newest first: what lies beyond the current one is left over from a run that never ended."""
    last = current()
    if last is None:
        return []
    found = [path for path in runs_folder().iterdir() if path.name.isdigit() and path.name <= last.run_id]
    return [RunFolder(path) for path in sorted(found, reverse=True) if (path / "manifest.json").exists()]


def one(run_id: str) -> RunFolder | None:
    """A published run, or `None`."""
    path = runs_folder() / checked(run_id)
    return RunFolder(path) if (path / "manifest.json").exists() else None


def current() -> RunFolder | None:
    """The run the engine published last, or `None`."""
    pointer = runs_folder() / "current"
    return one(pointer.read_text(encoding="utf-8").strip()) if pointer.exists() else None


def stopped() -> dict[str, Any] | None:
    """Why the last run stopped before its end; `None` when it ended well, or was killed and could tell nothing."""
    try:
        return _json(Path(settings.DATA) / "stopped.json")
    except FileNotFoundError:  # the engine removes it when a run begins
        return None


def finished(run_id: str) -> list[str]:
    """The stages that a run which stopped has finished and kept, as its journal tells them."""
    try:
        journal = _json(runs_folder() / f".aside-{checked(run_id)}" / "journal.json")
    except FileNotFoundError:  # it stopped before its first stage was over
        return []
    return list(journal["done"])


def progress() -> dict[str, Any] | None:
    """Live progress of the run in flight; `None` when none has been started."""
    try:
        return _json(Path(settings.DATA) / "progress.json")
    except FileNotFoundError:  # the engine removes it when the run ends
        return None
