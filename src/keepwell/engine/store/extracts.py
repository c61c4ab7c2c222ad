"""Writes the made-up firm's extracts: one Parquet file a table, streamed from Arrow batches."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

TRUTH = "truth."


def write_extracts(
    batches: Iterable[tuple[str, pa.RecordBatch]], extracts: Path, truth: Path
) -> dict[str, int]:
    """Stream ``(table, batch)`` pairs to ``extracts/<table>.parquet``; ``truth.`` tables go to ``truth``.

    Everything is written aside and renamed at the end, so that a half-written firm is never read.
    Answers rows per table.
    """
    counts: dict[str, int] = {}
    aside = {False: _fresh(extracts), True: _fresh(truth)}
    with ExitStack() as stack:
        writers: dict[str, pq.ParquetWriter] = {}
        for name, batch in batches:
            if name not in writers:
                folder = aside[name.startswith(TRUTH)]
                path = folder / f"{name.removeprefix(TRUTH)}.parquet"
                writers[name] = stack.enter_context(pq.ParquetWriter(path, batch.schema, compression="zstd"))
            writers[name].write_batch(batch)
            counts[name] = counts.get(name, 0) + batch.num_rows
    for folder, final in ((aside[False], extracts), (aside[True], truth)):
        if final.exists():
            shutil.rmtree(final)
        folder.rename(final)
    return counts


def _fresh(final: Path) -> Path:
    aside = final.with_name(f".aside-{final.name}")
    if aside.exists():
        shutil.rmtree(aside)
    aside.mkdir(parents=True)
    return aside
