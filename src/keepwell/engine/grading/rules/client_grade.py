"""One row an existing client: grade, service type and activity state, and since when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import Population
from keepwell.contract.grading import ClientGrade
from keepwell.engine import frames
from keepwell.engine.grading.rules import activity, grade, groupings, indicators, service_level, service_type
from keepwell.engine.grading.rules.overridden import overridden
from keepwell.policy.clients import Averaging
from keepwell.policy.errors import PackError
from keepwell.policy.packs import Packs

FEATURES = (
    "tenure_days",
    "assets_amount",
    "net_assets_20d_amount",
    "contribution_365d_amount",
    "inflow_30d_amount",
    "outflow_30d_amount",
    "net_outflow_30d_share",
    "n_trades_ever",
    "n_trade_days_365d",
    "turnover_rate",
    "last_bought_on",
    "days_since_trade",
    "days_since_seen",
    "n_logins_30d",
    "usual_logins_30d",
    "risk_level",
    "assessed_on",
    "last_enquiry_on",
    "last_permission_asked_on",
)


def client_grade(
    client: Any,
    client_feature: Any,
    client_month: Any,
    client_record: Any,
    client_suitability: Any,
    questionnaire_answer: Any,
    returned_answer: Any,
    returned_override: Any,
    parent_client_grade: Any,
    packs: Packs,
    as_of: dt.date,
    acts_on: dt.date,
) -> Any:
    """Classes of every existing client by the grading and activity packs (R020, R026 to R030).

    Whatever people set for a time (R235), the rules judge by what they themselves said the run before.

    Raises ``PackError`` when a pack asks for windows that the features do not have, or for questions nobody asks.
    """
    _agree(packs.grading.averaging)
    facts = _with_parent(_counted(client, client_feature), parent_client_grade)
    ends = grade.month_ends(client_month, packs.grading, as_of)
    graded = grade.graded(facts, ends, packs.grading)
    marks = indicators.marked(client_suitability, questionnaire_answer, returned_answer, client, packs)
    typed = service_type.typed(graded, marks, packs)
    stated = activity.stated(typed, packs.activity, packs.features.windows, as_of)
    ruled = stated.mutate(ruled_on=_since(stated.grade, stated.parent_grade, stated.parent_graded_on, as_of))
    final = overridden(ruled, returned_override, client_record, packs.grading, acts_on)
    grouped = groupings.grouped(service_level.levelled(final, packs.grading), packs.grading.groupings)
    return _dated(grouped, packs, as_of).select(*ClientGrade.names())


def _counted(client: Any, client_feature: Any) -> Any:
    """Existing clients with the facts that classes are made of."""
    counted = client.filter(client.population == str(Population.EXISTING)).select("client_id", "client_kind")
    return counted.join(client_feature.select("client_id", *FEATURES), "client_id")


def _dated(final: Any, packs: Packs, as_of: dt.date) -> Any:
    """Since when the class and the state that are shown stand, and by which policy."""
    return final.mutate(
        parent_grade=final.shown_grade,
        graded_on=_since(final.grade, final.shown_grade, final.shown_on, as_of),
        activity_since_on=_since(
            final.activity_state, final.parent_activity_state, final.parent_activity_since_on, as_of
        ),
        decided_on=frames.day(as_of),
        policy_version=ibis.literal(f"grading {packs.grading.version} activity {packs.activity.version}"),
    )


def _with_parent(facts: Any, parent: Any) -> Any:
    """With what the run before said: the grade by rule, which alone counts for losing it, and the grade it showed."""
    before = parent.select(
        "client_id",
        parent_grade=ibis.coalesce(parent.ruled_grade, parent.grade),
        parent_graded_on=ibis.coalesce(parent.ruled_on, parent.graded_on),
        shown_grade="grade",
        shown_on="graded_on",
        parent_activity_state="activity_state",
        parent_activity_since_on="activity_since_on",
    )
    return facts.left_join(before, "client_id", rname="{name}_before").drop("client_id_before")


def _since(now: Any, before: Any, before_on: Any, as_of: dt.date) -> Any:
    """The date of the run before while nothing changed, else the date of this run."""
    return ibis.cases((now == before, before_on), else_=frames.day(as_of))


def _agree(averaging: Averaging) -> None:
    """The measures are named for their spans: a pack that asks for others is refused, not misread."""
    wanted = (
        ("averaging.n_trading_days", averaging.n_trading_days, 20),
        ("averaging.n_contribution_months", averaging.n_contribution_months, 12),
    )
    for key, found, allowed in wanted:
        if found != allowed:
            raise PackError("grading.toml", key, str(found), f"{allowed}, the span of the client features")
