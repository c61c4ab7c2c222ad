"""Who stands in connection with a client, told to one reader: a client out of sight stays without name or number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from keepwell.contract.related import RelatedGround, RelatedPerson
from keepwell.desk.clients.models import ClientLine, Place
from keepwell.desk.clients.scope import visible_to
from keepwell.desk.clients.sentences import code_text, reason_of
from keepwell.desk.identities import models
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

MOST = 40


@dataclass(frozen=True, slots=True)
class Other:
    """One related person: as what, who as far as the reader may know, why, and since when."""

    row: models.RelatedPerson
    kind: str
    name: str
    line: ClientLine | None
    reason: str
    is_declared: bool

    @property
    def since_on(self) -> Any:
        """From when; what is in common counts from a day of both, which may be one of a client out of sight."""
        return None if self.is_out_of_sight else self.row.since_on

    @property
    def is_out_of_sight(self) -> bool:
        """Whether the day could be one of a client whom the reader may not see."""
        return not (self.is_declared or self.line or not self.row.related_client_id)


def of_client(line: ClientLine, user: User) -> dict[str, Any]:
    """Related persons of a client, those declared first; ``n_more`` beyond the first ones."""
    rows = list(
        models.RelatedPerson.objects.filter(client_id=line.client_id).order_by(
            "related_ground", "related_kind", F("since_on").asc(nulls_last=True), "related_key"
        )[: MOST + 1]
    )
    ids = {row.related_client_id for row in rows if row.related_client_id}
    seen = {one.client_id: one for one in visible_to(user).filter(client_id__in=ids)}
    near = set(
        Place.objects.filter(pk__in=ids - set(seen), home_branch_code=line.home_branch_code).values_list(
            "pk", flat=True
        )
    )
    others = [_told(row, seen.get(row.related_client_id or ""), near, user) for row in rows[:MOST]]
    return {"others": others, "is_cut": len(rows) > MOST}


def _told(row: models.RelatedPerson, line: ClientLine | None, near: set[str], user: User) -> Other:
    kind = code_text(RelatedPerson, "related_kind", row.related_kind)
    is_declared = row.related_ground == RelatedGround.DECLARED
    return Other(
        row, kind, _name(row, line, near, user), line, reason_of(row, "related_reason", {}), is_declared
    )


def _name(row: models.RelatedPerson, line: ClientLine | None, near: set[str], user: User) -> str:
    """The name where the reader may see the client, or the person is none; else only where the client is at home."""
    if row.related_client_id and line is None:
        if row.related_client_id in near:
            return _("another client of this branch")
        return _("a client of another branch")
    name = line.client_name if line else row.related_name
    if not name:
        return formats.UNKNOWN
    return str(name) if user.sees_names else formats.mask_name(str(name))
