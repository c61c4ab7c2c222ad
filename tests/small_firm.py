"""A firm of a few clients, each named for what it shows: one account and one record a client, under the same name."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from keepwell.contract import TABLES, Kind
from keepwell.engine.features.rules import client_feature, client_holding, client_month
from keepwell.engine.ingest.days import calendar_day
from keepwell.engine.stage import one
from keepwell.policy.packs import load_packs
from tests.book import Rows, decide

AS_OF = dt.date(2026, 11, 20)  # a Friday
_NUMBERS = count(1)

Tables = Mapping[str, Rows]
Facts = dict[str, dict[str, Any]]


def ago(n_days: int, as_of: dt.date = AS_OF) -> dt.date:
    """The day ``n_days`` natural days before the cut."""
    return as_of - dt.timedelta(days=n_days)


def yuan(amount: str | int | Decimal) -> Decimal:
    return Decimal(amount)


def number(prefix: str) -> str:
    """A key nobody else has."""
    return f"{prefix}{next(_NUMBERS):06d}"


def client(name: str, **facts: Any) -> dict[str, Any]:
    given = {"opened_on": dt.date(2020, 1, 2), "population": "existing", "client_kind": "person"}
    return {"client_id": name, **given, **facts}


def account(name: str, owner: str, **facts: Any) -> dict[str, Any]:
    given = {"account_kind": "normal", "currency": "CNY", "opened_on": dt.date(2020, 1, 2)}
    return {"account_code": name, "client_id": owner, "record_code": owner, **given, **facts}


def assets(name: str, on: dt.date, cash: int | str = 0, **kinds: int | str) -> dict[str, Any]:
    """A row of daily assets; kinds by name: ``stock=100, debt=20``."""
    amounts = {f"{kind}_amount": yuan(amount) for kind, amount in {"cash": cash, **kinds}.items()}
    return {"account_code": name, "held_on": on, **amounts}


def trade(name: str, on: dt.date, amount: int | str | Decimal = 1000, **facts: Any) -> dict[str, Any]:
    given = {"trade_code": number("T"), "account_code": name, "traded_on": on, "known_on": on}
    return {**given, "side": "buy", "product_code": "P1", "traded_amount": yuan(amount), **facts}


def flow(name: str, on: dt.date, side: str, amount: int | str, **facts: Any) -> dict[str, Any]:
    given = {"flow_code": number("F"), "account_code": name, "flowed_on": on, "known_on": on}
    return {**given, "side": side, "flow_amount": yuan(amount), **facts}


def login(name: str, on: dt.date, **facts: Any) -> dict[str, Any]:
    given = {"login_code": number("L"), "account_code": name, "logged_in_on": on, "known_on": on}
    return {**given, **facts}


def questionnaire(name: str, on: dt.date, risk_level: str, **facts: Any) -> dict[str, Any]:
    at = dt.datetime(on.year, on.month, on.day, 2)  # noqa: DTZ001 - instants are UTC without a zone in Arrow
    given = {"questionnaire_code": number("Q"), "record_code": name, "answered_on": on, "answered_at": at}
    return {**given, "risk_level": risk_level, **facts}


def holding(name: str, product: str, amount: int | str, **facts: Any) -> dict[str, Any]:
    given = {"account_code": name, "product_code": product, "held_on": AS_OF, "quantity": Decimal(1)}
    return {**given, "market_amount": yuan(amount), **facts}


@cache
def calendar(as_of: dt.date = AS_OF) -> Rows:
    """The calendar table as the run has it."""
    rows: Rows = calendar_day(load_packs(as_of), as_of)["calendar_day"].to_pylist()
    return rows


def firm(*names: str, **tables: Rows) -> dict[str, Rows]:
    """Tables of a firm with these clients; a table given by name replaces the plain one."""
    plain = {
        "client": [client(name) for name in names],
        "client_account": [account(name, name) for name in names],
        "client_record": [{"record_code": name, "client_id": name} for name in names],
    }
    return {**plain, **tables}


def coverage(*without: str) -> Rows:
    """A firm that delivers every table, but for those named."""
    needed = {column.needs for table in TABLES.values() for column in table.columns.values() if column.needs}
    return [{"table_name": name, "is_delivered": name not in without} for name in sorted(needed)]


def counted(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of features of a firm that delivers every table: what it does not say is zero, not unknown."""
    zeros = {
        name: False if column.kind is Kind.BOOLEAN else 0
        for name, column in TABLES["client_feature"].columns.items()
        if column.needs
    }
    return {**zeros, **row}


def answer(rule: Any, tables: Tables, as_of: dt.date = AS_OF, **options: Any) -> list[dict[str, Any]]:
    """What a rule decides from those of the tables that it reads; the calendar is always there.

    Unless a test says otherwise the firm delivers every table.
    """
    reads = one(TABLES[rule.__name__], rule).reads
    given = {"calendar_day": calendar(as_of), "source_coverage": coverage(), **tables}
    if "client_feature" in given:
        given["client_feature"] = [counted(row) for row in given["client_feature"]]
    return decide(rule, {name: rows for name, rows in given.items() if name in reads}, as_of=as_of, **options)


def features(tables: Tables, as_of: dt.date = AS_OF, **options: Any) -> Facts:
    """The features of each client by name, through the three rules of the room."""
    known = dict(tables)
    for rule in (client_holding, client_month):
        known[rule.__name__] = answer(rule, known, as_of, **options)
    return {row["client_id"]: row for row in answer(client_feature, known, as_of, **options)}
