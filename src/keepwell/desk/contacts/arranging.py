"""Appointments for many clients of the list: the same gates and the same act as for one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from keepwell.contract.verdict import Verdict
from keepwell.desk.clients import bulk
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.contacts import actions, queries
from keepwell.desk.contacts.pages import Day
from keepwell.desk.gates import queries as gates
from keepwell.desk.gates import rules as gate
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User


def offer() -> None:
    """Offer the act on the client list; called when the room is ready."""
    bulk.register("contacts.appoint", _("Arrange contacts"), "contacts.record", check, appoint)


def check(
    user: User, generation: Generation, lines: Sequence[ClientLine], given: bulk.Given
) -> Mapping[str, Verdict]:
    """Whether each client may be planned for the day: contact cap and wishes."""
    on = dt.date.fromisoformat(given["on"])
    cap = Day.of(user, generation).packs.moments.cap
    standings = gates.standings(lines, on, cap.window_days)
    return {
        line.client_id: gate.may_plan(cap, standings[line.client_id], is_capped=True, on=on) for line in lines
    }


def appoint(
    *,
    line: ClientLine,
    given: bulk.Given,
    by: User,
    at: dt.datetime,
    asked_at: dt.datetime,
    generation: Generation,
) -> None:
    """A task on its day for one client."""
    del asked_at  # each appointment is made when its turn comes
    records = queries.records_of(line, by.branch_code)
    actions.appoint(
        client_id=line.client_id,
        record_code=records[0].record_code if records else "",
        due_on=dt.date.fromisoformat(given["on"]),
        about=given["about"],
        by=by,
        at=at,
        on=Day.of(by, generation).on,
        run=generation.run_id,
    )
