"""Due dates that somebody wants put off, in words: for the page of a conflict and for the page of approvals."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from keepwell.contract import identity
from keepwell.desk.clients.sentences import code_text
from keepwell.desk.gates import signed
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.facts import deadlines, putting_off
from keepwell.desk.identities.models import Extension, IdentityConflict
from keepwell.desk.identities.reach import sees_names
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

KIND = "identities.extension"
TONES = {"proposed": "warning", "approved": "good", "returned": "bad", "withdrawn": "plain"}


def of_conflict(
    row: IdentityConflict, user: User, generation: Generation, *, is_settled: bool
) -> dict[str, Any]:
    """What the page of a conflict says of its due date, and whether it may be put off."""
    said = putting_off.said_of(row.conflict_key)
    within = deadlines.bounds(row, said, generation)
    return {
        "extensions": [
            {"row": one, "tone": TONES[one.state], "may_withdraw": bool(deadlines.may_withdraw(user, one))}
            for one in said
        ],
        "due_on": within.from_on,
        "bounds": within,
        "may_extend": deadlines.may_ask(said, within, is_settled=is_settled),
        "earliest_on": within.after(signed.desk_day(generation)) + dt.timedelta(days=1),
    }


def waiting(user: User) -> list[approvals.Waiting]:
    """What the user may agree to, for 待我审批."""
    return [_waiting(row, user) for row in putting_off.waiting(user)]


def _waiting(row: Extension, user: User) -> approvals.Waiting:
    address = f"{reverse('identities:conflict')}?{urlencode({'key': row.conflict_key})}"
    return approvals.Waiting(
        kind=KIND,
        pk=row.pk,
        title=_("Later due date: %(what)s, %(name)s") % {"what": _what(row), "name": _name(row, user)},
        proposed_by_id=row.by_id,
        proposed_by=row.by.display_name,
        proposed_at=row.at,
        decide_url=reverse("identities:decide_extension", args=[row.pk]),
        version=row.version,
        grounds=row.reason,
        difference=[(_("To be mended by"), row.from_on.isoformat(), row.to_on.isoformat())],
        subject_link=address,
        verdict=deadlines.may_agree(user, row, row.version),
    )


def decided(user: User) -> list[approvals.Decided]:
    """What the user has decided lately."""
    return [
        approvals.Decided(
            title=_("Later due date: %(what)s, %(name)s") % {"what": _what(row), "name": _name(row, user)},
            is_approved=row.state == Extension.State.APPROVED,
            at=row.decided_at or row.at,
            reason=row.decision_reason,
            proposed_by=row.by.display_name,
        )
        for row in putting_off.decided_by(user)
    ]


def _what(row: Extension) -> str:
    """The kind of the conflict, which its key begins with."""
    return code_text(identity.IdentityConflict, "conflict_reason", row.conflict_key.partition("/")[0])


def _name(row: Extension, user: User) -> str:
    line = getattr(row.client, "line", None)  # a client may leave the run
    if line is None:
        return str(row.client_id)
    return str(line.client_name) if sees_names(user) else formats.mask_name(line.client_name)
