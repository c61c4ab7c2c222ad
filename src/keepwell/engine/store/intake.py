"""Takes a delivery in: from the files of a firm to conformed sources, with every row accounted for."""

from __future__ import annotations

import hashlib
import tempfile
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from keepwell.contract import Table
from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.contract.schema import Text
from keepwell.contract.sources import SOURCES
from keepwell.engine.ingest.errors import DeliveryRefused, FileRefused, MappingError, NoDataOn
from keepwell.engine.ingest.mapping import Mapping, TableRule, read_mapping
from keepwell.engine.store.about import FILE as ABOUT
from keepwell.engine.store.about import About
from keepwell.engine.store.acceptance import (
    Acceptance,
    BadRows,
    RowsLost,
    delivery,
    limits_of,
    quarantined,
    unreadable,
    write_quarantine,
)
from keepwell.engine.store.again import FREE, Again, Bound, beside
from keepwell.engine.store.compaction import compact
from keepwell.engine.store.conformed import Brought, Conformed
from keepwell.engine.store.controls import Controls
from keepwell.engine.store.readers.found import Found, Sorted, files_of, inspect
from keepwell.engine.store.readers.opened import Opened
from keepwell.engine.store.readers.opening import opened
from keepwell.engine.store.session import Session
from keepwell.engine.store.staging import Desk, Staged, key_of, print_of, stage_file, stage_prepared, tidied
from keepwell.engine.store.visible import Visible
from keepwell.policy.packs import Packs

MAPPINGS = Path(__file__).parents[1] / "ingest" / "mappings"
QUARANTINE = "quarantine"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Intake:
    """What a delivery brought. ``view`` gives the SQL of a table as the run may see it."""

    deliveries: list[dict[str, Any]]
    quarantine: list[Path]
    refused: list[FileRefused]
    unmatched: list[str]
    not_yet_opened: dict[str, int]
    visible: Visible

    @property
    def parts(self) -> dict[str, list[Path]]:
        """Table -> every conformed file of it, vault included."""
        return self.visible.files()

    def view(self, table: type[Table], *, secrets: bool = False) -> str:
        """SQL of the table's current rows: corrections honoured, nothing after the as-of date."""
        return self.visible.sql(table, secrets=secrets)


def load_mapping(name_or_path: str) -> Mapping:
    """A mapping that comes with Keepwell (by name) or a firm's own file (by path). Raises ``MappingError``."""
    path = MAPPINGS / f"{name_or_path}.toml"
    if not path.is_file():
        path = Path(name_or_path)
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in MAPPINGS.glob("*.toml")))
        raise MappingError(
            name_or_path, "(whole file)", "no such file", f"a path to a mapping file, or one of {known}"
        )
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise MappingError(str(path), "(whole file)", str(fault), "TOML 1.0 in UTF-8") from fault
    return read_mapping(tables, str(path))


def mapping_of(asked: str | None, about: About) -> Mapping:
    """The mapping asked for on the command line, else the one that the delivery names. Raises ``MappingError``.

    A delivery may only name a mapping that comes with Keepwell: whoever delivers files does not say how they are read.
    """
    shipped = sorted(one.stem for one in MAPPINGS.glob("*.toml"))
    if asked is None and about.mapping not in shipped:
        allowed = (
            f"one of {', '.join(shipped)}; a mapping of your own is named on the command line, with --mapping"
        )
        raise MappingError(ABOUT, "mapping", repr(about.mapping), allowed)
    return load_mapping(asked or about.mapping)


def take_in(
    session: Session,
    extracts: Path,
    sources: Path,
    mapping: Mapping,
    as_of: date,
    known_on: date,
    packs: Packs,
    progress: Progress = lambda _what, _n, _of: None,
    run: str = "",
) -> Intake:
    """Take in every file of ``extracts`` and make its good rows part of ``sources``.

    ``known_on`` is the day the delivery became known; ``run`` the run it is for: what a killed attempt at the same
    run took in counts as brought now, not as repeated. Raises ``DeliveryRefused`` when a required table cannot
    be had, with every fault found, and ``NoDataOn`` when nothing was delivered for the as-of date.
    """
    _require_past(as_of, known_on)
    sources.mkdir(parents=True, exist_ok=True)
    conformed = Conformed(sources)
    conformed.sweep()
    compact(session, conformed, known_on)
    with tempfile.TemporaryDirectory(prefix=".spill-", dir=sources) as spill:
        desk = Desk(session, Path(spill), mapping, limits_of(packs, known_on), known_on, packs.ingest.version)
        taking = Taking(desk, extracts, conformed, packs, progress, for_run=run)
        with tidied(session):
            taking.run()
    visible = Visible(taking.sources, as_of)
    visible.require_data(session, packs)
    return Intake(
        deliveries=taking.deliveries(),
        quarantine=taking.quarantine,
        refused=taking.refused,
        unmatched=taking.files.unmatched,
        not_yet_opened=visible.not_yet(session),
        visible=visible,
    )


def _require_past(as_of: date, known_on: date) -> None:
    if as_of > known_on:
        said = Text(
            f"the as-of date {as_of} lies in the future: the delivery is of {known_on}",
            f"数据日期 {as_of} 在交付日 {known_on} 之后",
        )
        raise NoDataOn(said)


def require_folder(extracts: Path) -> None:
    """Raise ``DeliveryRefused`` if there is no such folder."""
    if not extracts.is_dir():
        said = Text(
            f"{extracts}: no such folder; name the folder with the firm's files",
            f"{extracts}：没有这个文件夹；请指定存放公司数据文件的文件夹",
        )
        raise DeliveryRefused([said])


@dataclass(slots=True)
class Taking:
    """One delivery on its way in."""

    desk: Desk
    extracts: Path
    sources: Conformed
    packs: Packs
    progress: Progress
    files: Sorted = field(default_factory=lambda: Sorted({}, []))
    controls: Controls = field(default_factory=lambda: Controls({}))
    refused: list[FileRefused] = field(default_factory=list)
    brought: list[tuple[type[Table], Brought, bool]] = field(default_factory=list)
    quarantine: list[Path] = field(default_factory=list)
    for_run: str = ""
    _stops: set[str] = field(default_factory=set)
    _beside: list[str] = field(default_factory=list)
    _found: dict[str, Found] = field(default_factory=dict)
    _opened: dict[str, Opened] = field(default_factory=dict)
    _faults: dict[str, FileRefused] = field(default_factory=dict)

    def run(self) -> None:
        """Table by table, in the order in which references can be checked."""
        require_folder(self.extracts)
        mapping = self.desk.mapping
        self.files = files_of(self.extracts, mapping)
        self.controls = Controls.read(self.extracts, self.files)
        for number, rule in enumerate(mapping.tables.values()):
            self.progress(f"ingest {rule.table.name}", number, len(mapping.tables))
            self._table(rule)
        self._require()

    def columns_of(self, name: str) -> tuple[str, ...]:
        """The columns a delivered file offers; none for one that was not opened."""
        return tuple(self._opened[name].columns) if name in self._opened else ()

    @property
    def stops(self) -> bool:
        """Whether a file was refused that a run cannot do without."""
        return bool(self._stops)

    def deliveries(self) -> list[dict[str, Any]]:
        """Rows of the contract's ``delivery``, by file name."""
        rows = [delivery(table, brought, is_known=is_known) for table, brought, is_known in self.brought]
        return sorted(rows, key=lambda row: str(row["file_name"]))

    def _table(self, rule: TableRule) -> None:
        again = Again(self.sources.index(rule.table), self._keys(rule), self.for_run)
        staged: list[Staged] = []
        self._beside = []
        for number, job in enumerate(self._jobs(rule)):
            try:
                one = job(number, again)
            except FileRefused as fault:
                self._refuse(rule.table, fault)
                continue
            if one is not None:
                staged.append(one)
        known = [one for one in staged if again.order(one.key) >= 0]
        for one in sorted(known, key=lambda one: again.order(one.key)):  # one by one, as they came before
            self._take(rule, [one], again.bound(one.key))
        self._beside += [one.key for one in known]
        self._take(rule, [one for one in staged if one not in known])

    def _keys(self, rule: TableRule) -> set[str]:
        """The keys of what is delivered for a table; a file that cannot be read is refused when it is staged."""
        keys = set()
        for name, path in self.files.by_key.get(rule.file, []):
            with suppress(FileRefused):
                keys.add(key_of(self.desk, rule, self._inspect(name, path).fingerprint))
        return keys

    def _take(self, rule: TableRule, staged: list[Staged], bound: Bound = FREE) -> None:
        while staged:
            try:
                self._accept(rule, staged, bound)
            except (FileRefused, RowsLost, duckdb.Error) as fault:
                # a file that changes under us fails in many ways: that it changed is what to say
                left = self._unchanged(rule.table, staged)
                if len(left) == len(staged) and not isinstance(fault, duckdb.InvalidInputException):
                    raise
                if len(left) == len(staged):
                    self._refuse(rule.table, unreadable(staged, fault))
                    return
                staged = left
            else:
                return

    def _unchanged(self, table: type[Table], staged: list[Staged]) -> list[Staged]:
        """The files that did not change since they were first read; the others are refused."""
        left = []
        for one in staged:
            try:
                for found in one.found:
                    found.require_unchanged()
            except FileRefused as fault:
                self._refuse(table, fault)
            else:
                left.append(one)
        return left

    def _jobs(self, rule: TableRule) -> list[Callable[[int, Again], Staged | None]]:
        """What there is to stage for a table: each file, or one preparation over several."""
        if rule.sql:
            return [lambda number, again: self._prepare(rule, number, again)]
        return [
            lambda number, again, name=name, path=path: self._stage(rule, number, again, name, path)  # type: ignore[misc]  # a lambda's defaults are untyped
            for name, path in self.files.by_key.get(rule.file, [])
        ]

    def _stage(self, rule: TableRule, number: int, again: Again, name: str, path: Path) -> Staged | None:
        found = self._inspect(name, path)
        if self._is_known(rule, again, found.fingerprint):
            return None
        return stage_file(self.desk, rule, number, found, self._open(found, rule.file))

    def _prepare(self, rule: TableRule, number: int, again: Again) -> Staged | None:
        absent = [key for key in rule.files if not self.files.by_key.get(key)]
        if absent:
            if len(absent) < len(rule.files):
                wanted = ", ".join(self.desk.mapping.files[key].pattern for key in absent)
                raise FileRefused(
                    f"table {rule.table.name}",
                    Text(f"not delivered: {wanted}", f"未交付：{wanted}"),
                    Text("Deliver these files too", "请一并交付这些文件"),
                )
            return None
        found = {
            key: [self._inspect(name, path) for name, path in self.files.by_key[key]] for key in rule.files
        }
        if self._is_known(rule, again, print_of(one for ones in found.values() for one in ones)):
            return None
        sources = {key: [(one, self._open(one, key)) for one in ones] for key, ones in found.items()}
        return stage_prepared(self.desk, rule, number, sources)

    def _is_known(self, rule: TableRule, again: Again, fingerprint: str) -> bool:
        """Whether reading the file again can change nothing; then it is counted as repeated."""
        known = again.index.known(key_of(self.desk, rule, fingerprint))
        if known is None or not known.is_settled:
            return False
        is_of_this_run = bool(self.for_run) and known.run == self.for_run
        if not is_of_this_run and again.takes_back(known.key):
            return False
        self._beside.append(known.key)
        if is_of_this_run:
            self._note(rule.table, known, is_known=False)
            return True
        n_repeated = known.n_read - known.n_quarantined
        nothing_new = replace(known, n_accepted=0, n_repeated=n_repeated, n_superseding=0)
        self._note(rule.table, nothing_new, is_known=True)
        return True

    def _inspect(self, name: str, path: Path) -> Found:
        if name not in self._found:
            self._found[name] = inspect(path, name)
        return self._found[name]

    def _open(self, found: Found, key: str) -> Opened:
        """Open a file once, however many tables read it; one that was refused stays refused."""
        if found.name in self._faults:
            raise self._faults[found.name]
        if found.name not in self._opened:
            try:
                source = opened(
                    self.desk.session, found, self.desk.mapping.files[key].reading, self.desk.spill
                )
                self.controls.require(self.desk.session, found, source)
            except FileRefused as fault:
                self._faults[found.name] = fault
                raise
            self._opened[found.name] = source
        return self._opened[found.name]

    def _accept(self, rule: TableRule, staged: list[Staged], bound: Bound) -> None:
        """Make the good rows count. Raises ``FileRefused`` if a file changed meanwhile: then nothing of it does."""
        rows = self.packs.ingest.bad_rows
        n_at_most = self.packs.ingest.reading.n_quarantine_rows_per_file_at_most
        limit = BadRows(Decimal(rows.share_at_most), rows.n_always_allowed, n_at_most)
        acceptance = Acceptance(self.desk, self.sources, rule, limit, bound)
        accepted, refused = acceptance.judge(staged)
        if accepted:
            index = self.sources.index(rule.table)
            n_before = len(index.brought)
            brought = acceptance.write(accepted, index, self.sources.vault / QUARANTINE)
            index.brought[n_before:] = [replace(one, run=self.for_run) for one in index.brought[n_before:]]
            for found in (found for one in accepted for found in one.found):
                found.require_unchanged()
            if any(one.n_superseding for one in brought):
                beside(index, self._beside)
            self.sources.commit(rule.table, index)
            for one in brought:
                self._note(rule.table, one, is_known=False)
        for fault in refused:
            self._refuse(rule.table, fault)

    def _refuse(self, table: type[Table], fault: FileRefused) -> None:
        """Note a refused file; it shows in quarantine as one row, and stops the run if its table is required."""
        self.refused.append(fault)
        if not table.optional:
            self._stops.add(table.name)
        found = f"{fault.what.en} / {fault.what.zh}"
        row = quarantined(table, fault.file, 0, "", Reason.REFUSED_FILE, found, fault.remedy, None)
        called = hashlib.sha256(f"{fault.file}: {fault.what.en}".encode()).hexdigest()[:16]
        path = self.sources.vault / QUARANTINE / f"refused-{called}-{table.name}.parquet"
        write_quarantine([row], path)
        self.quarantine.append(path)

    def _note(self, table: type[Table], brought: Brought, *, is_known: bool) -> None:
        self.brought.append((table, brought, is_known))
        if brought.quarantine:
            self.quarantine.append(self.sources.vault / QUARANTINE / brought.quarantine)

    def _require(self) -> None:
        """Refuse the delivery if a file of a required table was refused, or the table has no rows at all."""
        mapping = self.desk.mapping
        faults = list(dict.fromkeys(fault.said for fault in self.refused))
        required = [table for table in SOURCES if not table.optional and table.name not in mapping.without]
        refused = self._stops  # why these have no row is told by their file
        missing = [
            table for table in required if table.name not in refused and not self.sources.index(table).parts
        ]
        for table in missing:
            rule = mapping.tables.get(table.name)
            wanted = mapping.files[rule.file].pattern if rule and rule.file else table.name
            faults.append(
                Text(
                    f"table {table.name} is required and has no accepted row; expected file: {wanted}. "
                    "keepwell check lists what is wrong with its rows",
                    f"必需的表 {table.name} 没有一行被收下；应有文件：{wanted}。keepwell check 会列出各行的问题",
                )
            )
        if missing or refused:
            raise DeliveryRefused(faults, self.refused)
