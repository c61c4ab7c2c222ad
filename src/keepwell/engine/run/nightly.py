"""The nightly run: take in what was delivered, decide, write the manifest, publish in one step."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

import keepwell
from keepwell.contract import CONTRACT_HASH, Table
from keepwell.contract.ingest import Delivery, Quarantine
from keepwell.contract.returns import firm_mark
from keepwell.contract.schema import Text
from keepwell.contract.sources import SOURCES
from keepwell.contract.sources.firm import Branch, Staff, Team
from keepwell.contract.sources.products import Product
from keepwell.engine.columns import arrow_schema
from keepwell.engine.ingest.mapping import Mapping
from keepwell.engine.pipeline import STAGES, sources_read
from keepwell.engine.run.stages import Reporter, Work, can_renew, days_of, decide_all, timed
from keepwell.engine.run.stops import telling_stops
from keepwell.engine.store.about import About, read_about
from keepwell.engine.store.compaction import collect
from keepwell.engine.store.conformed import Conformed
from keepwell.engine.store.decide import Context
from keepwell.engine.store.fingerprints import code_hash, digest, token_key
from keepwell.engine.store.folder import DataFolder, Journal, sweep, write_json
from keepwell.engine.store.intake import Intake, mapping_of, take_in
from keepwell.engine.store.returns import Returned, take_in_returns
from keepwell.engine.store.session import Session, file_hash, files_sql, open_session
from keepwell.engine.store.snapshot import correction_files, describe, open_files
from keepwell.engine.store.statements import libraries, statements_folder
from keepwell.policy.packs import Packs, load_packs

TAKE_IN = "take_in"
PROGRESS_EVERY_SECONDS = 0.2
NAMED = (Branch, Team, Staff, Product)
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked to do. ``known_on`` is the day the delivery became known, by default the cut.

    ``returns`` is the folder of what people decided at the desk, by default ``DATA/returns`` if it holds anything.
    ``rebuilds`` asks to decide everything anew, whatever the parent run decided: slower, and the same to the byte.
    """

    data: Path
    extracts: Path
    as_of: dt.date
    mapping: str | None = None
    firm_packs: Path | None = None
    known_on: dt.date | None = None
    threads: int = 2
    memory: str | None = None
    returns: Path | None = None
    rebuilds: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run: its number, whether it is new, its manifest, and which files brought it nothing.

    ``refused`` were delivered and not taken in, ``unmatched`` match no file of the mapping.
    """

    run: str
    is_new: bool
    manifest: dict[str, Any]
    refused: tuple[Text, ...] = ()
    unmatched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Delivered:
    """What a run was given: by whom, how written, and what came of it."""

    about: About
    mapping: Mapping
    intake: Intake
    deliveries: list[dict[str, Any]]
    returned: Returned


def nightly(settings: Settings, report: Reporter, clock: Clock) -> Outcome:
    """Run everything on what was delivered; the new run becomes current, or nothing changes.

    The same input as the current run's makes no second run. ``clock`` tells the time for telemetry alone.
    Raises ``StoreError``, ``IngestError`` or ``PolicyError``; each names the place, the value and the remedy.
    """
    folder = DataFolder(settings.data)
    holder = f"process {os.getpid()}, extracts {settings.extracts.name}, as of {settings.as_of}"
    spill = settings.data / "spill"
    with (
        folder.locked(holder),
        telling_stops(folder, settings.as_of, clock),
        open_session(settings.threads, settings.memory, spill) as session,
    ):
        return _nightly(settings, folder, session, report, clock)


def _nightly(
    settings: Settings, folder: DataFolder, session: Session, report: Reporter, clock: Clock
) -> Outcome:
    about = read_about(settings.extracts)
    mapping = mapping_of(settings.mapping, about)
    packs = load_packs(settings.as_of, settings.firm_packs, mapping.calendar)
    run, started = folder.next_run(), clock()
    aside = folder.aside(run)
    key = token_key(settings.data)
    returned = take_in_returns(session, settings.returns, folder.returns, aside, firm_mark(key))
    statements = statements_folder(settings.data, packs)
    context = Context(settings.as_of, packs, key, returned.cut_on, statements=statements)
    work = Work(session, aside, context, _saved(report, folder, run, settings, started))
    with timed(work, TAKE_IN):
        delivered = _take_in(work, settings, about, mapping, folder, run, returned)
    made_of = {
        **_made_of(settings, packs, mapping, Conformed(folder.sources)),
        "returns": returned.described(),
    }
    same = _same_run(folder, made_of)
    if same:
        shutil.rmtree(work.folder.path)
        return _outcome(same, delivered, is_new=False, manifest=folder.run(same).manifest)
    made_of["parent"] = _parent(folder)
    parent = folder.run(made_of["parent"]["run"]) if made_of["parent"] else None
    renews = not settings.rebuilds and can_renew(parent, made_of)
    work.context = replace(context, renews=renews, before=days_of(parent) if renews else ())
    journal = Journal(work.folder, digest(made_of))
    decide_all(work, lambda table: secret_view(delivered.intake, table), parent, journal)
    manifest = _manifest(work, run, delivered, made_of, folder)
    _finish(work, settings, manifest)
    _tell(work, manifest, settings, (started, clock()))
    journal.close()
    folder.publish(work.folder, run)
    sweep(folder, kept_runs(folder, packs))
    collect(folder)
    return _outcome(run, delivered, is_new=True, manifest=manifest)


def _tell(
    work: Work, manifest: dict[str, Any], settings: Settings, span: tuple[dt.datetime, dt.datetime]
) -> None:
    """Write how the run was made: when, how long, by which libraries, and from which run it took over."""
    told = {
        "started_at": span[0].isoformat(),
        "ended_at": span[1].isoformat(),
        "threads": settings.threads,
        "libraries": libraries(),
        "renewed_from": manifest["parent"] if work.context.renews else None,
        "stages": work.telemetry,
    }
    write_json(work.folder.path / "telemetry.json", told)


def _outcome(run: str, delivered: _Delivered, *, is_new: bool, manifest: dict[str, Any]) -> Outcome:
    # a file that several tables are made of is refused for each of them, and told once
    refused = tuple(dict.fromkeys(one.said for one in delivered.intake.refused))
    return Outcome(run, is_new, manifest, refused, tuple(delivered.intake.unmatched))


def secret_view(intake: Intake, table: type[Table]) -> str:
    """A source table as the rooms that may read secrets see it."""
    return intake.view(table, secrets=True)


def _take_in(
    work: Work,
    settings: Settings,
    about: About,
    mapping: Mapping,
    folder: DataFolder,
    run: str,
    returned: Returned,
) -> _Delivered:
    intake = take_in(
        work.session,
        settings.extracts,
        folder.sources,
        mapping,
        as_of=settings.as_of,
        known_on=settings.known_on or settings.as_of,
        packs=work.context.packs,
        progress=lambda label, done, of: work.report(f"{TAKE_IN}: {label}", 0, len(STAGES), done, of),
        run=run,
    )
    rows = pa.Table.from_pylist(intake.deliveries, schema=arrow_schema(Delivery))
    work.keep(work.session.write_arrow(Delivery, rows, work.folder.file(Delivery)))
    bad = files_sql(Quarantine, dict.fromkeys(intake.quarantine))
    work.keep(work.session.write(Quarantine, bad, work.folder.file(Quarantine)))
    for table in NAMED:
        work.keep(
            work.session.write(
                table, intake.view(table), work.folder.path / "tables" / f"{table.name}.parquet"
            )
        )
    for written in returned.written:
        work.keep(written)
    return _Delivered(about, mapping, intake, intake.deliveries, returned)


def _made_of(settings: Settings, packs: Packs, mapping: Mapping, sources: Conformed) -> dict[str, Any]:
    """Everything the decisions depend on but the parent; equal inputs give equal bytes."""
    return {
        "contract": CONTRACT_HASH,
        "code": code_hash(),
        "as_of": settings.as_of.isoformat(),
        "policy": packs.versions(),
        "mapping": mapping.name,
        "calendar": mapping.calendar,
        "token_key": firm_mark(token_key(settings.data)),
        "sources": describe(sources, sources_read()),
    }


def _same_run(folder: DataFolder, made_of: dict[str, Any]) -> str | None:
    """The current run, if it was made of exactly this."""
    current = folder.current()
    if current is None:
        return None
    before = {key: value for key, value in folder.run(current).manifest["made_of"].items() if key != "parent"}
    return current if digest(before) == digest(made_of) else None


def _parent(folder: DataFolder) -> dict[str, str] | None:
    """The current run as the parent of the next, unless another contract made it."""
    current = folder.current()
    if current is None or folder.run(current).manifest["contract_hash"] != CONTRACT_HASH:
        return None
    return {"run": current, "manifest": file_hash(folder.run(current).path / "manifest.json")}


def _manifest(
    work: Work, run: str, delivered: _Delivered, made_of: dict[str, Any], folder: DataFolder
) -> dict[str, Any]:
    """What the run was made of and what it made; nothing in it depends on time, place or threads."""
    counts = {
        name: sum(row[f"n_{name}"] for row in delivered.deliveries)
        for name in ("read", "accepted", "quarantined", "repeated")
    }
    not_yet = delivered.intake.not_yet_opened
    return {
        "run_id": run,
        "parent": made_of["parent"]["run"] if made_of["parent"] else None,
        "as_of": made_of["as_of"],
        "firm": delivered.about.firm,
        "is_made_up": delivered.about.is_made_up,
        "mapping": delivered.mapping.name,
        "calendar": delivered.mapping.calendar,
        "calendar_mark": str(work.context.packs.calendars.mark),
        "currency": delivered.mapping.currency,
        "contract_hash": made_of["contract"],
        "code_version": keepwell.__version__,
        "code_hash": made_of["code"],
        "policies": made_of["policy"],
        "inputs": [{**row, "known_on": row["known_on"].isoformat()} for row in delivered.deliveries],
        "counts": {**counts, "not_yet_opened": not_yet},
        "returns_cut": made_of["returns"]["cut"] if made_of["returns"] else None,
        "returned": delivered.returned.counts(),
        "sources": open_files(Conformed(folder.sources), SOURCES, folder.path),
        "corrections": correction_files(Conformed(folder.sources), SOURCES, folder.path),
        "rows": {name: one.n_rows for name, one in sorted(work.written.items())},
        "outputs": work.outputs(),
        "made_of": made_of,
        "made_of_digest": digest(made_of),
    }


def _finish(work: Work, settings: Settings, manifest: dict[str, Any]) -> None:
    if settings.firm_packs:
        shutil.copytree(settings.firm_packs, work.folder.path / "packs", dirs_exist_ok=True)
    write_json(work.folder.path / "manifest.json", manifest)


def kept_runs(folder: DataFolder, packs: Packs) -> set[str]:
    """The latest runs, the last run of each of the latest months, those under legal hold, and all their parents."""
    rule = packs.retention_of_runs
    known = folder.known_runs()
    by_month = {str(folder.run(run).manifest["as_of"])[:7]: run for run in known}
    month_ends = [by_month[month] for month in sorted(by_month)][-rule.n_month_ends :]
    kept = {*known[-rule.n_latest :], *month_ends, *rule.legal_hold_run_ids} & set(known)
    parents = {folder.run(run).manifest["parent"] for run in kept}
    return kept | {parent for parent in parents if parent}


def _saved(
    report: Reporter, folder: DataFolder, run: str, settings: Settings, started: dt.datetime
) -> Reporter:
    """A reporter that also writes ``progress.json`` for the desk, a few times a second."""
    last, at = [0.0], [""]
    fixed = {
        "run_id": run,
        "as_of": settings.as_of.isoformat(),
        "started_at": started.isoformat(),
        "state": "running",
    }

    def both(stage: str, place: int, n_stages: int, done: int, of: int) -> None:
        report(stage, place, n_stages, done, of)
        begins = stage.partition(":")[0] != at[0]
        if begins or time.monotonic() - last[0] >= PROGRESS_EVERY_SECONDS or done == of:
            last[0], at[0] = time.monotonic(), stage.partition(":")[0]
            state = {
                "stage": stage,
                "place": place,
                "n_stages": n_stages,
                "n": done,
                "of": of,
                "pid": os.getpid(),
            }
            write_json(folder.progress, {**fixed, **state})

    return both
