"""Writing back: a file is made, let go by a second person, fetched, answered, its refused rows sent again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from functools import partial

from django.db import IntegrityError, transaction
from django.urls import reverse

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.gates import signed
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.models import Acknowledgement, WriteBack, WriteBackRow
from keepwell.desk.identities.writeback import answers, counting, due, rules, traces, writing
from keepwell.desk.identities.writeback.due import Line
from keepwell.desk.identities.writeback.vault import vault
from keepwell.desk.people import approvers
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.ui.http import demand

State, Row = WriteBack.State, WriteBackRow.State


def make(*, purpose: str, generation: Generation, by: User, at: dt.datetime) -> WriteBack | None:
    """Make the next file of what waits, `None` when nothing does. Raises `Refused` without a purpose.

    One with more secrets in full than is signed waits for a second person before anybody fetches it.
    Values are read before the transaction, so that it stays short; what is taken back in between is withdrawn by the
    next file.
    """
    if not purpose.strip():
        demand(refuse(Refusal.PURPOSE), subject_kind="write_back")
    last = WriteBack.objects.order_by("-number").first()
    number = last.number + 1 if last else 1
    found = writing.opened(due.lines(generation), generation.run_id)
    if not found:
        return None
    content = writing.written(number, found)
    try:
        with transaction.atomic():
            row = _kept(number, purpose.strip(), content, found, generation, by, at)
            payload = {name: getattr(row, name) for name in ("purpose", "n_rows", "n_secrets", "sha256")}
            record(by=by, at=at, verb="identities.make_write_back", payload=payload, **traces.about(row))
            if row.state == State.WAITS:
                _ask(row, by, at)
    except IntegrityError:  # somebody else has made the file of this number meanwhile
        other = WriteBack.objects.select_related("by").get(number=number)
        told = {"changed_by": other.by.display_name, "changed_at": formats.moment(other.at)}
        demand(refuse(Refusal.CHANGED_SINCE, **told), subject_kind="write_back", subject_id=str(number))
        raise
    return row


def _kept(
    number: int,
    purpose: str,
    content: bytes,
    lines: Sequence[Line],
    generation: Generation,
    by: User,
    at: dt.datetime,
) -> WriteBack:
    n_secrets = sum(bool(line.secret) for line in lines)
    pack = signed.packs(generation, signed.desk_day(generation)).remediation.write_back
    is_alone = n_secrets <= pack.n_secrets_alone_at_most
    row = WriteBack.objects.create(
        number=number,
        purpose=purpose[:200],
        by=by,
        at=at,
        run=generation.run_id,
        n_rows=len(lines),
        n_secrets=n_secrets,
        state=State.SENT if is_alone else State.WAITS,
        sha256=hashlib.sha256(content).hexdigest(),
        sealed=vault().seal(number, content),
    )
    told = {(line.act, line.record_code) for line in lines}
    again = WriteBackRow.objects.filter(is_again=True).values_list("pk", "act", "record_code")
    sent = [pk for pk, act, code in again if (act, code) in told]
    WriteBackRow.objects.filter(pk__in=sent).update(is_again=False)
    rows = [_row(row, nth, line) for nth, line in enumerate(lines, start=1)]
    WriteBackRow.objects.bulk_create(rows, batch_size=500)
    return row


def _row(write_back: WriteBack, nth: int, line: Line) -> WriteBackRow:
    names = (
        "record_code", "branch_code", "client_id", "field", "change", "old_shown", "new_shown", "source_code",
        "act", "verification_id", "judgement_id", "split_id", "conflict_key", "is_undoing",
    )  # fmt: skip
    return WriteBackRow(write_back=write_back, line=nth, **{name: getattr(line, name) for name in names})


@transaction.atomic
def fetch(*, write_back: WriteBack, purpose: str, by: User, at: dt.datetime) -> bytes:
    """The file's bytes in full, for a purpose that is traced. Raises `Refused` without one, or when its key is gone.

    So it does while the file waits for a second person, and when it was returned or withdrawn.
    """
    write_back = WriteBack.objects.select_for_update().get(pk=write_back.pk)
    demand(rules.has_left(write_back), subject_kind="write_back", subject_id=str(write_back.number))
    if not purpose.strip():
        demand(refuse(Refusal.PURPOSE), subject_kind="write_back", subject_id=str(write_back.number))
    content = vault().opened(write_back.number, bytes(write_back.sealed or b""))
    payload = {"purpose": purpose.strip()[:200], "sha256": write_back.sha256}
    record(by=by, at=at, verb="identities.fetch_write_back", payload=payload, **traces.about(write_back))
    return content


@transaction.atomic
def decide(*, row: WriteBack, is_agreed: bool, reason: str, version: int, by: User, at: dt.datetime) -> None:
    """Let the file be fetched, or return it: then it never leaves, and its rows wait again. Raises `Refused`."""
    row = WriteBack.objects.select_for_update(of=("self",)).select_related("by").get(pk=row.pk)
    demand(rules.may_agree(by, row, version), subject_kind="write_back", subject_id=str(row.number))
    row.decided_by, row.decided_at, row.decision_reason = by, at, reason
    if is_agreed:
        _close(row, State.SENT)
    else:
        _void(row, State.RETURNED)
    verb = "identities.agree_write_back" if is_agreed else "identities.return_write_back"
    record(
        by=by,
        at=at,
        verb=verb,
        payload={"n_secrets": row.n_secrets, "sha256": row.sha256, "reason": reason},
        **traces.about(row),
    )
    approvers.answer(
        to=row.by_id, title=partial(traces.title, row), key=f"{traces.key(row)}:{row.version}",
        is_approved=is_agreed, reason=reason, by=by, at=at, url=reverse("identities:write_back", args=[row.number]),
    )  # fmt: skip


@transaction.atomic
def withdraw(*, row: WriteBack, by: User, at: dt.datetime) -> None:
    """Take one's own file back while it waits: it never leaves, and its rows wait again. Raises `Refused`."""
    row = WriteBack.objects.select_for_update(of=("self",)).select_related("by").get(pk=row.pk)
    demand(rules.may_withdraw(by, row), subject_kind="write_back", subject_id=str(row.number))
    _void(row, State.WITHDRAWN)
    record(
        by=by,
        at=at,
        verb="identities.withdraw_write_back",
        payload={"sha256": row.sha256},
        **traces.about(row),
    )


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


def _ask(row: WriteBack, by: User, at: dt.datetime) -> None:
    """Tell who may agree."""
    approvers.ask(
        permission=rules.AGREE,
        title=partial(traces.title, row),
        key=traces.key(row),
        of_firm=True,
        by=by,
        at=at,
    )


@transaction.atomic
def take_answer(
    *,
    write_back: WriteBack,
    said: Sequence[answers.Said],
    content: bytes,
    file_name: str,
    by: User,
    at: dt.datetime,
) -> Acknowledgement:
    """Take an answer in: each of its rows is accepted, refused or unknown, whatever stands in it.

    Refused rows come back on the work list. When all rows of the file are answered its text is forgotten. Raises
    `Refused` when the same answer was taken in before.
    """
    row = WriteBack.objects.select_for_update().get(pk=write_back.pk)
    demand(rules.has_left(row), subject_kind="write_back", subject_id=str(row.number))
    sha256 = hashlib.sha256(content).hexdigest()
    demand(_is_new(row, sha256), subject_kind="write_back", subject_id=str(row.number))
    counted = counting.counted(row, said)
    counting.keep(counted, at)
    answer = Acknowledgement.objects.create(
        write_back=row,
        file_name=file_name[-120:],
        sha256=sha256,
        by=by,
        at=at,
        **counted.as_fields(),
    )
    counting.settle(row)
    payload = {"sha256": sha256, **counted.as_numbers()}
    record(by=by, at=at, verb="identities.take_answer", payload=payload, **traces.about(row))
    return answer


def _is_new(row: WriteBack, sha256: str) -> Verdict:
    """The same answer is taken in once."""
    before = row.answers.select_related("by").filter(sha256=sha256).first()
    if before is None:
        return ALLOWED
    return refuse(
        Refusal.CHANGED_SINCE, changed_by=before.by.display_name, changed_at=formats.moment(before.at)
    )


@transaction.atomic
def send_again(*, rows: Sequence[WriteBackRow], run: str, by: User, at: dt.datetime) -> int:
    """Put refused rows into the next file, with the value that counts then; answers how many it were."""
    n = 0
    for row in rows:
        refused = WriteBackRow.objects.filter(pk=row.pk, state=Row.REFUSED, is_back=True)
        if refused.update(is_back=False, is_again=True):
            n += 1
            payload = {"file": row.write_back.number, "row": row.line, "field": row.field}
            record(
                by=by, at=at, verb="identities.send_again", subject_kind="client", subject_id=row.client_id,
                payload=payload, run=run,
            )  # fmt: skip
    return n
