"""What Today shows: the tasks in groups, the panel of one of them, and how the order came about."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from keepwell.contract.codes import CalendarKind, Channel, MomentRule, Role, SkipReason
from keepwell.contract.reasons.sentence import days_of
from keepwell.contract.verdict import Verdict
from keepwell.desk.clients.queries import branch_names, staff_names, visible_to
from keepwell.desk.clients.scope import placed
from keepwell.desk.columns import lazy_text
from keepwell.desk.contacts import sentences
from keepwell.desk.gates import panels as offers
from keepwell.desk.gates import queries as gates
from keepwell.desk.gates import rules as gate
from keepwell.desk.gates.signed import before_work, desk_day, desk_instant, packs
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui import formats
from keepwell.desk.work import queries as work
from keepwell.desk.work import rules as work_rules
from keepwell.desk.work.kinds import kind as kind_of
from keepwell.desk.work.models import Outcome
from keepwell.desk.work.queries import Item
from keepwell.policy.pack import Mark
from keepwell.policy.packs import Packs

STEP, MOST = 50, 500


@dataclass(frozen=True)
class Day:
    """The day a request works on: who, which run, which day, which signed packs."""

    user: User
    generation: Generation
    on: dt.date
    packs: Packs
    through: dt.date

    @classmethod
    def of(cls, user: User, generation: Generation) -> Day:
        """The desk's day of a request."""
        on = desk_day(generation)
        return cls(user, generation, on, packs(generation, on), before_work(generation, on))


def slug(item: Item) -> str:
    """The task's name on the page."""
    return slug_of(item.client_id, item.key)


def slug_of(client_id: str, key: str) -> str:
    """The name on the page of a client's task."""
    return "task-" + hashlib.sha256(f"{client_id}/{key}".encode()).hexdigest()[:12]


def query(item: Item) -> str:
    """The task in an address."""
    return urlencode({"client": item.client_id, "key": item.key})


def row(item: Item, day: Day, staff: Mapping[str, str], standing: gates.Standing) -> dict[str, Any]:
    """One task of the list."""
    name, tone = sentences.label(item)
    moment = item.moment
    return {
        "item": item,
        "line": item.line,
        "slug": slug(item),
        "query": query(item),
        "label": name,
        "tone": tone,
        "also": sentences.also(item),
        "reasons": sentences.because(item, staff),
        "deadline": sentences.deadline(item, day.on, day.packs.calendars, day.through),
        "plan": gate.may_plan(day.packs.moments.cap, standing, is_capped=item.is_capped, on=day.on),
        "wait": work_rules.can_wait(item.due_on, day.on, is_window=item.is_window),
        "of_other": item.owner_role not in {"", "manager", day.user.role},
        "owner": owner(item),
        "take_up": work_rules.may_take_up(day.user, item),
        "manager": staff.get(item.line.manager_code or "", "") if day.user.scope is not Scope.OWN else "",
        "is_provisional": bool(moment is not None and moment.due_is_provisional),
    }


def owner(item: Item) -> str:
    """The role that the rule names as owner, empty where it is whoever looks after the client."""
    return sentences.code_of(Role, item.owner_role)


def rows(items: Sequence[Item], day: Day) -> list[dict[str, Any]]:
    """The tasks of a page, with what the gates say of each: five queries, however many tasks."""
    if not items:
        return []
    placed(item.line for item in items)  # who looks after them today, not when the run was made
    staff = staff_names(item.line.manager_code for item in items)
    lines = {item.client_id: item.line for item in items}
    known = gates.standings(list(lines.values()), day.on, day.packs.moments.cap.window_days)
    return [row(item, day, staff, known[item.client_id]) for item in items]


GROUPS = ("overdue", "today", "week", "later")


def group_of(item: Item, day: Day) -> str:
    """The group of a task on a day; what falls on the days off that follow is for today."""
    if item.is_late(day.on):
        return "overdue"
    if item.due_on <= day.through:
        return "today"
    return "week" if item.due_on <= work.week_end(day.on) else "later"


def titles() -> dict[str, str]:
    """What the groups are called."""
    return {"overdue": _("Overdue"), "today": _("Due today"), "week": _("This week"), "later": _("Later")}


def today(day: Day, *, span: str, kind: str, shown: int, chosen: tuple[str, str]) -> dict[str, Any]:
    """The page: groups of tasks, counts, chips, and the panel of the chosen task."""
    span = span if span in work.SPANS else ""
    limit = max(STEP, min(shown, MOST))
    wanted = [kind] if kind else ()
    found = work.open_items(day.user, day.on, span=span, kinds=wanted, limit=limit + 1, through=day.through)
    more, items = len(found) > limit, found[:limit]
    listed = rows(items, day)
    groups = [(name, [one for one in listed if group_of(one["item"], day) == name]) for name in GROUPS]
    current = next(
        (item for item in items if (item.client_id, item.key) == chosen), items[0] if items else None
    )
    at = items.index(current) + 1 if current else 0
    counts = counted(day)
    return {
        "day": day,
        "groups": [(name, titles()[name], group) for name, group in groups if group],
        "counts": counts,
        "n_done": work.n_settled_on(day.user, day.on),
        "chips": chips(counts, span),
        "kinds": kinds(listed, kind, span, is_whole=not more),
        "more": f"?{urlencode({'span': span, 'kind': kind, 'shown': limit + STEP})}"
        if more and limit < MOST
        else "",
        "chosen": slug(current) if current else "",
        "panel": panel(current, day, at, len(items)) if current else None,
        "span": span,
        "reasons": skip_reasons(),
    }


def counted(day: Day) -> work.Counts:
    """How many tasks are open, by span."""
    return work.counts(day.user, day.on, day.through)


def chips(counts: work.Counts, span: str) -> list[dict[str, Any]]:
    """The spans to choose from, with their numbers: the first is the sum of the next three."""
    named = titles()
    found = [{"label": _("Overdue and this week"), "n": counts.listed, "query": "", "is_on": not span}]
    found += [
        {"label": named[name], "n": getattr(counts, name), "query": f"span={name}", "is_on": span == name}
        for name in GROUPS
    ]
    return found


def kinds(
    listed: Sequence[Mapping[str, Any]], chosen: str, span: str, *, is_whole: bool
) -> list[dict[str, Any]]:
    """The kinds among the tasks shown, most first; their numbers where nothing is left for another page."""
    n: dict[str, int] = {}
    labels: dict[str, str] = {}
    for one in listed:
        rule = one["item"].rule
        n[rule], labels[rule] = n.get(rule, 0) + 1, one["label"]
    order = sorted(n, key=lambda rule: (-n[rule], rule))
    return [
        {
            "kind": rule,
            "label": labels[rule],
            "n": n[rule] if is_whole else "",
            "is_on": rule == chosen,
            "query": urlencode({"span": span, **({} if rule == chosen else {"kind": rule})}),
        }
        for rule in order
    ]


def skip_reasons() -> list[tuple[str, Any]]:
    """The reasons for leaving a task out."""
    return [(str(reason), lazy_text(reason.text)) for reason in SkipReason]


def may_dial(item: Item, day: Day, standing: gates.Standing, at: dt.datetime) -> Verdict:
    """All gates before a number is shown for dialling: registration, wish and cap, quiet hours."""
    registration = gates.registration(day.user, day.generation, day.on)
    return (
        gate.licence(day.packs.contact.practice, registration, day.on)
        and gate.may_plan(day.packs.moments.cap, standing, is_capped=item.is_capped, on=day.on)
        and gate.quiet_hours(day.packs.contact.quiet, at)
    )


def panel(item: Item, day: Day, at: int = 0, of: int = 0) -> dict[str, Any]:
    """The panel of a task: stance, script, what may be said, the gates, the acts."""
    staff = staff_names([item.line.manager_code])
    standing = gates.standings([item.line], day.on, day.packs.moments.cap.window_days)[item.client_id]
    state, channel = item.line.activity_state or "", sentences.channel_of(item)
    script = day.packs.scripts.best(item.rule, state, channel) if item.is_scripted else None
    now = desk_instant(day.generation, timezone.now())
    named = branch_names({day.user.branch_code, item.line.home_branch_code})
    branch = named.get(day.user.branch_code) or named.get(item.line.home_branch_code, "")
    return {
        **row(item, day, staff, standing),
        "at": at,
        "of": of,
        "channel": sentences.code_of(Channel, channel),
        "script": sentences.spoken(
            script,
            staff=day.user.display_name,
            staff_code=day.user.staff_code,
            branch=branch,
            client=item.line.client_name,
        )
        if script
        else None,
        "dial": may_dial(item, day, standing, now) if day.user.may("clients.reveal") else None,
        "last_contact": last_contact(item, standing),
        "snooze": snooze_days(item, day),
        "offered": offers.word(item.line, item.moment.fact_code, day.generation, day.user)
        if item.moment
        else "",
        "cap": day.packs.moments,
        "policy": day.packs.moments.mark_of("cap"),
    }


def last_contact(item: Item, standing: gates.Standing) -> dt.date | None:
    """The newest contact known: the desk's own, else the run's."""
    return max([*standing.touched_on, *filter(None, [item.line.last_contact_on])], default=None)


def snooze_days(item: Item, day: Day) -> list[tuple[dt.date, str]]:
    """Days to put a task off to: the next three working days before its deadline."""
    working, found, last = day.packs.calendars.working, [], day.on
    most = day.packs.contact.later.n_days_at_most
    for _step in range(3):
        last = working.add(last, 1).on
        if work_rules.may_snooze(item.due_on, last, day.on, most, is_window=item.is_window):
            found.append((last, formats.day(last, sentences.language(), day.on)))
    return found


def next_try(day: Day) -> dt.date:
    """When a client who was not reached is listed again: by the contact pack, in working days."""
    return day.packs.calendars.working.add(day.on, day.packs.contact.retry.after_working_days).on


def order_explained(day: Day) -> dict[str, Any]:
    """How the list is ordered, with the signed numbers behind it and how well each is known."""
    moments, contact = day.packs.moments, day.packs.contact
    ranked = sorted(moments.rules(), key=lambda pair: pair[1].priority)
    return {
        "rules": [
            {
                "label": sentences.code_of(type(code), str(code)),
                "priority": rule.priority,
                "is_legal": str(rule.kind) == work.LEGAL,
                "kind": rule.kind.text.in_language(sentences.language()),
                "term": rule.term.text.in_language(sentences.language()),
                "days": days_of(rule.deadline.n, rule.deadline.calendar) if rule.deadline else None,
                "mark": moments.mark_of(f"{code.value}.term").mark,
            }
            for code, rule in ranked
            if rule.is_on
        ],
        "complaints": _complaints(day.packs),
        "cap": moments.cap,
        "cap_days": days_of(moments.cap.window_days, CalendarKind.NATURAL),
        "cap_mark": moments.mark_of("cap"),
        "quiet": contact.quiet,
        "quiet_mark": contact.mark_of("quiet"),
        "packs": [moments, contact, day.packs.complaints],
        "today": reverse("contacts:today"),
    }


def _complaints(signed: Packs) -> list[dict[str, Any]]:
    """The two duties of a complaint, each with its days and how well they are known."""
    pack = signed.complaints
    return [
        {
            "label": label,
            "priority": pack.answer.priority,
            "days": days_of(deadline.n, deadline.calendar),
            "mark": pack.mark_of(f"answer.{name}"),
            "is_own": pack.mark_of(f"answer.{name}").mark == Mark.PRACTICE,
        }
        for name, label, deadline in (
            ("first_contact", _("Complaint: reach the client"), pack.answer.first_contact),
            ("settled", _("Complaint: settle it"), pack.answer.settled),
        )
    ]


def settled(day: Day, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What the reader settled today, each with whether it can still be taken back."""
    owners = work.owners_of({row.record_code for row in outcomes})
    ids = {owners.get(row.record_code, row.client_id) for row in outcomes}
    lines = {line.client_id: line for line in visible_to(day.user, day.on).filter(client_id__in=ids)}
    return {
        "settled": [
            {
                "row": row,
                "line": lines.get(owners.get(row.record_code, row.client_id)),
                "label": task_name(row.key),
                "undo": work_rules.may_undo(row, day.generation.run_id),
            }
            for row in outcomes
        ],
        "day": day,
    }


def put_off(day: Day) -> list[dict[str, Any]]:
    """What waits for a later day, the nearest first, with who put it off and how."""
    pairs = work.put_off(day.user, day.on)
    listed = rows([item for item, _act in pairs], day)
    return [{**one, "act": act} for one, (_item, act) in zip(listed, pairs, strict=True)]


def task_name(key: str) -> str:
    """What a task's key is about: a rule of moments, or a kind."""
    rule = key.partition("/")[0]
    known = {str(code): str(lazy_text(code.text)) for code in MomentRule}
    return known.get(rule) or str(kind_of(rule).label)
