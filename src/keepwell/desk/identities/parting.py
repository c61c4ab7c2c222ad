"""Parting a client's customer numbers and taking that back: by one person, by two where two had agreed before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from keepwell.contract.codes import Judgement as Said
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.clients.models import ClientRecord
from keepwell.desk.generations.cuts import stamped
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import force, queries, rules, splits
from keepwell.desk.identities.models import Judgement, Split
from keepwell.desk.people import approvers
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
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
    demand(rules.no_split_waits(splits.ahead_of([*taken, *kept], generation)), **force.of_client(client_id))
    demand(unchanged(), **force.of_client(client_id))
    at, needs_second = stamped(at), bool(splits.agreed_across(taken, kept))
    row = Split.objects.create(
        client_id=client_id, taken=list(taken), kept=list(kept), reason=reason, note=note, by=by, at=at,
        run=generation.run_id, state=State.PROPOSED if needs_second else State.IN_FORCE,
        in_force_at=None if needs_second else at,
    )  # fmt: skip
    if needs_second:
        _ask(row, by, at)
    else:
        _judge(row)
    _trace("identities.propose_split" if needs_second else "identities.split_client", row, generation, by, at)
    return row


def _judge(row: Split) -> None:
    """Say "not the same" of each pair across a split that has come into force, by whom and since when it says."""
    for one in row.taken:
        for other in row.kept:
            couple = force.Couple.of((one, row.client_id), (other, row.client_id))
            follows = force.follow(queries.standing(couple.left_code, couple.right_code))
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
    branches = queries.branches_of([*split.taken, *split.kept])
    demand(rules.may_undo_split(by, split, branches), **force.of_client(split.client_id))
    at, is_alone = stamped(at), not (split.state == State.IN_FORCE and split.second_by_id)
    if is_alone:
        _take_back(split, by, at)
    else:
        asked = {"undo_asked_by": by, "undo_asked_at": at, "version": split.version + 1}
        Split.objects.filter(pk=split.pk).update(**asked)
        split.refresh_from_db()
        _ask(split, by, at)
    _trace(
        "identities.undo_split" if is_alone else "identities.propose_undo_split", split, generation, by, at
    )
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
    demand(may_second(by, row, version), **force.of_client(row.client_id))
    at, is_undo, asked_by = stamped(at), bool(row.undo_asked_by_id), row.undo_asked_by_id or row.by_id
    if not is_undo:
        _decide(row, is_agreed, reason, generation, by, at)
    elif is_agreed:
        _take_back(row, by, at)
    else:
        left = {"undo_asked_by": None, "undo_asked_at": None, "version": row.version + 1}
        Split.objects.filter(pk=row.pk).update(**left)
    act, what = "agree" if is_agreed else "return", "undo_split" if is_undo else "split"
    _trace(f"identities.{act}_{what}", row, generation, by, at)
    approvers.answer(
        to=asked_by, title=partial(title_of, row), key=f"{_key(row)}:answer", is_approved=is_agreed, reason=reason,
        by=by, at=at, url=reverse("identities:merged", args=[row.client_id]),
    )  # fmt: skip


def _decide(
    row: Split, is_agreed: bool, reason: str, generation: Generation, by: User, at: dt.datetime
) -> None:
    """Put a proposed split in force, if the client is still made of the numbers that were read, or return it."""
    if is_agreed:
        demand(is_still_whole(row, generation), **force.of_client(row.client_id))
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


def is_still_whole(row: Split, generation: Generation) -> Verdict:
    """Whether the client has the customer numbers, no more and no fewer, that the split names (M25)."""
    codes = ClientRecord.objects.filter(client_id=row.client_id).values_list("record_code", flat=True)
    if set(codes) == {*row.taken, *row.kept}:
        return ALLOWED
    run, at = f"#{formats.run_number(generation.run_id)}", formats.moment(generation.taken_in_at)
    return refuse(Refusal.CHANGED_SINCE, changed_by=run, changed_at=at)


def may_second(user: User, row: Split, version: int) -> Verdict:
    """Another person than the one who asks, who may agree to "the same" as well; of what was read."""
    asked_by = row.undo_asked_by if row.state == State.IN_FORCE else row.by
    return rules.may_sign(user, asked_by, version, row.version, is_open=row.state in Split.STANDS)


def title_of(row: Split) -> str:
    """What a notice calls it: customer numbers, no name."""
    codes = {"taken": ", ".join(row.taken), "kept": ", ".join(row.kept)}
    if row.undo_asked_by_id:
        return _("Taken back: %(taken)s apart from %(kept)s") % codes
    return _("Split: %(taken)s apart from %(kept)s") % codes


def _ask(row: Split, by: User, at: dt.datetime) -> None:
    approvers.ask(
        permission=rules.SECOND, title=partial(title_of, row), key=_key(row), of_firm=True, by=by, at=at
    )


def _key(row: Split) -> str:
    return f"identities.split:{row.pk}:{row.version}"


def _trace(verb: str, row: Split, generation: Generation, by: User, at: dt.datetime) -> None:
    told = {"split": row.pk, "taken": row.taken, "kept": row.kept, "reason": row.reason}
    record(by=by, at=at, verb=verb, run=generation.run_id, payload=told, **force.of_client(row.client_id))
