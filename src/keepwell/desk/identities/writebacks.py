"""Writing back: a file is made, fetched, answered, its refused rows sent again; each one transaction with its trace."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.gates import signed
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import answers, due, letting_go
from keepwell.desk.identities.due import Line
from keepwell.desk.identities.models import Acknowledgement, WriteBack, WriteBackRow
from keepwell.desk.identities.vault import vault
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats, sheets
from keepwell.desk.ui.http import demand

COLUMNS = (
    "file", "row", "customer_number", "branch", "field", "change", "old_value", "new_value", "source",
    "verified_by", "verified_at", "verified_how", "act",
)  # fmt: skip
EMAIL = "email"
KEPT_UNKNOWN = 200  # unknown rows of an answer that are kept to be shown
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
    found = _opened(due.lines(generation), generation.run_id)
    if not found:
        return None
    content = written(number, found)
    try:
        return _keep(number, purpose.strip(), content, found, generation, by, at)
    except IntegrityError:  # somebody else has made the file of this number meanwhile
        other = WriteBack.objects.select_related("by").get(number=number)
        told = {"changed_by": other.by.display_name, "changed_at": formats.moment(other.at)}
        demand(refuse(Refusal.CHANGED_SINCE, **told), subject_kind="write_back", subject_id=str(number))
        raise


def _opened(lines: Sequence[Line], run_id: str) -> list[Line]:
    """The rows with the values of secret facts; a row whose value the run does not have is left out."""
    secret = [line for line in lines if line.secret]
    clients = vault().secrets(run_id, {line.client_id for line in secret if line.secret != EMAIL})
    emails = vault().emails(run_id, {line.source_code for line in secret if line.secret == EMAIL})
    return [
        replace(line, value=value)
        for line in lines
        if (value := _value(line, clients, emails)) or line.change != WriteBackRow.Change.SET
    ]


def _value(line: Line, clients: Mapping[str, Mapping[str, str]], emails: Mapping[str, str]) -> str:
    if not line.secret:
        return line.value
    if line.secret == EMAIL:
        return emails.get(line.source_code, "")
    return clients.get(line.client_id, {}).get(line.secret, "")


def written(number: int, lines: Sequence[Line]) -> bytes:
    """The file's bytes: CSV in UTF-8 with a header, one row a customer number, field and act; no text is a formula."""
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(COLUMNS)
    for nth, line in enumerate(lines, start=1):
        at = timezone.localtime(line.at).isoformat(timespec="seconds")
        out.writerow(
            (number, nth, line.record_code, line.branch_code, line.field, line.change, _text(line.old_shown),
             _text(line.value), line.source_code, _text(line.by), at, line.how, line.act)
        )  # fmt: skip
    return text.getvalue().encode()


def _text(value: str) -> str:
    """A text as every file of the desk holds it; a phone with its country's number before it is no formula."""
    return value if value[:1] == "+" and value[1:].isdecimal() else sheets.safe(value)


@transaction.atomic
def _keep(
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
    payload = {"purpose": row.purpose, "n_rows": row.n_rows, "n_secrets": n_secrets, "sha256": row.sha256}
    letting_go.trace("identities.make_write_back", row, payload, by, at)
    if not is_alone:
        letting_go.ask(row, by, at)
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
    demand(letting_go.has_left(write_back), subject_kind="write_back", subject_id=str(write_back.number))
    if not purpose.strip():
        demand(refuse(Refusal.PURPOSE), subject_kind="write_back", subject_id=str(write_back.number))
    content = vault().opened(write_back.number, bytes(write_back.sealed or b""))
    payload = {"purpose": purpose.strip()[:200], "sha256": write_back.sha256}
    letting_go.trace("identities.fetch_write_back", write_back, payload, by, at)
    return content


@dataclass(slots=True)
class _Counted:
    """What became of the rows of an answer."""

    accepted: list[int]
    refused: list[WriteBackRow]
    unknown: list[dict[str, Any]]


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
    demand(letting_go.has_left(row), subject_kind="write_back", subject_id=str(row.number))
    sha256 = hashlib.sha256(content).hexdigest()
    demand(_is_new(row, sha256), subject_kind="write_back", subject_id=str(row.number))
    counted = _counted(row, said)
    _answer_rows(counted, at)
    answer = Acknowledgement.objects.create(
        write_back=row,
        file_name=file_name[-120:],
        sha256=sha256,
        n_rows=len(said),
        n_accepted=len(counted.accepted),
        n_refused=len(counted.refused),
        n_unknown=len(counted.unknown),
        unknown=counted.unknown[:KEPT_UNKNOWN],
        by=by,
        at=at,
    )
    _settle(row)
    names = ("sha256", "n_rows", "n_accepted", "n_refused", "n_unknown")
    letting_go.trace("identities.take_answer", row, {name: getattr(answer, name) for name in names}, by, at)
    return answer


def _is_new(row: WriteBack, sha256: str) -> Verdict:
    """The same answer is taken in once."""
    before = row.answers.select_related("by").filter(sha256=sha256).first()
    if before is None:
        return ALLOWED
    return refuse(
        Refusal.CHANGED_SINCE, changed_by=before.by.display_name, changed_at=formats.moment(before.at)
    )


def _answer_rows(counted: _Counted, at: dt.datetime) -> None:
    """Note on each row what was answered; one refused before, and sent again since, is not called back by it."""
    WriteBackRow.objects.filter(pk__in=counted.accepted).update(
        state=Row.ACCEPTED, reason="", answered_at=at, is_back=False, is_again=False
    )
    for refused in counted.refused:
        refused.is_back = refused.is_back or (refused.state == Row.SENT and refused.stands)
        refused.state, refused.answered_at = Row.REFUSED, at
    told = ("state", "reason", "answered_at", "is_back")
    WriteBackRow.objects.bulk_update(counted.refused, told, batch_size=200)


def _counted(write_back: WriteBack, said: Sequence[answers.Said]) -> _Counted:
    rows = {row.line: row for row in write_back.rows.select_related("verification")}
    counted, seen = _Counted([], [], []), set[int]()
    for one in said:
        nth = int(one.row) if one.row.isascii() and one.row.isdigit() else 0
        row = rows.get(nth)
        why = _unknown(one, row, is_twice=nth in seen)
        seen.add(nth)
        if why or row is None:
            value = one.result if why == "result" else one.row
            counted.unknown.append({"line": one.line, "why": why, "value": value})
        elif one.result == "accepted":
            counted.accepted.append(row.pk)
        else:
            row.reason = one.reason
            counted.refused.append(row)
    return counted


def _unknown(one: answers.Said, row: WriteBackRow | None, *, is_twice: bool) -> str:
    """Why a row of an answer cannot be taken in, empty when it can."""
    if row is None:
        return "row"
    if is_twice:
        return "twice"
    if one.result not in answers.RESULTS:
        return "result"
    return "accepted_before" if row.state == Row.ACCEPTED and one.result == "refused" else ""


def _settle(row: WriteBack) -> None:
    """How far the file is answered; its text is not kept longer than it is needed."""
    row.n_accepted = row.rows.filter(state=Row.ACCEPTED).count()
    row.n_refused = row.rows.filter(state=Row.REFUSED).count()
    row.state = State.DONE if not row.n_open else State.PART if row.n_accepted + row.n_refused else State.SENT
    row.sealed = None if row.state == State.DONE else row.sealed
    row.save(update_fields=["n_accepted", "n_refused", "state", "sealed"])


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
