"""Rows as no delivery should have them: a branch's hand-written supplement with eight faults, each known in the truth.

They come beside the good files and take nothing from them: the only row that is no fault is one the firm delivers
anyway, told twice.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyarrow as pa

from keepwell.contract import TABLES
from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.contract.sources.accounts import Account
from keepwell.contract.sources.clients import CustomerRecord
from keepwell.contract.sources.contacts import Contact
from keepwell.contract.sources.events import CashFlow, Trade
from keepwell.engine.simulator.emit import integers, texts, truth

Batch = tuple[str, pa.RecordBatch]
Row = dict[str, Any]
_WATCHED = (Account.name, CustomerRecord.name, Contact.name, CashFlow.name, Trade.name)


class Flaw(NamedTuple):
    """A faulty row: the model row, what is written over it, and what is wrong with it; no reason for a plain repeat."""

    table: str
    over: Row
    column: str = ""
    reason: Reason | None = None


class Flaws:
    """Watches a delivery pass by, and adds the supplement to it: ``files`` by name, and ``truth.flaw``."""

    def __init__(self, on: dt.date) -> None:
        self.files: dict[str, str] = {}
        self._on = on
        self._last: dict[str, Row] = {}
        self._opened_on = on

    def beside(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The batches as they are; at the end what is wrong in the supplement."""
        opened: dict[str, dt.date] = {}
        for name, batch in batches:
            if name in _WATCHED and batch.num_rows:
                self._last[name] = batch.slice(batch.num_rows - 1).to_pylist()[0]
            if name == Account.name:
                opened = dict(
                    zip(batch["account_code"].to_pylist(), batch["opened_on"].to_pylist(), strict=True)
                )
            if name == Trade.name and batch.num_rows:
                self._opened_on = opened[self._last[Trade.name]["account_code"]]
            yield name, batch
        if set(_WATCHED) <= set(self._last):
            yield self._write()

    def _flaws(self) -> list[Flaw]:
        trade, before = self._last[Trade.name], self._opened_on - dt.timedelta(days=3)
        tomorrow = self._on + dt.timedelta(days=1)
        return [
            Flaw("trade", {}),
            Flaw(
                "trade", {"traded_amount": trade["traded_amount"] + 100}, "trade_code", Reason.DUPLICATE_KEY
            ),
            Flaw("trade", {"trade_code": "BL-0001", "quantity": "-200"}, "quantity", Reason.OUT_OF_BOUNDS),
            Flaw("trade", {"trade_code": "BL-0002", "traded_on": before}, "traded_on", Reason.WRONG_ORDER),
            Flaw(
                "trade", {"trade_code": "BL-0003", "traded_on": "2026-11-31"}, "traded_on", Reason.NOT_A_DATE
            ),
            Flaw(
                "customer_record",
                {"record_code": "BL-0004", "branch_code": "B999"},
                "branch_code",
                Reason.UNKNOWN_REFERENCE,
            ),
            Flaw(
                "contact", {"contact_code": "BL-0005", "outcome": "已读未回"}, "outcome", Reason.UNKNOWN_CODE
            ),
            Flaw(
                "contact",
                {"contact_code": "BL-0006", "contacted_on": tomorrow, "known_on": tomorrow},
                "contacted_on",
                Reason.AFTER_CUT,
            ),
            Flaw(
                "cash_flow",
                {"flow_code": "BL-0007", "flow_amount": "2万"},
                "flow_amount",
                Reason.NOT_A_NUMBER,
            ),
        ]

    def _write(self) -> Batch:
        """Put every row in its file; tell where each fault stands."""
        streams: dict[str, io.StringIO] = {}
        places: list[tuple[str, int, Flaw, str]] = []
        for flaw in self._flaws():
            file = f"{flaw.table}.csv"
            if file not in streams:
                streams[file] = io.StringIO()
                csv.writer(streams[file]).writerow(TABLES[flaw.table].names())
            row = {**self._last[flaw.table], **flaw.over}
            line = streams[file].getvalue().count("\n") + 1
            csv.writer(streams[file]).writerow([_written(row[name]) for name in TABLES[flaw.table].names()])
            if flaw.reason:
                places.append((file, line, flaw, _written(row[flaw.column])))
        self.files.update({file: stream.getvalue() for file, stream in streams.items()})
        columns = {
            "file": texts([file for file, _, _, _ in places]),
            "line": integers([line for _, line, _, _ in places]),
            "table": texts([flaw.table for _, _, flaw, _ in places]),
            "column": texts([flaw.column for _, _, flaw, _ in places]),
            "reason": texts([str(flaw.reason) for _, _, flaw, _ in places]),
            "found": texts([found for _, _, _, found in places]),
        }
        return truth("flaw", columns)


def _written(value: Any) -> str:
    """A value as a file of text has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
