"""What the rules find tonight, set against what they found before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import MomentRule
from keepwell.contract.moments import MomentFired, Term
from keepwell.engine import frames
from keepwell.engine.moments.rules import behaviour, dates
from keepwell.engine.moments.rules.found import FACTS
from keepwell.engine.moments.rules.settled import BY_PEOPLE, marked, settled
from keepwell.engine.moments.rules.tasks import joined
from keepwell.policy.decisions import Moment
from keepwell.policy.packs import Packs

# Occasions whose condition passes while there is still something to do: they stay on the list until they expire,
# those of a state as long as the client is in it.
STAYING = {MomentRule.LARGE_OUTFLOW: None, MomentRule.ASLEEP: "asleep", MomentRule.LEAVING: "leaving"}


FEATURES = (
    "assets_amount",
    "net_assets_60d_amount",
    "inflow_7d_amount",
    "outflow_7d_amount",
    "largest_outflow_7d_on",
    "largest_outflow_on",
    "net_outflow_30d_share",
    "last_trade_on",
    "last_seen_on",
    "last_login_on",
    "n_logins_30d",
    "last_contact_on",
    "n_contacts_365d",
    "assessment_valid_to",
)


def moment_fired(
    client: Any,
    client_feature: Any,
    client_holding: Any,
    client_grade: Any,
    client_record: Any,
    returned_outcome: Any,
    parent_moment_fired: Any,
    calendar_day: Any,
    packs: Packs,
    as_of: dt.date,
) -> Any:
    """Every occasion found tonight or before, by the moments pack (R083, R102, R103, R104, R145).

    An occasion keeps the day it was first found, and its task. A rule does not find a second occasion of a client
    sooner than its pack says. Occasions that are over are remembered as long as they could keep others away. What
    people dealt with at the desk is over; what they put off stays.
    """
    clients = _clients(client, client_feature, client_grade)
    tonight = _tonight(clients, client_holding, calendar_day, packs, as_of)
    before = parent_moment_fired.semi_join(client, "client_id").drop(*BY_PEOPLE)
    outcomes = settled(returned_outcome, client_record)
    new = _not_too_soon(_dated(tonight, before, as_of), before, as_of)
    fresh = marked(joined(new, before, outcomes, packs, as_of), outcomes, as_of)
    old = _remembered(before, tonight, clients, outcomes, packs, as_of)
    return fresh.select(*MomentFired.names()).union(old)


def _clients(client: Any, client_feature: Any, client_grade: Any) -> Any:
    """Clients with the facts that any rule asks for, and with their state where they have one."""
    persons = client.select("client_id", "client_kind", "population", "opened_on", "birth_on", "id_valid_to")
    states = client_grade.select("client_id", "activity_state", "activity_reason", "parent_activity_state")
    joined = persons.join(client_feature.select("client_id", *FEATURES), "client_id")
    return joined.left_join(states, "client_id", rname="{name}_graded").drop("client_id_graded")


def _tonight(clients: Any, client_holding: Any, calendar_day: Any, packs: Packs, as_of: dt.date) -> Any:
    """The occasions of every rule that is switched on, among the populations it is meant for."""
    parts = [
        _of_rule(clients, client_holding, calendar_day, code, rule, packs, as_of)
        for code, rule in packs.moments.rules()
        if rule.is_on
    ]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _of_rule(
    clients: Any,
    client_holding: Any,
    calendar_day: Any,
    code: MomentRule,
    rule: Moment,
    packs: Packs,
    as_of: dt.date,
) -> Any:
    moments = packs.moments
    asked = clients.filter(clients.population.isin([str(one) for one in rule.populations]))
    reminders = packs.suitability.questionnaire.remind_days_before
    conditions = {
        MomentRule.PRODUCT_MATURITY: lambda: dates.product_maturity(
            asked, client_holding, moments.product_maturity, as_of
        ),
        MomentRule.LARGE_OUTFLOW: lambda: behaviour.large_outflow(asked, moments.large_outflow),
        MomentRule.ASLEEP: lambda: behaviour.asleep(asked, moments.asleep, packs.activity.asleep, as_of),
        MomentRule.LEAVING: lambda: behaviour.leaving(asked, moments.leaving, as_of),
        MomentRule.ASSESSMENT_EXPIRY: lambda: dates.assessment_expiry(
            asked, moments.assessment_expiry, reminders, as_of
        ),
        MomentRule.ID_EXPIRY: lambda: dates.id_expiry(asked, moments.id_expiry, as_of),
        MomentRule.BIRTHDAY: lambda: dates.birthday(asked, calendar_day, moments.birthday, as_of),
        MomentRule.NEW_CLIENT: lambda: dates.new_client(asked, moments.new_client, as_of),
    }
    return conditions[code]().mutate(
        rule=ibis.literal(str(code)),
        is_window=ibis.literal(rule.term is Term.WINDOW),
        expires_after=ibis.literal(rule.expires_after_days, type="int64"),
        repeat_after=ibis.literal(rule.repeat_after_days, type="int64"),
    )


def _dated(tonight: Any, before: Any, as_of: dt.date) -> Any:
    """With the day an occasion was first found, and until when it is listed: a window by the day it speaks of."""
    known = before.select("client_id", "rule", "occasion", "task_rule", "task_occasion", first_on="fired_on")
    joined = tonight.left_join(known, ["client_id", "rule", "occasion"])
    joined = joined.drop("client_id_right", "rule_right", "occasion_right")
    fired_on = joined.first_on.fill_null(frames.day(as_of))
    is_ahead = joined.is_window & (joined.fact_on >= fired_on)
    since = ibis.cases((is_ahead.fill_null(False), joined.fact_on), else_=fired_on)
    expires_on = frames.days_after(since, joined.expires_after)
    return joined.mutate(fired_on=fired_on, expires_on=expires_on, is_open=expires_on >= frames.day(as_of))


def _not_too_soon(dated: Any, before: Any, as_of: dt.date) -> Any:
    """Without new occasions of a rule that found another one of the client within its time of repetition."""
    last = before.group_by("client_id", "rule").agg(last_on=before.fired_on.max())
    joined = dated.left_join(last, ["client_id", "rule"]).drop("client_id_right", "rule_right")
    since = frames.days_between(frames.day(as_of), joined.last_on)
    is_too_soon = joined.first_on.isnull() & (since < joined.repeat_after).fill_null(False)
    return joined.filter(~is_too_soon)


def _remembered(before: Any, tonight: Any, clients: Any, outcomes: Any, packs: Packs, as_of: dt.date) -> Any:
    """Occasions of runs before that are not found again: on the list while they stay, then as a memory."""
    gone = before.anti_join(tonight, ["client_id", "rule", "occasion"])
    states = clients.select("client_id", state_now="activity_state")
    joined = _retold(gone, tonight).left_join(states, "client_id").drop("client_id_right")
    stays = ibis.cases(*[_stays(joined, code, state) for code, state in STAYING.items()], else_=False)
    is_open = joined.is_open & stays.fill_null(False) & (joined.expires_on >= frames.day(as_of))
    rows = marked(joined.mutate(is_open=is_open), outcomes, as_of)
    age = frames.days_between(frames.day(as_of), rows.fired_on)
    kept = [(rows.rule == str(code), age < rule.repeat_after_days) for code, rule in packs.moments.rules()]
    return rows.filter(rows.is_open | ibis.cases(*kept, else_=False)).select(*MomentFired.names())


def _retold(gone: Any, tonight: Any) -> Any:
    """With the newest facts where the rule speaks again of what is still open: a second withdrawal of one move."""
    told = ("moment_reason", *FACTS)
    newest = tonight.filter(tonight.rule.isin([str(code) for code in STAYING]))
    newest = newest.select("client_id", "rule", **{f"new_{name}": name for name in told})
    rows = gone.left_join(newest, ["client_id", "rule"]).drop("client_id_right", "rule_right")
    is_newer = rows.is_open & rows.new_moment_reason.notnull()
    newer = {name: ibis.cases((is_newer, rows[f"new_{name}"]), else_=rows[name]) for name in told}
    return rows.mutate(**newer).drop(*(f"new_{name}" for name in told))


def _stays(rows: Any, code: MomentRule, state: str | None) -> tuple[Any, Any]:
    return rows.rule == str(code), True if state is None else rows.state_now == state
