"""``keepwell check``."""

from __future__ import annotations

import argparse
import datetime as dt
from dataclasses import asdict
from pathlib import Path

from keepwell.engine.cli import output
from keepwell.engine.store.about import read_about
from keepwell.engine.store.checking import CheckedFile, Findings, check
from keepwell.engine.store.intake import mapping_of, require_folder
from keepwell.engine.store.session import open_session
from keepwell.policy.packs import load_packs


def execute(asked: argparse.Namespace) -> int:
    """Say what is wrong with a delivery; exit code 1 when anything is."""
    require_folder(asked.extracts)
    mapping = mapping_of(asked.mapping, read_about(asked.extracts))
    as_of = asked.as_of or dt.datetime.now(dt.UTC).date()
    packs = load_packs(as_of, asked.packs, mapping.calendar)
    spill: Path = asked.data / "spill-check"
    with open_session(asked.threads, asked.memory, spill) as session:
        findings = check(session, asked.extracts, mapping, as_of, packs, export=asked.export)
    if asked.json:
        output.as_json(asdict(findings))
    else:
        _print(findings)
    troubled = any(file.troubles for file in findings.files)
    return 1 if findings.stops or findings.refused or findings.unmatched or troubled else 0


def _print(findings: Findings) -> None:
    rows = [
        (
            file.name,
            file.table,
            file.encoding or "—",
            *(f"{n:,}" for n in (file.n_read, file.n_accepted, _n_bad(file))),
        )
        for file in findings.files
    ]
    output.table(("file", "table", "encoding", "read", "accepted", "not accepted"), rows, (3, 4, 5))
    for file in findings.files:
        for trouble in file.troubles:
            print(
                f"\n{file.name}: {trouble.reason.text.en} / {trouble.reason.text.zh}: {trouble.n_rows:,} rows"
            )
            spots = [(spot.line, spot.column, spot.found, spot.allowed) for spot in trouble.spots]
            output.table(("line", "column", "found", "allowed"), spots, (0,))
    for name in findings.unmatched:
        print(f"\n{name}: matches no file of the mapping and would not be read")
    for said in findings.refused:
        print(f"\nnot taken in: {said}")
    for fault in findings.faults:
        print(f"\na run would stop: {fault}")
    later = {name: n for name, n in findings.not_yet_opened.items() if n}
    if later:
        print(
            "\nnot yet opened on the as-of date: "
            + ", ".join(f"{n:,} of {name}" for name, n in later.items())
        )
    print("\nA run can start." if findings.is_usable else "\nA run cannot start before this is mended.")


def _n_bad(file: CheckedFile) -> int:
    return file.n_read - file.n_accepted - file.n_repeated
