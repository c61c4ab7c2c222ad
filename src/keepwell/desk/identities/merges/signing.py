"""Splits that take two people, as the page of approvals shows them: with what would move and what two had agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from keepwell.desk.clients.models import ClientAccount
from keepwell.desk.identities import numbers
from keepwell.desk.identities.merges import queries, rules, traces
from keepwell.desk.identities.models import Split
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.work.models import WorkItem

KIND = "identities.split"


def waiting(user: User) -> list[approvals.Waiting]:
    """Splits, and taking back of splits, that the user may agree to."""
    rows = queries.waiting(user)
    profiles = numbers.profiles({row.client_id for row in rows})
    return [_waiting(row, profiles.get(row.client_id), user) for row in rows]


def _waiting(row: Split, profile: Any, user: User) -> approvals.Waiting:
    asked: Any = row.undo_asked_by or row.by
    return approvals.Waiting(
        kind=KIND,
        pk=row.pk,
        title=traces.title_of(row),
        proposed_by_id=asked.pk,
        proposed_by=asked.display_name,
        proposed_at=row.undo_asked_at or row.at,
        decide_url=reverse("identities:second_split", args=[row.pk]),
        version=row.version,
        grounds=row.note,
        facts=[
            (_("Name"), formats.mask_name(profile.client_name) if profile else formats.UNKNOWN),
            (_("Client number"), row.client_id),
            (_("Reason"), row.get_reason_display()),
            *_moved(_("Stays"), row.kept),
            *_moved(_("Taken out"), row.taken),
            *_agreed(row),
        ],
        verdict=rules.may_second(user, row, row.version),
    )


def _moved(label: str, codes: Sequence[str]) -> list[tuple[str, str]]:
    """What goes with these numbers, by number of things."""
    n_accounts = ClientAccount.objects.filter(record_code__in=codes, closed_on=None).count()
    n_tasks = WorkItem.objects.filter(record_code__in=codes, is_open=True).count()
    told = _("%(codes)s · open accounts: %(accounts)s · open tasks: %(tasks)s")
    return [(label, told % {"codes": ", ".join(codes), "accounts": n_accounts, "tasks": n_tasks})]


def _agreed(row: Split) -> list[tuple[str, str]]:
    """What two people have said of pairs across it."""
    said = queries.agreed_across(row.taken, row.kept) if row.state == Split.State.PROPOSED else []
    return [
        (
            _("Agreed by two"),
            f"{one.left_code} · {one.right_code} {one.get_judgement_display()} {formats.moment(one.in_force_at)}"
            + (f" · {one.proof}" if one.proof else ""),
        )
        for one in said[:5]
    ]


def decided(user: User) -> list[approvals.Decided]:
    """What the user has agreed to or returned lately."""
    return [
        approvals.Decided(
            title=traces.title_of(row),
            is_approved=row.state != Split.State.RETURNED,
            at=row.second_at or row.at,
            reason=row.second_reason,
            proposed_by=row.by.display_name,
            note=_("goes to the next run") if row.state == Split.State.IN_FORCE else "",
        )
        for row in queries.seconded_by(user)
    ]
