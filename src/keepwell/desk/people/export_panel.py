"""Requests for files as 待我审批 shows them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from keepwell.desk.people import exports
from keepwell.desk.people.approvals import Decided, Waiting
from keepwell.desk.people.models import User
from keepwell.desk.ui import exports as kinds
from keepwell.desk.ui import formats, sheets
from keepwell.desk.ui.models import Export

KIND = "people.export"


def waiting(user: User) -> list[Waiting]:
    """Requests that wait and that the user may decide, each with what would leave the house."""
    return [_waiting(export) for export in exports.open_to(user)]


def _waiting(export: Export) -> Waiting:
    kind = kinds.kind_of(export.kind)
    told = kind.told(export.query) if kind else ""
    return Waiting(
        kind=KIND,
        pk=export.pk,
        title=exports.title_of(export),
        proposed_by_id=export.actor_id,
        proposed_by=export.actor_name,
        proposed_at=export.proposed_at,
        decide_url=reverse("people:decide_export", args=[export.pk]),
        version=export.version,
        grounds=_("Purpose: %(purpose)s") % {"purpose": export.purpose},
        facts=(
            (_("Rows"), formats.number(export.n_rows)),
            (_("Filters"), told or _("none")),
            (_("File type"), sheets.FORMS[export.form]),
        ),
        told=export.asked_name,
    )


def decided(user: User) -> list[Decided]:
    """What the user decided lately; a file that was let go cannot be called back."""
    rows = Export.objects.filter(decided_by_id=user.pk).order_by("-decided_at")[: exports.LATELY]
    return [
        Decided(
            title=exports.title_of(row),
            is_approved=row.state == Export.State.ALLOWED,
            at=row.decided_at or row.proposed_at,
            reason=row.reason,
            proposed_by=row.actor_name,
            note=_("A file that was let go cannot be called back.")
            if row.state == Export.State.ALLOWED
            else "",
        )
        for row in rows
    ]


def open_to(user: User) -> QuerySet[Export]:
    """Those that wait for this user's decision."""
    return exports.others_open_to(user)
