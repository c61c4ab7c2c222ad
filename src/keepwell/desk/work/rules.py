"""What may become of a task."""

from __future__ import annotations

import datetime as dt

from keepwell.contract.codes import SkipReason
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.schema import Text
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.ui import formats
from keepwell.desk.work.models import Outcome

REASONS = {str(reason) for reason in SkipReason}


def may_settle(is_open: bool) -> Verdict:
    """A task is settled once, and taken back once."""
    return ALLOWED if is_open else refuse(Refusal.SETTLED_ALREADY)


def told(day: dt.date, today: dt.date) -> Text:
    """A day as people say it, in both languages."""
    return Text(formats.day(day, "en", today), formats.day(day, "zh-hans", today))


def may_skip(reason: str) -> Verdict:
    """A task is left out with one of the listed reasons (M03)."""
    return ALLOWED if reason in REASONS else refuse(Refusal.SKIP_REASON)


def can_wait(due_on: dt.date, on: dt.date) -> Verdict:
    """Whether a task can still be put off: not on or after its deadline."""
    if due_on > on:
        return ALLOWED
    if due_on == on:
        return refuse(Refusal.LATER_THAN_DEADLINE, latest_on=told(due_on, on))
    return refuse(Refusal.DEADLINE_PASSED, due_on=told(due_on, on))


def may_snooze(due_on: dt.date, until_on: dt.date | None, on: dt.date, n_days_at_most: int) -> Verdict:
    """A task is put off to a later day, never past its deadline (M04)."""
    if not (possible := can_wait(due_on, on)):
        return possible
    latest = min(due_on, on + dt.timedelta(days=n_days_at_most))
    if until_on is not None and on < until_on <= latest:
        return ALLOWED
    if until_on is not None and until_on > latest == due_on:
        return refuse(Refusal.LATER_THAN_DEADLINE, latest_on=told(latest, on))
    return refuse(Refusal.LATER_THAN_ALLOWED, latest_on=told(latest, on))


def may_undo(outcome: Outcome | None, run: str) -> Verdict:
    """An outcome can be taken back by whoever recorded it, until a later run has taken it in."""
    if outcome is None:
        return refuse(Refusal.SETTLED_ALREADY)
    return ALLOWED if outcome.run == run else refuse(Refusal.TAKEN_BY_RUN)
