"""Where a document number is on file, and which numbers wait for their original."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from keepwell.desk.clients.models import (
    ClientRecord,
    SearchToken,
)
from keepwell.desk.identities.models import DuplicateCheck
from keepwell.desk.identities.numbers import DOCUMENT
from keepwell.desk.identities.reach import is_of_headquarters
from keepwell.desk.people.models import User


def branches_with(digest: str) -> list[str]:
    """Codes of the branches that have a file of the person with this number: of the whole firm, and nothing else.

    The one question that does not start from the asker's scope: its answer is where to ask.
    """
    owners = SearchToken.objects.filter(token_kind=DOCUMENT, token=digest).values("client_id")
    rows = ClientRecord.objects.filter(client_id__in=owners)
    return list(rows.order_by("branch_code").values_list("branch_code", flat=True).distinct())


def to_verify(user: User) -> list[DuplicateCheck]:
    """Numbers of the person's branch whose check digit did not fit, each once, until somebody has seen the original."""
    rows = DuplicateCheck.objects.filter(answer=DuplicateCheck.Answer.DOUBTFUL, verified_at=None)
    if not is_of_headquarters(user):
        rows = rows.filter(branch_code=user.branch_code)
    asked = rows.select_related("by").order_by("-id")[:50]
    return list({(row.branch_code, row.digest): row for row in reversed(asked)}.values())[::-1]


def is_verified(digest: str) -> bool:
    """Whether somebody has seen this very number on an original, though its check digit does not fit."""
    seen = DuplicateCheck.objects.filter(digest=digest, answer=DuplicateCheck.Answer.DOUBTFUL)
    return seen.exclude(verified_at=None).exists()


def check(user: User, pk: int) -> DuplicateCheck | None:
    """One of these."""
    return next((row for row in to_verify(user) if row.pk == pk), None)


def n_today(user: User, at: dt.datetime) -> int:
    """How many numbers the person has asked for since midnight, by whichever login."""
    begun = at.astimezone(timezone.get_current_timezone()).replace(hour=0, minute=0, second=0, microsecond=0)
    return DuplicateCheck.objects.filter(by_id__in=user.own_logins, at__gte=begun).count()
