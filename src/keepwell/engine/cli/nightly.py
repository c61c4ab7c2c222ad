"""``keepwell run``."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from keepwell.contract import TABLES
from keepwell.engine.cli import output
from keepwell.engine.run import Settings, nightly
from keepwell.engine.store.errors import NoData


def execute(asked: argparse.Namespace) -> int:
    """Make one run and tell what it decided."""
    refuse_future(asked.as_of, dt.datetime.now(dt.UTC).date())
    settings = Settings(
        data=asked.data,
        extracts=asked.extracts,
        as_of=asked.as_of,
        mapping=asked.mapping,
        firm_packs=asked.packs,
        known_on=asked.known_on,
        threads=asked.threads,
        memory=asked.memory,
        returns=asked.returns,
    )
    with output.progress(quiet=asked.json) as report:
        outcome = nightly(settings, report, lambda: dt.datetime.now(dt.UTC))
    if asked.json:
        output.as_json({"run": outcome.run, "is_new": outcome.is_new, "manifest": outcome.manifest})
        return 0
    if not outcome.is_new:
        print(f"Nothing new: run {outcome.run} was made of exactly this input.")
        return 0
    rows = outcome.manifest["counts"]
    print(
        f"Run {outcome.run} as of {settings.as_of} is current. Rows read {rows['read']:,} = accepted "
        f"{rows['accepted']:,} + quarantined {rows['quarantined']:,} + repeated {rows['repeated']:,}."
    )
    print(_acts(outcome.manifest))
    output.table(("table", "rows"), [(name, f"{n:,}") for name, n in outcome.manifest["rows"].items()], (1,))
    return 0


def _acts(manifest: dict[str, Any]) -> str:
    """One sentence on what people decided at the desk."""
    if manifest["returns_cut"] is None:
        return "No acts came back from the desk."
    told = ", ".join(
        f"{TABLES[name].title.en.lower()} {n_rows:,}" for name, n_rows in sorted(manifest["returned"].items())
    )
    return f"Acts of the desk up to {manifest['returns_cut']}: {told}."


def refuse_future(as_of: dt.date, today: dt.date) -> None:
    """The as-of date may not lie ahead. Raises ``NoData``."""
    if as_of > today + dt.timedelta(days=1):
        raise NoData(
            f"--as-of {as_of} lies in the future (today is {today}); use the last day your data covers."
        )
