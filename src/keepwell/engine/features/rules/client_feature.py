"""One row a client: the groups of facts side by side, and what follows from them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis.expr import datatypes as types

from keepwell.contract.features import ClientFeature
from keepwell.engine import frames
from keepwell.engine.features.rules import (
    assessment,
    assets,
    dealings,
    delivered,
    flows,
    gaps,
    holdings,
    income,
    manager,
    money,
    presence,
    realised,
    results,
    standing,
    trading,
)
from keepwell.policy.decisions import Windows
from keepwell.policy.errors import PackError
from keepwell.policy.packs import Packs

DAYS_NAMED = (30, 90, 180, 365)
OF_YEAR = {
    "trades": ("n_trades", ""),
    "turnover": ("turnover", "_amount"),
    "outflow": ("outflow", "_amount"),
    "logins": ("n_logins", ""),
}


def client_feature(
    client: Any, client_account: Any, client_record: Any, client_month: Any, client_holding: Any,
    daily_asset: Any, trade: Any, cash_flow: Any, login: Any, other_income: Any, securities_account: Any,
    permission: Any, questionnaire: Any, returned_assessment: Any, contact: Any, returned_contact: Any,
    complaint: Any, application: Any, transfer: Any, entitlement: Any, index_price: Any, assignment: Any,
    returned_assignment: Any, exchange_rate: Any, calendar_day: Any, source_coverage: Any, packs: Packs, as_of: dt.date,
) -> Any:  # fmt: skip
    """Facts of every client from what happened and was known by the cut (R009, R010, R024, R025).

    What follows from a table that the firm does not deliver is null, never zero.

    Raises ``PackError`` when the features pack asks for windows that the columns are not named for.
    """
    rates, spans = money.account_rate(client_account, exchange_rate, as_of), _windows(packs)
    parts = (
        standing.accounts(client_account, rates, as_of),
        standing.securities(securities_account, client_account, as_of),
        standing.permissions(permission, client_account, as_of),
        assets.assets(daily_asset, client_account, rates, calendar_day, as_of),
        results.results(client_month, as_of),
        flows.flows(cash_flow, client_account, rates, as_of),
        flows.transfers(transfer, client_account, rates, as_of),
        trading.trading(trade, client_account, rates, as_of),
        gaps.gaps(trade, client_account, packs, as_of),
        realised.realised(trade, entitlement, client_account, rates, as_of),
        income.income(other_income, client_account, rates, as_of),
        presence.presence(login, client_account, spans.login_norm_days, as_of),
        holdings.holdings(client_holding, packs, as_of),
        assessment.assessment(questionnaire, returned_assessment, client_record, packs, as_of),
        dealings.contacts(contact, returned_contact, client_record, as_of),
        dealings.complaints(complaint, client_record, as_of),
        dealings.applications(application, client_record, as_of),
        manager.changes_of_manager(assignment, returned_assignment, client_record, as_of),
    )
    facts = _side_by_side(_clients(client, as_of), parts)
    facts = facts.cross_join(results.index_drawdown(index_price, packs.features.market.index_codes, as_of))
    known = facts.cross_join(delivered.flags(source_coverage, ClientFeature))
    whole = _derived(delivered.filled(known, ClientFeature, {"n_norm_logins": "login"}), spans, as_of)
    return trading.styled(whole, packs.features.style).select(*ClientFeature.names())


def _side_by_side(clients: Any, parts: tuple[Any, ...]) -> Any:
    """Every client with the facts of each part, null where a part knows nothing of the client."""
    joined = clients
    for place, part in enumerate(parts):
        joined = joined.left_join(part, "client_id", rname=f"{{name}}_{place}")
    return joined.drop(*(f"client_id_{place}" for place in range(len(parts))))


def _windows(packs: Packs) -> Windows:
    spans = packs.features.windows
    if tuple(spans.days) != DAYS_NAMED:
        allowed = f"{list(DAYS_NAMED)}, as the columns are named"
        raise PackError("features.toml", "windows.days", str(list(spans.days)), allowed)
    return spans


def _clients(client: Any, as_of: dt.date) -> Any:
    """Since how many days each client is one, and has the manager of today."""
    tenure, served = (
        frames.days_between(frames.day(as_of), on) for on in (client.opened_on, client.manager_since_on)
    )
    return client.select(
        "client_id",
        tenure_days=ibis.greatest(tenure, 0),
        days_with_manager=ibis.cases((served.notnull(), ibis.greatest(served, 0))),
    )


def _derived(facts: Any, spans: Windows, as_of: dt.date) -> Any:
    """Sums, shares and distances in days that follow from the groups together."""
    cut = frames.day(as_of)
    seen = ibis.greatest(facts.last_trade_on, facts.last_login_on, facts.last_flow_on)
    usual = presence.usual_logins(
        facts.n_norm_logins, facts.tenure_days, spans.login_norm_days, spans.history_at_least_days
    )
    stocks = facts.stock_amount + facts.b_stock_amount + _or_zero(facts.daily_hk_amount)
    hk_shares = ibis.coalesce(facts.daily_hk_amount, facts.held_hk_amount)
    return facts.mutate(
        **_parts_of_year(facts),
        **_changes(facts),
        stock_amount=stocks,
        hk_stock_amount=ibis.cases((facts.assets_amount.notnull(), _or_zero(hk_shares))),
        cash_share=frames.ratio(facts.cash_amount, facts.assets_amount),
        stock_share=frames.ratio(stocks, facts.assets_amount),
        fund_share=frames.ratio(facts.fund_amount, facts.assets_amount),
        drawdown_over_index_share=facts.drawdown_12m_share - facts.index_drawdown_12m_share,
        net_outflow_30d_share=frames.ratio(
            facts.outflow_30d_amount - facts.inflow_30d_amount, facts.net_assets_60d_amount
        ),
        net_outflow_90d_share=frames.ratio(
            facts.outflow_90d_amount - facts.inflow_90d_amount, facts.net_assets_60d_amount
        ),
        turnover_rate=frames.ratio(facts.turnover_365d_amount, facts.net_assets_250d_amount),
        contribution_365d_amount=facts.net_commission_365d_amount + _or_zero(facts.other_income_365d_amount),
        usual_logins_30d=usual,
        logins_of_usual_share=frames.ratio(facts.n_logins_30d, usual),
        days_since_trade=frames.days_between(cut, facts.last_trade_on),
        days_since_login=frames.days_between(cut, facts.last_login_on),
        last_seen_on=seen,
        days_since_seen=frames.days_between(cut, seen),
        days_since_contact=frames.days_between(cut, facts.last_contact_on),
    )


def _parts_of_year(facts: Any) -> dict[str, Any]:
    """Which part of twelve months fell into shorter windows."""
    told = {}
    for name, (column, ending) in OF_YEAR.items():
        year = facts[f"{column}_365d{ending}"]
        for n in (30, 90):
            told[f"{name}_{n}d_of_365d_share"] = frames.ratio(facts[f"{column}_{n}d{ending}"], year)
    return told


def _changes(facts: Any) -> dict[str, Any]:
    """How assets changed, and how they would have at constant prices: by what was moved alone."""
    told = {}
    for n in assets.PAST:
        ago = facts[f"assets_{n}d_ago_amount"]
        told[f"assets_change_{n}d_share"] = frames.ratio(facts.assets_amount - ago, ago)
    for n in flows.MOVED:
        ago = facts[f"assets_{n}d_ago_amount"]
        moved = facts[f"inflow_{n}d_amount"] - facts[f"outflow_{n}d_amount"]
        securities = facts[f"transfer_in_{n}d_amount"] - facts[f"transfer_out_{n}d_amount"]
        told[f"constant_change_{n}d_share"] = frames.ratio(moved + _or_zero(securities), ago)
    return told


def _or_zero(amount: Any) -> Any:
    return amount.fill_null(ibis.literal("0").cast(types.Decimal(18, 2)))
