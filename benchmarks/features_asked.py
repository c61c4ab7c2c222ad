"""The columns that every way of `features_peers.py` has to tell, and the day."""

from __future__ import annotations

import datetime as dt

AS_OF = dt.date(2026, 11, 20)
SPANS = {"trade": "traded_on", "cash_flow": "flowed_on", "login": "logged_in_on"}
COUNTED, SUMMED, LOGGED = (30, 90, 180, 365), (30, 90, 365), (30, 90, 365)
COLUMNS = (
    *(f"n_trades_{n}d" for n in COUNTED), "n_trades_ever", "n_trade_days_365d", "n_products_365d",
    *(f"turnover_{n}d_amount" for n in SUMMED), "commission_365d_amount", "net_commission_365d_amount",
    "last_trade_on", "last_bought_on",
    *(f"{side}flow_{n}d_amount" for side in ("in", "out") for n in (7, 30, 90, 365)), "n_flows_365d", "last_flow_on",
    *(f"n_logins_{n}d" for n in LOGGED), "last_login_on",
)  # fmt: skip
AMOUNTS = {name for name in COLUMNS if name.endswith("_amount")}
COUNTS = {name for name in COLUMNS if name.startswith("n_")}
