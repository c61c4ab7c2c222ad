"""The second person's word on a write-back with many secrets in full: asked, given, refused, or asked no more."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import ngettext

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.identities import rules
from keepwell.desk.identities.models import WriteBack, WriteBackRow
from keepwell.desk.people import approvers
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.ui.http import demand

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
    return rules.may_sign(user, row.by, version, row.version, is_open=is_open, permission=AGREE)


def may_withdraw(user: User, row: WriteBack) -> Verdict:
    """One's own file, by whichever login, while it waits."""
    return rules.may_withdraw(user, row.by, is_open=row.state == State.WAITS)


def ask(row: WriteBack, by: User, at: dt.datetime) -> None:
    """Tell who may agree."""
    approvers.ask(permission=AGREE, title=partial(title, row), key=_key(row), of_firm=True, by=by, at=at)


@transaction.atomic
def decide(*, row: WriteBack, is_agreed: bool, reason: str, version: int, by: User, at: dt.datetime) -> None:
    """Let the file be fetched, or return it: then it never leaves, and its rows wait again. Raises `Refused`."""
    row = WriteBack.objects.select_for_update(of=("self",)).select_related("by").get(pk=row.pk)
    demand(may_agree(by, row, version), subject_kind="write_back", subject_id=str(row.number))
    row.decided_by, row.decided_at, row.decision_reason = by, at, reason
    if is_agreed:
        _close(row, State.SENT)
    else:
        _void(row, State.RETURNED)
    verb = "identities.agree_write_back" if is_agreed else "identities.return_write_back"
    trace(verb, row, {"n_secrets": row.n_secrets, "sha256": row.sha256, "reason": reason}, by, at)
    approvers.answer(
        to=row.by_id, title=partial(title, row), key=f"{_key(row)}:{row.version}", is_approved=is_agreed, reason=reason,
        by=by, at=at, url=reverse("identities:write_back", args=[row.number]),
    )  # fmt: skip


@transaction.atomic
def withdraw(*, row: WriteBack, by: User, at: dt.datetime) -> None:
    """Take one's own file back while it waits: it never leaves, and its rows wait again. Raises `Refused`."""
    row = WriteBack.objects.select_for_update(of=("self",)).select_related("by").get(pk=row.pk)
    demand(may_withdraw(by, row), subject_kind="write_back", subject_id=str(row.number))
    _void(row, State.WITHDRAWN)
    trace("identities.withdraw_write_back", row, {"sha256": row.sha256}, by, at)


def _close(row: WriteBack, state: WriteBack.State) -> None:
    row.state = state
    row.version += 1
    row.save()


def _void(row: WriteBack, state: WriteBack.State) -> None:
    """The text is forgotten and nothing counts as told; what was to be sent again is to be sent again still."""
    for again in row.rows.all():
        before = WriteBackRow.objects.filter(act=again.act, record_code=again.record_code, state=Row.REFUSED)
        refused = before.filter(is_undoing=again.is_undoing, is_back=False).order_by("-pk").first()
        if refused is not None:
            WriteBackRow.objects.filter(pk=refused.pk).update(is_again=True)
    row.rows.all().delete()
    row.sealed = None
    _close(row, state)


def trace(verb: str, row: WriteBack, payload: dict[str, Any], by: User, at: dt.datetime) -> None:
    """Record an act about a file."""
    record(
        by=by, at=at, verb=verb, subject_kind="write_back", subject_id=str(row.number), payload=payload,
        run=row.run,
    )  # fmt: skip


def title(row: WriteBack) -> str:
    """What a notice calls it: its number and how much it holds."""
    said = ngettext(
        "Write-back %(number)d: %(n)s value in full",
        "Write-back %(number)d: %(n)s values in full",
        row.n_secrets,
    )
    return said % {"number": row.number, "n": formats.number(row.n_secrets)}


def _key(row: WriteBack) -> str:
    return f"identities.write_back:{row.pk}"
