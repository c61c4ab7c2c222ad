"""R211, R230: what a night takes over from the night before is, to the byte, what deciding everything anew gives."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.contract import TABLES
from keepwell.contract.comparing import PairCompared
from keepwell.engine.identity.rules import evidence, scores, standard
from keepwell.engine.identity.stage import STAGE
from keepwell.engine.run.renewal import Renewal
from keepwell.engine.stage import PARENT, Rule, one, tables_of, views_of
from keepwell.engine.store.changes import compared
from keepwell.engine.store.decide import Context, execute, table_of
from keepwell.engine.store.folder import RunFolder
from keepwell.engine.store.session import Session
from keepwell.policy.packs import Packs
from tests.book import arrow_rows, packs_of
from tests.engine.identity.lives import BRANCHES, DAY, DAYS, LIVES, NIGHTS, lived

KEY = "test"
Facts = dict[str, Any]
Firm = dict[str, Facts]

CODES = st.integers(1, 14).map(lambda n: f"{n:02d}")
RECORDS = st.fixed_dictionaries(
    {
        "client_name": st.sampled_from(["王伟", "王炜", "李娜", "Anna Lee", "Anne Lee", "未知"]),
        "client_kind": st.sampled_from(["person", "person", "person", "company"]),
        "id_kind": st.just("resident"),
        "id_number": st.sampled_from([None, "11010519491231002X", "330106198805120015", "330106198805120016"]),
        "birth_on": st.sampled_from([None, dt.date(1949, 12, 31), dt.date(1988, 5, 12), dt.date(1988, 12, 5)]),
        "phone": st.sampled_from([None, "13912345678", "139 1234 5678", "13912345687", "13800138000"]),
        "email": st.sampled_from([None, "a@example.com", "b@example.com"]),
        "address": st.sampled_from([None, "学府路51号", "学府路51号春晖小区1栋", "12 High Street", "21 High Street"]),
        "investor_code": st.sampled_from([None, "180000000001", "180000000002"]),
        "bank_account_number": st.sampled_from([None, "6222000000000001", "6222000000000002"]),
        "occupation": st.sampled_from([None, "teacher", "student"]),
        "branch_code": st.sampled_from(BRANCHES),
        "id_valid_to": st.one_of(st.none(), DAYS),
        "closed_on": st.one_of(st.none(), DAYS),
        "life": LIVES,
    }
)  # fmt: skip
EDITS = st.dictionaries(CODES, st.one_of(st.none(), RECORDS), max_size=4)


@cache
def packs() -> Packs:
    """Blocks so narrow that who stands between two records decides; few records are known, and much is asked."""
    signed = packs_of(DAY)
    scoring = signed.identity.scoring
    some = [scoring.blocks[nth] for nth in (1, 5, 7, 12)]
    blocks = tuple(dataclasses.replace(block, n_next=1 + n % 2) for n, block in enumerate(some))
    asked = dataclasses.replace(
        scoring, blocks=blocks, asks_at_share=Decimal("0.01"), n_known_records=3, n_strangers_at_least=2
    )
    return dataclasses.replace(signed, identity=dataclasses.replace(signed.identity, scoring=asked))


def rows_of(firm: Firm, as_of: dt.date = DAY) -> dict[str, list[Facts]]:
    """The firm as a delivery of the tables that tell of its records, as a night of that day sees it."""
    told: dict[str, list[Facts]] = {"branch": [{"branch_code": code} for code in BRANCHES]}
    for code, facts in firm.items():
        record = {
            name: facts[name]
            for name in facts
            if name not in ("investor_code", "bank_account_number", "life")
        }
        own: Facts = {"record_code": code, "account_code": code}
        rows = lived(code, facts.get("life", {}), as_of)
        rows["customer_record"] = [{"record_code": code, "opened_on": dt.date(2015, 1, 1), **record}]
        rows["account"] = [own]
        if facts["investor_code"]:
            rows["investor"] = [{"record_code": code, "investor_code": facts["investor_code"]}]
        if facts["bank_account_number"]:
            bank = {"bank_code": "B", "bank_account_number": facts["bank_account_number"]}
            rows["bank_link"] = [{"account_code": code, **bank}]
        for table, found in rows.items():
            told.setdefault(table, []).extend(found)
    return told


def after(firm: Firm, edits: dict[str, Facts | None]) -> Firm:
    """The firm on the next night: records that came or changed, and those gone where the edit says nothing."""
    changed = {**firm, **edits}
    return {code: facts for code, facts in sorted(changed.items()) if facts is not None}


class Night:
    """One night's identity rules, over a firm and what the night before decided of another."""

    def __init__(
        self, session: Session, folder: Path, firm: Firm, before: Night | None = None, as_of: dt.date = DAY
    ) -> None:
        self.session, self.run, self.rows = session, RunFolder(folder), rows_of(firm, as_of)
        self.before, self.as_of = before, as_of
        self.context = Context(as_of, packs(), KEY, statements=kept_statements())

    def bind(self, rules: tuple[Rule, ...]) -> None:
        """Make the names that rules read mean tonight's delivery, or the parent's tables."""
        for name in names_read(rules):
            table = table_of(name)
            night = self.before if name.startswith(PARENT) else self
            if name.startswith(PARENT) and night and night.run.file(table).exists():
                self.session.view_files(table, [night.run.file(table)], name)
            elif table.writer != "identity":
                rows = night.rows.get(table.name, []) if night else []
                self.session.connection.register(f"given_{name}", arrow_rows(table, rows))
                self.session.view(name, f'SELECT * FROM "given_{name}"')
            elif name.startswith(PARENT):
                self.session.view_files(table, [], name)

    def decided(self, rules: tuple[Rule, ...]) -> dict[str, str]:
        """SHA-256 of every table, decided anew."""
        self.bind(rules)
        return {
            one.table: one.sha256
            for rule in rules
            for one in execute(self.session, rule, self.context, self.run.file)
        }

    def renewed(self, rule: Rule) -> dict[str, str]:
        """SHA-256 of what the rule takes over from the night before and decides of what changed."""
        before = (self.before.as_of,) if self.before else ()
        context = dataclasses.replace(self.context, renews=True, before=before)
        aside = RunFolder(self.run.path / "renewed")
        changes = Renewal(
            self.session, lambda table: compared(f"FROM {table.name}", f"FROM {PARENT}{table.name}")
        )
        changes.tell(rule.way(renews=True), STAGE.touched, context)
        found = {one.table: one.sha256 for one in execute(self.session, rule, context, aside.file)}
        changes.forget()
        for table in rule.writes:
            self.session.view_files(table, [self.run.file(table)])
        return found


@cache
def kept_statements() -> Path:
    """SQL made once for all examples; the folder goes with the process."""
    folder = TemporaryDirectory(prefix="keepwell-statements-")
    KEPT.append(folder)
    return Path(folder.name)


KEPT: list[TemporaryDirectory[str]] = []
RENEWING = tuple(rule for rule in STAGE.rules if rule.renew)


def needed() -> tuple[Rule, ...]:
    """The rules that can renew and all whose tables they read."""
    wanted = {rule.writes[0].name for rule in RENEWING}
    wanted |= {
        name.removeprefix(PARENT) for way in STAGE.touched.values() for name in tables_of(views_of(way))
    }
    for rule in reversed(STAGE.rules):
        if {table.name for table in rule.writes} & wanted:
            wanted |= {name.removeprefix(PARENT) for name in rule.reads}
    return tuple(rule for rule in STAGE.rules if {table.name for table in rule.writes} & wanted)


def names_read(rules: tuple[Rule, ...]) -> list[str]:
    """Names of all tables that the rules, and what tells them who is touched, are given."""
    names = [name for rule in rules for name in rule.reads]
    names += [name for way in STAGE.touched.values() for name in tables_of(views_of(way))]
    return list(dict.fromkeys(names))


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(1) as opened:
        yield opened


@settings(max_examples=15)
@given(
    st.dictionaries(CODES, RECORDS, max_size=12),
    st.lists(st.tuples(EDITS, st.integers(-1, 2)), min_size=1, max_size=NIGHTS - 1),
)
def test_r230_after_any_nights_what_is_taken_over_is_what_deciding_anew_gives(
    session: Session, firm: Firm, nights: list[tuple[dict[str, Facts | None], int]]
) -> None:
    """Records come, change and go; days pass on which documents and levels end and answers are seen."""
    assert {rule.writes[0].name for rule in RENEWING} >= {
        "record_identity",
        "pair_compared",
        "golden_field",
        "search_token",
    }
    with TemporaryDirectory() as folder:
        as_of = DAY
        night = Night(session, Path(folder) / "0", firm)
        night.decided(needed())
        for number, (edits, n_days) in enumerate(nights, start=1):
            firm, as_of = after(firm, edits), as_of + dt.timedelta(days=n_days)
            night = Night(session, Path(folder) / f"{number}", firm, night, as_of)
            anew = night.decided(needed())
            for rule in RENEWING:
                for table, sha256 in night.renewed(rule).items():
                    assert sha256 == anew[table], (table, number)


@settings(max_examples=15)
@given(st.dictionaries(CODES, RECORDS, min_size=2, max_size=12))
def test_r211_a_pair_left_out_of_the_compared_ones_is_never_one_to_ask_about(
    session: Session, firm: Firm
) -> None:
    every = one(PairCompared, every_couple)
    score = rule_of("pair_score")
    with TemporaryDirectory() as folder:
        night = Night(session, Path(folder) / "some", firm)
        some = night.decided((*needed(), *(() if score in needed() else (rule_of("record_link"), score))))
        whole = Night(session, Path(folder) / "every", firm)
        assert whole.decided((every, score))["pair_score"] == some["pair_score"]


def every_couple(record_fact: Any, packs: Packs) -> Any:
    """All pairs that meet in a block."""
    return scores.couples(evidence.facts(record_fact), packs.identity.scoring)


def rule_of(table: str) -> Rule:
    """The stage's rule that writes a table."""
    return next(rule for rule in STAGE.rules if TABLES[table] in rule.writes)


def test_r230_a_record_delivered_as_before_is_taken_over_and_not_put_into_form_again(
    session: Session, tmp_path: Path, changed_reading: Callable[[Path], None]
) -> None:
    """Shown by what no delivery says: another reading in what the night before left."""
    firm: Firm = {code: dict.fromkeys(RECORD_FIELDS) | PLAIN for code in ("01", "02")}
    first = Night(session, tmp_path / "1", firm)
    first.decided(needed())
    changed_reading(first.run.file(TABLES["record_identity"]))
    second = Night(
        session, tmp_path / "2", after(firm, {"02": {**firm["02"], "phone": "13912345678"}}), first
    )
    second.decided(needed())
    second.renewed(rule_of("record_identity"))
    path = RunFolder(second.run.path / "renewed").file(TABLES["record_identity"])
    told = {row["record_code"]: row["name_reading"] for row in pq.read_table(path).to_pylist()}
    assert told == {"01": "as before", "02": "wang wei"}


RECORD_FIELDS = (
    "id_number", "birth_on", "phone", "email", "address", "investor_code", "bank_account_number",
)  # fmt: skip
PLAIN = {"client_name": "王伟", "client_kind": "person", "id_kind": "resident", "branch_code": "B1"}


@pytest.fixture
def changed_reading() -> Callable[[Path], None]:
    """Writes another reading of every name into a table of records in standard form."""

    def change(path: Path) -> None:
        table = pq.read_table(path)
        place = table.schema.get_field_index("name_reading")
        told = table.set_column(place, table.schema.field(place), [["as before"] * len(table)])
        pq.write_table(told, path)

    return change


def test_readings_are_the_same_each_night() -> None:
    """R230: names are read by a table that comes with the program, so a name taken over reads as it would anew."""
    assert standard.reading()["reading"].equals(standard.reading()["reading"])
