"""A task in words: why it is there, until when, in which calendar; what a script says to whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.contract.codes import CalendarKind, Channel, ContactTopic, MomentRule
from keepwell.contract.reasons.sentence import days_of
from keepwell.contract.schema import Code
from keepwell.desk.clients.sentences import language, reason_of, second_reason
from keepwell.desk.columns import lazy_text
from keepwell.desk.ui import formats
from keepwell.desk.work.kinds import kind
from keepwell.desk.work.queries import Item
from keepwell.policy.calendars import Calendars
from keepwell.policy.contact import Script

WARNS = {str(rule) for rule in (MomentRule.LARGE_OUTFLOW, MomentRule.LEAVING, MomentRule.ASLEEP)}
FOLLOWS = {str(rule) for rule in (MomentRule.PRODUCT_MATURITY, MomentRule.NEW_CLIENT)}
TOPICS: Mapping[str, ContactTopic] = {
    str(MomentRule.PRODUCT_MATURITY): ContactTopic.PRODUCT,
    str(MomentRule.LARGE_OUTFLOW): ContactTopic.FUNDS,
    str(MomentRule.LEAVING): ContactTopic.SERVICE,
    str(MomentRule.ASLEEP): ContactTopic.SERVICE,
    str(MomentRule.ASSESSMENT_EXPIRY): ContactTopic.ASSESSMENT,
    str(MomentRule.ID_EXPIRY): ContactTopic.IDENTITY,
    str(MomentRule.BIRTHDAY): ContactTopic.GREETING,
    str(MomentRule.NEW_CLIENT): ContactTopic.SERVICE,
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a task is due, said short and in full; `is_late` for a deadline that was missed, which stands in red."""

    short: str
    full: str
    is_late: bool = False


def code_of(codes: type[Code], value: str) -> str:
    """A stored code in the reader's language, empty for none."""
    return str(lazy_text(codes.of(value).text)) if value else ""


def label(item: Item) -> tuple[str, str]:
    """The pill of a task: its rule or kind, and the tone."""
    if item.opened is not None:
        known = kind(item.opened.kind)
        return str(known.label), known.tone
    tone = "warning" if item.rule in WARNS else "accent" if item.rule in FOLLOWS else "plain"
    return code_of(MomentRule, item.rule), tone


def also(item: Item) -> tuple[str, str] | None:
    """The pill of the second rule that speaks of the same occasion, `None` where one speaks alone."""
    if item.moment is None or not item.moment.also_rule:
        return None
    rule = item.moment.also_rule
    return code_of(MomentRule, rule), "warning" if rule in WARNS else "plain"


def because(item: Item, staff: Mapping[str, str]) -> list[str]:
    """Why the task is there, with its numbers: every reason."""
    if item.opened is not None:
        return [kind(item.opened.kind).sentence(item.opened.facts)]
    found = [reason_of(item.moment, "moment_reason", staff), second_reason(item.moment, staff)]
    return [one for one in found if one]


def deadline(item: Item, on: dt.date, calendars: Calendars, through: dt.date) -> Deadline:
    """The deadline, counted on the calendar its rule names: `2 个交易日内（11月25日）`.

    What falls on days off, up to `through`, is for the last working day before them.
    """
    due = item.due_on
    if due < on:
        n = (on - due).days
        short = ngettext("%(n)d day overdue", "%(n)d days overdue", n) % {"n": n}
        return Deadline(short, _("was due %(day)s") % {"day": formats.day(due, language(), on)}, is_late=True)
    told = _ahead(item, on, calendars)
    if on < due <= through:
        return Deadline(_("Due today"), told.full + _("; today is the last working day before"))
    return told


def _ahead(item: Item, on: dt.date, calendars: Calendars) -> Deadline:
    """A deadline that has not passed, or the last day of a window."""
    tag, due = language(), item.due_on
    day = formats.day(due, tag, on)
    if item.is_window:
        return Deadline(
            _("Due today") if due == on else day, _("until %(day)s, then no longer listed") % {"day": day}
        )
    if due == on:
        return Deadline(_("Due today"), _("due today, %(day)s") % {"day": day})
    named = CalendarKind.of(item.calendar_kind)
    counted = calendars.of(named)
    if not counted.knows(on) or not counted.knows(due):  # that year's calendar is not loaded: the day alone
        return Deadline(day, day)
    days = days_of(counted.between(on, due), named).in_language(tag)
    return Deadline(day, _("within %(days)s (%(day)s)") % {"days": days, "day": day})


def channel_of(item: Item) -> str:
    """The channel the rule names, the telephone for people's own tasks."""
    return str(item.moment.channel) if item.moment is not None else str(Channel.PHONE)


def topic_of(item: Item) -> str:
    """What a contact about the task is about, as a default."""
    return str(TOPICS.get(item.rule, ""))


def spoken(script: Script, *, staff: str, staff_code: str, branch: str, client: str) -> dict[str, Any]:
    """A script with the names of those who speak filled in."""
    tag = language()
    named = {"staff": staff, "staff_code": staff_code or "—", "branch": branch, "client": client}
    return {
        "title": script.title.in_language(tag),
        "stance": script.stance.in_language(tag),
        "text": script.text.in_language(tag).format_map(named),
        "may_say": script.may_say.in_language(tag),
        "may_not_say": script.may_not_say.in_language(tag),
        "version": script.version,
        "approved_on": script.approved_on,
        "approved_by": script.approved_by.text.in_language(tag),
    }


def promised(facts: Mapping[str, Any]) -> str:
    """The sentence of a promise's task."""
    on = formats.day(dt.date.fromisoformat(facts["on"]), language())
    return _("%(by)s promised on %(on)s: %(promise)s") % {
        "by": facts["by"],
        "on": on,
        "promise": facts["promise"],
    }


def appointed(facts: Mapping[str, Any]) -> str:
    """The sentence of an appointment's task."""
    if facts.get("about"):
        return _("Appointment made by %(by)s: %(about)s") % {"by": facts["by"], "about": facts["about"]}
    return _("Appointment made by %(by)s.") % {"by": facts["by"]}
