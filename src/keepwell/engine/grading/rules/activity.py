"""What the client is doing: of several states that hold, the first in the signed order (R030, R145)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import reduce
from typing import Any

import ibis

from keepwell.contract.codes import ActivityState
from keepwell.contract.features import ClientFeature
from keepwell.contract.reasons.grading import ActivityReason
from keepwell.engine import columns, frames
from keepwell.policy.clients import Activity, Leaving
from keepwell.policy.decisions import Windows
from keepwell.policy.errors import PackError

AMOUNT = ClientFeature.columns["assets_amount"]
SHARE = ClientFeature.columns["net_outflow_30d_share"]

Conditions = list[tuple[Any, ActivityReason]]


def stated(facts: Any, activity: Activity, windows: Windows, as_of: dt.date) -> Any:
    """The facts with activity state and reason. Raises ``PackError`` for windows that no feature has."""
    _agree(activity.leaving, windows)
    conditions: dict[ActivityState, Callable[[], Conditions]] = {
        ActivityState.LOST: lambda: [(_is_lost(facts, activity), ActivityReason.NO_ASSETS)],
        ActivityState.LEAVING: lambda: _leaving(facts, activity.leaving),
        ActivityState.ASLEEP: lambda: [(_is_asleep(facts, activity), ActivityReason.NO_TRADE_NO_LOGIN)],
        ActivityState.HESITATING: lambda: [
            (_is_hesitating(facts, activity, as_of), ActivityReason.LITTLE_EXPERIENCE)
        ],
        ActivityState.ACTIVE: lambda: _awake(facts),
    }
    ordered = [(state, *found) for state in activity.precedence for found in conditions[state]()]
    return facts.mutate(
        activity_state=ibis.cases(*[(holds, str(state)) for state, holds, _ in ordered]),
        activity_reason=ibis.cases(*[(holds, str(reason)) for _, holds, reason in ordered]),
    )


def without_trade(facts: Any) -> Any:
    """Days since the last trade; without any, since the account was opened; null where no trade is delivered."""
    since = ibis.coalesce(facts.days_since_trade, facts.tenure_days)
    return ibis.cases((facts.n_trades_ever.notnull(), since))


def unseen(facts: Any) -> Any:
    """Days since the client last logged in, traded or moved cash; without any, since the account was opened.

    Money moved is a sign of life as a log-in is: some firms deliver no log-ins at all. Null where neither is delivered.
    """
    since = ibis.coalesce(facts.days_since_seen, facts.tenure_days)
    return ibis.cases((facts.n_logins_30d.notnull() | facts.outflow_30d_amount.notnull(), since))


def _awake(facts: Any) -> Conditions:
    """Who is in no other state is active; where silence cannot be heard, that is said."""
    can_tell = without_trade(facts).notnull() & unseen(facts).notnull()
    return [
        (can_tell, ActivityReason.TRADES_OR_LOGINS),
        (ibis.literal(True), ActivityReason.NOT_DELIVERED),
    ]


def _is_lost(facts: Any, activity: Activity) -> Any:
    rule = activity.lost
    is_empty = facts.assets_amount <= columns.literal(rule.assets_at_most_amount, AMOUNT)
    is_idle = (without_trade(facts) >= rule.n_days_without_trade) & (
        unseen(facts) >= rule.n_days_without_login
    )
    return is_empty & is_idle


def _is_asleep(facts: Any, activity: Activity) -> Any:
    rule = activity.asleep
    return (without_trade(facts) >= rule.n_days_without_trade) & (unseen(facts) >= rule.n_days_without_login)


def _leaving(facts: Any, rule: Leaving) -> Conditions:
    net_outflow = facts.outflow_30d_amount - facts.inflow_30d_amount
    moves_out = (net_outflow >= columns.literal(rule.net_outflow_at_least_amount, AMOUNT)) & (
        facts.net_outflow_30d_share >= columns.literal(rule.net_outflow_share, SHARE)
    )
    few = facts.usual_logins_30d * columns.literal(rule.logins_at_most_share, SHARE)
    stays_away = (facts.usual_logins_30d >= rule.n_norm_logins_at_least) & (facts.n_logins_30d <= few)
    return [
        (moves_out.fill_null(False), ActivityReason.OUTFLOW),
        (stays_away.fill_null(False), ActivityReason.FEWER_LOGINS),
    ]


def _is_hesitating(facts: Any, activity: Activity, as_of: dt.date) -> Any:
    rule = activity.hesitating
    counted = (
        (rule.counts_assessment, facts.assessed_on),
        (rule.counts_enquiry, facts.last_enquiry_on),
        (rule.counts_permission, facts.last_permission_asked_on),
    )
    hesitates = [
        _asked_not_bought(facts, on, rule.asked_window_days, as_of) for counts, on in counted if counts
    ]
    has_little = facts.n_trades_ever <= rule.n_trades_at_most
    return reduce(lambda one, other: one | other, hesitates, ibis.literal(False)) & has_little


def _asked_not_bought(facts: Any, asked_on: Any, days: int, as_of: dt.date) -> Any:
    has_not_bought = facts.last_bought_on.isnull() | (facts.last_bought_on < asked_on)
    return (frames.within(asked_on, as_of, days) & has_not_bought).fill_null(False)


def _agree(rule: Leaving, windows: Windows) -> None:
    """The features are named for their windows: a pack that asks for others is refused, not misread."""
    wanted = (
        ("leaving.outflow_window_days", rule.outflow_window_days, 30),
        ("leaving.mean_assets_window_days", rule.mean_assets_window_days, 60),
        ("leaving.login_window_days", rule.login_window_days, 30),
        ("leaving.login_norm_window_days", rule.login_norm_window_days, windows.login_norm_days),
    )
    for key, found, allowed in wanted:
        if found != allowed:
            raise PackError("activity.toml", key, str(found), f"{allowed}, the window of the client features")
