"""Accounts, securities accounts and permissions in force on the cut."""

from __future__ import annotations

import datetime as dt
from typing import Any

from keepwell.contract.codes import AccountKind
from keepwell.engine import frames
from keepwell.engine.features.rules import windows


def accounts(client_account: Any, rates: Any, as_of: dt.date) -> Any:
    """Open fund accounts of each client, a margin account among them, and those nobody can convert."""
    unrated = rates.filter(rates.rate == 0).select("account_code", unrated_code="account_code")
    joined = client_account.left_join(unrated, "account_code").drop("account_code_right")
    is_open = _in_force(joined, "opened_on", "closed_on", as_of)
    return joined.group_by("client_id").agg(
        n_open_accounts=is_open.sum(),
        has_credit=(is_open & (joined.account_kind == str(AccountKind.CREDIT))).any(),
        n_unconverted_accounts=joined.unrated_code.notnull().sum(),
    )


def securities(securities_account: Any, client_account: Any, as_of: dt.date) -> Any:
    """Open securities accounts of each client."""
    is_open = _in_force(securities_account, "opened_on", "closed_on", as_of)
    by_account = securities_account.group_by("account_code").agg(n_securities_accounts=is_open.sum())
    return windows.by_client(by_account, client_account)


def permissions(permission: Any, client_account: Any, as_of: dt.date) -> Any:
    """Kinds of permission each client has, over all accounts."""
    granted = permission.filter(_in_force(permission, "granted_on", "withdrawn_on", as_of))
    owned = granted.join(client_account.select("account_code", "client_id"), "account_code")
    return owned.group_by("client_id").agg(n_permissions=owned.permission_kind.nunique())


def _in_force(rows: Any, since: str, until: str, as_of: dt.date) -> Any:
    cut = frames.day(as_of)
    return (rows[since] <= cut) & (rows[until].isnull() | (rows[until] > cut))
