"""``keepwell check``."""

from __future__ import annotations

import argparse
import datetime as dt
from dataclasses import asdict

from keepwell.contract.schema import Text
from keepwell.engine.cli import output
from keepwell.engine.store.about import read_about
from keepwell.engine.store.answers import read_answers
from keepwell.engine.store.checking import CheckedFile, Findings, check
from keepwell.engine.store.folder import DataFolder, place_of_process
from keepwell.engine.store.intake import mapping_of, require_folder
from keepwell.engine.store.session import open_session
from keepwell.policy.packs import load_packs

FILES = tuple(
    Text(en, zh)
    for en, zh in (
        ("file", "文件"),
        ("table", "表"),
        ("encoding", "编码"),
        ("read", "读取"),
        ("accepted", "收下"),
        ("repeated", "重复"),
        ("not accepted", "未收下"),
    )
)
SPOTS = tuple(
    Text(en, zh) for en, zh in (("line", "行"), ("column", "列"), ("found", "所见"), ("allowed", "应为"))
)
ROW, ROWS = Text("row", "行"), Text("rows", "行")
UNMATCHED = Text(
    "matches no file of the mapping and would not be read; rename it, or name it in the mapping",
    "与映射中的任何文件都不符，不会读取；请改名，或在映射中写明",
)
UNREAD = Text("columns that nobody reads", "未读取的列")
ABSENT = Text("columns that are not there and stay empty", "未交付、留空的列")
NOT_TAKEN = Text("not taken in", "不收")
STOPS = Text("a run would stop", "运行会停止")
LATER = Text("not yet opened on the as-of date", "在数据日期尚未开立")
CAN, CANNOT = (
    Text("A run can start.", "可以运行。"),
    Text("A run cannot start before this is mended.", "改正以上问题后才能运行。"),
)


def execute(asked: argparse.Namespace) -> int:
    """Say what is wrong with a delivery; exit code 1 when anything is."""
    require_folder(asked.extracts)
    if asked.export:
        asked.export.open(
            "w", encoding="utf-8"
        ).close()  # a place nothing can be written to shows before, not after
    told = read_answers(asked.data)
    mapping = mapping_of(asked.mapping or told.mapping, read_about(asked.extracts))
    as_of = asked.as_of or dt.datetime.now(dt.UTC).date()
    packs = load_packs(as_of, asked.packs or told.packs, mapping.calendar)
    spill = place_of_process(asked.data, "spill-check")
    with open_session(asked.threads, asked.memory, spill) as session:
        findings = check(
            session,
            asked.extracts,
            mapping,
            as_of,
            packs,
            export=asked.export,
            within=spill,
            before=DataFolder(asked.data).sources,
        )
    if asked.json:
        output.as_json(asdict(findings))
    else:
        _print(findings, asked.language)
    troubled = any(file.troubles for file in findings.files)
    return 1 if findings.stops or findings.refused or findings.unmatched or troubled else 0


def _print(findings: Findings, language: str) -> None:
    def said(text: Text) -> str:
        return output.visible(text.in_language(language))

    colon = said(Text(": ", "："))
    output.table([said(head) for head in FILES], [_counts(file) for file in findings.files], (3, 4, 5, 6))
    for file in findings.files:
        name = output.visible(file.name)
        for trouble in file.troubles:
            counted = ROW if trouble.n_rows == 1 else ROWS
            print(f"\n{name}{colon}{said(trouble.reason.text)}{colon}{trouble.n_rows:,} {said(counted)}")
            spots = [(spot.line, spot.column, spot.found, said(spot.allowed)) for spot in trouble.spots]
            output.table([said(head) for head in SPOTS], spots, (0,))
        for text, columns in ((UNREAD, file.unread), (ABSENT, file.absent if file.unread else ())):
            if columns:
                print(f"\n{name}{colon}{said(text)}{colon}{output.visible(', '.join(columns))}")
    for stranger in findings.unmatched:
        print(f"\n{output.visible(stranger)}{colon}{said(UNMATCHED)}")
    for refused in findings.refused:
        print(f"\n{said(NOT_TAKEN)}{colon}{said(refused)}")
    for fault in findings.faults:
        print(f"\n{said(STOPS)}{colon}{said(fault)}")
    later = {name: n for name, n in findings.not_yet_opened.items() if n}
    if later:
        print(f"\n{said(LATER)}{colon}" + ", ".join(f"{name} {n:,}" for name, n in later.items()))
    print("\n" + said(CAN if findings.is_usable else CANNOT))


def _counts(file: CheckedFile) -> tuple[str, ...]:
    """Rows read = accepted + repeated + not accepted."""
    n_bad = file.n_read - file.n_accepted - file.n_repeated
    counts = (file.n_read, file.n_accepted, file.n_repeated, n_bad)
    return (file.name, file.table, file.encoding or "—", *(f"{n:,}" for n in counts))
