"""Who may say that two records are one client, and take it back: each rule answers a `Verdict`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keepwell.contract.codes import Judgement as Said
from keepwell.contract.codes import JudgementReason
from keepwell.contract.reasons.identity import PairReason
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import second
from keepwell.desk.identities.models import Judgement, PairLine
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

State = Judgement.State
REASONS: Mapping[Said, Sequence[JudgementReason]] = {
    Said.SAME: (JudgementReason.SAME_DOCUMENT, JudgementReason.CONFIRMED, JudgementReason.SAME_DETAILS),
    Said.NOT_SAME: (
        JudgementReason.OTHER_DOCUMENT,
        JudgementReason.NAMESAKE,
        JudgementReason.RELATED,
        JudgementReason.ENTRY_MISTAKE,
    ),
    Said.UNSURE: (JudgementReason.NOT_ENOUGH,),
}


def has_reason(judgement: str, reason: str) -> Verdict:
    """A judgement gives one of its reasons (M20)."""
    known = {str(said): {str(one) for one in reasons} for said, reasons in REASONS.items()}
    return ALLOWED if reason in known.get(judgement, set()) else refuse(Refusal.PURPOSE)


def have_one_document(left: set[str], right: set[str]) -> Verdict:
    """Valid documents on both sides are the same ones, so far as both have any (M17)."""
    return ALLOWED if left <= right or right <= left else refuse(Refusal.TWO_VALID_IDS)


def may_be_one(pair: PairLine, left: set[str], right: set[str]) -> Verdict:
    """Two different valid documents stand against one client: then not by one person alone (M17).

    `left` and `right` are the valid documents of either side, see `queries.valid_documents`.
    """
    if pair.pair_reason == PairReason.TWO_VALID_IDS:
        return refuse(Refusal.TWO_VALID_IDS)
    return have_one_document(left, right)


def is_free(stands: Sequence[Judgement], generation: Generation) -> Verdict:
    """Nobody settled the pair since the run that lists it; what that run knew may be followed (M25)."""
    since = [row for row in stands if not (row.in_force_at and generation.knows(row.in_force_at))]
    if not since:
        return ALLOWED
    last = since[-1]
    return refuse(Refusal.CHANGED_SINCE, changed_by=last.by.display_name, changed_at=formats.moment(last.at))


def may_undo(row: Judgement, generation: Generation) -> Verdict:
    """What stands may be taken back; not a "same" by which a run has joined: that is parted with its consequences."""
    if row.state not in Judgement.STANDS:
        return refuse(Refusal.SETTLED_ALREADY)
    if row.undo_asked_by_id:
        return refuse(Refusal.UNDO_WAITS)
    return is_ahead(row, generation)


def is_ahead(row: Judgement, generation: Generation) -> Verdict:
    """No run has joined two records by it yet."""
    joined = row.judgement == Said.SAME and row.in_force_at and generation.knows(row.in_force_at)
    return refuse(Refusal.JOINED_BY_RUN) if joined else ALLOWED


def needs_two(row: Judgement) -> bool:
    """Whether a second person agreed to it: then one alone does not take it back (R210)."""
    return row.state == State.IN_FORCE and row.second_by_id is not None


def may_second(user: User, row: Judgement, version: int) -> Verdict:
    """Another person than the proposer, while it waits; of what was read."""
    return second.may_sign(user, row.by, version, row.version, is_open=row.state == State.PROPOSED)


def may_second_undo(user: User, row: Judgement, version: int) -> Verdict:
    """Another person than the one who asked, who may agree to "the same" as well; of what was read."""
    in_force = row.state == Judgement.State.IN_FORCE
    return second.may_sign(user, row.undo_asked_by, version, row.version, is_open=in_force)
