"""What a run as of a day may see: nothing that happens, begins or becomes known after it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from keepwell.contract.sources.accounts import Account
from keepwell.contract.sources.clients import Consent, CustomerRecord
from keepwell.contract.sources.events import Trade
from keepwell.engine.store.session import Session
from tests.engine.ingest.firm import ACCOUNT, RECORD, TRADE, deliver, rows_of, taken

EARLIER = date(2026, 11, 20)
LATER = date(2026, 11, 27)


def test_accounts_opened_later_are_counted_and_left_out_with_all_that_refers_to_them_r002(
    tmp_path: Path, session: Session
) -> None:
    newcomer = {**RECORD, "record_code": "2", "opened_on": "2026-11-25"}
    theirs = {**ACCOUNT, "account_code": "A2", "record_code": "2", "opened_on": "2026-11-26"}
    early = {**ACCOUNT, "account_code": "A3", "record_code": "2", "opened_on": "2026-11-01"}
    consent = {"record_code": "2", "purpose": "care", "channel": "phone", "given_on": "2026-11-01"}
    folder = deliver(
        tmp_path / "in",
        customer_record=[RECORD, newcomer],
        account=[ACCOUNT, theirs, early],
        consent=[consent],
    )
    then = taken(folder, tmp_path / "sources", session, as_of=EARLIER, known_on=LATER)
    assert then.not_yet_opened == {"customer_record": 1, "account": 1}
    assert [row["record_code"] for row in rows_of(then, session, CustomerRecord)] == [RECORD["record_code"]]
    assert [row["account_code"] for row in rows_of(then, session, Account)] == ["A1"]
    assert rows_of(then, session, Consent) == []
    assert sum(row["n_quarantined"] for row in then.deliveries) == 0


def test_events_after_the_day_or_known_after_it_are_not_seen(tmp_path: Path, session: Session) -> None:
    late = {**TRADE, "trade_code": "T2", "known_on": "2026-11-24"}
    next_week = {**TRADE, "trade_code": "T3", "traded_on": "2026-11-27", "traded_at": "2026-11-27 02:00:00"}
    folder = deliver(tmp_path / "in", trade=[TRADE, late, next_week])
    then = taken(folder, tmp_path / "sources", session, as_of=EARLIER, known_on=LATER)
    assert [row["trade_code"] for row in rows_of(then, session, Trade)] == ["T1"]
    now = taken(folder, tmp_path / "sources", session, as_of=LATER, known_on=LATER)
    assert [row["trade_code"] for row in rows_of(now, session, Trade)] == ["T1", "T2", "T3"]
    assert all(row["is_known"] for row in now.deliveries)
