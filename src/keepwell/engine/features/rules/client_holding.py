"""What each client holds, over all accounts, in yuan."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.engine.features.rules import money, windows


def client_holding(
    holding: Any, product: Any, client_account: Any, exchange_rate: Any, as_of: dt.date
) -> Any:
    """Positions of the latest day delivered for each account, without those sold out, added up by product.

    A term ends when the position says so, else when the product does; of several the first.
    """
    rates = money.account_rate(client_account, exchange_rate, as_of)
    seen = windows.known(holding, "held_on", as_of)
    latest = seen.group_by("account_code").agg(held_on=seen.held_on.max())
    now = seen.semi_join(latest, ["account_code", "held_on"])
    now = money.in_yuan(now.filter(now.quantity > 0), "held_on", ("market_amount",), rates)
    owned = now.join(client_account.select("account_code", "client_id"), "account_code")
    terms = product.select("product_code", "product_kind", "market", product_matures_on="matures_on")
    joined = owned.left_join(terms, "product_code").drop("product_code_right")
    return joined.group_by("client_id", "product_code").agg(
        product_kind=joined.product_kind.max(),
        market=joined.market.max(),
        held_on=joined.held_on.max(),
        quantity=joined.quantity.sum(),
        market_amount=joined.market_amount.sum(),
        matures_on=ibis.coalesce(joined.matures_on, joined.product_matures_on).min(),
    )
