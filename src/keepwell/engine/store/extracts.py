"""Writes the made-up firm's extracts: one Parquet file a table, streamed from Arrow batches, with control totals."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from keepwell.contract import TABLES, Kind
from keepwell.engine.store.about import About, write_about

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


def write_extracts(
    batches: Iterable[tuple[str, pa.RecordBatch]], extracts: Path, truth: Path, about: About
) -> dict[str, Control]:
    """Stream ``(table, batch)`` pairs to ``extracts/<table>.parquet``; ``truth.`` tables go to ``truth``.

    Everything is written aside and renamed at the end, so that a half-written firm is never read. Answers
    the control totals, which also stand in ``extracts/control.csv``.
    """
    controls: dict[str, Control] = {}
    aside = {False: _fresh(extracts), True: _fresh(truth)}
    with ExitStack() as stack:
        writers: dict[str, pq.ParquetWriter] = {}
        for name, batch in batches:
            if name not in writers:
                folder = aside[name.startswith(TRUTH)]
                path = folder / f"{name.removeprefix(TRUTH)}.parquet"
                writers[name] = stack.enter_context(pq.ParquetWriter(path, batch.schema, compression="zstd"))
                controls[name] = Control(column=_amount_of(name))
            writers[name].write_batch(batch)
            controls[name].add(batch)
    _write_controls(aside[False] / CONTROL, controls)
    write_about(aside[False], about)
    for folder, final in ((aside[False], extracts), (aside[True], truth)):
        if final.exists():
            shutil.rmtree(final)
        folder.rename(final)
    return controls


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
