"""``keepwell check``: what is wrong with a delivery, before anything is taken in.

The delivery goes the whole way into a folder that is thrown away afterwards, so that what is said here is what
a run would find; what earlier deliveries brought is linked into it, for a night refers to it. A file that was taken
in before is read again all the same: its bad rows are what is asked for.
"""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from keepwell.contract import TABLES, Table
from keepwell.contract.codes import Currency
from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.contract.ingest import Quarantine
from keepwell.contract.schema import Text
from keepwell.engine.ingest import references
from keepwell.engine.ingest.errors import BadSample, DeliveryRefused, NoDataOn, TooManyBad
from keepwell.engine.ingest.mapping import Mapping
from keepwell.engine.store.acceptance import limits_of, write_quarantine
from keepwell.engine.store.conformed import Conformed
from keepwell.engine.store.intake import Taking, require_folder
from keepwell.engine.store.session import Session, files_sql
from keepwell.engine.store.staging import Desk, tidied
from keepwell.engine.store.visible import Visible
from keepwell.policy.packs import Packs

SHOWN = 20
_FORMULA = (*"=+-@＝＋－＠", "\t", "\r", "\n")  # full-width signs begin formulas in some locales
_EXPORTED = ("file_name", "line_no", "table_name", "column_name", "found", "allowed", "allowed_zh", "raw")


@dataclass(frozen=True, slots=True)
class Spot:
    """One place to mend."""

    line: int
    column: str
    found: str
    allowed: Text


@dataclass(frozen=True, slots=True)
class Trouble:
    """A reason for which rows of a file were not accepted: how many, and the first places."""

    reason: Reason
    n_rows: int
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What one file would bring; which of its columns nobody reads, and which the table has besides and stay empty."""

    name: str
    table: str
    encoding: str
    n_read: int
    n_accepted: int
    n_repeated: int
    troubles: tuple[Trouble, ...]
    unread: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(slots=True)
class Findings:
    """What is wrong with a delivery. ``faults`` stop a run; troubles cost rows; unmatched files are not read.

    ``stops`` says whether a run would stop: for a fault, or because a file it cannot do without is refused.
    """

    files: list[CheckedFile] = field(default_factory=list)
    faults: list[Text] = field(default_factory=list)
    refused: list[Text] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    not_yet_opened: dict[str, int] = field(default_factory=dict)
    stops: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether a run could start."""
        return not self.stops


def check(
    session: Session,
    extracts: Path,
    mapping: Mapping,
    as_of: date,
    packs: Packs,
    export: Path | None = None,
    within: Path | None = None,
    before: Path | None = None,
) -> Findings:
    """Everything a run as of ``as_of`` would find in ``extracts``; nothing is kept.

    Raises ``DeliveryRefused`` when there is no such folder.

    ``export`` names a CSV file for every bad row with its reason, for those who mend the source; ``within`` the
    folder that can hold a whole delivery for the time being, by default the machine's own for temporary files;
    ``before`` the conformed sources a run would add it to.
    """
    findings = Findings()
    require_folder(extracts)
    with tempfile.TemporaryDirectory(prefix="keepwell-check-", dir=within) as folder:
        sources = Path(folder)
        spill = sources / "spill"
        spill.mkdir()
        desk = Desk(session, spill, mapping, limits_of(packs, as_of), as_of)
        conformed = Conformed(before).linked(sources) if before else Conformed(sources)
        taking = Taking(desk, extracts, conformed, packs, lambda _what, _n, _of: None)
        _try_out(taking, as_of, findings)
        findings.unmatched = taking.files.unmatched
        samples = _samples(taking)
        files = [*_files(session, taking), *(_sampled(file, one) for file, one in samples)]
        order = [rule.table.name for rule in mapping.tables.values()]  # what others refer to comes first
        findings.files = sorted(files, key=lambda file: order.index(file.table))
        if export:
            bad = [row for _, one in samples for row in one.rows]
            told = [write_quarantine(bad, sources / "samples.parquet")] if bad else []
            export_quarantine(session, [*taking.quarantine, *(sources / name for name in told)], export)
    return findings


def _try_out(taking: Taking, as_of: date, findings: Findings) -> None:
    """Take everything in and note what would stop a run, and which files are refused."""
    session = taking.desk.session
    try:
        with tidied(session):
            taking.run()
        visible = Visible(taking.sources, as_of)
        findings.not_yet_opened = visible.not_yet(session)
        visible.require_data(session, taking.packs)
    except DeliveryRefused as fault:
        findings.faults += fault.faults
    except NoDataOn as fault:
        findings.faults.append(fault.said)
    # a file that several tables are made of is refused for each of them, and told once
    findings.refused = list(dict.fromkeys(one.said for one in taking.refused))
    findings.faults = [fault for fault in findings.faults if fault not in findings.refused]
    findings.stops = bool(findings.faults) or taking.stops


def export_quarantine(session: Session, quarantine: Sequence[Path], target: Path) -> int:
    """Write quarantined rows as CSV a spreadsheet opens (UTF-8 with a mark); answers how many.

    The raw rows are in it as delivered: the file is for the firm's own source systems, and as secret as they are.
    """
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow((*_EXPORTED, "reason", "原因"))
        if not quarantine:
            return 0
        order = ", ".join(Quarantine.order)
        rows = session.arrow(
            f"SELECT * FROM ({files_sql(Quarantine, quarantine)}) ORDER BY {order}"
        ).to_pylist()
        for row in rows:
            reason = Reason[str(row["quarantine_reason"]).upper()].text
            writer.writerow((*(_as_text(row[key]) for key in _EXPORTED), reason.en, reason.zh))
    return len(rows)


def _as_text(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula is shown, never run."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _files(session: Session, taking: Taking) -> list[CheckedFile]:
    """Files in the order of their tables, with the troubles of each."""
    rows = session.arrow(files_sql(Quarantine, taking.quarantine)).to_pylist() if taking.quarantine else []
    files = []
    for table, brought, _ in taking.brought:
        names = brought.file_name.split(" → ")[0].split(" + ")
        own = {*names, brought.file_name}
        troubles = _troubles(
            [row for row in rows if row["table_name"] == table.name and row["file_name"] in own]
        )
        read = (brought.n_read, brought.n_accepted, brought.n_repeated)
        files.append(
            CheckedFile(
                brought.file_name,
                table.name,
                brought.encoding,
                *read,
                troubles,
                *_columns(taking, table, brought.file_name),
            )
        )
    return files


def _samples(taking: Taking) -> list[tuple[str, BadSample]]:
    """What to show of the files that are refused for their bad rows.

    Nothing of one that only refers to a table of which nothing is there: that table is to be mended, and this file
    with it.
    """
    found = [(one.file, one.sample) for one in taking.refused if isinstance(one, TooManyBad)]
    return [(file, sample) for file, sample in found if not _only_follows(taking, sample)]


def _only_follows(taking: Taking, sample: BadSample) -> bool:
    """Whether every bad row refers to a table of which nothing was accepted."""
    targets = references.references(TABLES[sample.table], taking.desk.mapping.without)
    empty = {name for name, (target, _) in targets.items() if not taking.sources.index(TABLES[target]).parts}
    return all(
        verdict in {f"{Reason.UNKNOWN_REFERENCE}:{name}" for name in empty} for verdict in sample.counts
    )


def _sampled(file: str, sample: BadSample) -> CheckedFile:
    """A file that is refused for its bad rows: none of its rows is accepted."""
    totals: Counter[str] = Counter()
    for verdict, n_rows in sample.counts.items():
        totals[verdict.split(":")[0]] += n_rows
    troubles = tuple(replace(one, n_rows=totals[str(one.reason)]) for one in _troubles(list(sample.rows)))
    return CheckedFile(file, sample.table, sample.encoding, sample.n_read, 0, 0, troubles)


def _columns(taking: Taking, table: type[Table], file: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns of the file that no table reads, and of the table that nothing fills: a name mistyped shows in both."""
    offered = taking.columns_of(file)
    rules = [one for one in taking.desk.mapping.tables.values() if not one.sql]
    rule = next((one for one in rules if one.table is table), None)
    if rule is None or not offered:
        return (), ()
    same = [one for one in rules if one.file == rule.file]
    read = {one.rule(name).source for one in same for name in one.table.columns}
    absent = [
        name
        for name, column in table.columns.items()
        if rule.rule(name).source not in offered
        and rule.rule(name).default is None
        and column.codes is not Currency  # the mapping names that of all amounts
    ]
    return tuple(name for name in offered if name not in read), tuple(absent)


def _troubles(rows: list[dict[str, Any]]) -> tuple[Trouble, ...]:
    """Most frequent reason first; of each the first places."""
    counts = Counter(str(row["quarantine_reason"]) for row in rows)
    return tuple(
        Trouble(
            Reason[reason.upper()], n_rows, _spots(row for row in rows if row["quarantine_reason"] == reason)
        )
        for reason, n_rows in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _spots(rows: Any) -> tuple[Spot, ...]:
    ordered = sorted(rows, key=lambda row: (row["file_name"], row["line_no"]))[:SHOWN]
    return tuple(
        Spot(row["line_no"], row["column_name"], row["found"] or "", Text(row["allowed"], row["allowed_zh"]))
        for row in ordered
    )
