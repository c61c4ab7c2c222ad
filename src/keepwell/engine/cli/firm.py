"""``keepwell simulate``."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from keepwell.contract.codes import CalendarKind
from keepwell.engine.cli import output
from keepwell.engine.run.stages import Reporter
from keepwell.engine.simulator.firm import Size, load_firm
from keepwell.engine.simulator.making import Batch, plan, simulate
from keepwell.engine.simulator.span import Days, Span, day_number
from keepwell.engine.store.about import About
from keepwell.engine.store.extracts import TRUTH, write_extracts
from keepwell.policy.packs import load_packs

NAME = "守客证券（虚构）"
STAGE = "simulate"


def execute(asked: argparse.Namespace) -> int:
    """Make the made-up firm and tell what it consists of."""
    extracts: Path = asked.to or asked.data / "extracts"
    truth = extracts.parent / "truth"
    with output.progress(quiet=asked.json) as report:
        controls = write_extracts(
            _batches(asked, report), extracts, truth, About(NAME, "keepwell", is_made_up=True)
        )
    counts = {name: control.n_rows for name, control in controls.items()}
    if asked.json:
        output.as_json({"extracts": str(extracts), "truth": str(truth), "rows": counts})
        return 0
    print(f"{NAME}: {extracts}. Nobody in it is real; what really happened lies apart, in {truth}.")
    rows = [(name, f"{n_rows:,}") for name, n_rows in sorted(counts.items()) if not name.startswith(TRUTH)]
    output.table(("table", "rows"), rows, (1,))
    return 0


def _batches(asked: argparse.Namespace, report: Reporter) -> Iterator[Batch]:
    firm, size = load_firm(bias=asked.bias), Size.of(asked.clients, live_per_book=asked.live_per_book)
    trading, working = _days(asked.until, CalendarKind.TRADING), _days(asked.until, CalendarKind.WORKING)
    whole = plan(size, Span.of(trading, working, asked.months, asked.until))
    batches = simulate(
        firm,
        size,
        asked.seed,
        asked.months,
        asked.until,
        trading=trading,
        working=working,
        threads=asked.threads,
    )
    return _told(batches, whole.n_clients, report)


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
