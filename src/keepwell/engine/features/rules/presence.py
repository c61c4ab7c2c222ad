"""Log-ins: on how many days, against the client's own habit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.engine import frames
from keepwell.engine.features.rules import windows

COUNTED = (30, 90, 180, 365)
NOW = 30  # days that the habit is compared with, and therefore leaves out


def presence(login: Any, client_account: Any, norm_days: int, as_of: dt.date) -> Any:
    """Log-in days of each client in the last windows and in the ``norm_days`` before the last 30."""
    seen = windows.known(login, "logged_in_on", as_of)
    by_account = seen.group_by("account_code").agg(
        **windows.day_marks(seen.logged_in_on, as_of, max(*COUNTED, NOW + norm_days)),
        last_login_on=seen.logged_in_on.max(),
    )
    merged = windows.by_client(by_account, client_account)
    return merged.select(
        "client_id",
        "last_login_on",
        n_norm_logins=windows.n_marked(merged, NOW, NOW + norm_days - 1),
        **{f"n_logins_{n}d": windows.n_marked(merged, 0, n - 1) for n in COUNTED},
    )


def usual_logins(n_norm_logins: Any, tenure_days: Any, norm_days: int, history_at_least_days: int) -> Any:
    """Log-in days in 30 by the client's own habit, of the days that were there to log in.

    Null for a short history, and where no log-ins are delivered.
    """
    n_days = ibis.least(tenure_days - NOW, norm_days)
    usual = frames.ratio(n_norm_logins * NOW, n_days, scale=2)
    return ibis.cases((tenure_days >= history_at_least_days, usual), else_=ibis.null())
