"""Judgements that take two people, as the page of approvals shows them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from keepwell.contract.codes import Judgement as Said
from keepwell.desk.identities import numbers
from keepwell.desk.identities.models import Judgement
from keepwell.desk.identities.pairs import queries, rules, traces
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

KIND = "identities.judgement"
UNDO = "identities.undo"


def waiting(user: User) -> list[approvals.Waiting]:
    """What the user may agree to: both documents masked, the proof as the proposer wrote it."""
    rows = queries.proposed(user)
    profiles = numbers.profiles({one for row in rows for one in (row.left_client_id, row.right_client_id)})
    return [_waiting(row, profiles, user) for row in rows]


def _waiting(row: Judgement, profiles: Any, user: User) -> approvals.Waiting:
    left, right = profiles.get(row.left_client_id), profiles.get(row.right_client_id)
    return approvals.Waiting(
        kind=KIND,
        pk=row.pk,
        title=_title(row),
        proposed_by_id=row.by_id,
        proposed_by=row.by.display_name,
        proposed_at=row.at,
        decide_url=reverse("identities:second_judgement", args=[row.pk]),
        version=row.version,
        grounds=row.proof or row.note,
        difference=[(_("Document number"), _masked(left), _masked(right))],
        facts=[
            (_("Judgement"), row.get_judgement_display()),
            (_("Reason"), row.get_reason_display()),
            (_("Names"), f"{_name(left)}、{_name(right)}"),
        ],
        verdict=rules.may_second(user, row, row.version),
    )


def _title(row: Judgement) -> str:
    codes = {"left": row.left_code, "right": row.right_code}
    if row.judgement == Said.SAME:
        return _("The same client: %(left)s and %(right)s") % codes
    return _("What two agreed to, judged otherwise: %(left)s and %(right)s, “%(said)s”") % {
        "said": row.get_judgement_display(),
        **codes,
    }


def undo(user: User) -> list[approvals.Waiting]:
    """What two agreed to and one wants taken back before a run joins the two."""
    rows = queries.undo_asked(user)
    profiles = numbers.profiles({one for row in rows for one in (row.left_client_id, row.right_client_id)})
    return [_undo(row, profiles, user) for row in rows]


def _undo(row: Judgement, profiles: Any, user: User) -> approvals.Waiting:
    left, right = profiles.get(row.left_client_id), profiles.get(row.right_client_id)
    asked: Any = row.undo_asked_by
    return approvals.Waiting(
        kind=UNDO,
        pk=row.pk,
        title=traces.title_of_undo(row),
        proposed_by_id=asked.pk,
        proposed_by=asked.display_name,
        proposed_at=row.undo_asked_at or row.at,
        decide_url=reverse("identities:second_undo", args=[row.pk]),
        version=row.version,
        grounds=row.proof,
        difference=[(_("Document number"), _masked(left), _masked(right))],
        facts=[(_("Reason"), row.get_reason_display()), (_("Names"), f"{_name(left)}、{_name(right)}")],
        verdict=rules.may_second_undo(user, row, row.version),
    )


def _masked(profile: Any) -> str:
    return (profile.id_masked if profile else "") or formats.UNKNOWN


def _name(profile: Any) -> str:
    return formats.mask_name(profile.client_name) if profile else formats.UNKNOWN


def decided(user: User) -> list[approvals.Decided]:
    """What the user has agreed to or returned lately."""
    return [
        approvals.Decided(
            title=_title(row),
            is_approved=row.state != Judgement.State.RETURNED,
            at=row.second_at or row.at,
            reason=row.second_reason,
            proposed_by=row.by.display_name,
            note=_("goes to the next run") if row.state == Judgement.State.IN_FORCE else "",
        )
        for row in queries.seconded_by(user)
    ]
