"""The features of `features_peers.py` by Polars: lazy frames, one group-by a kind of event, distinct days apart."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
from features_asked import AMOUNTS, AS_OF, COLUMNS, COUNTED, COUNTS, LOGGED, SPANS, SUMMED

KEY = "client_id"


def scanned(sources: Path, name: str) -> pl.LazyFrame:
    """Events dated and known by the cut with their clients."""
    events = pl.scan_parquet(sources / f"{name}.parquet")
    known = events.filter((pl.col(SPANS[name]) <= AS_OF) & (pl.col("known_on") <= AS_OF))
    owners = pl.scan_parquet(sources / "client_account.parquet").select("account_code", KEY)
    return known.join(owners, on="account_code")


def within(name: str, n: int) -> pl.Expr:
    """Whether an event lies in the last ``n`` days."""
    return pl.col(SPANS[name]) > AS_OF - dt.timedelta(days=n)


def distinct(events: pl.LazyFrame, column: str, name: str) -> pl.LazyFrame:
    """How many different values each client has."""
    return events.select(KEY, column).unique().group_by(KEY).agg(pl.len().alias(name))


def traded(sources: Path) -> list[pl.LazyFrame]:
    """What trades tell."""
    events, year = scanned(sources, "trade"), within("trade", 365)
    amount, commission = pl.col("traded_amount"), pl.col("commission_amount")
    net = commission - pl.col("pass_through_amount")
    sums = events.group_by(KEY).agg(
        *(within("trade", n).sum().alias(f"n_trades_{n}d") for n in COUNTED),
        *(amount.filter(within("trade", n)).sum().alias(f"turnover_{n}d_amount") for n in SUMMED),
        pl.len().alias("n_trades_ever"),
        commission.filter(year).sum().alias("commission_365d_amount"),
        net.filter(year).sum().alias("net_commission_365d_amount"),
        pl.col("traded_on").max().alias("last_trade_on"),
        pl.col("traded_on").filter(pl.col("side") == "buy").max().alias("last_bought_on"),
    )
    recent = events.filter(year)
    days = distinct(recent, "traded_on", "n_trade_days_365d")
    return [sums, days, distinct(recent, "product_code", "n_products_365d")]


def flowed(sources: Path) -> pl.LazyFrame:
    """What cash flows tell."""
    sums = [
        pl.col("flow_amount")
        .filter((pl.col("side") == side) & within("cash_flow", n))
        .sum()
        .alias(f"{side}flow_{n}d_amount")
        for side in ("in", "out")
        for n in (7, 30, 90, 365)
    ]
    return (
        scanned(sources, "cash_flow")
        .group_by(KEY)
        .agg(
            *sums,
            within("cash_flow", 365).sum().alias("n_flows_365d"),
            pl.col("flowed_on").max().alias("last_flow_on"),
        )
    )


def logged(sources: Path) -> list[pl.LazyFrame]:
    """What log-ins tell."""
    events = scanned(sources, "login")
    last = events.group_by(KEY).agg(pl.col("logged_in_on").max().alias("last_login_on"))
    days = [distinct(events.filter(within("login", n)), "logged_in_on", f"n_logins_{n}d") for n in LOGGED]
    return [last, *days]


def run(sources: Path, out: Path) -> None:
    """Decide and write."""
    joined = pl.scan_parquet(sources / "client.parquet").select(KEY)
    for part in (*traded(sources), flowed(sources), *logged(sources)):
        joined = joined.join(part, on=KEY, how="left")
    typed = [pl.col(name).fill_null(0).cast(pl.Decimal(18, 2)) for name in COLUMNS if name in AMOUNTS]
    whole = [pl.col(name).fill_null(0).cast(pl.Int64) for name in COLUMNS if name in COUNTS]
    told = joined.with_columns(*typed, *whole).select(KEY, *COLUMNS).sort(KEY)
    told.collect().write_parquet(out)
