"""What do these events say of each client? The engine's features over any data frames, as of a day.

``from keepwell import describe``. Nothing is kept: the tables lie in a folder that is gone afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keepwell import framing
from keepwell.contract import TABLES, Column, Table
from keepwell.contract.codes import ComplaintKind, ContactOutcome, Currency, Population, Relation
from keepwell.contract.features import ClientFeature
from keepwell.engine.columns import arrow_type
from keepwell.engine.features.stage import STAGE
from keepwell.engine.ingest.days import calendar_day
from keepwell.engine.store.session import Session
from keepwell.framing import Columns
from keepwell.linking import UnknownFrame
from keepwell.policy.packs import Packs, load_packs

KNOWN = "when the firm came to know it; without it on the day itself"


@dataclass(frozen=True)
class Frame:
    """A frame that may be given: the contract's table, what its columns mean, those it must have, its own key.

    ``plain`` is what stands in a column that is not given.
    """

    table: str
    columns: Mapping[str, str]
    wanted: tuple[str, ...]
    on: str = ""
    key: str = ""
    plain: Mapping[str, str] = field(default_factory=dict)


FRAMES = {
    "clients": Frame(
        "client",
        {"client_id": "the client's number", "opened_on": "since when; without it the first day anything is told of"},
        ("client_id",),
    ),
    "trades": Frame(
        "trade",
        {
            "client_id": "whose",
            "traded_on": "the day",
            "traded_amount": "amount in yuan, or in the one currency of all frames",
            "side": "buy or sell",
            "product_code": "what",
            "commission_amount": "commission; without it what follows from it is unknown",
            "pass_through_amount": "fees inside the commission; without it none",
            "tax_amount": "taxes and fees beside the commission; without it none",
            "quantity": "how many; without it no result is realised",
            "known_on": KNOWN,
        },
        ("client_id", "traded_on", "traded_amount", "side", "product_code"),
        "traded_on",
        "trade_code",
    ),
    "cash_flows": Frame(
        "cash_flow",
        {"client_id": "whose", "flowed_on": "the day", "side": "in or out", "flow_amount": "amount", "known_on": KNOWN},
        ("client_id", "flowed_on", "side", "flow_amount"),
        "flowed_on",
        "flow_code",
    ),
    "logins": Frame(
        "login",
        {"client_id": "whose", "logged_in_on": "the day", "known_on": KNOWN},
        ("client_id", "logged_in_on"),
        "logged_in_on",
        "login_code",
    ),
    "assets": Frame(
        "daily_asset",
        {
            "client_id": "whose",
            "held_on": "the day from which on it holds, until a later row",
            **{f"{kind}_amount": kind.replace("_", " ") for kind in
               ("cash", "stock", "b_stock", "fund", "warrant", "bond", "wealth")},
            "debt_amount": "margin debt, which stands apart",
            "hk_stock_amount": "hong kong shares, empty where they stand among the stocks",
        },
        ("client_id", "held_on"),
        "held_on",
    ),
    "holdings": Frame(
        "holding",
        {
            "client_id": "whose",
            "held_on": "the day; the latest of a client counts",
            "product_code": "what",
            "market_amount": "market value",
            "quantity": "how many; without it one",
            "matures_on": "the last day of its term",
        },
        ("client_id", "held_on", "product_code", "market_amount"),
        "held_on",
    ),
    "other_income": Frame(
        "other_income",
        {"client_id": "from whom", "earned_on": "the day", "income_amount": "amount", "known_on": KNOWN},
        ("client_id", "earned_on", "income_amount"),
        "earned_on",
    ),
    "transfers": Frame(
        "transfer",
        {
            "client_id": "whose",
            "transferred_on": "the day",
            "transfer_kind": "custody_in, custody_out, revoke, non_trade or block",
            "transfer_amount": "market value",
            "known_on": KNOWN,
        },
        ("client_id", "transferred_on", "transfer_kind", "transfer_amount"),
        "transferred_on",
        "transfer_code",
    ),
    "contacts": Frame(
        "contact",
        {
            "client_id": "with whom",
            "contacted_on": "the day",
            "outcome": "whether the client was reached; without it reached",
            "known_on": KNOWN,
        },
        ("client_id", "contacted_on"),
        "contacted_on",
        "contact_code",
        {"outcome": str(ContactOutcome.REACHED)},
    ),
    "complaints": Frame(
        "complaint",
        {
            "client_id": "whose",
            "received_on": "the day",
            "complaint_kind": "complaint, enquiry or another; without it complaint",
            "known_on": KNOWN,
        },
        ("client_id", "received_on"),
        "received_on",
        "complaint_code",
        {"complaint_kind": str(ComplaintKind.COMPLAINT)},
    ),
    "assessments": Frame(
        "questionnaire",
        {
            "client_id": "whose",
            "answered_on": "the day",
            "risk_level": "C1 to C5",
            "is_lowest_class": "whether of the lowest class; without it not",
            "valid_to": "the last day; without it as the suitability pack says",
        },
        ("client_id", "answered_on", "risk_level"),
        "answered_on",
        "questionnaire_code",
    ),
    "managers": Frame(
        "assignment",
        {"client_id": "who is served", "staff_code": "by whom", "starts_on": "from which day on"},
        ("client_id", "staff_code", "starts_on"),
        "starts_on",
        plain={"relation": str(Relation.SERVICE)},
    ),
    "index": Frame(
        "index_price",
        {"priced_on": "the day", "level": "closing level of the index that drawdowns are told against"},
        ("priced_on", "level"),
    ),
    "products": Frame(
        "product",
        {
            "product_code": "the product's number",
            "product_kind": "stock, b_stock, etf, fund, bond, warrant, note, wealth or structured",
            "market": "sh, sz, bj, hk, otc or other",
            "matures_on": "the last day",
        },
        ("product_code", "product_kind"),
    ),
}  # fmt: skip
"""What may be given to ``describe``, by name; what is not given is unknown, never zero."""

UNKNOWN_WITHOUT = {
    "commission_amount": ("commission_365d_amount", "net_commission_365d_amount", "contribution_365d_amount"),
    "quantity": ("realised_365d_amount",),
}
ABOUT_NOBODY = {"products", "index"}

FEATURES = {name: (column.label.en, column.label.zh) for name, column in ClientFeature.columns.items()}
"""What each column of the answer means, in English and Chinese."""


def describe(
    clients: Any = None, *, trades: Any = None, cash_flows: Any = None, logins: Any = None, assets: Any = None,
    holdings: Any = None, other_income: Any = None, products: Any = None, transfers: Any = None, contacts: Any = None,
    complaints: Any = None, assessments: Any = None, managers: Any = None, index: Any = None,
    packs: Packs | None = None,
    as_of: dt.date | None = None,
    calendar: str = "cn",
    threads: int = 2,
) -> Any:  # fmt: skip
    """Some hundred and twenty facts of each client as of a day, one row a client, in a frame of the kind first given.

    The frames have the columns of ``FRAMES``, the answer those of ``FEATURES``. Nothing dated or known later than
    ``as_of`` counts. A frame that is not given is a table the firm does not deliver: what would follow from it is
    empty, not zero. Whoever stands in any frame is a client, unless ``clients`` names them. ``calendar`` is ``cn`` or
    ``weekdays``: which days trade.

    Raises ``UnknownFrame``, naming the column, for what is missing, empty, below its bound or none of its list.
    """
    frames = {
        "clients": clients, "trades": trades, "cash_flows": cash_flows, "logins": logins, "assets": assets,
        "holdings": holdings, "other_income": other_income, "products": products, "transfers": transfers,
        "contacts": contacts, "complaints": complaints, "assessments": assessments, "managers": managers,
        "index": index,
    }  # fmt: skip
    given = {name: _read(frame, name) for name, frame in frames.items() if frame is not None}
    if not set(given) - ABOUT_NOBODY:
        raise UnknownFrame("nothing is given: any of " + ", ".join(FRAMES))
    day = as_of or dt.datetime.now(tz=dt.UTC).date()
    signed = packs or load_packs(day, calendar=calendar)
    told = _decided(given, signed, day, threads)
    return framing.as_given(told, next(frame for frame in frames.values() if frame is not None))


def _decided(given: Mapping[str, pa.Table], signed: Packs, day: dt.date, threads: int) -> pa.Table:
    """The features by the rules that decide at night."""
    tables = {
        **_people(given, day),
        **_events(given, signed),
        **calendar_day(signed, day),
        **_coverage(given),
    }
    with TemporaryDirectory(prefix="keepwell-describe-") as folder, Session(threads) as session:
        made: list[str] = []
        for rule in STAGE.rules:
            framing.decide(session, Path(folder), rule, tables, signed, day, made)
            made += [table.name for table in rule.writes]
        told = session.arrow("SELECT * FROM client_feature ORDER BY client_id")
    for column, names in UNKNOWN_WITHOUT.items():
        if "trades" in given and column not in given["trades"].column_names:
            told = _emptied(told, names)
    return told


def _emptied(told: pa.Table, names: tuple[str, ...]) -> pa.Table:
    """The answer without what nobody could know."""
    for name in names:
        place = told.column_names.index(name)
        told = told.set_column(
            place, told.schema.field(name), pa.nulls(told.num_rows, told.schema.field(name).type)
        )
    return told


def _read(frame: Any, name: str) -> pa.Table:
    """The known columns of a frame, each within the bounds of the contract."""
    asked = FRAMES[name]
    table = TABLES[asked.table]
    rows = framing.read(frame, name, asked.columns, asked.wanted, lambda column: _about(column, table))
    for column in rows.column_names:
        low, least = _about(column, table).low, pc.min(rows[column]).as_py()
        if low is not None and least is not None and least < low:
            raise UnknownFrame(f"{column} {least} in {name} lies below {low}")
    if name in ("clients", *ABOUT_NOBODY):
        framing.require_unique(rows, asked.wanted[0])
    return rows


def _about(name: str, table: type[Table]) -> Column:
    return table.columns[name] if name in table.columns else ClientFeature.columns[name]


def _people(given: Mapping[str, pa.Table], day: dt.date) -> dict[str, pa.Table]:
    """Every client with one account and one record under its own number, since the first day told of it."""
    seen = [
        pa.table({"client_id": rows["client_id"], "on": rows[FRAMES[name].on]})
        for name, rows in given.items()
        if FRAMES[name].on
    ]
    if "clients" in given:
        named = given["clients"]
        told = (
            named["opened_on"] if "opened_on" in named.column_names else pa.nulls(named.num_rows, pa.date32())
        )
        seen = [
            rows.filter(pc.is_in(rows["client_id"], named["client_id"].combine_chunks())) for rows in seen
        ]
        seen.append(pa.table({"client_id": named["client_id"], "on": told}))
    first = pa.concat_tables(seen).group_by("client_id").aggregate([("on", "min")]).sort_by("client_id")
    ids, n = first["client_id"].combine_chunks(), first.num_rows
    opened = pc.coalesce(first["on_min"].combine_chunks(), pa.scalar(day, pa.date32()))
    since: Columns = {"client_id": ids, "opened_on": opened}
    served = _served(given, ids, day)
    own: Columns = {**since, "account_code": ids, "record_code": ids}
    return {
        "client": _table(
            "client", {**since, **served, "population": pa.repeat(str(Population.EXISTING), n)}, n
        ),
        "client_record": _table("client_record", {"client_id": ids, "record_code": ids}, n),
        "client_account": _table("client_account", {**own, "currency": pa.repeat(str(Currency.CNY), n)}, n),
    }


def _served(given: Mapping[str, pa.Table], ids: pa.Array, day: dt.date) -> Columns:
    """Since when each client has the manager of the day."""
    if "managers" not in given:
        return {}
    begun = given["managers"].filter(pc.less_equal(given["managers"]["starts_on"], pa.scalar(day)))
    last = begun.group_by("client_id").aggregate([("starts_on", "max")])
    places = pc.index_in(ids, last["client_id"].combine_chunks())
    return {"manager_since_on": last["starts_on_max"].combine_chunks().take(places)}


def _events(given: Mapping[str, pa.Table], signed: Packs) -> dict[str, pa.Table]:
    """The other frames as a firm would deliver them; rows get numbers by their place."""
    told = {}
    for name, rows in given.items():
        asked, n = FRAMES[name], rows.num_rows
        if name == "clients":
            continue
        table = TABLES[asked.table].columns
        columns: Columns = {column: rows[column] for column in rows.column_names if column != "client_id"}
        if "client_id" in rows.column_names:
            columns["account_code" if "account_code" in table else "record_code"] = rows["client_id"]
        if asked.key:
            columns[asked.key] = pa.array([f"{place:012d}" for place in range(n)], pa.string())
        if "known_on" in table:
            columns.setdefault("known_on", rows[asked.on])
        for column, value in asked.plain.items():
            columns.setdefault(column, pa.repeat(value, n))
        if name == "assessments":
            columns["answered_at"] = rows["answered_on"].cast(arrow_type(table["answered_at"]))
        if name == "index":
            columns["index_code"] = pa.repeat(signed.features.market.index_codes[0], n)
        if name == "holdings" and "quantity" not in columns:
            columns["quantity"] = pa.repeat(
                pa.scalar(1).cast(arrow_type(TABLES["holding"].columns["quantity"])), n
            )
        told[asked.table] = _table(asked.table, columns, n)
    return told


def _coverage(given: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Which tables are delivered: those given; who names clients names their accounts too."""
    needed = sorted({column.needs for column in ClientFeature.columns.values() if column.needs})
    told = {FRAMES[name].table for name in given}
    columns: Columns = {
        "table_name": pa.array(needed),
        "is_delivered": pa.array([name in told for name in needed]),
    }
    return {"source_coverage": _table("source_coverage", columns, len(needed))}


def _table(name: str, columns: Columns, n: int) -> pa.Table:
    chunks = {
        key: value.combine_chunks() if isinstance(value, pa.ChunkedArray) else value
        for key, value in columns.items()
    }
    return framing.filled(TABLES[name], chunks, n)
