"""Writes the made-up firm's extracts: one Parquet file a table, streamed from Arrow batches, with control totals."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from keepwell.contract import TABLES, Kind
from keepwell.engine.store.about import About, write_about
from keepwell.engine.store.session import ROW_GROUP

TRUTH = "truth."
CONTROL = "control.csv"


@dataclass(slots=True)
class Control:
    """What a file must add up to: its rows, and the total of its first amount where it has one."""

    n_rows: int = 0
    column: str = ""
    total: Decimal = Decimal(0)

    def add(self, batch: pa.RecordBatch) -> None:
        """Count a batch in."""
        self.n_rows += batch.num_rows
        if self.column:
            self.total += pc.sum(batch.column(self.column)).as_py() or Decimal(0)


@dataclass(slots=True)
class _Writer:
    """Writes row groups of one size, whatever the size of the batches: the same rows give the same bytes."""

    file: pq.ParquetWriter
    waiting: list[pa.RecordBatch] = field(default_factory=list)
    n_waiting: int = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Take a batch; write as many whole row groups as have come together."""
        self.waiting.append(batch)
        self.n_waiting += batch.num_rows
        if self.n_waiting >= ROW_GROUP:
            self._write(self.n_waiting - self.n_waiting % ROW_GROUP)

    def flush(self) -> None:
        """Write what is left; an empty table keeps its columns."""
        self._write(self.n_waiting)

    def _write(self, n_rows: int) -> None:
        together = pa.Table.from_batches(self.waiting, schema=self.file.schema)
        self.file.write_table(together.slice(0, n_rows).combine_chunks(), row_group_size=ROW_GROUP)
        self.waiting = together.slice(n_rows).to_batches()
        self.n_waiting -= n_rows


def write_extracts(
    batches: Iterable[tuple[str, pa.RecordBatch]],
    extracts: Path,
    truth: Path,
    about: About,
    files: Mapping[str, str] | None = None,
) -> dict[str, Control]:
    """Stream ``(table, batch)`` pairs to ``extracts/<table>.parquet``; ``truth.`` tables go to ``truth``.

    ``files`` are texts by name that lie beside them; they may be filled while the batches pass.

    Everything is written aside and renamed at the end, so that a half-written firm is never read. Answers
    the control totals, which also stand in ``extracts/control.csv``.
    """
    controls: dict[str, Control] = {}
    aside = {False: _fresh(extracts), True: _fresh(truth)}
    with ExitStack() as stack:
        writers: dict[str, _Writer] = {}
        for name, batch in batches:
            if name not in writers:
                folder = aside[name.startswith(TRUTH)]
                path = folder / f"{name.removeprefix(TRUTH)}.parquet"
                repeating = _repeating(name, batch.schema)
                file = pq.ParquetWriter(path, batch.schema, compression="zstd", use_dictionary=repeating)
                writers[name] = _Writer(stack.enter_context(file))
                controls[name] = Control(column=_amount_of(name))
            writers[name].add(batch)
            controls[name].add(batch)
        for writer in writers.values():
            writer.flush()
    for name, text in (files or {}).items():
        (aside[name.startswith(TRUTH)] / name.removeprefix(TRUTH)).write_text(text, encoding="utf-8")
    _write_controls(aside[False] / CONTROL, controls)
    write_about(aside[False], about)
    _settle(aside[True], truth)
    _settle(aside[False], extracts)  # last: who waits for a delivery waits for the extracts
    return controls


def _settle(aside: Path, final: Path) -> None:
    if final.exists():
        shutil.rmtree(final)
    aside.rename(final)


def _repeating(name: str, schema: pa.Schema) -> list[str]:
    """Columns whose values come again and again; a dictionary of keys, amounts or instants costs and saves nothing."""
    grain = TABLES[name].grain if name in TABLES else ()
    keys = set(grain) if len(grain) == 1 else set()
    measures = (pa.types.is_decimal, pa.types.is_timestamp, pa.types.is_floating)
    return [
        one.name
        for one in schema
        if one.name not in keys and not any(is_one(one.type) for is_one in measures)
    ]


def _amount_of(name: str) -> str:
    """The first amount of a table, for its control total; empty when it has none."""
    table = TABLES.get(name)
    columns = table.columns.values() if table else ()
    return next((column.name for column in columns if column.kind is Kind.DECIMAL and column.scale == 2), "")


def _write_controls(path: Path, controls: dict[str, Control]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("file", "rows", "column", "total"))
        for name, control in sorted(controls.items()):
            if not name.startswith(TRUTH):
                total = control.total if control.column else ""
                writer.writerow((f"{name}.parquet", control.n_rows, control.column, total))


def _fresh(final: Path) -> Path:
    aside = final.with_name(f".aside-{final.name}")
    if aside.exists():
        shutil.rmtree(aside)
    aside.mkdir(parents=True)
    return aside
