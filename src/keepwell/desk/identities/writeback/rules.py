"""Who may let a write-back with many secrets in full go, and whether it has left: each rule answers a `Verdict`."""

from __future__ import annotations

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.identities import second
from keepwell.desk.identities.models import WriteBack, WriteBackRow
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

WRITE_BACK = "identities.write_back"
AGREE = "identities.agree_write_back"
State, Row = WriteBack.State, WriteBackRow.State


def has_left(row: WriteBack) -> Verdict:
    """Whether the file may be fetched and answered: nobody's word is wanted any more, and it was not refused."""
    if row.is_void:
        return refuse(Refusal.FILE_VOID)
    if row.state == State.WAITS:
        return refuse(Refusal.FILE_WAITS, n_secrets=formats.number(row.n_secrets))
    return ALLOWED


def may_agree(user: User, row: WriteBack, version: int) -> Verdict:
    """Another person than who asked for it, while it waits; of what was read (M12, M25)."""
    is_open = row.state == State.WAITS
    return second.may_sign(user, row.by, version, row.version, is_open=is_open, permission=AGREE)


def may_withdraw(user: User, row: WriteBack) -> Verdict:
    """One's own file, by whichever login, while it waits."""
    return second.may_withdraw(user, row.by, is_open=row.state == State.WAITS)
