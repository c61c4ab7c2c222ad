"""What a leader does about books: giving a client to somebody else, at once and with a reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.books import boards
from keepwell.desk.clients.assignments import assign
from keepwell.desk.clients.models import Place, Staff
from keepwell.desk.people.models import User
from keepwell.desk.ui import notices
from keepwell.desk.ui.http import demand


@transaction.atomic
def reassign(*, place: Place, to: str, reason: str, by: User, at: dt.datetime, run: str) -> Staff:
    """Give a client of the leader's scope to a holder of a book there; answers whom.

    Raises `Refused`: no reason (M20), somebody who is not of the team or branch (M01).
    """
    taker = next((staff for staff in boards.takers(by) if staff.pk == to), None)
    subject = {"subject_kind": "client", "subject_id": place.pk}
    if taker is None:
        demand(refuse(Refusal.NOT_FOUND), **subject)
    if not reason.strip():
        demand(refuse(Refusal.PURPOSE), **subject)
    assign(
        client_id=place.pk,
        staff_code=to,
        starts_on=timezone.localdate(at),
        grounds=Place.Grounds.ACT,
        reason=reason.strip()[:200],
        by=by,
        at=at,
        run=run,
    )
    record(by=by, at=at, verb="books.reassign", payload={"to": to}, run=run, **subject)
    for user in User.objects.filter(staff_code=to, is_active=True):
        notices.tell(
            to=user.pk,
            kind="books.reassigned",
            key=f"{place.pk}-{at.isoformat()}",
            at=at,
            facts={"by": by.display_name},
            url=f"/clients/{place.pk}/",
        )
    return taker  # type: ignore[return-value]  # demand has raised when it is None
