"""Occasions in what clients do: large outflow, falling asleep, inclined to leave (R102, R145)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import ActivityState
from keepwell.contract.features import ClientFeature
from keepwell.contract.reasons.grading import ActivityReason
from keepwell.contract.reasons.moments import MomentReason
from keepwell.engine import columns, frames
from keepwell.engine.moments.rules.found import found, key
from keepwell.policy.clients import Asleep
from keepwell.policy.decisions import LargeOutflow, StateEntered
from keepwell.policy.errors import PackError

AMOUNT = ClientFeature.columns["assets_amount"]
SHARE = ClientFeature.columns["net_outflow_30d_share"]


def large_outflow(clients: Any, rule: LargeOutflow) -> Any:
    """Net outflow of seven days of at least the amount and the share of the 60-day average asked for.

    Raises ``PackError`` for a window that the features do not have.
    """
    if rule.window_days != 7:
        raise PackError(
            "moments.toml", "large_outflow.window_days", str(rule.window_days), "7, as features are named"
        )
    net_outflow = clients.outflow_7d_amount - clients.inflow_7d_amount
    share = frames.ratio(net_outflow, clients.net_assets_60d_amount)
    facts = clients.mutate(net_outflow=net_outflow, share=share)
    is_large = (facts.net_outflow >= columns.literal(rule.net_outflow_at_least_amount, AMOUNT)) & (
        facts.share >= columns.literal(rule.net_outflow_share, SHARE)
    )
    large = facts.filter(is_large)
    return found(
        large,
        key(large.largest_outflow_7d_on),
        MomentReason.LARGE_OUTFLOW,
        fact_on=large.largest_outflow_7d_on,
        fact_amount=large.net_outflow,
        fact_share=large.share,
    )


def asleep(clients: Any, rule: StateEntered, activity: Asleep, as_of: dt.date) -> Any:
    """Clients who fell asleep: awake in the run before or, without one, awake until a few days ago."""
    last_trade = ibis.coalesce(clients.last_trade_on, clients.opened_on)
    last_seen = ibis.coalesce(clients.last_seen_on, clients.opened_on)
    since = ibis.greatest(
        frames.days_after(last_trade, activity.n_days_without_trade),
        frames.days_after(last_seen, activity.n_days_without_login),
    )
    facts = clients.mutate(since=since, days_unseen=frames.days_between(frames.day(as_of), last_seen))
    is_new = _lately(facts.since, as_of, rule)
    fell = facts.filter(_entered(facts, ActivityState.ASLEEP, is_new, rule))
    return found(
        fell, key(fell.since), MomentReason.FELL_ASLEEP, fact_on=fell.since, fact_days=fell.days_unseen
    )


def leaving(clients: Any, rule: StateEntered, as_of: dt.date) -> Any:
    """Clients whose money or habit turned away: since the run before or, without one, in the last days."""
    by_outflow = clients.activity_reason == str(ActivityReason.OUTFLOW)
    is_new = ~by_outflow | _lately(clients.largest_outflow_on, as_of, rule)
    turned = clients.filter(_entered(clients, ActivityState.LEAVING, is_new, rule))
    moves = turned.filter(turned.activity_reason == str(ActivityReason.OUTFLOW))
    stays = turned.filter(turned.activity_reason == str(ActivityReason.FEWER_LOGINS))
    return found(
        moves,
        key("outflow", moves.largest_outflow_on),
        MomentReason.MOVES_OUT,
        fact_on=moves.largest_outflow_on,
        fact_share=moves.net_outflow_30d_share,
    ).union(
        found(
            stays,
            key("logins", stays.last_login_on),
            MomentReason.STAYS_AWAY,
            fact_on=stays.last_login_on,
            fact_days=stays.n_logins_30d,
        )
    )


def _lately(on: Any, as_of: dt.date, rule: StateEntered) -> Any:
    """Whether a day is one of those that count as new; reckoned in the table, every night by the same SQL."""
    age = frames.days_between(frames.day(as_of), on)
    return (age >= 0) & (age < rule.entered_within_days)


def _entered(clients: Any, state: ActivityState, is_new: Any, rule: StateEntered) -> Any:
    """In the state now, not in the run before; a client without a run before must have entered lately."""
    before = clients.parent_activity_state
    came = ibis.cases((before.isnull(), is_new), else_=before != str(state))
    has_assets = clients.assets_amount >= columns.literal(rule.assets_at_least_amount, AMOUNT)
    return (clients.activity_state == str(state)) & came.fill_null(False) & has_assets
