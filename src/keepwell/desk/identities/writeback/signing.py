"""Write-backs that wait for a second person, in words: for the page of approvals."""

from __future__ import annotations

from collections import Counter

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from keepwell.desk.identities.models import WriteBack
from keepwell.desk.identities.writeback import queries, rules, telling, traces
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

KIND = "identities.write_back"
LATELY = 20


def waiting(user: User) -> list[approvals.Waiting]:
    """Files that wait, oldest first, the user's own among them."""
    return [_waiting(row, user) for row in queries.waiting()]


def _waiting(row: WriteBack, user: User) -> approvals.Waiting:
    fields = Counter(row.rows.values_list("field", flat=True))
    return approvals.Waiting(
        kind=KIND,
        pk=row.pk,
        title=traces.title(row),
        proposed_by_id=row.by_id,
        proposed_by=row.by.display_name,
        proposed_at=row.at,
        decide_url=reverse("identities:decide_write_back", args=[row.number]),
        version=row.version,
        grounds=row.purpose,
        facts=[
            (_("Rows"), formats.number(row.n_rows)),
            (_("Values in full"), formats.number(row.n_secrets)),
            *((telling.field_label(name), formats.number(n)) for name, n in sorted(fields.items())),
            ("SHA-256", row.sha256),
        ],
        subject_link=reverse("identities:weigh_write_back", args=[row.number]),
        verdict=rules.may_agree(user, row, row.version),
    )


def decided(user: User) -> list[approvals.Decided]:
    """What the user has decided lately."""
    return [
        approvals.Decided(
            title=traces.title(row),
            is_approved=not row.is_void,
            at=row.decided_at or row.at,
            reason=row.decision_reason,
            proposed_by=row.by.display_name,
            subject_link=reverse("identities:weigh_write_back", args=[row.number]),
        )
        for row in queries.decided_by(user)[:LATELY]
    ]


def open_to(user: User) -> QuerySet[WriteBack]:
    """Those that wait for this person: the own ones are somebody else's work."""
    return queries.waiting().exclude(by=user)
