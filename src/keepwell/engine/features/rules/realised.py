"""What sales brought over what the products had cost, at the mean cost of all purchases on record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis.expr import datatypes as types

from keepwell.contract.codes import TradeSide
from keepwell.engine import frames
from keepwell.engine.features.rules import money, windows

PAIR = ("account_code", "product_code")
WIDE = types.Decimal(38, 4)
MONEY, SUM = types.Decimal(18, 2), types.Decimal(38, 2)


def realised(trade: Any, entitlement: Any, client_account: Any, rates: Any, as_of: dt.date) -> Any:
    """The realised result of twelve months of each client, cash dividends included.

    Shares of a split came without cost. Of a sale of more than was ever bought only the part that was bought counts.
    A foreign account's result is taken in its own currency, and counts at the rate of the cut.
    """
    got = windows.known(entitlement, "paid_on", as_of)
    sold = _sold(trade, as_of)
    pairs = sold.join(_bought(trade, got, sold, as_of), PAIR)
    known = pairs.filter(pairs.bought > 0)
    counted = ibis.least(known.sold, known.bought)
    result = _part(known.brought_amount, counted, known.sold) - _part(
        known.cost_amount, counted, known.bought
    )
    paid = got.filter(frames.within(got.paid_on, as_of, 365))
    both = known.select("account_code", result_amount=result).union(
        paid.select("account_code", result_amount=paid.cash_amount.cast(SUM))
    )
    told = both.group_by("account_code").agg(realised_365d_amount=both.result_amount.sum().cast(MONEY))
    dated = told.mutate(counted_on=frames.day(as_of))
    in_yuan = money.in_yuan(dated, "counted_on", ("realised_365d_amount",), rates)
    return windows.by_client(in_yuan.drop("counted_on"), client_account)


def _sold(trade: Any, as_of: dt.date) -> Any:
    """Sales of twelve months by account and product: how many, and what they brought after charges."""
    is_sale = frames.within(trade.traded_on, as_of, 365) & (trade.side == str(TradeSide.SELL))
    sales = windows.known(trade.filter(is_sale), "traded_on", as_of)
    brought = sales.traded_amount - sales.commission_amount - sales.tax_amount
    return sales.group_by(PAIR).agg(
        sold=sales.quantity.sum().cast(WIDE), brought_amount=brought.sum().cast(SUM)
    )


def _bought(trade: Any, got: Any, sold: Any, as_of: dt.date) -> Any:
    """All purchases of what was sold, and shares that came without cost."""
    buys = windows.known(trade.filter(trade.side == str(TradeSide.BUY)), "traded_on", as_of)
    cost = buys.traded_amount + buys.commission_amount + buys.tax_amount
    paid = buys.select(*PAIR, "quantity", cost=cost.cast(SUM))
    both = paid.union(got.select(*PAIR, "quantity", cost=_nothing())).semi_join(sold, PAIR)
    told = both.group_by(PAIR).agg(bought=both.quantity.sum().cast(WIDE), cost_amount=both.cost.sum())
    return told.filter(told.cost_amount > 0)


def _nothing() -> Any:
    return ibis.literal("0").cast(SUM)


def _part(amount: Any, of: Any, whole: Any) -> Any:
    """``amount × of / whole``, to the fen: exact where all of it counts."""
    part = (amount.cast("float64") * (of.cast("float64") / whole.cast("float64"))).round(2)
    return ibis.cases((of == whole, amount), else_=part.cast(SUM))
