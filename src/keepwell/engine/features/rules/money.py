"""One currency for all: amounts of foreign accounts at the rate of their day (R009)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis.expr import datatypes as types

from keepwell.contract.codes import Currency
from keepwell.engine import frames

FIRST_DAY, LAST_DAY = dt.date(1, 1, 1), dt.date(9999, 12, 31)


def account_rate(client_account: Any, exchange_rate: Any, as_of: dt.date) -> Any:
    """Yuan for one unit, by foreign account and period (from included, to excluded); rate 0 where none is quoted.

    Accounts in yuan are left out. When all accounts share one other currency and nobody quotes it, that currency
    is the firm's own and nothing is converted. Before its first quotation a currency has the first rate.
    """
    quoted = _periods(exchange_rate.filter(exchange_rate.quoted_on <= frames.day(as_of)))
    foreign = _foreign(client_account, quoted)
    joined = foreign.left_join(quoted, "currency")
    return joined.select(
        "account_code",
        from_on=joined.from_on.fill_null(frames.day(FIRST_DAY)),
        to_on=joined.to_on.fill_null(frames.day(LAST_DAY)),
        rate=joined.rate.fill_null(ibis.literal("0").cast(types.Decimal(18, 8))),
    )


def in_yuan(events: Any, on: str, amounts: tuple[str, ...], rates: Any) -> Any:
    """The events with ``amounts`` at the rate of the day ``on``, rounded to fen; yuan accounts unchanged."""
    in_force = (
        (events.account_code == rates.account_code)
        & (events[on] >= rates.from_on)
        & (events[on] < rates.to_on)
    )
    joined = events.left_join(rates.select("account_code", "from_on", "to_on", "rate"), in_force)
    kept = {name: joined[name] for name in events.columns}
    return joined.select(**{**kept, **{name: _converted(joined[name], joined.rate) for name in amounts}})


def _converted(amount: Any, rate: Any) -> Any:
    return ibis.cases((rate.isnull(), amount), else_=(amount * rate).cast(types.Decimal(18, 2)))


def _periods(quotes: Any) -> Any:
    """Each quotation from its day up to the next one's; the first from the beginning of time."""
    ordered = ibis.window(group_by="currency", order_by="quoted_on")
    first = quotes.quoted_on.lag().over(ordered).isnull()
    return quotes.select(
        "currency",
        "rate",
        from_on=ibis.cases((first, frames.day(FIRST_DAY)), else_=quotes.quoted_on),
        to_on=quotes.quoted_on.lead().over(ordered).fill_null(frames.day(LAST_DAY)),
    )


def _foreign(client_account: Any, quoted: Any) -> Any:
    """Accounts that need a rate: not in yuan, nor in the one currency of a firm that quotes none."""
    whole = client_account.aggregate(
        n_currencies=client_account.currency.nunique(), only_currency=client_account.currency.min()
    )
    rated = quoted.select(rated_currency="currency").distinct()
    accounts = client_account.select("account_code", "currency").cross_join(whole)
    joined = accounts.left_join(rated, accounts.currency == rated.rated_currency)
    is_own = (joined.n_currencies == 1) & joined.rated_currency.isnull()
    return joined.filter((joined.currency != str(Currency.CNY)) & ~is_own).select("account_code", "currency")
