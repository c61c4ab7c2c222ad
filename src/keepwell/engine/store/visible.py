"""What a run as of a day may see of the sources: nothing that happens, begins or becomes known after it.

Customer records and accounts opened later are "not yet opened": they stay in the sources, are counted, and
everything that refers to them is left out with them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from keepwell.contract import Table
from keepwell.contract.schema import Text
from keepwell.contract.sources import SOURCES
from keepwell.engine.ingest.errors import NoDataOn
from keepwell.engine.ingest.sqltext import name, names
from keepwell.engine.store.conformed import Conformed
from keepwell.engine.store.session import Session
from keepwell.policy.packs import Packs

OPENING = ("customer_record", "account")
BEGINNINGS = {
    "assignment": "starts_on",
    "account_agent": "starts_on",
    "bank_link": "starts_on",
    "branch_wish": "wished_on",
    "client_need": "recorded_on",
    "consent": "given_on",
    "do_not_contact": "starts_on",
    "fee_agreement": "starts_on",
    "permission": "granted_on",
    "product_rating": "rated_on",
    "related_party": "starts_on",
    "securities_account": "opened_on",
}
_BY_NAME = {table.name: table for table in SOURCES}


class Visible:
    """The sources as of a day."""

    def __init__(self, sources: Conformed, as_of: date) -> None:
        self._sources, self._as_of = sources, as_of
        self._hides: set[str] = set()

    @property
    def sources(self) -> Conformed:
        """What is known, whether to be seen on the day or not."""
        return self._sources

    @property
    def as_of(self) -> date:
        """The day."""
        return self._as_of

    def days(self, table: type[Table]) -> tuple[str, ...]:
        """Columns with days on which a row can first be seen."""
        known_on = ("known_on",) if table.event_on and "known_on" in table.columns else ()
        begins = (BEGINNINGS[table.name],) if table.name in BEGINNINGS else ()
        return (*((table.event_on,) if table.event_on else ()), *known_on, *begins)

    def unopened(self, table: type[Table]) -> list[str]:
        """SQL conditions, of which one holds for each row that is left out because something is opened later."""
        is_later = [f"opened_on > DATE '{self._as_of}'"] if table.name in self._hides else []
        return is_later + [f"{name(key)} NOT IN ({opened})" for key, opened in self._opened(table)]

    def files(self) -> dict[str, list[Path]]:
        """Table -> every conformed file of it, vault included."""
        return {table.name: self._sources.files(table, secrets=True) for table in SOURCES}

    def sql(self, table: type[Table], *, secrets: bool = False) -> str:
        """SQL of a table's rows as of the day, without secret columns unless asked for."""
        current = self._sources.current(table, secrets=secrets)
        columns = table.names() if secrets else table.open_names()
        conditions = self._conditions(table)
        if not conditions:
            return current
        return f"SELECT {names(columns)} FROM ({current}) WHERE {' AND '.join(conditions)}"

    def not_yet(self, session: Session) -> dict[str, int]:
        """How many customer records and accounts are opened after the day; their rows are then left out."""
        counts = {}
        for key in OPENING:
            current = self._sources.current(_BY_NAME[key], secrets=False)
            later = f"opened_on > DATE '{self._as_of}'"
            counts[key] = int(session.rows(f"SELECT count(*) FROM ({current}) WHERE {later}")[0][0])
        self._hides = {key for key, n_rows in counts.items() if n_rows}
        return counts

    def require_data(self, session: Session, packs: Packs) -> None:
        """Raise ``NoDataOn`` unless someone was a customer by then and events were delivered up to the day.

        On a day without trading the last trading day before it must be there.
        """
        record = _BY_NAME["customer_record"]
        first = session.rows(f"SELECT min(opened_on) FROM ({self._sources.current(record, secrets=False)})")[
            0
        ][0]
        if first is not None and first > self._as_of:
            said = Text(
                f"as of {self._as_of} there is no customer yet: the first was opened on {first}",
                f"{self._as_of} 时尚无客户：最早的客户开户于 {first}",
            )
            raise NoDataOn(said)
        spans = [
            (part.first_on, part.last_on)
            for table in SOURCES
            if table.event_on
            for part in self._sources.index(table).parts
        ]
        if not spans:
            return
        wanted = self._last_trading_day(packs).isoformat()
        if not any(first_on <= self._as_of.isoformat() and last_on >= wanted for first_on, last_on in spans):
            last = max(last_on for _, last_on in spans)
            earliest = min(first_on for first_on, _ in spans)
            said = Text(
                f"nothing was delivered for {self._as_of}: events reach from {earliest} to {last}. "
                f"Deliver the missing days, or run as of {last}",
                f"没有交付 {self._as_of} 的数据：现有数据自 {earliest} 至 {last}。"
                f"请补交缺失的日期，或以 {last} 为数据日期运行",
            )
            raise NoDataOn(said)

    def _last_trading_day(self, packs: Packs) -> date:
        trading = packs.calendars.trading
        if not trading.knows(self._as_of) or trading.is_day(self._as_of):
            return self._as_of
        return trading.add(self._as_of, -1).on

    def _conditions(self, table: type[Table]) -> list[str]:
        day = f"DATE '{self._as_of}'"
        found = []
        if table.event_on:
            found.append(f"{name(table.event_on)} <= {day}")
            if "known_on" in table.columns:
                found.append(f"known_on <= {day}")
        if table.name in OPENING:
            found.append(f"opened_on <= {day}")
        if table.name in BEGINNINGS:
            begins = name(BEGINNINGS[table.name])
            found.append(f"({begins} IS NULL OR {begins} <= {day})")
        found += [
            f"({name(key)} IS NULL OR {name(key)} IN ({opened}))" for key, opened in self._opened(table)
        ]
        return found

    def _opened(self, table: type[Table]) -> list[tuple[str, str]]:
        """Columns that refer to what the day hides some of, each with SQL of what is opened by then."""
        found = []
        for key, column in table.columns.items():
            target, _dot, wanted = (column.references or "").partition(".")
            if target in self._hides and not table.event_on:
                found.append((key, f"SELECT {name(wanted)} FROM ({self.sql(_BY_NAME[target])})"))
        return found
