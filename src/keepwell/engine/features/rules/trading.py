"""Trades: how many, how much, in how many products, what commission (R010)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import TradeSide, TradingStyle
from keepwell.contract.features import ClientFeature
from keepwell.engine import columns, frames
from keepwell.engine.features.rules import money, windows
from keepwell.policy.decisions import Style

RATE = ClientFeature.columns["turnover_rate"]

COUNTED = (30, 90, 180, 365)
HALF_YEAR = 180
SUMMED = (30, 90, 180, 365)
AMOUNTS = ("traded_amount", "commission_amount", "pass_through_amount")


def trading(trade: Any, client_account: Any, rates: Any, as_of: dt.date) -> Any:
    """Trades of each client: counts, turnover, commission and products of the last windows."""
    seen = money.in_yuan(windows.known(trade, "traded_on", as_of), "traded_on", AMOUNTS, rates)
    merged = windows.by_client(_by_account(seen, as_of), client_account)
    counted = merged.mutate(
        net_commission_365d_amount=merged.commission_365d_amount - merged.pass_through_365d_amount,
    )
    kept = counted.drop("pass_through_365d_amount")
    products = _products(trade, client_account, as_of)
    return kept.left_join(products, "client_id").drop("client_id_right")


def styled(facts: Any, style: Style) -> Any:
    """The facts with the trading style; none for who hardly trades or has no assets to measure by (R031)."""
    low, high = (
        columns.literal(bound, RATE)
        for bound in (style.long_term_turnover_at_most, style.short_term_turnover_at_least)
    )
    rate = facts.turnover_rate
    told = ibis.cases(
        (facts.n_trades_365d < style.n_trades_at_least, ibis.null("string")),
        (rate <= low, str(TradingStyle.LONG_TERM)),
        (rate >= high, str(TradingStyle.SHORT_TERM)),
        (rate.notnull(), str(TradingStyle.MIXED)),
    )
    return facts.mutate(trading_style=told)


def _by_account(seen: Any, as_of: dt.date) -> Any:
    in_year = frames.within(seen.traded_on, as_of, 365)
    counts = {f"n_trades_{n}d": frames.within(seen.traded_on, as_of, n).sum() for n in COUNTED}
    turnover = {
        f"turnover_{n}d_amount": seen.traded_amount.sum(where=frames.within(seen.traded_on, as_of, n))
        for n in SUMMED
    }
    return seen.group_by("account_code").agg(
        **counts,
        **turnover,
        n_trades_ever=seen.count(),
        commission_365d_amount=seen.commission_amount.sum(where=in_year),
        pass_through_365d_amount=seen.pass_through_amount.sum(where=in_year),
        last_trade_on=seen.traded_on.max(),
        last_bought_on=seen.traded_on.max(where=seen.side == str(TradeSide.BUY)),
    )


def _products(trade: Any, client_account: Any, as_of: dt.date) -> Any:
    """Distinct products of twelve months over all accounts of a client, and more or fewer than half a year before."""
    recent = windows.known(trade.filter(frames.within(trade.traded_on, as_of, 365)), "traded_on", as_of)
    is_late = frames.within(recent.traded_on, as_of, HALF_YEAR)
    half_year_ago = as_of - dt.timedelta(days=HALF_YEAR)
    pairs = recent.group_by("account_code", "product_code").agg(
        is_late=is_late.any(), is_before=frames.within(recent.traded_on, half_year_ago, HALF_YEAR).any()
    )
    owned = pairs.join(client_account.select("account_code", "client_id"), "account_code")
    late = owned.product_code.nunique(where=owned.is_late)
    return owned.group_by("client_id").agg(
        n_products_365d=owned.product_code.nunique(),
        n_products_180d=late,
        n_products_more_180d=late - owned.product_code.nunique(where=owned.is_before),
    )
