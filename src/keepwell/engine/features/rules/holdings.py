"""Holdings: how many products, of how many kinds, how much in one, what matures next."""

from __future__ import annotations

import datetime as dt
from typing import Any

from keepwell.engine import frames


def holdings(client_holding: Any, as_of: dt.date) -> Any:
    """Breadth and concentration of what each client holds, and the next maturity from the cut on."""
    by_client = client_holding.group_by("client_id").agg(
        n_holdings=client_holding.count(),
        n_product_kinds=client_holding.product_kind.nunique(),
        largest_amount=client_holding.market_amount.max(),
        held_amount=client_holding.market_amount.sum(),
    )
    shares = by_client.select(
        "client_id",
        "n_holdings",
        "n_product_kinds",
        largest_holding_share=frames.ratio(by_client.largest_amount, by_client.held_amount),
    )
    return shares.left_join(_next_maturity(client_holding, as_of), "client_id").drop("client_id_right")


def _next_maturity(client_holding: Any, as_of: dt.date) -> Any:
    """The next maturity, and all that matures on that day."""
    ahead = client_holding.filter(client_holding.matures_on >= frames.day(as_of))
    by_day = ahead.group_by("client_id", "matures_on").agg(amount=ahead.market_amount.sum())
    first = by_day.group_by("client_id").agg(matures_on=by_day.matures_on.min())
    joined = by_day.semi_join(first, ["client_id", "matures_on"])
    return joined.select("client_id", next_maturity_on="matures_on", next_maturity_amount="amount")
