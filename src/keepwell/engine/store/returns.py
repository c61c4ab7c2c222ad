"""What came back from the desk: taken in whole and strictly, or the run is refused.

The run keeps its own copy under ``tables``: acts that come later change nothing of what it was made of.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from keepwell.contract import RETURNS, Kind, Table
from keepwell.contract.codes import Grade, OverrideField, PlaceRelation, ServiceType, TaskOutcome
from keepwell.contract.returns import (
    INDEX,
    LATER,
    ReturnedAnswer,
    ReturnedAssessment,
    ReturnedAssignment,
    ReturnedJudgement,
    ReturnedNotice,
    ReturnedOutcome,
    ReturnedOverride,
    ReturnedTie,
    ReturnedVerification,
)
from keepwell.engine.columns import arrow_schema
from keepwell.engine.store.errors import BrokenReturns, BrokenTable
from keepwell.engine.store.folder import RunFolder
from keepwell.engine.store.parquet import reading as parquet
from keepwell.engine.store.session import Session, Written, empty, file_hash

VALUES = {
    OverrideField.GRADE: tuple(Grade),
    OverrideField.SERVICE_TYPE: tuple(one for one in ServiceType if one is not ServiceType.UNASSESSED),
}
DECIDED = {
    ReturnedOutcome: "decided_at",
    ReturnedOverride: "approved_at",
    ReturnedAssignment: "decided_at",
    ReturnedJudgement: "judged_at",
    ReturnedVerification: "verified_at",
    ReturnedAssessment: "answered_at",
    ReturnedNotice: "told_at",
    ReturnedTie: "decided_at",
}


@dataclass(frozen=True, slots=True)
class Returned:
    """The acts of a run: up to when they are in it (none were given: ``None``), and its copies of the tables."""

    cut: dt.datetime | None = None
    cut_on: dt.date | None = None
    written: list[Written] = field(default_factory=list)

    def described(self) -> dict[str, Any] | None:
        """What the run's decisions depend on, as JSON; the copies are in a total order, so that files' order is not."""
        if self.cut is None or self.cut_on is None:
            return None
        files = {one.table: one.sha256 for one in self.written}
        return {"cut": self.cut.isoformat(), "cut_on": self.cut_on.isoformat(), "files": files}

    def counts(self) -> dict[str, int]:
        """How many acts of each kind were taken in."""
        return {one.table: one.n_rows for one in self.written}


def cut_day(described: dict[str, Any] | None) -> dt.date | None:
    """The firm's date of the cut that a manifest tells of."""
    return dt.date.fromisoformat(described["cut_on"]) if described else None


def take_in_returns(
    session: Session, folder: Path | None, fallback: Path, run: RunFolder, firm: str
) -> Returned:
    """Copy the acts of ``folder``, or those of ``fallback`` if there are any, into the run; ``firm`` is its mark.

    Raises ``BrokenReturns`` naming the file, what is wrong and the remedy.
    """
    place = folder or fallback
    if not (place / INDEX).is_file():
        if folder is not None or (place.is_dir() and any(place.glob("*.parquet"))):
            raise BrokenReturns(place / INDEX, "is not there, so nobody can tell which files are whole")
        return Returned(written=[_none(session, table, run) for table in RETURNS])
    cut, cut_on, files = _index(place / INDEX, firm)
    written = []
    for table in RETURNS:
        if table.name not in files:
            written.append(_none(session, table, run))
            continue
        path = place / files[table.name]["file"]
        _require_file(path, table, files[table.name]["sha256"])
        written.append(_copy(session, table, path, run, cut))
    return Returned(cut, cut_on, written)


def bind_returns(session: Session, run: RunFolder) -> None:
    """Make the names of the returned tables mean the copies of a run; runs of before there were any have none."""
    for table in RETURNS:
        path = run.file(table)
        session.view_files(table, [path] if path.exists() else [])


def _none(session: Session, table: type[Table], run: RunFolder) -> Written:
    return session.write_arrow(table, empty(table), run.file(table))


def _index(path: Path, firm: str) -> tuple[dt.datetime, dt.date, dict[str, Any]]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["firm"] != firm:
            raise BrokenReturns(
                path, f"is of another firm: it names {told['firm']}, this data folder is {firm}"
            )
        cut = dt.datetime.fromisoformat(told["returns_cut"])
        cut_on, files = dt.date.fromisoformat(told["cut_on"]), dict(told["files"])
        named = {name: {key: str(one[key]) for key in ("file", "sha256")} for name, one in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise BrokenReturns(path, f"cannot be read: {type(fault).__name__} {fault}") from fault
    wanted = {table.name for table in RETURNS}
    later = {table.name for table in LATER if not any(path.parent.glob(f"{table.name}*.parquet"))}
    if not wanted - later <= set(named) <= wanted:
        raise BrokenReturns(path, f"names {sorted(named)}, not exactly {sorted(wanted)}")
    if cut.tzinfo is None:
        raise BrokenReturns(path, f"returns_cut {cut.isoformat()} has no time zone")
    if any(Path(one["file"]).name != one["file"] for one in named.values()):
        raise BrokenReturns(path, "names a file outside its folder")
    return cut.astimezone(dt.UTC), cut_on, named


def _require_file(path: Path, table: type[Table], sha256: str) -> None:
    if not path.is_file():
        raise BrokenReturns(path, "is named and not there")
    if (found := file_hash(path)) != sha256:
        raise BrokenReturns(path, f"has SHA-256 {found[:12]}, {INDEX} says {sha256[:12]}")
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as fault:
        raise BrokenReturns(path, f"is no Parquet file: {fault}") from fault
    wanted = arrow_schema(table)
    found_types = dict(zip(schema.names, map(str, schema.types), strict=True))
    wanted_types = dict(zip(wanted.names, map(str, wanted.types), strict=True))
    for name in sorted({*found_types, *wanted_types}):
        here, there = found_types.get(name, "no such column"), wanted_types.get(name, "no such column")
        if here != there:
            raise BrokenReturns(path, f"column {name}: found {here}, {table.name} has {there}")


def _copy(session: Session, table: type[Table], path: Path, run: RunFolder, cut: dt.datetime) -> Written:
    source = parquet(path)
    try:
        for what, condition in _breaches(table, cut):
            n_rows = int(session.rows(f"SELECT count(*) FROM {source} WHERE {condition}")[0][0])
            if n_rows:
                raise BrokenReturns(path, f"{what} in {n_rows} rows")
        return session.write(table, f"SELECT * FROM {source}", run.file(table))
    except BrokenTable as fault:
        raise BrokenReturns(path, fault.what) from fault
    except duckdb.InvalidInputException as fault:
        # bytes that are no text, or a damaged page, show only when the file is read to its end
        raise BrokenReturns(path, f"cannot be read: {fault}") from fault


def _breaches(table: type[Table], cut: dt.datetime) -> Iterator[tuple[str, str]]:
    """What is forbidden besides nulls, codes, bounds and repeated grains, which the store checks as it writes."""
    for name, column in table.columns.items():
        if column.kind is Kind.TEXT:
            yield (
                f"column {name} is empty or longer than {column.length}",
                (f'length("{name}") NOT BETWEEN 1 AND {column.length}'),
            )
    for rule in table.orders:
        yield f"{rule.later} before {rule.earlier}", f'"{rule.later}" < "{rule.earlier}"'
    if table in DECIDED:
        moment = cut.replace(tzinfo=None).isoformat(sep=" ")
        yield f"{DECIDED[table]} after returns_cut", f"\"{DECIDED[table]}\" > TIMESTAMP '{moment}'"
    yield from _own_breaches(table)


def _own_breaches(table: type[Table]) -> Iterator[tuple[str, str]]:
    """What one table alone forbids."""
    if table is ReturnedOverride:
        yield "approved_by is proposed_by (one proposes, another approves)", "approved_by = proposed_by"
        for one, values in VALUES.items():
            listed = ", ".join(f"'{value}'" for value in values)
            yield f"a value that is no {one}", f"field = '{one}' AND value NOT IN ({listed})"
    if table is ReturnedAssignment:
        missing = {PlaceRelation.SERVICE: "staff_code", PlaceRelation.HOME: "branch_code"}
        for relation, name in missing.items():
            yield f"relation {relation} without {name}", f"relation = '{relation}' AND {name} IS NULL"
    if table in {ReturnedAssessment, ReturnedAnswer}:
        yield "questionnaire_code not of the desk (desk:…)", "NOT starts_with(questionnaire_code, 'desk:')"
    if table is ReturnedJudgement:
        yield "left_code not below right_code", "left_code >= right_code"
    if table is ReturnedOutcome:
        yield "put off without until_on", f"outcome = '{TaskOutcome.SNOOZED}' AND until_on IS NULL"
