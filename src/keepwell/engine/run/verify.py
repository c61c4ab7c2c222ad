"""Proof that a published run can be made again: its tables are decided anew and their hashes compared."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keepwell.contract import CONTRACT_HASH
from keepwell.engine.run.stages import Reporter, Work, decide_all
from keepwell.engine.store.decide import Context
from keepwell.engine.store.fingerprints import code_hash, token_key
from keepwell.engine.store.folder import DataFolder, RunFolder, place_of_process
from keepwell.engine.store.returns import cut_day
from keepwell.engine.store.session import file_hash, open_session
from keepwell.engine.store.snapshot import Snapshot
from keepwell.engine.store.visible import Visible
from keepwell.policy.packs import load_packs


@dataclass(frozen=True, slots=True)
class Verdict:
    """``damaged``: files whose bytes are not the manifest's. ``different``: tables decided otherwise now.

    ``remarks`` tells what was not the same from the start (code, contract), which explains a difference.
    """

    run: str
    n_files: int
    n_decided: int
    damaged: tuple[str, ...]
    different: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every file is whole and every table came out the same."""
        return not self.damaged and not self.different


def verify(data: Path, run: str, report: Reporter, threads: int = 2, memory: str | None = None) -> Verdict:
    """Recompute a run from the sources, policy and parent its manifest names and the acts it kept; compare to the byte.

    What ingest wrote (deliveries, quarantine) is compared with the manifest's hashes, for the raw files are
    the firm's. Raises ``NoSuchRun``, or ``StoreError`` when a source the run was made of is gone.
    """
    folder = DataFolder(data)
    published = folder.run(run)
    manifest = published.manifest
    made_of = manifest["made_of"]
    own_packs = published.path / "packs"
    as_of = dt.date.fromisoformat(manifest["as_of"])
    packs = load_packs(as_of, own_packs if own_packs.is_dir() else None, manifest["calendar"])
    aside = RunFolder(place_of_process(data, f".verify-{run}"))
    try:
        with open_session(threads, memory, place_of_process(data, "spill-verify")) as session:
            context = Context(as_of, packs, token_key(data), cut_day(made_of.get("returns")))
            work = Work(session, aside, context, report)
            visible = Visible(Snapshot(folder.sources, made_of["sources"]), as_of)
            visible.not_yet(session)
            parent = folder.run(manifest["parent"]) if manifest["parent"] else None
            decide_all(work, lambda table: visible.sql(table, secrets=True), parent, None, published)
    finally:
        shutil.rmtree(aside.path, ignore_errors=True)
    outputs: dict[str, str] = manifest["outputs"]
    damaged = tuple(path for path, sha256 in outputs.items() if _differs(published.path / path, sha256))
    different = tuple(path for path, sha256 in work.outputs().items() if outputs.get(path) != sha256)
    return Verdict(
        run, len(outputs), len(work.written), damaged, different, _remarks(manifest, packs.versions())
    )


def _differs(path: Path, sha256: str) -> bool:
    return not path.exists() or file_hash(path) != sha256


def _remarks(manifest: dict[str, Any], versions: dict[str, str]) -> tuple[str, ...]:
    remarks = []
    if manifest["contract_hash"] != CONTRACT_HASH:
        remarks.append("made by another contract than this installation's")
    if manifest["code_hash"] != code_hash():
        remarks.append("made by other code than this installation's")
    if manifest["policies"] != versions:
        remarks.append("made by other policy packs than are in force now")
    return tuple(remarks)
