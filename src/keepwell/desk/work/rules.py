"""What may become of a task."""

from __future__ import annotations

import datetime as dt

from keepwell.contract.codes import Role, SkipReason
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.schema import Text
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.work import queries
from keepwell.desk.work.models import Outcome
from keepwell.desk.work.queries import Item

REASONS = {str(reason) for reason in SkipReason}


def may_settle(is_open: bool) -> Verdict:
    """A task is settled once, and taken back once."""
    return ALLOWED if is_open else refuse(Refusal.SETTLED_ALREADY)


def may_take_up(user: User, item: Item) -> Verdict:
    """A task is dealt with by the role in charge of it, and a complaint never by whoever it is about (M26)."""
    if item.opened is not None and item.opened.barred_code and item.opened.barred_code == user.staff_code:
        return refuse(Refusal.COMPLAINED_OF, staff_name=user.display_name)
    if item.moment is not None and user.scope in queries.LOOKING_AFTER:
        return ALLOWED
    if queries.is_listed_for(user, item.owner_role):
        return ALLOWED
    return refuse(Refusal.ANOTHERS_TASK, owner_name=Role.of(item.owner_role or str(Role.MANAGER)))


def told(day: dt.date, today: dt.date) -> Text:
    """A day as people say it, in both languages."""
    return Text(formats.day(day, "en", today), formats.day(day, "zh-hans", today))


def may_skip(reason: str) -> Verdict:
    """A task is left out with one of the listed reasons (M03)."""
    return ALLOWED if reason in REASONS else refuse(Refusal.SKIP_REASON)


def can_wait(due_on: dt.date, on: dt.date, *, is_window: bool = False) -> Verdict:
    """Whether a task can still be put off: not on or after its deadline, or the last day of its window."""
    if due_on > on:
        return ALLOWED
    if due_on == on:
        return refuse(_last_day(is_window=is_window), latest_on=told(due_on, on))
    return refuse(Refusal.DEADLINE_PASSED, due_on=told(due_on, on))


def may_snooze(
    due_on: dt.date, until_on: dt.date | None, on: dt.date, n_days_at_most: int, *, is_window: bool = False
) -> Verdict:
    """A task is put off to a later day, never past its deadline (M04) or the last day of its window."""
    if not (possible := can_wait(due_on, on, is_window=is_window)):
        return possible
    latest = min(due_on, on + dt.timedelta(days=n_days_at_most))
    if until_on is not None and on < until_on <= latest:
        return ALLOWED
    if until_on is not None and until_on > latest == due_on:
        return refuse(_last_day(is_window=is_window), latest_on=told(latest, on))
    return refuse(Refusal.LATER_THAN_ALLOWED, latest_on=told(latest, on))


def _last_day(*, is_window: bool) -> Refusal:
    return Refusal.LATER_THAN_WINDOW if is_window else Refusal.LATER_THAN_DEADLINE


def may_undo(outcome: Outcome | None, run: str) -> Verdict:
    """An outcome can be taken back by whoever recorded it, until a later run has taken it in."""
    if outcome is None:
        return refuse(Refusal.SETTLED_ALREADY)
    return ALLOWED if outcome.run == run else refuse(Refusal.TAKEN_BY_RUN)
