"""The whole run from Parquet to published decisions: CPU per stage, memory, growth, first load and nightly.

``python benchmarks/pipeline.py [--sizes 10000,100000] [--months 36] [--keep DIR]`` makes the firm, runs the first
load, then a nightly run with one more day, each as a process of its own. The made-up firm's own cost is apart.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import duckdb
from measure import Cost, exponent, keepwell, row, whole_process

from keepwell.contract.sources import SOURCES

UNTIL = dt.date(2026, 11, 20)
BEFORE = dt.date(2026, 11, 19)


def main() -> None:
    """Measure every size and print stages, totals and exponents."""
    asked = _arguments()
    sizes = [int(size) for size in asked.sizes.split(",")]
    first: list[Cost] = []
    nightly: list[Cost] = []
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            folder = (asked.keep or Path(scratch)) / str(size)
            loads = _measure(folder, size, asked)
            first.append(loads[0])
            nightly.append(loads[1])
            if not asked.keep:
                shutil.rmtree(folder)
    for name, costs in (("first load", first), ("nightly", nightly)):
        row(name, *(f"{cost.cpu_seconds:.1f} CPU s, {cost.peak_gib:.2f} GiB" for cost in costs))
    if len(sizes) > 1:
        print(f"growth exponent, first load: {exponent(sizes, [cost.cpu_seconds for cost in first]):.3f}")
        print(f"growth exponent, nightly: {exponent(sizes, [cost.cpu_seconds for cost in nightly]):.3f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000", help="numbers of clients, smallest first")
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="8GB")
    parser.add_argument("--keep", type=Path, help="keep everything in this folder")
    return parser.parse_args()


def _measure(folder: Path, size: int, asked: argparse.Namespace) -> tuple[Cost, Cost]:
    whole, data = folder / "whole", folder / "data"
    if not (whole / "extracts").exists():
        simulate = keepwell(
            "simulate", "--data", str(whole), "--clients", str(size), "--months", str(asked.months)
        )
        made = whole_process(simulate, quiet=True)
        print(f"\n## {size:,} clients: made in {made.cpu_seconds:.1f} CPU s, {made.peak_gib:.2f} GiB")
    events = split(whole / "extracts", folder)
    print(f"{events:,} events")
    shutil.rmtree(data, ignore_errors=True)
    power = ("--data", str(data), "--threads", str(asked.threads), "--memory", asked.memory, "--json")
    costs = []
    for name, as_of in (("before", BEFORE), ("after", UNTIL)):
        command = keepwell("run", "--extracts", str(folder / name), "--as-of", as_of.isoformat(), *power)
        costs.append(whole_process(command, quiet=True))
        _stages(data, f"{size:,} {name}")
    return costs[0], costs[1]


def split(extracts: Path, folder: Path) -> int:
    """The delivery up to the day before, and the one of the last day: events of it alone, the rest anew."""
    connection = duckdb.connect()
    n_events = 0
    for table in SOURCES:
        path = extracts / f"{table.name}.parquet"
        if not path.exists():
            continue
        for name in ("before", "after"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        before, after = folder / "before" / path.name, folder / "after" / path.name
        if table.event_on is None:
            shutil.copy(path, before)
            shutil.copy(path, after)
            continue
        cut = f"\"{table.event_on}\" <= DATE '{BEFORE}'"
        for target, condition in ((before, cut), (after, f"NOT ({cut})")):
            connection.execute(
                f"COPY (FROM '{path}' WHERE {condition}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
            )
        if table.name in ("trade", "cash_flow", "login"):
            n_events += connection.execute(f"SELECT count(*) FROM '{path}'").fetchall()[0][0]
    for name in ("before", "after"):
        shutil.copy(extracts / "delivery.toml", folder / name / "delivery.toml")
    return n_events


def _stages(data: Path, title: str) -> None:
    run = (data / "runs" / "current").read_text(encoding="utf-8").strip()
    told: dict[str, Any] = json.loads((data / "runs" / run / "telemetry.json").read_text(encoding="utf-8"))
    print(f"\n### {title}")
    row("stage", "CPU s", "wall s", "peak GiB", "rows")
    row("---", "---", "---", "---", "---")
    for stage in told["stages"]:
        gib = stage["peak_bytes"] / 1024**3
        row(
            stage["name"],
            f"{stage['cpu_seconds']:.1f}",
            f"{stage['wall_seconds']:.1f}",
            f"{gib:.2f}",
            f"{stage['rows']:,}",
        )


if __name__ == "__main__":
    main()
