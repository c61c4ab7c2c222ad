"""Holdings: how many products, of how many kinds, how much in one, what matures next."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import Market, ProductKind
from keepwell.contract.features import ClientFeature
from keepwell.engine import columns, frames
from keepwell.policy.decisions import ProductGroup
from keepwell.policy.packs import Packs

SHARE = ClientFeature.columns["largest_holding_share"]


def holdings(client_holding: Any, packs: Packs, as_of: dt.date) -> Any:
    """Breadth and concentration of what each client holds, and the next maturity from the cut on."""
    groups = packs.features.product_groups
    at_least = columns.literal(packs.features.style.leading_group_share, SHARE)
    by_need = {
        f"of_{group.need}": client_holding.market_amount.sum(
            where=client_holding.product_kind.isin([str(kind) for kind in group.product_kinds])
        )
        for group in groups
    }
    by_client = client_holding.group_by("client_id").agg(
        **by_need,
        held_hk_amount=client_holding.market_amount.sum(where=_is_hk_stock(client_holding)),
        n_holdings=client_holding.count(),
        n_product_kinds=client_holding.product_kind.nunique(),
        largest_amount=client_holding.market_amount.max(),
        held_amount=client_holding.market_amount.sum(),
    )
    shares = by_client.select(
        "client_id",
        "held_hk_amount",
        "n_holdings",
        "n_product_kinds",
        largest_holding_share=frames.ratio(by_client.largest_amount, by_client.held_amount),
        leading_need=_leading(by_client, groups, at_least),
    )
    return shares.left_join(_next_maturity(client_holding, as_of), "client_id").drop("client_id_right")


def _is_hk_stock(client_holding: Any) -> Any:
    is_there = client_holding.market == str(Market.HONG_KONG)
    return is_there & (client_holding.product_kind == str(ProductKind.STOCK))


def _leading(by_client: Any, groups: tuple[ProductGroup, ...], at_least: Any) -> Any:
    """The need whose products make up at least the share of the holdings; of two halves the first of the pack."""
    leads = [
        (
            frames.ratio(by_client[f"of_{group.need}"], by_client.held_amount) >= at_least,
            group,
        )
        for group in groups
    ]
    return ibis.cases(*[(holds, str(group.need)) for holds, group in leads])


def _next_maturity(client_holding: Any, as_of: dt.date) -> Any:
    """The next maturity, and all that matures on that day."""
    ahead = client_holding.filter(client_holding.matures_on >= frames.day(as_of))
    by_day = ahead.group_by("client_id", "matures_on").agg(amount=ahead.market_amount.sum())
    first = by_day.group_by("client_id").agg(matures_on=by_day.matures_on.min())
    joined = by_day.semi_join(first, ["client_id", "matures_on"])
    return joined.select("client_id", next_maturity_on="matures_on", next_maturity_amount="amount")
