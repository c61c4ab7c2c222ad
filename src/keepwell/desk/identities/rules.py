"""Who may join and who may part: each rule answers a `Verdict`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from keepwell.contract.codes import Judgement as Said
from keepwell.contract.codes import JudgementReason
from keepwell.contract.golden import Finding, VerifiedBy
from keepwell.contract.reasons.identity import PairReason
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.models import Judgement, PairLine, Split, Verification
from keepwell.desk.identities.queries import shares_all
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

SPLIT, SECOND, CHECK = "identities.split", "identities.second", "identities.check_duplicate"
READ_CONFLICTS, SETTLE = "identities.read_conflicts", "identities.settle_conflict"
WRITE_BACK = "identities.write_back"
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
    return ALLOWED if shares_all(user, branches) else refuse(Refusal.SPLIT_OF_OTHER_BRANCHES)


def no_split_waits(ahead: Split | None) -> Verdict:
    """One split of the same numbers at a time: the next is read on what the run has made of this one."""
    if ahead is None:
        return ALLOWED
    return refuse(Refusal.UNDO_WAITS if ahead.state == Split.State.PROPOSED else Refusal.SPLIT_WAITS)


def has_two_sides(taken: Sequence[str], kept: Sequence[str]) -> Verdict:
    """Something is taken out and something stays."""
    return ALLOWED if taken and kept else refuse(Refusal.SPLIT_NEEDS_TWO_SIDES)


def may_second(user: User, row: Judgement, version: int) -> Verdict:
    """Another person than the proposer, while it waits; of what was read."""
    return may_sign(user, row.by, version, row.version, is_open=row.state == State.PROPOSED)


def may_sign(
    user: User,
    asked_by: User | None,
    version_read: int,
    version_now: int,
    *,
    is_open: bool,
    permission: str = SECOND,
) -> Verdict:
    """Another person than who asks, by staff number or where one has none by name; of what was read (M12, M25)."""
    allowed = user.may(permission)
    if not allowed:
        return allowed
    if asked_by is None:
        return refuse(Refusal.SETTLED_ALREADY)
    second = approvals.may_decide(user, proposed_by_id=asked_by.pk)
    if not second:
        return second
    if not are_two(user, asked_by):
        return refuse(Refusal.SECOND_PERSON, approver_name=approvals.ANOTHER)
    if not is_open:
        return refuse(Refusal.SETTLED_ALREADY)
    return approvals.unchanged(version_read=version_read, version_now=version_now)


def may_withdraw(user: User, proposed_by: User, *, is_open: bool) -> Verdict:
    """What one proposed oneself, by whichever login, while it waits."""
    if not user.is_same_person(proposed_by.pk):
        return refuse(Refusal.NOT_THE_PROPOSER, proposer_name=proposed_by.display_name)
    return ALLOWED if is_open else refuse(Refusal.SETTLED_ALREADY)


def is_found_out(*, finding: str, how: str, grounds: str, right: bool) -> Verdict:
    """A finding says how and on what grounds it was made; one value is right only if it is named (M20, R212)."""
    known = finding in set(Finding) and how in set(VerifiedBy) and bool(grounds)
    return ALLOWED if known and (right or finding != Finding.ONE_IS_RIGHT) else refuse(Refusal.PURPOSE)


def may_keep(*, is_over: bool) -> Verdict:
    """Accounts from before the limit stay if really needed; what was opened beyond it since does not (R223)."""
    return refuse(Refusal.OVER_THE_LIMIT) if is_over else ALLOWED


def is_unsettled(stands: Verification | None) -> Verdict:
    """Nobody settled the conflict since it was opened (M25)."""
    if stands is None:
        return ALLOWED
    return refuse(
        Refusal.CHANGED_SINCE, changed_by=stands.by.display_name, changed_at=formats.moment(stands.at)
    )


def may_take_back(row: Verification) -> Verdict:
    """What is in force may be taken back; the conflict then waits again."""
    return ALLOWED if row.state == Verification.State.IN_FORCE else refuse(Refusal.SETTLED_ALREADY)


def are_two(one: User, other: User) -> bool:
    """Whether two logins are of two people: a login without a staff number is known by its name alone."""
    if one.staff_code and other.staff_code:
        return one.staff_code != other.staff_code
    return "".join(one.display_name.split()) != "".join(other.display_name.split())
