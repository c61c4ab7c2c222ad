"""A very small firm whose files are written by the tests that read them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from keepwell.engine.store.intake import Intake, load_mapping, take_in
from keepwell.engine.store.session import Session
from keepwell.policy.packs import Packs, load_packs

AS_OF = date(2026, 11, 20)

BRANCH = {"branch_code": "001", "branch_name": "南京路营业部", "city": "上海", "city_tier": "tier_1"}
STAFF = {
    "staff_code": "S01",
    "branch_code": "001",
    "staff_name": "李明",
    "role": "manager",
    "has_book": "true",
}
RECORD = {
    "record_code": "000000000001",
    "branch_code": "001",
    "client_kind": "person",
    "client_name": "王伟",
    "id_kind": "resident",
    "id_number": "11010519491231002X",
    "phone": "13800000000",
    "birth_on": "1949-12-31",
    "opened_on": "2020-01-02",
}
ACCOUNT = {
    "account_code": "A1",
    "record_code": "000000000001",
    "account_kind": "normal",
    "currency": "CNY",
    "account_status": "normal",
    "opened_on": "2020-01-02",
}
PRODUCT = {
    "product_code": "600000",
    "product_name": "浦发银行",
    "product_kind": "stock",
    "market": "sh",
    "currency": "CNY",
}
TRADE = {
    "trade_code": "T1",
    "account_code": "A1",
    "traded_at": "2026-11-20 02:00:00",
    "traded_on": "2026-11-20",
    "product_code": "600000",
    "side": "buy",
    "quantity": "100",
    "price": "10.5",
    "traded_amount": "1050.00",
    "commission_amount": "5.00",
    "pass_through_amount": "0.10",
    "tax_amount": "0",
    "channel": "app",
    "known_on": "2026-11-20",
}
WHOLE: dict[str, list[Mapping[str, Any]]] = {
    "branch": [BRANCH],
    "staff": [STAFF],
    "customer_record": [RECORD],
    "account": [ACCOUNT],
    "product": [PRODUCT],
    "trade": [TRADE],
}


def csv_text(rows: Iterable[Mapping[str, Any]], delimiter: str = ",") -> str:
    """The rows as CSV with a header of all keys in order of first use."""
    listed = list(rows)
    names = list(dict.fromkeys(key for row in listed for key in row))
    lines: list[str] = []

    class Sink:
        def write(self, text: str) -> None:
            lines.append(text)

    writer = csv.DictWriter(Sink(), names, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return "".join(lines)


def deliver(folder: Path, **tables: Iterable[Mapping[str, Any]]) -> Path:
    """Write a whole delivery into ``folder``; tables named replace those of the smallest firm."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in {**WHOLE, **tables}.items():
        (folder / f"{name}.csv").write_text(csv_text(rows), encoding="utf-8")
    return folder


@lru_cache
def packs_of(as_of: date, calendar: str) -> Packs:
    """The default packs, loaded once a session."""
    return load_packs(as_of, calendar=calendar)


def taken(folder: Path, sources: Path, session: Session, mapping: str = "keepwell", **options: Any) -> Intake:
    """Take a delivery in as of the firm's day, or of ``as_of``."""
    as_of = options.pop("as_of", AS_OF)
    known_on = options.pop("known_on", as_of)
    chosen = load_mapping(mapping)
    packs = packs_of(as_of, chosen.calendar)
    return take_in(session, folder, sources, chosen, as_of, known_on, packs, **options)


def bad_rows(intake: Intake, session: Session) -> list[dict[str, Any]]:
    """Everything in quarantine, in order."""
    found: list[dict[str, Any]] = []
    for path in intake.quarantine:
        found += session.arrow(f"SELECT * FROM read_parquet('{path}')").to_pylist()
    return found


def rows_of(intake: Intake, session: Session, table: Any, **options: Any) -> list[dict[str, Any]]:
    """The rows of a table as a run may see them."""
    order = ", ".join(table.order)
    return list(
        session.arrow(f"SELECT * FROM ({intake.view(table, **options)}) ORDER BY {order}").to_pylist()
    )
