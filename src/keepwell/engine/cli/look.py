"""``keepwell runs``."""

from __future__ import annotations

import argparse

from keepwell.engine.cli import output
from keepwell.engine.store.folder import DataFolder


def execute(asked: argparse.Namespace) -> int:
    """List the runs, or show one."""
    folder = DataFolder(asked.data)
    if asked.run:
        run = folder.run(asked.run)
        output.as_json({"manifest": run.manifest, "telemetry": run.telemetry})
        return 0
    manifests = [folder.run(run).manifest for run in reversed(folder.known_runs())]
    if asked.json:
        output.as_json(manifests)
        return 0
    if not manifests:
        print("There is no run yet. Start with: keepwell run --extracts DIR --as-of DATE")
        return 0
    current = folder.current()
    rows = []
    for one in manifests:
        mark = "current" if one["run_id"] == current else ""
        quarantined = one["counts"]["quarantined"]
        rows.append((one["run_id"], one["as_of"], f"{one['rows']['client']:,}", f"{quarantined:,}", mark))
    output.table(("run", "as of", "clients", "quarantined", ""), rows, (2, 3))
    return 0
