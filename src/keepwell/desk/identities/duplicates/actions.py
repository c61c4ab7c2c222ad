"""Asking for a number, and what comes of one that did not fit: each one transaction with its trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from keepwell.contract.verdict import Verdict
from keepwell.desk.audit.actions import record
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.duplicates import rules
from keepwell.desk.identities.models import DuplicateCheck
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand


@transaction.atomic
def check_duplicate(
    *,
    digest: str,
    branches: Sequence[str],
    verdict: Verdict,
    generation: Generation,
    by: User,
    at: dt.datetime,
) -> DuplicateCheck:
    """Trace that somebody asked for a person by a document number, which is kept as a keyed hash alone.

    A number whose check digit does not fit is kept to be verified against the original. Raises `Refused` when the
    same person has asked for as many as a day allows meanwhile: several at once are counted one after the other.
    """
    list(User.objects.select_for_update(no_key=True).filter(pk__in=by.own_logins).order_by("pk"))
    demand(rules.may_look_up(by, generation, at), subject_kind="user", subject_id=by.username)
    run, answers = generation.run_id, DuplicateCheck.Answer
    answer = answers.DOUBTFUL if not verdict else answers.FOUND if branches else answers.NONE
    row = DuplicateCheck.objects.create(
        digest=digest, answer=answer, branch_code=by.branch_code, by=by, at=at, run=run
    )
    record(
        by=by, at=at, verb="identities.check_duplicate", subject_kind="document", subject_id=digest,
        payload={"answer": str(answer), "branches": list(branches)}, verdict=verdict, run=run,
    )  # fmt: skip
    return row


@transaction.atomic
def verify_number(*, row: DuplicateCheck, run: str, by: User, at: dt.datetime) -> None:
    """Somebody has seen the original of a number that did not fit: it waits no longer. Traced once."""
    if _waiting_like(row).update(verified_by=by, verified_at=at):
        record(
            by=by, at=at, verb="identities.verify_number", subject_kind="document", subject_id=row.digest,
            run=run,
        )  # fmt: skip


def _waiting_like(row: DuplicateCheck) -> QuerySet[DuplicateCheck]:
    """The checks of the same number at the same branch that wait: typed twice, it is one thing to find out."""
    same = {"digest": row.digest, "branch_code": row.branch_code, "answer": DuplicateCheck.Answer.DOUBTFUL}
    return DuplicateCheck.objects.filter(verified_at=None, **same)


@transaction.atomic
def drop_number(*, row: DuplicateCheck, run: str, by: User, at: dt.datetime) -> None:
    """A number that did not fit was typed by mistake: it is forgotten; that it was asked for stays in the log."""
    n_gone, _by_model = _waiting_like(row).delete()
    if n_gone:
        record(
            by=by, at=at, verb="identities.drop_number", subject_kind="document", subject_id=row.digest,
            run=run,
        )  # fmt: skip
