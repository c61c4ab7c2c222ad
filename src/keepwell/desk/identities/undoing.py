"""Taking a judgement back: by one person what one said, by two what two agreed to; each with its trace."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from keepwell.contract.verdict import Verdict
from keepwell.desk.audit.actions import record
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import force, rules
from keepwell.desk.identities.models import Judgement
from keepwell.desk.people import approvers
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand


@transaction.atomic
def undo_judgement(*, row: Judgement, generation: Generation, by: User, at: dt.datetime) -> bool:
    """Take a judgement back: the pair waits again, and what it followed stands again. Raises `Refused`.

    What a second person has agreed to stays in force until a second person agrees again: then the answer is False.
    """
    force.lock(row.left_client_id, row.right_client_id)
    row.refresh_from_db()
    demand(rules.may_undo(row, generation), **force.of_client(row.left_client_id))
    is_alone = not rules.needs_two(row)
    if is_alone:
        force.take_back(row, by, at)
    else:
        asked = {"undo_asked_by": by, "undo_asked_at": at, "version": row.version + 1}
        Judgement.objects.filter(pk=row.pk).update(**asked)
        approvers.ask(
            permission=rules.SECOND,
            title=partial(title_of, row),
            key=_key(row, row.version + 1),
            of_firm=True,
            by=by,
            at=at,
        )
    _trace("identities.undo_judgement" if is_alone else "identities.propose_undo", row, generation, by, at)
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
    demand(may_second(by, row, version), **force.of_client(row.left_client_id))
    asked_by = row.undo_asked_by_id
    if is_agreed:
        demand(rules.is_ahead(row, generation), **force.of_client(row.left_client_id))
        force.take_back(row, by, at)
    else:
        left = {"undo_asked_by": None, "undo_asked_at": None, "version": row.version + 1}
        Judgement.objects.filter(pk=row.pk).update(**left)
    _trace("identities.agree_undo" if is_agreed else "identities.return_undo", row, generation, by, at)
    if asked_by:
        approvers.answer(
            to=asked_by, title=partial(title_of, row), key=f"{_key(row, row.version + 1)}:answer",
            is_approved=is_agreed, reason=reason, by=by, at=at, url=reverse("identities:judged"),
        )  # fmt: skip


def may_second(user: User, row: Judgement, version: int) -> Verdict:
    """Another person than the one who asked, who may agree to "the same" as well; of what was read."""
    in_force = row.state == Judgement.State.IN_FORCE
    return rules.may_sign(user, row.undo_asked_by, version, row.version, is_open=in_force)


def title_of(row: Judgement) -> str:
    """What a notice calls it: customer numbers, no name."""
    return _("Taken back: the same client, %(left)s and %(right)s") % {
        "left": row.left_code,
        "right": row.right_code,
    }


def _key(row: Judgement, version: int) -> str:
    return f"identities.undo:{row.pk}:{version}"


def _trace(verb: str, row: Judgement, generation: Generation, by: User, at: dt.datetime) -> None:
    record(
        by=by, at=at, verb=verb, run=generation.run_id, payload=force.told(row),
        **force.of_client(row.left_client_id),
    )  # fmt: skip
