"""Who may put a conflict's due date off, until when and how often, and who agrees to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.gates import signed
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import second
from keepwell.desk.identities.facts import rules
from keepwell.desk.identities.models import Extension, IdentityConflict
from keepwell.desk.people.models import User

EXTEND, AGREE = rules.SETTLE, "identities.approve_extension"
State = Extension.State


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is signed of putting off: until when at the latest, how often, and whether a second person agrees."""

    from_on: dt.date | None
    latest_on: dt.date
    n_times_at_most: int
    needs_second_person: bool

    def after(self, today: dt.date) -> dt.date:
        """Behind which day it may be put off: the due date, or today when that is past."""
        return max(self.from_on or today, today)


def bounds(conflict: IdentityConflict, said: Sequence[Extension], generation: Generation) -> Bounds:
    """Days count from the due date, or from the desk's day when that is past; never beyond the measure's last day."""
    today = signed.desk_day(generation)
    pack = signed.packs(generation, today).remediation
    agreed = [row.to_on for row in said if row.state == State.APPROVED]
    due_on = max(agreed, default=conflict.due_on)
    latest = max(due_on or today, today) + dt.timedelta(days=pack.extension.n_days_at_most)
    return Bounds(
        due_on,
        min(latest, pack.existing.last_on),
        pack.extension.n_times_at_most,
        pack.extension.needs_second_person,
    )


def may_ask(said: Sequence[Extension], within: Bounds, *, is_settled: bool) -> Verdict:
    """There is a due date, nothing waits, and it was not put off as often as is signed."""
    if is_settled:
        return refuse(Refusal.SETTLED_ALREADY)
    if within.from_on is None:
        return refuse(Refusal.NO_DUE_DATE)
    if any(row.state == State.PROPOSED for row in said):
        return refuse(Refusal.EXTENSION_WAITS)
    n_times = sum(row.state == State.APPROVED for row in said)
    if n_times >= within.n_times_at_most or within.latest_on <= within.from_on:
        return refuse(Refusal.EXTENDED_ALREADY, n_times=n_times, due_on=within.from_on.isoformat())
    return ALLOWED


def may_put_off(within: Bounds, to_on: dt.date | None, reason: str, today: dt.date) -> Verdict:
    """To a day after the due date and after today, within what is signed, for a reason (M20)."""
    after = within.after(today)
    if to_on is None or not after < to_on <= within.latest_on:
        return refuse(
            Refusal.EXTENSION_TOO_FAR, from_on=after.isoformat(), latest_on=within.latest_on.isoformat()
        )
    return ALLOWED if reason else refuse(Refusal.PURPOSE)


def may_agree(user: User, row: Extension, version: int) -> Verdict:
    """Another person than who asked for it, while it waits; of what was read (M12, M25)."""
    is_open = row.state == State.PROPOSED
    return second.may_sign(user, row.by, version, row.version, is_open=is_open, permission=AGREE)


def may_withdraw(user: User, row: Extension) -> Verdict:
    """One's own proposal, by whichever login, while it waits."""
    return second.may_withdraw(user, row.by, is_open=row.state == State.PROPOSED)
