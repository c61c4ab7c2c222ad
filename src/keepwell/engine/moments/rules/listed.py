"""The open occasions with owner, channel, topic and deadline: what a manager sees in the morning."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.codes import CalendarKind, MomentRule
from keepwell.contract.moments import Moment
from keepwell.engine import frames
from keepwell.engine.moments.rules.tasks import TASK
from keepwell.policy.decisions import Moment as Rule
from keepwell.policy.packs import Packs

ALSO = {
    "also_rule": "rule",
    "also_reason": "moment_reason",
    "also_on": "fact_on",
    "also_amount": "fact_amount",
    "also_share": "fact_share",
    "also_days": "fact_days",
}
BY_DEADLINE = ("due_on", "due_is_provisional", "term", "calendar_kind")


def moment(moment_fired: Any, client: Any, calendar_day: Any, packs: Packs) -> Any:
    """Every open task with its deadline, counted in the calendar its rule names; a window has none (R104, R234)."""
    opened = moment_fired.filter(moment_fired.is_open)
    owned = opened.left_join(client.select("client_id", "manager_code"), "client_id").drop("client_id_right")
    told = ibis.union(*[_told(owned, code, rule) for code, rule in packs.moments.rules()])
    dated = _as_tasks(_due(told, calendar_day))
    version = f"moments {packs.moments.version} suitability {packs.suitability.version}"
    return dated.mutate(policy_version=ibis.literal(version)).select(*Moment.names())


def _told(opened: Any, code: MomentRule, rule: Rule) -> Any:
    """The occasions of one rule with what its pack says of all of them."""
    deadline = rule.deadline
    return opened.filter(opened.rule == str(code)).mutate(
        moment_kind=ibis.literal(str(rule.kind)),
        topic_en=ibis.literal(rule.topic.en),
        topic_zh=ibis.literal(rule.topic.zh),
        channel=ibis.literal(str(rule.channel)),
        owner_role=ibis.literal(str(rule.owner_role)),
        priority=ibis.literal(rule.priority, type="int64"),
        is_capped=ibis.literal(rule.counts_against_cap),
        term=ibis.literal(str(rule.term)),
        calendar_kind=ibis.literal(str(deadline.calendar) if deadline else None, type="string"),
        n_days=ibis.literal(deadline.n if deadline else None, type="int64"),
    )


def _as_tasks(dated: Any) -> Any:
    """One row a task: its first reason, the second beside it, and the nearest deadline and first priority of both."""
    begins = (dated.rule == dated.task_rule) & (dated.occasion == dated.task_occasion)
    named = [dated.rule, dated.occasion]
    first = [ibis.cases((begins, 0), else_=1), dated.priority, *named]
    nearest = [dated.due_on.isnull(), dated.due_on, dated.priority, *named]
    together = ibis.window(group_by=TASK)
    ranked = dated.mutate(
        place=ibis.row_number().over(group_by=TASK, order_by=first),
        due_place=ibis.row_number().over(group_by=TASK, order_by=nearest),
        priority=dated.priority.min().over(together),
        fired_on=dated.fired_on.min().over(together),
        expires_on=dated.expires_on.max().over(together),
    )
    also = ranked.filter(ranked.place == 1).select(*TASK, **ALSO)
    due = ranked.filter(ranked.due_place == 0).select(*TASK, *BY_DEADLINE)
    lead = ranked.filter(ranked.place == 0).drop(*BY_DEADLINE)
    rows = lead.join(due, TASK).left_join(also, TASK).drop(*(f"{name}_right" for name in TASK))
    return rows.mutate(rule=rows.task_rule, occasion=rows.task_occasion)


def _due(told: Any, calendar_day: Any) -> Any:
    """The deadline: so many days of the calendar after the day found, 0 for the first from that day on.

    Beyond the loaded years it is provisional: not before the last known day, counted on when the year is loaded.
    """
    ranked = _ranked(told, calendar_day)
    counted = _counted_days(calendar_day)
    reached = ranked.left_join(
        counted, (ranked.calendar_kind == counted.counted_kind) & (ranked.wanted == counted.position)
    )
    last = calendar_day.aggregate(last_day=calendar_day.day_on.max())
    joined = reached.cross_join(last)
    is_deadline = joined.n_days.notnull()
    is_natural = joined.calendar_kind == str(CalendarKind.NATURAL)
    natural = frames.days_after(joined.fired_on, joined.n_days)
    known = ibis.cases((is_natural, natural), else_=joined.counted_on)
    counted = ibis.coalesce(known, ibis.greatest(joined.last_day, joined.fired_on))
    counted_to = joined.mutate(
        deadline_on=ibis.cases((is_deadline, counted)), is_unknown=is_deadline & known.isnull()
    )
    return _before_the_fact(counted_to)


def _before_the_fact(dated: Any) -> Any:
    """What speaks of a day ahead (a maturity, an expiry, a birthday) is due on that day at the latest."""
    is_ahead = (dated.fact_on > dated.fired_on) & (dated.fact_on <= dated.deadline_on)
    comes_first = is_ahead.fill_null(False)
    return dated.mutate(
        due_on=ibis.cases((comes_first, dated.fact_on), else_=dated.deadline_on),
        due_is_provisional=dated.is_unknown & ~comes_first,
    )


def _ranked(told: Any, calendar_day: Any) -> Any:
    """Which counted day of its calendar the deadline is."""
    ranks = calendar_day.select("day_on", "is_working", "is_trading", "n_working", "n_trading")
    joined = told.left_join(ranks, told.fired_on == ranks.day_on)
    first_from = {
        kind: joined[f"n_{kind}"] + ibis.cases((joined[f"is_{kind}"], 0), else_=1)
        for kind in ("working", "trading")
    }
    wanted = {
        kind: ibis.cases((joined.n_days == 0, first), else_=joined[f"n_{kind}"] + joined.n_days)
        for kind, first in first_from.items()
    }
    counted = [(joined.calendar_kind == kind, position) for kind, position in wanted.items()]
    return joined.mutate(wanted=ibis.cases(*counted))


def _counted_days(calendar_day: Any) -> Any:
    """Working and trading days with their numbers, under the name of their calendar."""
    parts = [
        calendar_day.filter(calendar_day[f"is_{kind}"]).select(
            counted_kind=ibis.literal(kind), position=calendar_day[f"n_{kind}"], counted_on="day_on"
        )
        for kind in ("working", "trading")
    ]
    return parts[0].union(parts[1])
