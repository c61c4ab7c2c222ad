"""One row an existing client: contribution less cost to serve, what to expect, what was here before (R010, R033)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import Population
from keepwell.contract.reasons.value import ExpectedReason, ValueReason
from keepwell.contract.value import ClientValue
from keepwell.engine import columns, frames
from keepwell.engine.grading.rules import trade_history
from keepwell.policy.packs import Packs
from keepwell.policy.value import UnitCosts

MONEY = ClientValue.columns["value_amount"]
FIGURES = (
    "contribution_365d_amount",
    "net_commission_365d_amount",
    "commission_365d_amount",
    "other_income_365d_amount",
    "net_assets_250d_amount",
    "assets_amount",
    "peak_assets_365d_amount",
    "n_trades_365d",
    "n_logins_365d",
    "n_contacts_365d",
    "n_complaints_365d",
    "n_open_accounts",
)
COSTS = ("trade", "login", "contact", "complaint", "account")


def client_value(client: Any, client_feature: Any, client_month: Any, packs: Packs, as_of: dt.date) -> Any:
    """What each existing client is worth at the signed unit costs, and what the next year is expected to bring."""
    pack = packs.value
    counted = client.filter(client.population == str(Population.EXISTING)).select("client_id")
    facts = counted.join(client_feature.select("client_id", *FIGURES), "client_id")
    costs = _costs(facts, pack.unit_costs)
    history = trade_history.months(client_month, as_of)
    ahead = trade_history.expected(
        trade_history.traded(history, 0, pack.expected),
        trade_history.learned(history, trade_history.YEAR, pack.expected),
        pack.expected,
    )
    told = costs.left_join(ahead, "client_id", rname="{name}_ahead").drop("client_id_ahead")
    valued = _potential(_ahead(_valued(told.cross_join(_net_share(facts)))))
    dated = valued.mutate(decided_on=frames.day(as_of), policy_version=ibis.literal(f"value {pack.version}"))
    return dated.select(*ClientValue.names())


def _costs(facts: Any, unit: UnitCosts) -> Any:
    """Each cost by itself, unknown where its table is not delivered, and those known together."""
    parts = {
        "trade": (facts.n_trades_365d, unit.trade_amount),
        "login": (facts.n_logins_365d, unit.login_day_amount),
        "contact": (facts.n_contacts_365d, unit.contact_amount),
        "complaint": (facts.n_complaints_365d, unit.complaint_amount),
        "account": (facts.n_open_accounts, unit.open_account_amount),
    }
    each = facts.mutate(
        **{
            f"{name}_cost_amount": _money(n * columns.literal(cost, MONEY))
            for name, (n, cost) in parts.items()
        }
    )
    nothing = columns.literal("0", MONEY)
    whole = sum((each[f"{name}_cost_amount"].fill_null(nothing) for name in COSTS), start=nothing)
    return each.mutate(cost_to_serve_amount=_money(whole))


def _valued(facts: Any) -> Any:
    value = facts.contribution_365d_amount - facts.cost_to_serve_amount
    reason = ibis.cases(
        (value.isnull(), str(ValueReason.UNKNOWN)),
        (value < 0, str(ValueReason.COSTS_MORE)),
        else_=str(ValueReason.EARNS),
    )
    return facts.mutate(value_amount=_money(value), value_reason=reason)


def _net_share(facts: Any) -> Any:
    """What of the firm's commission of twelve months stayed with it."""
    whole = facts.aggregate(
        net=facts.net_commission_365d_amount.sum(), gross=facts.commission_365d_amount.sum()
    )
    return whole.select(net_share=frames.ratio(whole.net, whole.gross))


def _ahead(facts: Any) -> Any:
    """What the year to come is expected to bring; other income and cost to serve as they were."""
    other = facts.other_income_365d_amount.fill_null(columns.literal("0", MONEY))
    kept = _money(trade_history.part(facts.amount, facts.net_share) + other)
    reason = ibis.cases(
        (facts.amount.isnull(), str(ExpectedReason.NO_HISTORY)),
        (facts.is_alike, str(ExpectedReason.ALIKE)),
        else_=str(ExpectedReason.ALL),
    )
    return facts.mutate(
        expected_commission_amount=facts.amount,
        expected_contribution_amount=kept,
        expected_value_amount=_money(kept - facts.cost_to_serve_amount),
        expected_reason=reason,
    )


def _potential(facts: Any) -> Any:
    """What assets that were here within twelve months would bring at the client's own rate."""
    nothing = columns.literal("0", MONEY)
    gone = ibis.greatest(facts.peak_assets_365d_amount - facts.assets_amount, nothing)
    rate = frames.ratio(facts.contribution_365d_amount, facts.net_assets_250d_amount)
    bounded = ibis.least(ibis.greatest(rate, 0), 1)
    known = ibis.cases((facts.assets_amount.notnull() & facts.peak_assets_365d_amount.notnull(), gone))
    return facts.mutate(
        gone_assets_amount=_money(known),
        potential_amount=ibis.cases((rate.notnull(), trade_history.part(known, bounded))),
    )


def _money(amount: Any) -> Any:
    return amount.cast(trade_history.MONEY)
