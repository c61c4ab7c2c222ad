"""Several contacts arranged for one day: scope and gates are asked row by row, before and again when it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from keepwell.contract.codes import TaskOutcome
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import Verdict
from keepwell.desk.contacts import actions, pages, queries
from keepwell.desk.gates import queries as gates
from keepwell.desk.gates import rules as gate
from keepwell.desk.work import queries as work
from keepwell.desk.work import rules as work_rules
from keepwell.desk.work.queries import Item

AT_MOST = 200


@dataclass
class Planned:
    """One task of a plan: allowed, or why not."""

    item: Item
    label: str
    verdict: Verdict


@dataclass
class Plan:
    """What would be arranged for a day, and what would not."""

    until_on: dt.date | None
    rows: list[Planned] = field(default_factory=list)
    n_gone: int = 0

    @property
    def allowed(self) -> list[Planned]:
        """Those that will be arranged."""
        return [row for row in self.rows if row.verdict]

    @property
    def refused(self) -> list[Planned]:
        """Those that will not, each with its sentence."""
        return [row for row in self.rows if not row.verdict]

    @property
    def names(self) -> list[str]:
        """The tasks as they are named in a form."""
        return [row.item.name for row in self.rows]


def read(names: Sequence[str], until_on: dt.date | None, day: pages.Day) -> Plan:
    """Look every task up within scope and ask its gates for the day it is arranged for."""
    wanted = dict.fromkeys(names[:AT_MOST])
    found = {item.name: item for item in _items(wanted, day)}
    plan = Plan(until_on, n_gone=len(wanted) - len(found))
    items = [found[name] for name in wanted if name in found]
    n_days = day.packs.moments.cap.window_days
    standings = gates.standings([item.line for item in items], until_on or day.on, n_days)
    for item in items:
        plan.rows.append(
            Planned(
                item, pages.sentences.label(item)[0], _verdict(item, standings[item.client_id], until_on, day)
            )
        )
    return plan


def _items(names: dict[str, Any], day: pages.Day) -> list[Item]:
    """The tasks still open, from one reading of the list."""
    listed = work.open_items(day.user, day.on, limit=pages.MOST)
    found = {item.name: item for item in listed if item.name in names}
    for name in names:
        if name not in found:
            client_id, _slash, key = name.partition("/")
            if item := work.find(day.user, client_id, key, day.on):
                found[name] = item
    return list(found.values())


def _verdict(item: Item, standing: gates.Standing, until_on: dt.date | None, day: pages.Day) -> Verdict:
    most = day.packs.contact.later.n_days_at_most
    possible = work_rules.may_snooze(item.due_on, until_on, day.on, most, is_window=item.is_window)
    on = until_on or day.on
    return possible and gate.may_plan(day.packs.moments.cap, standing, is_capped=item.is_capped, on=on)


SHORT = {
    str(Refusal.CONTACT_CAP): _("%(n)d at the cap"),
    str(Refusal.DO_NOT_CONTACT): ngettext_lazy("%(n)d wants no contact", "%(n)d want no contact", "n"),
    str(Refusal.DEADLINE_PASSED): _("%(n)d overdue"),
    str(Refusal.LATER_THAN_DEADLINE): _("%(n)d due before that day"),
    str(Refusal.LATER_THAN_WINDOW): _("%(n)d only before that day"),
    str(Refusal.LATER_THAN_ALLOWED): _("%(n)d that day is not possible"),
}


def told(plan: Plan) -> str:
    """How many will be arranged, how many not and why (M29)."""
    n, refused = len(plan.allowed), plan.refused
    said = ngettext("%(n)d client will be arranged", "%(n)d clients will be arranged", n) % {"n": n}
    if refused:
        why: dict[str, int] = {}
        for row in refused:
            why[row.verdict.reason] = why.get(row.verdict.reason, 0) + 1
        reasons = gettext(", ").join(str(SHORT[reason] % {"n": count}) for reason, count in why.items())
        said += gettext("; %(n)d will not: %(reasons)s") % {"n": len(refused), "reasons": reasons}
    if plan.n_gone:
        said += gettext("; %(n)d settled already") % {"n": plan.n_gone}
    return said + gettext(".")


def arrange(plan: Plan, day: pages.Day, at: dt.datetime) -> None:
    """Put every allowed task off to the day; each is an act of its own."""
    for row in plan.allowed:
        records = queries.records_of(row.item.line, day.user.branch_code)
        actions.record_outcome(
            item=row.item,
            outcome=str(TaskOutcome.SNOOZED),
            record_code=row.item.record_code or (records[0].record_code if records else ""),
            contacted_at=at,
            settled={"until_on": plan.until_on},
            by=day.user,
            at=at,
            on=day.on,
            run=day.generation.run_id,
        )
