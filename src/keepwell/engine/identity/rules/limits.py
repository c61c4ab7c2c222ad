"""More accounts of a kind in a market than one client may have, over all customer numbers (R223)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.identity import LimitedAccount
from keepwell.contract.reasons.identity import LimitReason
from keepwell.contract.sources.accounts import DailyAsset
from keepwell.engine import columns, frames
from keepwell.policy.clients import Dormancy
from keepwell.policy.golden import AccountLimit
from keepwell.policy.packs import Packs

GROUP = ("client_id", "market", "account_kind")


def limited_account(
    securities_account: Any,
    client_account: Any,
    trade: Any,
    daily_asset: Any,
    holding: Any,
    packs: Packs,
    as_of: dt.date,
) -> Any:
    """Every open account of a kind and market of which a client has too many, in the order of opening.

    The first opened are within the limit; of the others those opened before it came into force may stay.
    """
    many = _many(securities_account, client_account, packs.identity.account_limit, as_of)
    order = [many.opened_on, many.securities_account_code]
    ranked = many.mutate(nth=ibis.row_number().over(group_by=GROUP, order_by=order) + 1)
    limit = packs.identity.account_limit
    reason = ibis.cases(
        (ranked.nth <= limit.n_at_most, str(LimitReason.WITHIN)),
        (ranked.opened_on < frames.day(limit.since_on), str(LimitReason.GRANDFATHERED)),
        else_=str(LimitReason.OVER),
    )
    idle = _idle(many, trade, daily_asset, holding, packs.clients.dormancy, as_of)
    told = ranked.mutate(limit_reason=reason).left_join(idle, "account_code").drop("account_code_right")
    return told.mutate(is_idle=told.is_idle.fill_null(False)).select(*LimitedAccount.names())


def _many(securities_account: Any, client_account: Any, limit: AccountLimit, as_of: dt.date) -> Any:
    """Accounts that are open, with their clients, of the groups that are too large."""
    today, all_of = frames.day(as_of), securities_account
    is_open = (all_of.opened_on <= today) & (all_of.closed_on.isnull() | (all_of.closed_on > today))
    wanted = all_of.filter(is_open & all_of.market.isin([str(market) for market in limit.markets]))
    owner = client_account.select("account_code", "client_id", "record_code", "branch_code", "account_kind")
    owned = wanted.select("market", "securities_account_code", "account_code", "opened_on").join(
        owner, "account_code"
    )
    # Counted in its place: joined back by market first, of a hundred thousand clients it would be 120 million rows.
    sized = owned.mutate(n_open=owned.securities_account_code.count().over(group_by=GROUP))
    return sized.filter(sized.n_open > limit.n_at_most)


def _idle(many: Any, trade: Any, daily_asset: Any, holding: Any, rule: Dormancy, as_of: dt.date) -> Any:
    """Whether a fund account may be called dormant: no trade for long, hardly any money, nothing held."""
    since = many.group_by("account_code").agg(opened_on=many.opened_on.min())
    traded = trade.semi_join(since, "account_code")
    last = traded.group_by("account_code").agg(traded_on=traded.traded_on.max())
    money = daily_asset.semi_join(since, "account_code")
    balance = money.group_by("account_code").agg(cash_amount=frames.latest(money.cash_amount, money.held_on))
    kept = holding.semi_join(since, "account_code")
    newest = kept.group_by("account_code").agg(last_on=kept.held_on.max())
    held = kept.join(newest, "account_code").filter(
        lambda row: (row.held_on == row.last_on) & (row.quantity > 0)
    )
    full = held.group_by("account_code").agg(n_held=held.product_code.count())
    joined = since
    for part in (last, balance, full):
        joined = joined.left_join(part, "account_code").drop("account_code_right")
    from_on = ibis.coalesce(joined.traded_on, joined.opened_on)
    most = columns.literal(rule.balance_at_most_amount, DailyAsset.columns["cash_amount"])
    is_idle = frames.months_after(from_on, rule.n_months_without_trade) <= frames.day(as_of)
    is_poor = joined.cash_amount.fill_null(0) <= most
    is_empty = joined.n_held.isnull() if rule.requires_no_holdings else ibis.literal(value=True)
    return joined.select("account_code", is_idle=is_idle & is_poor & is_empty)
