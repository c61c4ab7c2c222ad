"""``keepwell verify``."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from keepwell.engine.cli import output
from keepwell.engine.run import verify
from keepwell.engine.store.errors import NoSuchRun
from keepwell.engine.store.folder import DataFolder


def execute(asked: argparse.Namespace) -> int:
    """Make a run again and say whether it is the same."""
    run = asked.run or DataFolder(asked.data).current()
    if run is None:
        raise NoSuchRun("current", [])
    with output.progress(quiet=asked.json) as report:
        verdict = verify(asked.data, run, report, asked.threads, asked.memory)
    if asked.json:
        output.as_json({**asdict(verdict), "holds": verdict.holds})
    else:
        for remark in verdict.remarks:
            print(f"note: {remark}")
        for name in verdict.damaged:
            print(f"damaged: {name} is not the file the manifest names")
        for name in verdict.different:
            print(f"different: {name} came out otherwise")
        if verdict.holds:
            print(
                f"Run {run} holds: {verdict.n_files} files are whole, {verdict.n_decided} tables were decided anew "
                "and came out the same to the byte."
            )
    return 0 if verdict.holds else 1
