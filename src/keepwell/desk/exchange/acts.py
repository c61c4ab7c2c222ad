"""What people decided at the desk, as rows of the contract: codes, dates and keys, never what somebody wrote.

Each act is told with the customer number it concerned. Rows come in the order of their keys, a batch at a time, so
that the same acts give the same file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from keepwell.contract import Table
from keepwell.contract.codes import TaskOutcome
from keepwell.contract.returns import (
    ReturnedAnswer,
    ReturnedAssessment,
    ReturnedAssignment,
    ReturnedContact,
    ReturnedJudgement,
    ReturnedNotice,
    ReturnedOutcome,
    ReturnedOverride,
    ReturnedVerification,
)
from keepwell.desk.assessments.models import Told
from keepwell.desk.clients.acted import Override
from keepwell.desk.clients.models import Assignment, ClientRecord, Place
from keepwell.desk.contacts.models import Contact
from keepwell.desk.forms.models import Answer, Form
from keepwell.desk.identities.models import Judgement, Verification
from keepwell.desk.work.models import Outcome

BATCH = 2_000
DESK = "desk:"  # before the number of an assessment: no firm's begins so
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cut:
    """Up to when acts are told, and the firm's date of that instant; on a made-up firm time stands still."""

    at: dt.datetime
    on: dt.date

    def day(self, on: dt.date | None) -> dt.date | None:
        """A day as the run knows it: nothing that was done before the cut begins or ends after it."""
        return None if on is None else min(on, self.on)


def contacts(cut: Cut) -> Iterator[Row]:
    """Contacts in their latest version, without those taken back."""
    rows = Contact.objects.filter(is_withdrawn=False, recorded_at__lte=cut.at)
    for row in streamed(rows.order_by("pk")):
        yield {
            "contact_key": str(row.pk),
            "client_id": row.client_id,
            "record_code": row.record_code or None,
            "staff_code": row.staff_code or None,
            "contacted_at": utc(row.contacted_at),
            "contacted_on": row.contacted_on,
            "channel": row.channel,
            "direction": row.direction,
            "outcome": row.outcome,
            "topic": row.topic or None,
            "n_minutes": row.minutes,
        }


def outcomes(cut: Cut) -> Iterator[Row]:
    """The last outcome in force of each piece of work."""
    rows = Outcome.objects.filter(is_in_force=True, at__lte=cut.at).exclude(outcome=str(TaskOutcome.UNDONE))
    ordered = streamed(rows.order_by("client_id", "key", "pk"))
    for (client_id, key), group in groupby(ordered, lambda row: (row.client_id, row.key)):
        *_, row = group
        rule, _slash, occasion = key.partition("/")
        yield {
            "item_key": key,
            "client_id": client_id,
            "record_code": row.record_code or None,
            "rule": rule[:40],
            "occasion": occasion or key,
            "outcome": row.outcome,
            "reason": row.reason or None,
            "until_on": row.until_on,
            "decided_at": utc(row.at),
            "staff_code": row.staff_code or None,
        }


def overrides(cut: Cut) -> Iterator[Row]:
    """Approved overrides; one that ended before it was approved never held."""
    rows = Override.objects.filter(state=Override.State.APPROVED, decided_at__lte=cut.at)
    for row, record_code in recorded(rows.select_related("proposed_by", "decided_by").order_by("pk")):
        starts_on = cut.day(timezone.localdate(row.decided_at))
        if row.expires_on > starts_on:
            yield {
                "override_key": str(row.pk),
                "client_id": row.client_id,
                "record_code": record_code,
                "field": row.field,
                "value": row.to_value,
                "starts_on": starts_on,
                "expires_on": row.expires_on,
                "proposed_by": row.proposed_by.get_username()[:40],
                "approved_by": row.decided_by.get_username()[:40],
                "approved_role": row.decided_by.role,
                "approved_at": utc(row.decided_at),
            }


def assignments(cut: Cut) -> Iterator[Row]:
    """What people decided of clients' places, and where they ended what the firm delivers.

    What is in force because the firm delivers it is left out: told back to the firm, it would outlive a change there.
    """
    of_people = Q(by_id__isnull=False) | ~Q(grounds=Place.Grounds.SOURCE) | Q(ends_on__isnull=False)
    rows = Assignment.objects.filter(of_people, at__lte=cut.at)
    for row, record_code in recorded(rows.order_by("pk")):
        yield {
            "assignment_key": str(row.pk),
            "client_id": row.client_id,
            "record_code": record_code,
            "relation": row.relation,
            "staff_code": row.staff_code or None,
            "branch_code": row.branch_code or None,
            "starts_on": cut.day(row.starts_on),
            "ends_on": cut.day(row.ends_on),
            "grounds": row.grounds,
            "decided_at": utc(row.at),
        }


def judgements(cut: Cut) -> Iterator[Row]:
    """What stands of what people said of two records; with a second person it counts from their word on."""
    rows = Judgement.objects.filter(state=Judgement.State.IN_FORCE, in_force_at__lte=cut.at)
    for row in streamed(rows.select_related("by").order_by("pk")):
        yield {
            "judgement_key": str(row.pk),
            "client_id": row.left_client_id,
            "left_code": row.left_code,
            "right_code": row.right_code,
            "judgement": row.judgement,
            "judgement_reason": row.reason,
            "judged_by": row.by.get_username()[:40],
            "judged_at": utc(row.in_force_at),
        }


def verifications(cut: Cut) -> Iterator[Row]:
    """What people found out with clients about facts in which records disagree."""
    rows = Verification.objects.filter(state=Verification.State.IN_FORCE, at__lte=cut.at)
    for row in streamed(rows.order_by("pk")):
        yield {
            "verification_key": str(row.pk),
            "client_id": row.client_id,
            "record_code": row.record_code,
            "golden_field": row.golden_field or None,
            "conflict_key": row.conflict_key,
            "finding": row.finding,
            "verified_by": row.how,
            "verified_on": cut.day(timezone.localdate(row.at)),
            "verified_at": utc(row.at),
        }


def assessments(cut: Cut) -> Iterator[Row]:
    """What clients answered on the pages for them and the desk has taken over.

    That nobody can bear any loss is the engine's to say from the answers: nobody has declared it.
    """
    for row in streamed(_answered(cut).order_by("pk")):
        yield {
            "questionnaire_code": f"{DESK}{row.pk}",
            "client_id": row.client_id,
            "record_code": row.record_code,
            "answered_at": utc(row.answered_at),
            "answered_on": cut.day(timezone.localdate(row.answered_at)),
            "version": row.version,
            "score": row.score,
            "risk_level": row.risk_level,
            "is_lowest_class": False,
            "device_code": row.device_code or None,
            "answered_by_way": row.way,
        }


def answers(cut: Cut) -> Iterator[Row]:
    """Their answers, question by question."""
    rows = Answer.objects.filter(form__in=_answered(cut))
    for row in streamed(rows.order_by("form_id", "question_no")):
        yield {
            "questionnaire_code": f"{DESK}{row.form_id}",
            "question_no": row.question_no,
            "answer": row.letters,
        }


def _answered(cut: Cut) -> QuerySet[Form]:
    """What the desk itself took over and checked: a state alone proves nothing, the pages write states too."""
    return Form.objects.filter(state=Form.State.RECEIVED, received_at__isnull=False, answered_at__lte=cut.at)


def notices(cut: Cut) -> Iterator[Row]:
    """Clients who were told of a new grading."""
    for row in streamed(Told.objects.filter(at__lte=cut.at).order_by("pk")):
        yield {
            "notice_key": str(row.pk),
            "client_id": row.client_id,
            "record_code": row.record_code,
            "notice_kind": row.notice_kind,
            "product_code": row.product_code or None,
            "owed_since_on": row.owed_since_on,
            "told_on": cut.day(row.told_on),
            "told_at": utc(row.at),
            "channel": row.channel,
            "staff_code": row.staff_code or None,
        }


ACTS: Mapping[type[Table], Callable[[Cut], Iterator[Row]]] = {
    ReturnedContact: contacts,
    ReturnedOutcome: outcomes,
    ReturnedOverride: overrides,
    ReturnedAssignment: assignments,
    ReturnedJudgement: judgements,
    ReturnedVerification: verifications,
    ReturnedAssessment: assessments,
    ReturnedAnswer: answers,
    ReturnedNotice: notices,
}


def first_records(client_ids: Iterable[str]) -> dict[str, str]:
    """The customer number after which each client is named: the first opened of those it has in the current run."""
    rows = ClientRecord.objects.filter(client_id__in=set(client_ids)).order_by("-opened_on", "-record_code")
    return dict(rows.values_list("client_id", "record_code"))


def streamed(rows: QuerySet[Any]) -> Iterator[Any]:
    """However many there are, only a batch is held."""
    return rows.iterator(chunk_size=BATCH)


def recorded(rows: QuerySet[Any]) -> Iterator[tuple[Any, str | None]]:
    """Each act with its customer number; one on the client as a whole has that of the client's first record."""
    for piece in _pieces(streamed(rows)):
        records = first_records(row.client_id for row in piece if not row.record_code)
        yield from ((row, row.record_code or records.get(row.client_id)) for row in piece)


def _pieces(rows: Iterator[Any]) -> Iterator[list[Any]]:
    piece: list[Any] = []
    for row in rows:
        piece.append(row)
        if len(piece) == BATCH:
            yield piece
            piece = []
    if piece:
        yield piece


def utc(at: dt.datetime) -> dt.datetime:
    """As the contract stores an instant: UTC without saying so."""
    return at.astimezone(dt.UTC).replace(tzinfo=None)
