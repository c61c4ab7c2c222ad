"""Judging two records and taking it back, alone or by two, and reading them: each one transaction with its trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.urls import reverse

from keepwell.contract.codes import Judgement as Said
from keepwell.desk.audit.actions import record
from keepwell.desk.generations.cuts import stamped
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import naming, second
from keepwell.desk.identities.models import Judgement
from keepwell.desk.identities.pairs import force, queries, rules, traces
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
    demand(rules.is_free(stands, generation), **naming.subject(couple.left_client_id))
    if judgement == Said.SAME and not proof:
        demand(force.have_one_document(couple), **naming.subject(couple.left_client_id))
    needs_second = bool(proof) or any(rules.needs_two(row) for row in stands)
    at, follows = stamped(at), None if needs_second else force.follow(stands)
    row = Judgement.objects.create(
        **couple.as_fields(), judgement=judgement, reason=reason, note=note, proof=proof, by=by, at=at,
        run=generation.run_id, state=State.PROPOSED if needs_second else State.IN_FORCE,
        in_force_at=None if needs_second else at, follows=follows,
    )  # fmt: skip
    verb = traces.verb_of(row, "propose") if needs_second else "identities.judge_pair"
    record(by=by, at=at, verb=verb, **traces.about(row, generation))
    if needs_second:
        title, key = traces.title_of(row), traces.key_of(row)
        approvers.ask(permission=second.AGREE, title=title, key=key, of_firm=True, by=by, at=at)
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
    demand(rules.may_second(by, row, version), **naming.subject(row.left_client_id))
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
    verb = traces.verb_of(row, "agree" if is_agreed else "return")
    record(by=by, at=at, verb=verb, **traces.about(row, generation))
    approvers.answer(
        to=row.by_id, title=traces.title_of(row), key=f"{traces.key_of(row)}:{row.version + 1}", is_approved=is_agreed,
        reason=reason, by=by, at=at, url=reverse("identities:judged"),
    )  # fmt: skip


def _in_force(proposal: Judgement) -> Sequence[Judgement]:
    """What an agreed proposal puts out of force."""
    stands = queries.standing(proposal.left_code, proposal.right_code)
    return [row for row in stands if row.pk != proposal.pk]


@transaction.atomic
def undo_judgement(*, row: Judgement, generation: Generation, by: User, at: dt.datetime) -> bool:
    """Take a judgement back: the pair waits again, and what it followed stands again. Raises `Refused`.

    What a second person has agreed to stays in force until a second person agrees again: then the answer is False.
    """
    force.lock(row.left_client_id, row.right_client_id)
    row.refresh_from_db()
    demand(rules.may_undo(row, generation), **naming.subject(row.left_client_id))
    is_alone = not rules.needs_two(row)
    if is_alone:
        force.take_back(row, by, at)
    else:
        asked = {"undo_asked_by": by, "undo_asked_at": at, "version": row.version + 1}
        Judgement.objects.filter(pk=row.pk).update(**asked)
        approvers.ask(
            permission=second.AGREE,
            title=partial(traces.title_of_undo, row),
            key=traces.key_of_undo(row, row.version + 1),
            of_firm=True,
            by=by,
            at=at,
        )
    verb = "identities.undo_judgement" if is_alone else "identities.propose_undo"
    record(by=by, at=at, verb=verb, **traces.about(row, generation))
    return is_alone


@transaction.atomic
def second_undo(
    *,
    row: Judgement,
    is_agreed: bool,
    reason: str,
    version: int,
    generation: Generation,
    by: User,
    at: dt.datetime,
) -> None:
    """Agree that what two agreed to is taken back, or leave it in force, as it was read. Raises `Refused`."""
    force.lock(row.left_client_id, row.right_client_id)
    row.refresh_from_db()
    demand(rules.may_second_undo(by, row, version), **naming.subject(row.left_client_id))
    asked_by = row.undo_asked_by_id
    if is_agreed:
        demand(rules.is_ahead(row, generation), **naming.subject(row.left_client_id))
        force.take_back(row, by, at)
    else:
        left = {"undo_asked_by": None, "undo_asked_at": None, "version": row.version + 1}
        Judgement.objects.filter(pk=row.pk).update(**left)
    verb = "identities.agree_undo" if is_agreed else "identities.return_undo"
    record(by=by, at=at, verb=verb, **traces.about(row, generation))
    if asked_by:
        title, key = partial(traces.title_of_undo, row), f"{traces.key_of_undo(row, row.version + 1)}:answer"
        approvers.answer(
            to=asked_by, title=title, key=key, is_approved=is_agreed, reason=reason, by=by, at=at,
            url=reverse("identities:judged"),
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
            **naming.subject(client_id),
        )
