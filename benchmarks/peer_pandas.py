"""The features of `features_peers.py` by pandas: fen and days as whole numbers, one group-by a column.

pandas sums under no condition, so that each window is a frame of its own.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from features_asked import AMOUNTS, AS_OF, COLUMNS, COUNTED, COUNTS, LOGGED, SPANS, SUMMED

CUT = (AS_OF - dt.date(1970, 1, 1)).days
KEY = "client_id"
HUNDRED = pa.scalar(Decimal(100), pa.decimal128(3, 0))


def told(sources: Path, name: str, *columns: str) -> Any:
    """Events dated and known by the cut with their clients, and how many days ago."""
    on = SPANS[name]
    rows = pq.read_table(sources / f"{name}.parquet", columns=["account_code", on, "known_on", *columns])
    frame = pa.table({column: whole(rows[column]) for column in rows.column_names}).to_pandas()
    frame = frame[(frame[on] <= CUT) & (frame["known_on"] <= CUT)]
    owners = pq.read_table(sources / "client_account.parquet", columns=["account_code", KEY]).to_pandas()
    return frame.merge(owners, on="account_code").assign(ago=lambda rows: CUT - rows[on])


def whole(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Days and amounts as whole numbers; texts as they are."""
    if pa.types.is_date(values.type):
        return values.cast(pa.int32())
    if pa.types.is_decimal(values.type):
        return pc.multiply(values, HUNDRED).cast(pa.int64())
    return values


def traded(sources: Path) -> dict[str, Any]:
    """What trades tell."""
    rows = told(
        sources, "trade", "product_code", "side", "traded_amount", "commission_amount", "pass_through_amount"
    )
    of_year, ever = rows[rows["ago"] < 365].groupby(KEY), rows.groupby(KEY)
    recent = {n: rows[rows["ago"] < n].groupby(KEY) for n in COUNTED}
    commission = of_year["commission_amount"].sum()
    return {
        **{f"n_trades_{n}d": recent[n].size() for n in COUNTED},
        **{f"turnover_{n}d_amount": recent[n]["traded_amount"].sum() for n in SUMMED},
        "n_trades_ever": ever.size(),
        "n_trade_days_365d": of_year["traded_on"].nunique(),
        "n_products_365d": of_year["product_code"].nunique(),
        "commission_365d_amount": commission,
        "net_commission_365d_amount": commission - of_year["pass_through_amount"].sum(),
        "last_trade_on": ever["traded_on"].max(),
        "last_bought_on": rows[rows["side"] == "buy"].groupby(KEY)["traded_on"].max(),
    }


def flowed(sources: Path) -> dict[str, Any]:
    """What cash flows tell."""
    rows = told(sources, "cash_flow", "side", "flow_amount")
    sums = {}
    for side in ("in", "out"):
        for n in (7, 30, 90, 365):
            chosen = rows[(rows["ago"] < n) & (rows["side"] == side)]
            sums[f"{side}flow_{n}d_amount"] = chosen.groupby(KEY)["flow_amount"].sum()
    return {
        **sums,
        "n_flows_365d": rows[rows["ago"] < 365].groupby(KEY).size(),
        "last_flow_on": rows.groupby(KEY)["flowed_on"].max(),
    }


def logged(sources: Path) -> dict[str, Any]:
    """What log-ins tell."""
    rows = told(sources, "login")
    days = {f"n_logins_{n}d": rows[rows["ago"] < n].groupby(KEY)["logged_in_on"].nunique() for n in LOGGED}
    return {**days, "last_login_on": rows.groupby(KEY)["logged_in_on"].max()}


def run(sources: Path, out: Path) -> None:
    """Decide and write."""
    ids = pq.read_table(sources / "client.parquet", columns=[KEY]).to_pandas()[KEY].sort_values()
    found = {**traded(sources), **flowed(sources), **logged(sources)}
    columns = {name: stored(name, found[name].reindex(ids)) for name in COLUMNS}
    pq.write_table(pa.table({KEY: pa.array(ids, pa.string()), **columns}), out)


def stored(name: str, values: pd.Series[Any]) -> pa.Array:
    """A column in the form of all ways: whole numbers, fen, days."""
    if name not in AMOUNTS | COUNTS:
        return pa.array(values.astype("Int32"), pa.int32()).cast(pa.date32())
    numbers = pa.array(values.fillna(0).astype("int64"), pa.int64())
    if name in COUNTS:
        return numbers
    fen = pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))
    return pc.multiply(numbers.cast(pa.decimal128(20, 0)), fen).cast(pa.decimal128(18, 2))
