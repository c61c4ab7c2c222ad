"""One authorised client's rows of the run's large tables, by row groups that can hold them and no others.

The files are sorted by account (or record, or client), so that their statistics leave a few groups to read.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset as ds
from django.conf import settings

from keepwell.contract import TABLES
from keepwell.contract.codes import ComplaintKind
from keepwell.contract.schema import Table
from keepwell.desk.records.parts import Footers

Row = Mapping[str, Any]
FOOTERS = Footers()
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
    return of_client(run_id, "client_month", client_id)


def of_client(run_id: str, table: str, client_id: str) -> list[Row]:
    """One client's rows of a table the run decided, in its order; empty in a run that has no such table."""
    path = _data() / "runs" / run_id / "tables" / f"{table}.parquet"
    return _read(TABLES[table], [str(path)] if path.exists() else [], "client_id", [client_id])


def of_clients(run_id: str, table: str, client_ids: Sequence[str]) -> list[Row]:
    """Some clients' rows of a table the run decided; empty in a run that has no such table, or is gone."""
    path = _data() / "runs" / run_id / "tables" / f"{table}.parquet"
    return _read(TABLES[table], [str(path)] if path.exists() else [], "client_id", client_ids)


def runs_told(up_to: str, n_latest: int, n_months: int) -> list[tuple[str, dt.date]]:
    """Runs on disk up to one, the newest first: the latest, and before them the last of each month."""
    folder = _data() / "runs"
    found = sorted(
        ((name.parent.name, _as_of(str(name))) for name in folder.glob("*/manifest.json")), reverse=True
    )
    told = [one for one in found if one[0] <= up_to]
    months: dict[str, tuple[str, dt.date]] = {}
    for run in told[n_latest:]:
        months.setdefault(f"{run[1]:%Y-%m}", run)
    return [*told[:n_latest], *list(months.values())[:n_months]]


@lru_cache(maxsize=512)
def _as_of(manifest: str) -> dt.date:
    """The day of a run, whose manifest does not change once it is written."""
    return dt.date.fromisoformat(json.loads(Path(manifest).read_text(encoding="utf-8"))["as_of"])


def of_accounts(run_id: str, table: str, account_codes: Sequence[str], newest: int = 20) -> list[Row]:
    """The newest rows of an event table on the accounts, newest first; empty where the firm delivers none."""
    return _newest(run_id, table, "account_code", account_codes, newest)


def of_records(run_id: str, table: str, record_codes: Sequence[str], newest: int = 20) -> list[Row]:
    """The same for tables by customer record."""
    return _newest(run_id, table, "record_code", record_codes, newest)


def levels(run_id: str, product_codes: Collection[str], as_of: dt.date) -> dict[str, tuple[str, dt.date]]:
    """The level of each product on a day and since when, as the firm delivers it; unrated products are missing."""
    table, codes = TABLES["product_rating"], sorted(product_codes)
    rows = _read(
        table,
        files(run_id).get(table.name, ()),
        "product_code",
        codes,
        corrections(run_id).get(table.name, ()),
    )
    told = sorted((row for row in rows if row["rated_on"] <= as_of), key=lambda row: row["rated_on"])
    return {row["product_code"]: (row["product_level"], row["rated_on"]) for row in told}


def open_complaints(run_id: str) -> list[Row]:
    """The complaints of all clients that the firm has not settled; reports of wrongdoing are not among them."""
    table = TABLES["complaint"]
    found: dict[tuple[str, ...], Row] = {}
    for path in files(run_id).get(table.name, ()):
        file = ds.dataset(path, format="parquet")
        names = [name for name in table.open_names() if name in file.schema.names]
        rows = file.to_table(names, filter=pc.field("closed_on").is_null(), use_threads=False).to_pylist()
        for row in rows:
            if row["complaint_kind"] == str(ComplaintKind.COMPLAINT):
                found[(Path(path).name, *(str(row[name]) for name in table.grain))] = row
    gone = _corrected(table, corrections(run_id).get(table.name, ()), found)
    return sorted(
        (row for place, row in found.items() if place not in gone), key=lambda row: row["complaint_code"]
    )


def licences(run_id: str, staff_code: str) -> list[Row]:
    """The registrations of a member of staff, as the firm delivers them; empty where it delivers none."""
    return _newest(run_id, "staff_licence", "staff_code", [staff_code], newest=50)


def delivers_licences(run_id: str) -> bool:
    """Whether the firm delivers registrations at all: without them nothing can be told."""
    return bool(files(run_id).get("staff_licence"))


def of_staff(run_id: str, table: str, staff_codes: Sequence[str]) -> list[Row]:
    """Rows about some members of staff, by the table's grain; empty where the firm delivers none."""
    name = TABLES[table]
    rows = _read(name, files(run_id).get(table, ()), "staff_code", staff_codes)
    return sorted(rows, key=lambda row: tuple(str(row[part]) for part in name.grain))


def _newest(run_id: str, name: str, key: str, codes: Sequence[str], newest: int) -> list[Row]:
    table = TABLES[name]
    rows = _read(table, files(run_id).get(name, ()), key, codes, corrections(run_id).get(name, ()))
    when = table.event_on or table.order[-1]
    return sorted(rows, key=lambda row: (row[when], *(str(row[part]) for part in table.order)), reverse=True)[
        :newest
    ]


def _read(
    table: type[Table], paths: Sequence[str], key: str, codes: Sequence[str], corrections: Sequence[str] = ()
) -> list[Row]:
    """Rows whose key is one of the codes, without those that a later delivery corrected."""
    if not paths or not codes:
        return []
    found: dict[tuple[str, ...], Row] = {}
    for path in paths:
        part = FOOTERS.part(path, key)
        names = [name for name in SHOWN.get(table.name, table.open_names()) if name in part.columns]
        for row in part.read(names, codes).to_pylist():
            found[(Path(path).name, *(str(row[name]) for name in table.grain))] = {
                name: _aware(value) for name, value in row.items()
            }
    gone = _corrected(table, corrections, found)
    return [row for place, row in found.items() if place not in gone]


def _corrected(
    table: type[Table], corrections: Sequence[str], found: Mapping[tuple[str, ...], Row]
) -> set[tuple[str, ...]]:
    """Which of the rows found (file, then grain) a correction names."""
    gone: set[tuple[str, ...]] = set()
    if not corrections or not found:
        return gone
    files = sorted({place[0] for place in found})
    first = table.grain[0]
    keys = list({row[first] for row in found.values()})
    wanted = pc.field("part").isin(files) & pc.field(first).isin(keys)
    for path in corrections:
        named = ds.dataset(path, format="parquet").to_table(filter=wanted, use_threads=False)
        gone |= {(str(row["part"]), *(str(row[name]) for name in table.grain)) for row in named.to_pylist()}
    return gone


def _aware(value: Any) -> Any:
    """An instant with its zone: files hold UTC without saying so."""
    return value.replace(tzinfo=dt.UTC) if isinstance(value, dt.datetime) and value.tzinfo is None else value


@lru_cache(maxsize=8)
def files(run_id: str) -> dict[str, tuple[str, ...]]:
    """The source files behind a run, by table, oldest knowledge first."""
    return _named(run_id, "sources")


@lru_cache(maxsize=8)
def corrections(run_id: str) -> dict[str, tuple[str, ...]]:
    """The files that name corrected rows of those, by table; runs of earlier versions told none."""
    return _named(run_id, "corrections")


def _named(run_id: str, what: str) -> dict[str, tuple[str, ...]]:
    manifest = json.loads((_data() / "runs" / run_id / "manifest.json").read_text(encoding="utf-8"))
    named: dict[str, Sequence[str]] = manifest.get(what, {})
    return {name: tuple(str(_data() / path) for path in paths) for name, paths in named.items()}


def _data() -> Path:
    return Path(settings.DATA)
