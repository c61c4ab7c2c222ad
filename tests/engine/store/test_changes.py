"""R230: what changed since a night is told from the sources' files, and nothing that changed is left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keepwell.contract import Table
from keepwell.contract.sources.accounts import Account
from keepwell.contract.sources.clients import CustomerRecord
from keepwell.contract.sources.events import Trade
from keepwell.engine.store.changes import of_source
from keepwell.engine.store.conformed import Conformed
from keepwell.engine.store.session import Session
from keepwell.engine.store.snapshot import Snapshot, describe
from keepwell.engine.store.visible import Visible
from tests.engine.ingest.firm import ACCOUNT, RECORD, TRADE, deliver, taken

TABLES: tuple[type[Table], ...] = (CustomerRecord, Account, Trade)
MONDAY = dt.date(2026, 11, 23)
OTHER = {**RECORD, "record_code": "000000000002", "phone": "13800000001"}
THIRD = {**ACCOUNT, "account_code": "A2", "record_code": "000000000002"}
MORE = {**TRADE, "trade_code": "T2"}
LATE = {**MORE, "traded_on": "2026-11-23", "traded_at": "2026-11-23 02:00:00", "known_on": "2026-11-23"}
Rows = set[tuple[Any, ...]]

TWO = {"customer_record": [RECORD, OTHER], "account": [ACCOUNT, THIRD]}
LAST = [{**RECORD, "phone": "13900000009"}, OTHER]
NIGHTS: list[tuple[dt.date, dict[str, list[dict[str, Any]]]]] = [
    (dt.date(2026, 11, 20), {}),
    (dt.date(2026, 11, 21), TWO),
    (dt.date(2026, 11, 22), TWO | {"customer_record": [{**RECORD, "occupation": "teacher"}, OTHER]}),
    (dt.date(2026, 11, 23), TWO | {"customer_record": LAST}),
    (dt.date(2026, 11, 24), TWO | {"customer_record": LAST, "trade": [{**TRADE, "quantity": "200"}, MORE]}),
    (
        dt.date(2026, 11, 25),
        TWO | {"customer_record": LAST, "trade": [{**TRADE, "account_code": "A2"}, MORE]},
    ),
]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(threads=1, spill=tmp_path / "spill") as opened:
        yield opened


def night(session: Session, sources: Path, as_of: dt.date) -> Visible:
    """The sources as they are known now and seen as of a day, whatever is delivered afterwards."""
    seen = Visible(Snapshot(sources, describe(Conformed(sources), TABLES)), as_of)
    seen.not_yet(session)
    return seen


def rows(session: Session, sql: str) -> Rows:
    return set(session.rows(sql))


def told(session: Session, table: type[Table], now: Visible, before: Visible) -> tuple[Rows, Rows]:
    """Rows said to be fresh and gone, after a look at whether all that are so are among them."""
    fresh, gone = (rows(session, sql) for sql in of_source(table, now, before))
    open_names = ", ".join(f'"{name}"' for name in table.open_names())
    for found, sees, saw in ((fresh, now, before), (gone, before, now)):
        truly = rows(session, f"SELECT {open_names} FROM ({sees.sql(table)} EXCEPT {saw.sql(table)})")
        kept = [place for place, name in enumerate(table.names()) if name in table.open_names()]
        assert truly <= {tuple(row[place] for place in kept) for row in found}
    secret = [place for place, name in enumerate(table.names()) if name in table.secret_names()]
    assert all(row[place] is None for row in fresh | gone for place in secret)
    return fresh, gone


def test_r230_every_row_that_came_changed_or_went_is_told_and_a_quiet_night_tells_none(
    tmp_path: Path, session: Session
) -> None:
    sources, before = tmp_path / "sources", None
    for number, (known_on, delivery) in enumerate(NIGHTS):
        folder = deliver(tmp_path / f"in{number}", **delivery)
        taken(folder, sources, session, known_on=known_on)
        now = night(session, sources, known_on)
        if before:
            changed = [table for table in TABLES if any(told(session, table, now, before))]
            assert changed == EXPECTED[number]
            for table in TABLES:
                told(session, table, before, now)  # a run of an earlier day after one of a later
        assert not any(any(told(session, table, now, now)) for table in TABLES)
        before = now


EXPECTED: dict[int, list[type[Table]]] = {
    1: [CustomerRecord, Account],
    2: [CustomerRecord],
    3: [CustomerRecord],
    4: [Trade],
    5: [Trade],
}


def test_r230_a_changed_secret_is_told_without_being_shown(tmp_path: Path, session: Session) -> None:
    sources = tmp_path / "sources"
    taken(deliver(tmp_path / "first", customer_record=[RECORD, OTHER]), sources, session)
    before = night(session, sources, MONDAY)
    changed = [{**RECORD, "phone": "13900000009"}, OTHER]
    taken(deliver(tmp_path / "second", customer_record=changed), sources, session, known_on=MONDAY)
    fresh, gone = told(session, CustomerRecord, night(session, sources, MONDAY), before)
    place = CustomerRecord.names().index("record_code")
    assert {row[place] for row in fresh} == {row[place] for row in gone} == {"000000000001"}


def test_r230_a_day_that_passes_shows_what_was_delivered_before_it(tmp_path: Path, session: Session) -> None:
    sources = tmp_path / "sources"
    later = {**OTHER, "opened_on": "2026-11-23"}
    accounts = [ACCOUNT, THIRD]  # the second one's own day is passed, that of its record is not
    folder = deliver(tmp_path / "in", customer_record=[RECORD, later], account=accounts, trade=[TRADE, LATE])
    taken(folder, sources, session, as_of=MONDAY, known_on=MONDAY)
    before, now = (night(session, sources, day) for day in (dt.date(2026, 11, 20), MONDAY))
    assert before.unopened(CustomerRecord)
    assert not now.unopened(CustomerRecord)
    for table, name, wanted in (
        (Trade, "trade_code", {"T2"}),
        (CustomerRecord, "record_code", {"000000000002"}),
        (Account, "account_code", {"A2"}),
    ):
        fresh, gone = told(session, table, now, before)
        assert ({row[table.names().index(name)] for row in fresh}, gone) == (wanted, set())
        assert told(session, table, before, now) == (gone, fresh)
