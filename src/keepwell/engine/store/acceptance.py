"""Which staged rows become part of the sources: verdicts by row, by reference and by key, then parts.

Rows read = accepted + quarantined + repeated, for every file, always: ``Account`` refuses to be made otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from keepwell.contract import TABLES, Table
from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.contract.ingest import Quarantine
from keepwell.contract.schema import Text
from keepwell.engine.columns import arrow_schema
from keepwell.engine.ingest import grains, references
from keepwell.engine.ingest.errors import BadSample, FileRefused, TooManyBad
from keepwell.engine.ingest.mapping import TableRule
from keepwell.engine.ingest.remedies import allowed
from keepwell.engine.ingest.sqltext import name, names, text
from keepwell.engine.ingest.values import Limits
from keepwell.engine.store.again import FREE, Bound
from keepwell.engine.store.conformed import Brought, Conformed, Index, nothing
from keepwell.engine.store.readers.opened import RAW_LENGTH, BadLine
from keepwell.engine.store.staging import Desk, Place, Staged
from keepwell.policy.packs import Packs

MAY_CHANGE = (Reason.UNKNOWN_REFERENCE, Reason.WRONG_ORDER, Reason.AFTER_CUT)
_FOUND_LENGTH = 400
_SAMPLE = 1000  # rows of each fault that are shown of a refused file: it is not taken in, so none is stored


class RowsLost(AssertionError):
    """The counts of a file do not add up: a fault of ours, or a file that changed while it was read."""


@dataclass(frozen=True, slots=True)
class Account:
    """The count of one file: nothing is lost."""

    n_read: int
    n_accepted: int
    n_quarantined: int
    n_repeated: int
    n_superseding: int

    def __post_init__(self) -> None:
        if self.n_read != self.n_accepted + self.n_quarantined + self.n_repeated:
            raise RowsLost(f"rows were lost or made up: {self}")


@dataclass(frozen=True, slots=True)
class BadRows:
    """How many bad rows a file may have before it is refused as mapped wrongly."""

    share: Decimal
    n_always: int
    n_at_most: int

    def refuse(self, staged: Staged, n_bad: int, example: Text) -> TooManyBad | None:
        """The refusal, if too many rows are bad."""
        if n_bad <= self.n_at_most and n_bad <= max(self.n_always, int(self.share * staged.n_read)):
            return None
        return TooManyBad(
            staged.name,
            Text(
                f"{n_bad} of {staged.n_read} rows are bad, more than the share of {self.share} allowed; "
                f"most: {example.en}",
                f"{staged.n_read} 行中有 {n_bad} 行不合格，超过允许的比例 {self.share}；最多的是：{example.zh}",
            ),
            Text(
                "Check the mapping; keepwell check lists the reasons", "请核对映射；keepwell check 会列出原因"
            ),
        )


def limits_of(packs: Packs, known_on: date) -> Limits:
    """The ingest pack's bounds as the rules take them."""
    values = packs.ingest.values
    cut = date.fromordinal(known_on.toordinal() + values.n_days_after_as_of_at_most)
    return Limits(
        values.n_field_characters_at_most, values.earliest_year, Decimal(values.amount_at_most), cut
    )


class Acceptance:
    """Takes the staged files of one table through all verdicts and writes what is accepted."""

    def __init__(
        self,
        desk: Desk,
        sources: Conformed,
        rule: TableRule,
        limit: BadRows,
        bound: Bound = FREE,
    ) -> None:
        self._desk, self._sources, self._rule, self._limit = desk, sources, rule, limit
        self._bound = bound
        self._without: Container[str] = desk.mapping.without
        self._session = desk.session
        self._table: type[Table] = rule.table
        self._bad, self._good = f"bad_{rule.table.name}", f"good_{rule.table.name}"

    def judge(self, staged: list[Staged]) -> tuple[list[Staged], list[FileRefused]]:
        """Rows and references; files with too many bad rows are left out and named."""
        refused: list[FileRefused] = []
        left = staged
        while True:
            self._verdicts(left)
            counts = self._counts()
            over = {
                one.relation: fault
                for one in left
                if (fault := self._limit.refuse(one, *self._bad_rows(counts, one)))
            }
            if not over:
                break
            for one in left:
                if fault := over.get(one.relation):
                    fault.sample = self._sample(one, counts.get(self._number(one), {}))
                    refused.append(fault)
            left = [one for one in left if one.relation not in over]
        if left:
            self._keys()
        return left, refused

    def write(self, staged: list[Staged], index: Index, vault: Path) -> list[Brought]:
        """Write a part and a quarantine for each file, and the keys that were corrected; add all to ``index``."""
        counts = self._counts()
        corrected = dict(
            self._session.rows(f"SELECT part_no, count(*) FROM {self._corrected} GROUP BY part_no")
        )
        brought = []
        for one in staged:
            number = self._number(one)
            rows = f"SELECT * FROM {self._good} WHERE part_no = {number}"
            if not self._has_bad:
                rows = f"SELECT * FROM {name(one.relation)}"
            part = self._sources.write_part(
                self._session, self._table, index, rows, self._desk.known_on, one.name
            )
            verdicts = counts.get(number, {})
            n_repeated = sum(n for verdict, n in verdicts.items() if verdict == grains.REPEATED)
            n_bad = sum(verdicts.values()) - n_repeated + len(one.bad_lines)
            account = Account(
                one.n_read, part.n_rows if part else 0, n_bad, n_repeated, corrected.get(number, 0)
            )
            quarantine = self._quarantine(one, number, vault) if n_bad else ""
            is_settled = not any(verdict.split(":")[0] in MAY_CHANGE for verdict in verdicts)
            taken = self._brought(one, account, quarantine, is_settled=is_settled)
            brought.append(replace(taken, part=part.file if part else ""))
        keys = f"SELECT {names(self._table.grain)}, part FROM {self._corrected}"
        self._sources.write_corrected(self._session, self._table, index, keys, self._desk.known_on)
        index.brought += brought
        return brought

    def _brought(self, one: Staged, account: Account, quarantine: str, *, is_settled: bool) -> Brought:
        return Brought(
            file_name=one.name,
            fingerprint=one.fingerprint,
            encoding=one.encoding,
            n_bytes=one.n_bytes,
            n_read=account.n_read,
            n_accepted=account.n_accepted,
            n_quarantined=account.n_quarantined,
            n_repeated=account.n_repeated,
            n_superseding=account.n_superseding,
            known_on=self._desk.known_on.isoformat(),
            quarantine=quarantine,
            is_settled=is_settled,
            key=one.key,
        )

    @property
    def _corrected(self) -> str:
        return f"corrected_{self._table.name}"

    def _number(self, one: Staged) -> int:
        return int(one.relation.rsplit("_", 1)[1])

    def _verdicts(self, staged: list[Staged]) -> None:
        """Bad rows by their own content, then by what they refer to."""
        self._session.run(
            f"CREATE OR REPLACE TEMP TABLE {self._bad} (part_no INTEGER, k BIGINT, verdict VARCHAR, found VARCHAR)"
        )
        for one in staged:
            self._session.run(
                f"INSERT INTO {self._bad} SELECT part_no, k, verdict, found FROM {name(one.relation)} "
                "WHERE verdict IS NOT NULL"
            )
        self._refresh(staged)
        for target, _ in references.references(self._table, self._without).values():
            accepted = self._sources.current(TABLES[target], secrets=False)
            self._session.view(f"accepted_{target}", accepted)
        unfounded = references.unfounded(self._table, self._good, self._without)
        if staged and unfounded:
            self._session.run(f"CREATE OR REPLACE TEMP TABLE unfounded AS {unfounded}")
            self._session.run(f"INSERT INTO {self._bad} SELECT part_no, k, verdict, found FROM unfounded")
            self._refresh(staged)

    def _keys(self) -> None:
        """Rows whose key was met before: in this delivery, then in what is already conformed."""
        if self._session.rows(grains.may_repeat(self._table, self._good))[0][0]:
            self._session.run(
                f"CREATE OR REPLACE TEMP TABLE twice AS {grains.repeats(self._table, self._good)}"
            )
            self._session.run(f"INSERT INTO {self._bad} SELECT part_no, k, verdict, found FROM twice")
            self._refresh(self._staged)
        self._session.run(f"CREATE OR REPLACE TEMP TABLE met AS {self._met()}")
        self._let_stand()
        self._session.run(
            f"CREATE OR REPLACE TEMP TABLE {self._corrected} AS SELECT * FROM met WHERE NOT is_same"
        )
        repeated = text(grains.REPEATED)
        self._session.run(
            f"INSERT INTO {self._bad} SELECT part_no, k, {repeated}, NULL FROM met WHERE is_same"
        )
        self._refresh(self._staged)

    def _let_stand(self) -> None:
        """Rows of another content that correct nothing, by what ``bound`` says, count as said again."""
        if self._bound.standing:
            stand = ", ".join(text(part) for part in sorted(self._bound.standing))
            self._session.run(f"UPDATE met SET is_same = true WHERE part IN ({stand})")
        if self._bound.repeats and self._session.rows("SELECT count(*) FROM met WHERE NOT is_same")[0][0]:
            parts = [part.file for part in self._sources.index(self._table).parts]
            every = self._sources.rows_of(self._table, parts)
            said = grains.said_before(self._table, self._good, f"({every})", "met")
            self._session.run(f"UPDATE met SET is_same = true WHERE (part_no, k) IN ({said})")

    def _met(self) -> str:
        """SQL of rows already conformed: the keys alone are looked for first, since mostly none is there."""
        keys = grains.keys_met(
            self._table, self._good, f"({self._sources.current(self._table, secrets=False)})"
        )
        self._session.run(f"CREATE OR REPLACE TEMP TABLE keys_met AS {keys}")
        current = self._sources.current(self._table, with_part=True)
        found = self._session.rows("SELECT count(*) FROM keys_met")[0][0]
        if not found:
            current = nothing(self._table, self._table.names(), with_part=True)
        return grains.met_again(self._table, self._good, f"({current})", "keys_met")

    def _refresh(self, staged: list[Staged]) -> None:
        """``good_<table>``: the staged rows without those that are bad so far."""
        self._staged = staged
        columns = ", ".join(("part_no", "k", names(self._table.names())))
        union = " UNION ALL ".join(f"SELECT {columns} FROM {name(one.relation)}" for one in staged)
        self._has_bad = bool(self._session.rows(f"SELECT count(*) > 0 FROM {self._bad}")[0][0])
        if self._has_bad and staged:
            union = f"SELECT s.* FROM ({union}) AS s ANTI JOIN {self._bad} AS b ON s.part_no = b.part_no AND s.k = b.k"
        if staged:
            self._session.view(self._good, union)

    def _counts(self) -> dict[int, dict[str, int]]:
        """Rows by file and verdict."""
        found: dict[int, dict[str, int]] = {}
        sql = f"SELECT part_no, verdict, count(*) FROM {self._bad} GROUP BY part_no, verdict"
        for number, verdict, n_rows in self._session.rows(sql):
            found.setdefault(int(number), {})[str(verdict)] = int(n_rows)
        return found

    def _bad_rows(self, counts: dict[int, dict[str, int]], one: Staged) -> tuple[int, Text]:
        verdicts = counts.get(self._number(one), {})
        most = max(verdicts, key=lambda verdict: (verdicts[verdict], verdict), default="")
        return sum(verdicts.values()) + len(one.bad_lines), _example(most, verdicts.get(most, 0))

    def _quarantine(self, one: Staged, number: int, vault: Path) -> str:
        """Write the quarantined rows of a file with place, reason, remedy and raw text; the file's name."""
        bad = self._session.rows(
            f"SELECT k, verdict, found FROM {self._bad} WHERE part_no = {number} "
            f"AND verdict <> {text(grains.REPEATED)} ORDER BY k"
        )
        rows = self._told(one, bad, one.bad_lines)
        return write_quarantine(rows, vault / f"{one.fingerprint[:16]}-{self._table.name}.parquet")

    def _sample(self, one: Staged, counts: dict[str, int]) -> BadSample:
        """What shows of a file that is refused for its bad rows."""
        first = self._session.rows(
            f"SELECT k, verdict, found FROM {self._bad} WHERE part_no = {self._number(one)} "
            f"QUALIFY row_number() OVER (PARTITION BY verdict ORDER BY k) <= {_SAMPLE} ORDER BY k"
        )
        lines = Counter(f"{line.reason}:" for line in one.bad_lines)
        rows = self._told(one, first, one.bad_lines[:_SAMPLE])
        return BadSample(self._table.name, one.encoding, one.n_read, counts | lines, rows)

    def _told(self, one: Staged, bad: list[Any], bad_lines: list[BadLine]) -> list[dict[str, Any]]:
        places = one.places(int(row[0]) for row in bad)
        raws = one.raws(places.values())
        rows = [self._row(places[int(k)], str(verdict), found, raws) for k, verdict, found in bad]
        rows += [
            quarantined(
                self._table, one.name, line.line, line.column, line.reason, line.found, line.allowed, line.raw
            )
            for line in bad_lines
        ]
        return rows

    def _row(self, place: Place, verdict: str, found: Any, raws: dict[Place, str]) -> dict[str, Any]:
        reason_value, column = verdict.split(":")
        reason = Reason[reason_value.upper()]
        remedy = allowed(self._rule, reason, column, self._desk.limits)
        if found is not None and self._table.columns[column].is_secret:
            # only the raw row, which lies in the vault, may show a secret
            found = f"({len(str(found))} characters, see the raw row)"
        return quarantined(
            self._table, place.file, place.line, column, reason, found, remedy, raws.get(place)
        )


def _example(verdict: str, n_rows: int) -> Text:
    """The most frequent fault of a file; without one its lines are no rows at all."""
    if not verdict:
        return Text("lines that are no rows", "不成行的文本")
    reason, column = verdict.split(":")
    return Text(
        f"{reason} in {column} ({n_rows} rows)",
        f"{column} {Reason[reason.upper()].text.zh}（{n_rows} 行）",
    )


def quarantined(
    table: type[Table],
    file: str,
    line: int,
    column: str,
    reason: Reason,
    found: Any,
    remedy: Text,
    raw: str | None,
) -> dict[str, Any]:
    """A row of the contract's ``quarantine``, cut to its lengths."""
    return {
        "file_name": file,
        "line_no": line,
        "column_name": column,
        "table_name": table.name,
        "quarantine_reason": str(reason),
        "found": None if found is None else str(found)[:_FOUND_LENGTH],
        "allowed": remedy.en,
        "allowed_zh": remedy.zh,
        "raw": None if raw is None else raw[:RAW_LENGTH],
    }


def write_quarantine(rows: list[dict[str, Any]], path: Path) -> str:
    """Write quarantined rows in the contract's order; the file's name.

    A line that a preparation turned into several rows with the same fault is one place to mend: shown once.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    places = {tuple(row[key] for key in Quarantine.grain): row for row in reversed(rows)}
    ordered = [places[place] for place in sorted(places)]
    aside = path.with_name(f".{path.name}")
    pq.write_table(pa.Table.from_pylist(ordered, schema=arrow_schema(Quarantine)), aside, compression="zstd")
    aside.replace(path)
    return path.name


def unreadable(staged: list[Staged], fault: Exception) -> FileRefused:
    """A damaged page, or bytes that are no text, show only when a Parquet file is read to its end."""
    said = str(fault).splitlines()[0]
    return FileRefused(
        " + ".join(one.name for one in staged),
        Text(f"cannot be read: {said}", f"无法读取：{said}"),
        Text("Write it again", "请重新写出该文件"),
    )


def delivery(table: type[Table], brought: Brought, *, is_known: bool) -> dict[str, Any]:
    """A row of the contract's ``delivery``."""
    return {
        "file_name": brought.file_name,
        "table_name": table.name,
        "fingerprint": brought.fingerprint,
        "encoding": brought.encoding,
        "n_bytes": brought.n_bytes,
        "n_read": brought.n_read,
        "n_accepted": brought.n_accepted,
        "n_quarantined": brought.n_quarantined,
        "n_repeated": brought.n_repeated,
        "n_superseding": brought.n_superseding,
        "is_known": is_known,
        "known_on": date.fromisoformat(brought.known_on),
    }
