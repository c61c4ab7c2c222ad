"""Who may part a client's customer numbers, and when: each rule answers a `Verdict`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.clients.models import ClientRecord
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import numbers, second
from keepwell.desk.identities.models import Split
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

SPLIT = "identities.split"


def may_undo_split(user: User, row: Split, branches: Iterable[str]) -> Verdict:
    """Once, by whoever might part the same numbers; after a run it means that the evidence decides again."""
    if row.state not in Split.STANDS:
        return refuse(Refusal.SETTLED_ALREADY)
    return refuse(Refusal.UNDO_WAITS) if row.undo_asked_by_id else may_split(user, branches)


def may_split(user: User, branches: Iterable[str]) -> Verdict:
    """A branch parts what lies with it alone; what concerns several is for headquarters."""
    allowed = user.may(SPLIT)
    if not allowed:
        return allowed
    return ALLOWED if numbers.shares_all(user, branches) else refuse(Refusal.SPLIT_OF_OTHER_BRANCHES)


def no_split_waits(ahead: Split | None) -> Verdict:
    """One split of the same numbers at a time: the next is read on what the run has made of this one."""
    if ahead is None:
        return ALLOWED
    return refuse(Refusal.UNDO_WAITS if ahead.state == Split.State.PROPOSED else Refusal.SPLIT_WAITS)


def has_two_sides(taken: Sequence[str], kept: Sequence[str]) -> Verdict:
    """Something is taken out and something stays."""
    return ALLOWED if taken and kept else refuse(Refusal.SPLIT_NEEDS_TWO_SIDES)


def is_still_whole(row: Split, generation: Generation) -> Verdict:
    """Whether the client has the customer numbers, no more and no fewer, that the split names (M25)."""
    codes = ClientRecord.objects.filter(client_id=row.client_id).values_list("record_code", flat=True)
    if set(codes) == {*row.taken, *row.kept}:
        return ALLOWED
    run, at = f"#{formats.run_number(generation.run_id)}", formats.moment(generation.taken_in_at)
    return refuse(Refusal.CHANGED_SINCE, changed_by=run, changed_at=at)


def may_second(user: User, row: Split, version: int) -> Verdict:
    """Another person than the one who asks, who may agree to "the same" as well; of what was read."""
    asked_by = row.undo_asked_by if row.state == Split.State.IN_FORCE else row.by
    return second.may_sign(user, asked_by, version, row.version, is_open=row.state in Split.STANDS)
