"""The other ways to group clients: by tier, by kind and wealth, by how often they trade (R020, R022, R023, R029)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.codes import ClientKind
from keepwell.contract.features import ClientFeature
from keepwell.contract.grading import Rhythm, Segment
from keepwell.contract.reasons.grading import GroupingReason
from keepwell.engine import columns
from keepwell.policy.serving import Groupings

ASSETS = ClientFeature.columns["net_assets_20d_amount"]
RATE = ClientFeature.columns["turnover_rate"]


def grouped(facts: Any, pack: Groupings) -> Any:
    """The facts with tier, segment and rhythm, and what they were told from; what nobody delivers is unknown.

    ``facts`` has the grade in force, ``client_kind`` and the figures of trading.
    """
    tiers = [(facts.grade == str(row.grade), str(row.tier)) for row in pack.tiers]
    is_rich = facts.net_assets_20d_amount >= columns.literal(pack.high_net_worth_at_least_amount, ASSETS)
    segment = ibis.cases(
        (facts.client_kind != str(ClientKind.PERSON), str(Segment.INSTITUTION)),
        (is_rich, str(Segment.HIGH_NET_WORTH)),
        (facts.net_assets_20d_amount.notnull(), str(Segment.RETAIL)),
    )
    reason = ibis.cases(
        (facts.n_trade_days_365d.isnull(), str(GroupingReason.TRADES_UNKNOWN)),
        else_=str(GroupingReason.BY_TRADING),
    )
    return facts.mutate(
        tier=ibis.cases(*tiers), segment=segment, rhythm=_rhythm(facts, pack), grouping_reason=reason
    )


def _rhythm(facts: Any, pack: Groupings) -> Any:
    """How often a client trades; who hardly trades and turns over little of what is there is steady."""
    n_days = facts.n_trade_days_365d
    is_slow = facts.turnover_rate <= columns.literal(pack.steady_turnover_at_most, RATE)
    return ibis.cases(
        (n_days.isnull(), ibis.null("string")),
        (n_days >= pack.n_high_frequency_days_at_least, str(Rhythm.HIGH_FREQUENCY)),
        ((n_days <= pack.n_steady_days_at_most) & is_slow.fill_null(False), str(Rhythm.STEADY)),
        else_=str(Rhythm.ORDINARY),
    )
