"""``keepwell runs``."""

from __future__ import annotations

import argparse
from typing import Any

from keepwell.engine.cli import output
from keepwell.engine.store.folder import DataFolder, RunFolder

MEBIBYTE = 1 << 20


def execute(asked: argparse.Namespace) -> int:
    """List the runs, or show one."""
    folder = DataFolder(asked.data)
    if asked.run:
        run = folder.run(asked.run)
        if asked.json:
            output.as_json({"manifest": run.manifest, "telemetry": run.telemetry})
        else:
            _one(run)
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


def _one(run: RunFolder) -> None:
    """One run: what it was made of, what went in, what came out, how long and how large each stage was."""
    manifest, telemetry = run.manifest, run.telemetry
    counts = manifest["counts"]
    made_of = (
        ("as of", manifest["as_of"]),
        ("firm", manifest["firm"] + (" (made up)" if manifest["is_made_up"] else "")),
        ("run before", manifest["parent"] or "none"),
        ("mapping", manifest["mapping"]),
        ("calendar", f"{manifest['calendar']} [{manifest['calendar_mark']}]"),
        ("acts of the desk up to", manifest["returns_cut"] or "none came back"),
        ("code", f"{manifest['code_version']} {manifest['code_hash'][:12]}"),
        ("contract", manifest["contract_hash"][:12]),
        ("rows read", _account(counts)),
    )
    output.table((f"run {manifest['run_id']}", ""), made_of)
    print()
    output.table(
        ("file", "table", "read", "accepted", "quarantined", "repeated"), _inputs(manifest), (2, 3, 4, 5)
    )
    print()
    output.table(("table", "rows"), [(name, f"{n:,}") for name, n in manifest["rows"].items()], (1,))
    print()
    output.table(("stage", "wall s", "CPU s", "peak MiB"), _stages(telemetry), (1, 2, 3))
    print("\nThe whole manifest, with every hash: --json")


def _account(counts: dict[str, Any]) -> str:
    return (
        f"{counts['read']:,} = accepted {counts['accepted']:,} + quarantined {counts['quarantined']:,} "
        f"+ repeated {counts['repeated']:,}"
    )


def _inputs(manifest: dict[str, Any]) -> list[tuple[str, ...]]:
    kinds = ("read", "accepted", "quarantined", "repeated")
    return [
        (one["file_name"], one["table_name"], *(f"{one[f'n_{kind}']:,}" for kind in kinds))
        for one in manifest["inputs"]
    ]


def _stages(telemetry: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        (
            one["name"],
            f"{one['wall_seconds']:.1f}",
            f"{one['cpu_seconds']:.1f}",
            f"{one['peak_bytes'] / MEBIBYTE:,.0f}",
        )
        for one in telemetry["stages"]
    ]
