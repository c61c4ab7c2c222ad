"""What the firm earns from a client besides commission (R010)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from keepwell.engine import frames
from keepwell.engine.features.rules import money, windows


def income(other_income: Any, client_account: Any, rates: Any, as_of: dt.date) -> Any:
    """Interest, product sales and advice of twelve months."""
    year = other_income.filter(frames.within(other_income.earned_on, as_of, 365))
    seen = money.in_yuan(windows.known(year, "earned_on", as_of), "earned_on", ("income_amount",), rates)
    by_account = seen.group_by("account_code").agg(other_income_365d_amount=seen.income_amount.sum())
    return windows.by_client(by_account, client_account)
