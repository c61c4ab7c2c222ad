"""What a finding must say, and when it may be taken back: each rule answers a `Verdict`."""

from __future__ import annotations

from keepwell.contract.golden import Finding, VerifiedBy
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.identities.models import Verification
from keepwell.desk.ui import formats

READ, SETTLE = "identities.read_conflicts", "identities.settle_conflict"


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
