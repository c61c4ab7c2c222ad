"""What people decided about who serves whom, as rows of the contract: fixed pairs, strengths, needs, hours, leave.

Only what was confirmed is told of managers, and the latest word alone of each client's need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from keepwell.contract import Table
from keepwell.contract.returns import (
    ReturnedHours,
    ReturnedLeave,
    ReturnedNeed,
    ReturnedSpecialty,
    ReturnedTie,
    ReturnedTrait,
)
from keepwell.contract.serving import TraitKind
from keepwell.desk.books.acted import Tie
from keepwell.desk.books.profiled import NeedFact, ProfileFact
from keepwell.desk.exchange import acts
from keepwell.desk.exchange.acts import Cut, Row, recorded, streamed, utc

HUNDRED = Decimal(100)
Kind = ProfileFact.Kind


def ties(cut: Cut) -> Iterator[Row]:
    """Clients fixed with a manager, and managers ruled out, not lifted by the cut."""
    stands = Q(lifted_at=None) | Q(lifted_at__gt=cut.at)
    for row, record_code in recorded(Tie.objects.filter(stands, at__lte=cut.at).order_by("pk")):
        yield {
            "tie_key": str(row.pk),
            "client_id": row.client_id,
            "record_code": record_code,
            "staff_code": row.staff_code,
            "tie_kind": row.kind,
            "decided_at": utc(row.at),
        }


def _confirmed(cut: Cut, *kinds: str) -> QuerySet[ProfileFact]:
    rows = ProfileFact.objects.filter(
        kind__in=kinds, state=ProfileFact.State.CONFIRMED, decided_at__lte=cut.at
    )
    return rows.order_by("staff_code", "kind", "value", "pk")


def specialties(cut: Cut) -> Iterator[Row]:
    """How strong each manager is in a need, as the leader confirmed it."""
    for row in streamed(_confirmed(cut, Kind.SPECIALTY)):
        yield {
            "staff_code": row.staff_code,
            "need": row.value,
            "strength_share": Decimal(row.strength or 0) / HUNDRED,
            "declared_on": cut.day(timezone.localdate(row.declared_at)),
            "confirmed_on": cut.day(timezone.localdate(row.decided_at)),
        }


def needs(cut: Cut) -> Iterator[Row]:
    """The latest word on each need of a client; one that is no longer needed is told as nothing."""
    rows = NeedFact.objects.filter(at__lte=cut.at).exclude(record_code="")
    ordered = streamed(rows.order_by("record_code", "need", "pk"))
    for _key, group in groupby(ordered, lambda row: (row.record_code, row.need)):
        *_, row = group
        yield {
            "need_key": str(row.pk),
            "client_id": row.client_id,
            "record_code": row.record_code,
            "need": row.need,
            "strength_share": Decimal(row.strength) / HUNDRED,
            "need_source": row.source,
            "recorded_on": cut.day(row.recorded_on),
        }


def hours(cut: Cut) -> Iterator[Row]:
    """Each manager's weekly hours as confirmed."""
    for row in streamed(_confirmed(cut, Kind.HOURS)):
        yield {
            "staff_code": row.staff_code,
            "weekly_hours": row.weekly_hours,
            "confirmed_on": cut.day(timezone.localdate(row.decided_at)),
        }


def leaves(cut: Cut) -> Iterator[Row]:
    """Each manager's leave as confirmed, past and to come."""
    for row in streamed(_confirmed(cut, Kind.LEAVE).order_by("pk")):
        yield {
            "leave_key": str(row.pk),
            "staff_code": row.staff_code,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
        }


def traits(cut: Cut) -> Iterator[Row]:
    """Styles, languages, certificates and interests as confirmed."""
    for row in streamed(_confirmed(cut, *(str(kind) for kind in TraitKind))):
        yield {
            "staff_code": row.staff_code,
            "trait_kind": row.kind,
            "trait": row.value,
            "confirmed_on": cut.day(timezone.localdate(row.decided_at)),
        }


ACTS: Mapping[type[Table], Callable[[Cut], Iterator[dict[str, Any]]]] = {
    **acts.ACTS,
    ReturnedTie: ties,
    ReturnedSpecialty: specialties,
    ReturnedNeed: needs,
    ReturnedHours: hours,
    ReturnedLeave: leaves,
    ReturnedTrait: traits,
}
