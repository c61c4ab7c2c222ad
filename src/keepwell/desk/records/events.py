"""One authorised client's rows of the run's large tables, by row groups that can hold them and no others.

The files are sorted by account (or record, or client), so that their statistics leave a few groups to read.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache, reduce
from operator import or_
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset as ds
from django.conf import settings

from keepwell.contract import TABLES
from keepwell.contract.schema import Table

Row = Mapping[str, Any]
# What a card shows of the widest tables, with key, grain and order; other tables are read whole.
SHOWN = {
    "trade": (
        "trade_code",
        "account_code",
        "traded_at",
        "traded_on",
        "product_code",
        "side",
        "traded_amount",
        "commission_amount",
    ),
    "cash_flow": ("flow_code", "account_code", "flowed_at", "flowed_on", "side", "flow_amount", "channel"),
    "login": ("login_code", "account_code", "logged_in_at", "logged_in_on", "channel", "city"),
}


def months(run_id: str, client_id: str) -> list[Row]:
    """Assets and money moved at each month's end, oldest first."""
    path = _data() / "runs" / run_id / "tables" / "client_month.parquet"
    return _read(TABLES["client_month"], [str(path)], "client_id", [client_id])


def of_accounts(run_id: str, table: str, account_codes: Sequence[str], newest: int = 20) -> list[Row]:
    """The newest rows of an event table on the accounts, newest first; empty where the firm delivers none."""
    return _newest(run_id, table, "account_code", account_codes, newest)


def of_records(run_id: str, table: str, record_codes: Sequence[str], newest: int = 20) -> list[Row]:
    """The same for tables by customer record."""
    return _newest(run_id, table, "record_code", record_codes, newest)


def _newest(run_id: str, name: str, key: str, codes: Sequence[str], newest: int) -> list[Row]:
    table = TABLES[name]
    rows = _read(table, files(run_id).get(name, ()), key, codes)
    when = table.event_on or table.order[-1]
    return sorted(rows, key=lambda row: (row[when], *(str(row[part]) for part in table.order)), reverse=True)[
        :newest
    ]


def _read(table: type[Table], paths: Sequence[str], key: str, codes: Sequence[str]) -> list[Row]:
    """Rows whose key is one of the codes; of two rows of one grain the later file's stands (a correction)."""
    if not paths or not codes:
        return []
    found: dict[tuple[Any, ...], Row] = {}
    for path in paths:
        part = ds.dataset(path, format="parquet")
        names = [name for name in SHOWN.get(table.name, table.open_names()) if name in part.schema.names]
        rows = part.to_table(columns=names, filter=_any_of(key, codes), use_threads=False)
        for row in rows.to_pylist():
            found[tuple(row[part] for part in table.grain)] = {
                name: _aware(value) for name, value in row.items()
            }
    return list(found.values())


def _any_of(key: str, codes: Sequence[str]) -> Any:
    """The key is one of the codes, as equalities: row groups are left out by these, not by `isin`."""
    return reduce(or_, (pc.field(key) == code for code in codes))


def _aware(value: Any) -> Any:
    """An instant with its zone: files hold UTC without saying so."""
    return value.replace(tzinfo=dt.UTC) if isinstance(value, dt.datetime) and value.tzinfo is None else value


@lru_cache(maxsize=8)
def files(run_id: str) -> dict[str, tuple[str, ...]]:
    """The source files behind a run, by table, oldest knowledge first."""
    manifest = json.loads((_data() / "runs" / run_id / "manifest.json").read_text(encoding="utf-8"))
    sources: dict[str, Sequence[str]] = manifest["sources"]
    return {name: tuple(str(_data() / path) for path in paths) for name, paths in sources.items()}


def _data() -> Path:
    return Path(settings.DATA)
