"""Giving people's acts to the next run: its tables in `DATA/returns` and an index that makes them count as one.

Files are named by what is in them and the index is written last, so that a run reads the acts of before or of now,
never half of both. With the same acts nothing is written at all, and the cut stays where it was. Acts of many clients
at once (a plan, a reassignment by list) bear the instant at which they were asked for, so that they are found again as
one: a piece of them carried out after the cut stands in the places, which no run overrules, and is told the next time.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from keepwell.contract import Column, Kind, Table
from keepwell.contract.returns import INDEX, firm_mark
from keepwell.desk.assessments.receiving import receive_all
from keepwell.desk.audit.actions import Actor, record
from keepwell.desk.audit.keys import read_or_make
from keepwell.desk.exchange.acts import Cut
from keepwell.desk.exchange.served import ACTS
from keepwell.desk.gates.signed import desk_day, packs_on
from keepwell.desk.generations import cuts
from keepwell.desk.generations.queries import read_current

GROUP = 50_000
MARGIN = dt.timedelta(
    seconds=1
)  # so that few acts have to be stamped anew; none is lost by it, see generations.cuts
TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.DATE: pa.date32(),
    Kind.INSTANT: pa.timestamp("us"),
    Kind.BOOLEAN: pa.bool_(),
}


class ReturnsBusy(Exception):
    """Somebody else is writing the returns."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the next run will be given: up to when, how many acts of each table, and whether anything is new."""

    cut: dt.datetime
    counts: dict[str, int]
    is_new: bool


def folder() -> Path:
    """Where the engine looks for what came back."""
    return Path(settings.DATA) / "returns"


def write(*, by: Actor | None, at: dt.datetime) -> Given:
    """Write every act up to `at`, less a second; answers what the next run will be given.

    Raises `ReturnsBusy` when another call is writing.
    """
    generation = read_current()
    local = timezone.localdate(at - MARGIN)
    cut = Cut(at - MARGIN, desk_day(generation) if generation and generation.is_made_up else local)
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone():
        if generation is not None:
            receive_all(packs=packs_on(local, generation.calendar), by=by, at=at)
        _draw(cut)
        files = {table.name: _table(table, rows(cut)) for table, rows in ACTS.items()}
        counts = {name: int(one["n_rows"]) for name, one in files.items()}
        before, firm = _read(), firm_mark(read_or_make(Path(settings.DATA) / "token_key"))
        if before is not None and (before["files"], before.get("firm")) == (files, firm):
            return Given(dt.datetime.fromisoformat(before["returns_cut"]), counts, is_new=False)
        told = {"returns_cut": cut.at.isoformat(), "cut_on": cut.on.isoformat()}
        _publish({**told, "firm": firm, "files": files})
    _tell(cut, counts, by, at)
    return Given(cut.at, counts, is_new=True)


def _draw(cut: Cut) -> None:
    """No act up to the cut is still to be committed when its rows are read."""
    try:
        cuts.draw(cut.at)
    except cuts.CutBusy as error:
        raise ReturnsBusy(str(error)) from error


@transaction.atomic
def _tell(cut: Cut, counts: dict[str, int], by: Actor | None, at: dt.datetime) -> None:
    payload = {"returns_cut": cut.at, "counts": counts}
    record(by=by, at=at, verb="exchange.write_returns", subject_kind="returns", payload=payload)


def _schema(table: type[Table]) -> pa.Schema:
    return pa.schema([(name, _type(column)) for name, column in table.columns.items()])


def _type(column: Column) -> pa.DataType:
    if column.kind is Kind.DECIMAL:
        return pa.decimal128(18, column.scale)
    return TYPES[column.kind]


def _table(table: type[Table], rows: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """Write one table aside and give it its name; what the index says of it."""
    aside, n_rows = folder() / f".aside-{table.name}.parquet", 0
    with aside.open("wb") as stream:
        aside.chmod(0o600)
        with pq.ParquetWriter(stream, _schema(table), compression="zstd") as writer:
            for group in _groups(rows):
                writer.write_table(pa.Table.from_pylist(group, schema=_schema(table)))
                n_rows += len(group)
        stream.flush()
        os.fsync(stream.fileno())
    with aside.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    called = f"{table.name}-{sha256[:16]}.parquet"
    aside.replace(folder() / called)
    return {"file": called, "sha256": sha256, "n_rows": n_rows}


def _groups(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    source = iter(rows)
    while group := list(islice(source, GROUP)):
        yield group


def _read() -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads((folder() / INDEX).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return told


def _publish(index: dict[str, Any]) -> None:
    """Make the new files count in one step, then forget the old ones."""
    aside = folder() / f".aside-{INDEX}"
    with aside.open("w", encoding="utf-8") as stream:
        json.dump(index, stream, indent=1, sort_keys=True)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(folder() / INDEX)
    descriptor = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    named = {one["file"] for one in index["files"].values()}
    for path in folder().glob("*.parquet"):
        if path.name not in named:
            path.unlink()


@contextmanager
def _alone() -> Iterator[None]:
    path = Path(settings.DATA) / "desk" / "returns.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReturnsBusy(
                f"another write_returns is at work (it holds {path}); wait for it to end"
            ) from error
        yield
