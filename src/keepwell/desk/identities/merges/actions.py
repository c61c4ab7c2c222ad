"""Parting a client's customer numbers and taking that back: by one person, by two where two had agreed before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from keepwell.contract.codes import Judgement as Said
from keepwell.contract.verdict import Verdict
from keepwell.desk.audit.actions import record
from keepwell.desk.generations.cuts import stamped
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import naming, numbers, second
from keepwell.desk.identities.merges import queries, rules, traces
from keepwell.desk.identities.models import Judgement, Split
from keepwell.desk.identities.pairs import force
from keepwell.desk.identities.pairs import queries as pairs
from keepwell.desk.people import approvers
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand

State = Split.State


@transaction.atomic
def split_client(
    *,
    client_id: str,
    taken: Sequence[str],
    kept: Sequence[str],
    reason: str,
    unchanged: Callable[[], Verdict],
    generation: Generation,
    by: User,
    at: dt.datetime,
    note: str = "",
) -> Split:
    """Part customer numbers from the others of a client: "not the same" between each here and each there.

    It takes effect with the next run, and can be taken back. Across a pair of which two have agreed that it is one
    client it waits for a second person, and changes nothing yet. `unchanged` is asked once nobody else writes about
    the client: whether what is confirmed is still what was read. Raises `Refused`.
    """
    force.lock(client_id)
    demand(rules.no_split_waits(queries.ahead_of([*taken, *kept], generation)), **naming.subject(client_id))
    demand(unchanged(), **naming.subject(client_id))
    at, needs_second = stamped(at), bool(queries.agreed_across(taken, kept))
    row = Split.objects.create(
        client_id=client_id, taken=list(taken), kept=list(kept), reason=reason, note=note, by=by, at=at,
        run=generation.run_id, state=State.PROPOSED if needs_second else State.IN_FORCE,
        in_force_at=None if needs_second else at,
    )  # fmt: skip
    if needs_second:
        _ask(row, by, at)
    else:
        _judge(row)
    verb = "identities.propose_split" if needs_second else "identities.split_client"
    record(by=by, at=at, verb=verb, **traces.about(row, generation))
    return row


def _judge(row: Split) -> None:
    """Say "not the same" of each pair across a split that has come into force, by whom and since when it says."""
    for one in row.taken:
        for other in row.kept:
            couple = force.Couple.of((one, row.client_id), (other, row.client_id))
            follows = force.follow(pairs.standing(couple.left_code, couple.right_code))
            Judgement.objects.create(
                **couple.as_fields(), judgement=str(Said.NOT_SAME), reason=row.reason, note=row.note, by=row.by,
                at=row.at, run=row.run, in_force_at=row.in_force_at, follows=follows, split=row,
                second_by=row.second_by, second_at=row.second_at, second_reason=row.second_reason,
            )  # fmt: skip


@transaction.atomic
def undo_split(*, split: Split, generation: Generation, by: User, at: dt.datetime) -> bool:
    """Take a split back; from the next run on the evidence decides again. Raises `Refused`.

    What a second person has agreed to stays in force until a second person agrees again: then the answer is False.
    """
    force.lock(split.client_id)
    split.refresh_from_db()
    branches = numbers.branches_of([*split.taken, *split.kept])
    demand(rules.may_undo_split(by, split, branches), **naming.subject(split.client_id))
    at, is_alone = stamped(at), not (split.state == State.IN_FORCE and split.second_by_id)
    if is_alone:
        _take_back(split, by, at)
    else:
        asked = {"undo_asked_by": by, "undo_asked_at": at, "version": split.version + 1}
        Split.objects.filter(pk=split.pk).update(**asked)
        split.refresh_from_db()
        _ask(split, by, at)
    verb = "identities.undo_split" if is_alone else "identities.propose_undo_split"
    record(by=by, at=at, verb=verb, **traces.about(split, generation))
    return is_alone


def _take_back(split: Split, by: User, at: dt.datetime) -> None:
    """Put a split out of force for good; what its judgements followed stands again."""
    gone = {"state": State.UNDONE, "undone_by": by, "undone_at": at}
    Split.objects.filter(pk=split.pk).update(**gone, version=split.version + 1)
    followed = split.judgements.filter(state=Judgement.State.FOLLOWED)
    followed.update(**gone, version=F("version") + 1)  # so that nothing restores them later
    for row in split.judgements.filter(state=Judgement.State.IN_FORCE):
        force.take_back(row, by, at)


@transaction.atomic
def second_split(
    *,
    row: Split,
    is_agreed: bool,
    reason: str,
    version: int,
    generation: Generation,
    by: User,
    at: dt.datetime,
) -> None:
    """Agree to a split or to taking one back, or return it, as it was read. Raises `Refused`."""
    force.lock(row.client_id)
    row.refresh_from_db()
    demand(rules.may_second(by, row, version), **naming.subject(row.client_id))
    at, is_undo, asked_by = stamped(at), bool(row.undo_asked_by_id), row.undo_asked_by_id or row.by_id
    if not is_undo:
        _decide(row, is_agreed, reason, generation, by, at)
    elif is_agreed:
        _take_back(row, by, at)
    else:
        left = {"undo_asked_by": None, "undo_asked_at": None, "version": row.version + 1}
        Split.objects.filter(pk=row.pk).update(**left)
    act, what = "agree" if is_agreed else "return", "undo_split" if is_undo else "split"
    record(by=by, at=at, verb=f"identities.{act}_{what}", **traces.about(row, generation))
    approvers.answer(
        to=asked_by, title=partial(traces.title_of, row), key=f"{traces.key_of(row)}:answer", is_approved=is_agreed,
        reason=reason, by=by, at=at, url=reverse("identities:merged", args=[row.client_id]),
    )  # fmt: skip


def _decide(
    row: Split, is_agreed: bool, reason: str, generation: Generation, by: User, at: dt.datetime
) -> None:
    """Put a proposed split in force, if the client is still made of the numbers that were read, or return it."""
    if is_agreed:
        demand(rules.is_still_whole(row, generation), **naming.subject(row.client_id))
    Split.objects.filter(pk=row.pk).update(
        state=State.IN_FORCE if is_agreed else State.RETURNED,
        in_force_at=at if is_agreed else None,
        second_by=by,
        second_at=at,
        second_reason=reason,
        version=row.version + 1,
    )
    if is_agreed:
        _judge(Split.objects.select_related("by", "second_by").get(pk=row.pk))


def _ask(row: Split, by: User, at: dt.datetime) -> None:
    approvers.ask(
        permission=second.AGREE,
        title=partial(traces.title_of, row),
        key=traces.key_of(row),
        of_firm=True,
        by=by,
        at=at,
    )


@transaction.atomic
def read_merges(*, client_id: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that somebody read how a client came together."""
    record(by=by, at=at, verb="identities.read_merges", run=run, **naming.subject(client_id))
