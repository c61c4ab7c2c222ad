"""Judging, asking, reading: each one transaction with its trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from keepwell.contract.codes import Judgement as Said
from keepwell.contract.verdict import Verdict
from keepwell.desk.audit.actions import record
from keepwell.desk.generations.cuts import stamped
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import force, lookups, queries, rules
from keepwell.desk.identities.models import DuplicateCheck, Judgement
from keepwell.desk.people import approvers
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand

State = Judgement.State


@transaction.atomic
def judge_pair(
    *,
    couple: force.Couple,
    judgement: str,
    reason: str,
    generation: Generation,
    by: User,
    at: dt.datetime,
    note: str = "",
    proof: str = "",
) -> Judgement:
    """Say whether two records are one client; with a `proof` it waits for a second person, and changes nothing yet.

    So does every word on what two have agreed to: one alone puts none of it out of force, before a run or after it.
    Raises `Refused` when somebody settled the pair since the run that lists it, and when without a proof two clients
    with different valid documents would become one, be it through a chain of what was said before.
    """
    force.lock(couple.left_client_id, couple.right_client_id)
    stands = queries.standing(couple.left_code, couple.right_code)
    demand(rules.is_free(stands, generation), **force.of_client(couple.left_client_id))
    if judgement == Said.SAME and not proof:
        demand(force.have_one_document(couple), **force.of_client(couple.left_client_id))
    needs_second = bool(proof) or any(rules.needs_two(row) for row in stands)
    at, follows = stamped(at), None if needs_second else force.follow(stands)
    row = Judgement.objects.create(
        **couple.as_fields(), judgement=judgement, reason=reason, note=note, proof=proof, by=by, at=at,
        run=generation.run_id, state=State.PROPOSED if needs_second else State.IN_FORCE,
        in_force_at=None if needs_second else at, follows=follows,
    )  # fmt: skip
    verb = force.verb_of(row, "propose") if needs_second else "identities.judge_pair"
    whose = force.of_client(row.left_client_id)
    record(by=by, at=at, verb=verb, run=generation.run_id, payload=force.told(row), **whose)
    if needs_second:
        title, key = force.title_of(row), force.key_of(row)
        approvers.ask(permission=rules.SECOND, title=title, key=key, of_firm=True, by=by, at=at)
    return row


@transaction.atomic
def second_judgement(
    *,
    row: Judgement,
    is_agreed: bool,
    reason: str,
    version: int,
    generation: Generation,
    by: User,
    at: dt.datetime,
) -> None:
    """Agree to a proposed judgement, or return it, as it was read. Raises `Refused`."""
    force.lock(row.left_client_id, row.right_client_id)
    row.refresh_from_db()
    demand(rules.may_second(by, row, version), **force.of_client(row.left_client_id))
    at, follows = stamped(at), force.follow(_in_force(row)) if is_agreed else None
    Judgement.objects.filter(pk=row.pk).update(
        state=State.IN_FORCE if is_agreed else State.RETURNED,
        in_force_at=at if is_agreed else None,
        second_by=by,
        second_at=at,
        second_reason=reason,
        follows=follows or row.follows,
        version=row.version + 1,
    )
    if not is_agreed:
        force.restore(row)
    verb = force.verb_of(row, "agree" if is_agreed else "return")
    record(
        by=by,
        at=at,
        verb=verb,
        run=generation.run_id,
        payload=force.told(row),
        **force.of_client(row.left_client_id),
    )
    approvers.answer(
        to=row.by_id, title=force.title_of(row), key=f"{force.key_of(row)}:{row.version + 1}", is_approved=is_agreed,
        reason=reason, by=by, at=at, url=reverse("identities:judged"),
    )  # fmt: skip


def _in_force(proposal: Judgement) -> Sequence[Judgement]:
    """What an agreed proposal puts out of force."""
    stands = queries.standing(proposal.left_code, proposal.right_code)
    return [row for row in stands if row.pk != proposal.pk]


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
    demand(lookups.may_look_up(by, generation, at), subject_kind="user", subject_id=by.username)
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


@transaction.atomic
def read_pair(*, left_client_id: str, right_client_id: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that two clients were compared: once for each, so that each client's readers are known."""
    both = {left_client_id: right_client_id, right_client_id: left_client_id}
    for client_id, other in both.items():
        record(
            by=by,
            at=at,
            verb="identities.read_pair",
            payload={"beside": other},
            run=run,
            **force.of_client(client_id),
        )


@transaction.atomic
def read_merges(*, client_id: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that somebody read how a client came together."""
    record(by=by, at=at, verb="identities.read_merges", run=run, **force.of_client(client_id))
