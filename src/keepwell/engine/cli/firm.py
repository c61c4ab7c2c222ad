"""``keepwell simulate``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.contract.codes import CalendarKind
from keepwell.engine.cli import output
from keepwell.engine.run.stages import Reporter
from keepwell.engine.simulator.firm import NEVER, Size, load_firm
from keepwell.engine.simulator.flaws import Flaws
from keepwell.engine.simulator.making import STORIES, Batch, plan, simulate
from keepwell.engine.simulator.nights import Nights
from keepwell.engine.simulator.span import EPOCH, Days, Span, day_number
from keepwell.engine.store.about import About
from keepwell.engine.store.errors import NoData
from keepwell.engine.store.extracts import TRUTH, Control, write_extracts
from keepwell.engine.store.folder import make_data_folder
from keepwell.policy.packs import load_packs

NAME = "守客证券（虚构）"
STAGE = "simulate"
STORIES_FILE = f"{TRUTH}stories.json"


def execute(asked: argparse.Namespace) -> int:
    """Make the made-up firm and tell what it consists of."""
    extracts: Path = asked.to or asked.data / "extracts"
    truth = extracts.parent / "truth"
    with output.progress(quiet=asked.json) as report:
        delivered = _deliver(asked, extracts, truth, report)
    counts: dict[str, int] = {}
    for controls in delivered.values():
        for name, control in controls.items():
            counts[name] = counts.get(name, 0) + control.n_rows
    if asked.json:
        nights = [str(folder) for folder in delivered]
        output.as_json({"extracts": str(extracts), "nights": nights, "truth": str(truth), "rows": counts})
        return 0
    print(f"{NAME}: {extracts}. Nobody in it is real; what really happened lies apart, in {truth}.")
    rows = [(name, f"{n_rows:,}") for name, n_rows in sorted(counts.items()) if not name.startswith(TRUTH)]
    output.table(("table", "rows"), rows, (1,))
    return 0


def _deliver(
    asked: argparse.Namespace, extracts: Path, truth: Path, report: Reporter
) -> dict[Path, dict[str, Control]]:
    """Write every night asked for; answer its folder with its control totals."""
    trading, working = _days(asked.until, CalendarKind.TRADING), _days(asked.until, CalendarKind.WORKING)
    whole = _planned(asked, trading, working)
    if asked.data.resolve() in extracts.resolve().parents:
        make_data_folder(asked.data)
    nights, delivered = Nights(), {}
    for n_days in range(whole.n_run - asked.nights + 1, whole.n_run + 1):
        on = EPOCH + dt.timedelta(days=int(whole.on[n_days - 1]))
        is_last = n_days == whole.n_run
        flaws = Flaws(on) if asked.flaws and is_last else None
        batches = nights.deliver(_batches(asked, report, trading, working, n_days), on, is_last=is_last)
        files = flaws.files if flaws else {}
        batches = _with_stories(flaws.beside(batches) if flaws else batches, files)
        folder = extracts / on.isoformat() if asked.nights > 1 else extracts
        delivered[folder] = write_extracts(
            batches, folder, truth, About(NAME, "keepwell", is_made_up=True), files
        )
    return delivered


def _planned(asked: argparse.Namespace, trading: Days, working: Days) -> Span:
    """The days the firm lives. Raises ``NoData`` for a size or days that cannot be made, before any is made."""
    try:
        Size.of(asked.clients, live_per_book=asked.live_per_book)
        whole = Span.of(trading, working, asked.months, asked.until)
    except ValueError as fault:
        raise NoData(str(fault)) from fault
    if not 1 <= asked.nights < whole.n_run:
        raise NoData(
            f"--nights {asked.nights}: the firm lives {whole.n_run} days; ask for 1 to {whole.n_run - 1}"
        )
    return whole


def _batches(
    asked: argparse.Namespace, report: Reporter, trading: Days, working: Days, n_days: int
) -> Iterator[Batch]:
    """What the firm has by the end of a day."""
    firm = load_firm(
        bias=asked.bias,
        hard_identity=asked.identity == "hard",
        regime_break=NEVER if asked.regime_break is None else asked.regime_break,
    )
    size = Size.of(asked.clients, live_per_book=asked.live_per_book)
    batches = simulate(
        firm,
        size,
        asked.seed,
        asked.months,
        asked.until,
        trading=trading,
        working=working,
        n_days=n_days,
        threads=asked.threads,
    )
    span = Span.of(trading, working, asked.months, asked.until, n_days)
    return _told(batches, plan(size, span).n_clients, report)


def _days(until: dt.date, kind: CalendarKind) -> Days:
    """Every verified day of a kind through ``until``, as days since 1970-01-01."""
    calendar = load_packs(until).calendars.of(kind)
    return np.array([day_number(day) for day in calendar.days(calendar.first, until)], dtype=np.int64)


def _told(batches: Iterator[Batch], n_clients: int, report: Reporter) -> Iterator[Batch]:
    """Pass batches through and tell how many persons are made."""
    done = 0
    for name, batch in batches:
        if name == f"{TRUTH}person":
            done += batch.num_rows
            report(STAGE, 1, 1, done, n_clients)
        yield name, batch


def _with_stories(batches: Iterator[Batch], files: dict[str, str]) -> Iterator[Batch]:
    """Pass batches through; the stories among them become a file the desk's tour reads."""
    for name, batch in batches:
        if name == STORIES:
            files[STORIES_FILE] = json.dumps(_stories(batch), ensure_ascii=False, indent=1) + "\n"
        yield name, batch


def _stories(batch: pa.RecordBatch) -> dict[str, Any]:
    """The stories in the order of the tour, each with the records to look at.

    ``also`` names whose clients it is told of besides, with their records.
    """
    told: dict[str, dict[str, Any]] = {}
    for row in batch.to_pylist():
        story = told.setdefault(
            row["story"],
            {
                "key": row["story"],
                "on": row["on"].isoformat(),
                "title": {"zh": row["title_zh"], "en": row["title_en"]},
                "look": {"zh": row["look_zh"], "en": row["look_en"]},
                "staff": row["staff"],
                "records": [],
                "also": [],
            },
        )
        _cast_of(story, row["staff"])["records"].append(row["record"])
    return {"stories": list(told.values())}


def _cast_of(story: dict[str, Any], staff: str) -> dict[str, Any]:
    """The story as it is told of clients of a member of staff: the story itself, or one of its ``also``."""
    casts: list[dict[str, Any]] = [story, *story["also"]]
    known = next((cast for cast in casts if cast["staff"] == staff), None)
    if known is None:
        known = {"staff": staff, "records": []}
        story["also"].append(known)
    return known
