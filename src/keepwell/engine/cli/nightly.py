"""``keepwell run``."""

from __future__ import annotations

import argparse
import datetime as dt
from dataclasses import asdict
from typing import Any

from keepwell.contract import TABLES
from keepwell.engine.cli import output
from keepwell.engine.run import Outcome, Settings, nightly
from keepwell.engine.store.answers import read_answers
from keepwell.engine.store.errors import NoData


def execute(asked: argparse.Namespace) -> int:
    """Make one run and tell what it decided."""
    refuse_future(asked.as_of, dt.datetime.now(dt.UTC).date())
    told = read_answers(asked.data)
    settings = Settings(
        data=asked.data,
        extracts=asked.extracts,
        as_of=asked.as_of,
        mapping=asked.mapping or told.mapping,
        firm_packs=asked.packs or told.packs,
        known_on=asked.known_on,
        threads=asked.threads,
        memory=asked.memory,
        returns=asked.returns,
        rebuilds=asked.rebuild,
    )
    with output.progress(quiet=asked.json) as report:
        outcome = nightly(settings, report, lambda: dt.datetime.now(dt.UTC))
    if asked.json:
        output.as_json(asdict(outcome))
        return 0
    _print(outcome)
    return 0


def _print(outcome: Outcome) -> None:
    if outcome.is_new:
        rows = outcome.manifest["counts"]
        print(
            f"Run {outcome.run} as of {outcome.manifest['as_of']} is current. Rows read {rows['read']:,} = accepted "
            f"{rows['accepted']:,} + quarantined {rows['quarantined']:,} + repeated {rows['repeated']:,}."
        )
        print(_acts(outcome.manifest))
        made = [(name, f"{n:,}") for name, n in outcome.manifest["rows"].items()]
        output.table(("table", "rows"), made, (1,))
    else:
        print(f"Nothing new: run {outcome.run} was made of exactly this input.")
    for fault in outcome.refused:
        print(output.visible(f"not taken in: {fault.en}") + "\n" + output.visible(f"  不收：{fault.zh}"))
    for name in map(output.visible, outcome.unmatched):
        print(f"not read: {name} matches no file of the mapping / 未读取：{name} 与映射中的任何文件都不符")


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
            f"--as-of {as_of} lies in the future (today is {today}); use the last day your data covers.\n"
            f"  --as-of {as_of} 在未来（今天是 {today}）；请用数据覆盖的最后一天。"
        )
