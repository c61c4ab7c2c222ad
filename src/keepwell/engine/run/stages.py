"""Deciding stage by stage in one session; a killed run goes on after its last finished stage."""

from __future__ import annotations

import datetime as dt
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keepwell.contract import SOURCES, TABLES, Table
from keepwell.engine.pipeline import STAGES, parents_read, sources_read
from keepwell.engine.run.renewal import Renewal
from keepwell.engine.stage import MAY_READ_SECRETS, PARENT, Stage, tables_of, views_of
from keepwell.engine.store.changes import of_source
from keepwell.engine.store.conformed import Conformed
from keepwell.engine.store.decide import Context, execute
from keepwell.engine.store.folder import DataFolder, Journal, RunFolder
from keepwell.engine.store.returns import bind_returns, cut_day
from keepwell.engine.store.session import Session, Written, file_hash
from keepwell.engine.store.snapshot import Snapshot
from keepwell.engine.store.statements import libraries
from keepwell.engine.store.visible import Visible

Reporter = Callable[[str, int, int, int, int], None]
Views = Callable[[type[Table]], str]


@dataclass(slots=True)
class Work:
    """A run being decided: ``report(stage, place, n_stages, done, of)`` tells how far it is."""

    session: Session
    folder: RunFolder
    context: Context
    report: Reporter
    written: dict[str, Written] = field(default_factory=dict)
    telemetry: list[dict[str, Any]] = field(default_factory=list)
    renewal: Renewal | None = None

    def keep(self, written: Written) -> None:
        """Remember a table that was written."""
        self.written[written.table] = written

    def outputs(self) -> dict[str, str]:
        """SHA-256 of everything written, by its place in the run folder."""
        found = {
            one.path.relative_to(self.folder.path).as_posix(): one.sha256 for one in self.written.values()
        }
        return dict(sorted(found.items()))


def decide_all(
    work: Work,
    view: Views,
    parent: RunFolder | None,
    journal: Journal | None,
    returned: RunFolder | None = None,
) -> None:
    """Run every stage in order over ``view(table)``, the SQL of each source table.

    ``returned`` is the run whose copies of the desk's acts are read, by default the one being decided.
    """
    bind_sources(work.session, view)
    bind_returns(work.session, returned or work.folder)
    _bind_parent(work, parent)
    for place, stage in enumerate(STAGES, start=1):
        done = journal.finished(stage.name) if journal else None
        work.report(stage.name, place, len(STAGES), 0, len(stage.rules))
        with timed(work, stage.name, resumed=done is not None):
            if stage.name not in MAY_READ_SECRETS:
                _drop_secrets(work.session, view)
            if done is None:
                done = _decide(work, stage, place)
            else:
                _take_up(work, done)
        if journal:
            journal.finish(stage.name, done)


SAME_IN_PARENT = ("contract", "code", "policy", "mapping", "calendar", "token_key")


def can_renew(parent: RunFolder | None, made_of: dict[str, Any]) -> bool:
    """Whether what the parent decided may be taken over: the same rules made it, and what is read of it is whole."""
    if parent is None or not (parent.path / "telemetry.json").exists():
        return False
    manifest = parent.manifest
    if any(manifest["made_of"][name] != made_of[name] for name in SAME_IN_PARENT):
        return False
    if parent.telemetry.get("libraries") != libraries():
        return False
    outputs: dict[str, str] = manifest["outputs"]
    paths = [parent.file(table) for table in _parent_tables() if table not in SOURCES]
    return all(
        path.exists() and file_hash(path) == outputs.get(path.relative_to(parent.path).as_posix())
        for path in paths
    )


def days_of(parent: RunFolder | None) -> tuple[dt.date, ...]:
    """The days that a run was asked with: its data's, and the one up to which people's acts are known."""
    if parent is None:
        return ()
    made_of = parent.manifest["made_of"]
    days = (dt.date.fromisoformat(made_of["as_of"]), cut_day(made_of["returns"]))
    return tuple(day for day in days if day)


def bind_sources(session: Session, view: Views) -> None:
    """Make every source table that a stage reads known under its name, secrets included."""
    for table in sources_read():
        session.view(table.name, view(table))


def _drop_secrets(session: Session, view: Views) -> None:
    """From here on the secret columns of the sources are null: only ``MAY_READ_SECRETS`` sees them."""
    for table in sources_read():
        if table.secret_names():
            session.view_without_secrets(table, view(table))
    for table in _parent_sources():
        session.view_files(table, [], PARENT + table.name)


def _bind_parent(work: Work, parent: RunFolder | None) -> None:
    """Make what the parent run decided known, and the sources as it saw them where something is taken over.

    What is only read to take it over is empty where nothing is: the parent's files need not be whole then.
    """
    renews = work.context.renews
    ways = [rule.way(renews=renews) for stage in STAGES for rule in stage.rules]
    ways += [way for stage in STAGES for way in stage.touched.values() if renews]
    asked_for = {name for way in ways for name in tables_of(views_of(way))}
    for table in _parent_tables():
        files = [parent.file(table)] if parent and PARENT + table.name in asked_for else []
        work.session.view_files(table, [] if table in SOURCES else files, PARENT + table.name)
    if parent and renews:
        work.renewal = _renewal(work.session, parent, work.context.as_of)


def _renewal(session: Session, parent: RunFolder, tonight: dt.date) -> Renewal:
    """Bind the sources as the parent run saw them, and be ready to tell what is not as it saw it."""
    manifest = parent.manifest
    sources = DataFolder(parent.path.parents[1]).sources
    as_of = dt.date.fromisoformat(manifest["as_of"])
    seen = Visible(Snapshot(sources, manifest["made_of"]["sources"]), as_of)
    seen.not_yet(session)
    for table in _parent_sources():
        session.view(PARENT + table.name, seen.sql(table, secrets=True))
    now = Visible(Conformed(sources), tonight)
    now.not_yet(session)
    return Renewal(session, lambda table: of_source(table, now, seen))


def _parent_tables() -> list[type[Table]]:
    return [TABLES[name] for name in parents_read()]


def _parent_sources() -> list[type[Table]]:
    """Sources of which a rule reads how the parent run saw them."""
    return [table for table in _parent_tables() if table in SOURCES]


def _decide(work: Work, stage: Stage, place: int) -> dict[str, str]:
    tables: dict[str, str] = {}
    for number, rule in enumerate(stage.rules, start=1):
        if work.renewal:
            work.renewal.tell(rule.way(renews=True), stage.touched, work.context)
        for result in execute(work.session, rule, work.context, work.folder.file):
            work.keep(result)
            tables[result.table] = result.sha256
        work.report(stage.name, place, len(STAGES), number, len(stage.rules))
    if work.renewal:
        work.renewal.forget()
    return tables


def _take_up(work: Work, done: dict[str, str]) -> None:
    for name, sha256 in done.items():
        table = TABLES[name]
        path: Path = work.folder.file(table)
        work.session.view_files(table, [path])
        work.keep(Written(name, path, work.session.count(name), sha256))


@contextmanager
def timed(work: Work, stage: str, *, resumed: bool = False) -> Iterator[None]:
    """Note wall and CPU seconds and the process's peak memory of what happens inside."""
    wall, cpu, known = time.monotonic(), time.process_time(), set(work.written)
    yield
    work.telemetry.append(
        {
            "name": stage,
            "wall_seconds": round(time.monotonic() - wall, 3),
            "cpu_seconds": round(time.process_time() - cpu, 3),
            "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "rows": sum(one.n_rows for name, one in work.written.items() if name not in known),
            "resumed": resumed,
        }
    )
