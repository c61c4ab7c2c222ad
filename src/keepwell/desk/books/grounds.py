"""The run's evidence for some clients: what each of their best managers scores part by part, is charged, and nets.

Read from the run that a plan stands on, not from the current one, for what is discussed must not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from keepwell.contract.allocation import AllocationAlternative, AllocationUse
from keepwell.contract.serving import Resource
from keepwell.desk.books.models import AllocationHours, AllocationLimit
from keepwell.desk.records import events

NEUTRAL: Mapping[str, Any] = {
    "is_need_known": gettext_lazy("needs"),
    "is_style_known": gettext_lazy("trading style"),
    "is_risk_known": gettext_lazy("risk level"),
}
PARTS = tuple(name for name in AllocationAlternative.columns if name.endswith("_points"))


@dataclass(frozen=True, slots=True)
class Alternative:
    """One manager for one client: the points of each part, their sum, what is charged, what is left, and why."""

    code: str
    parts: Mapping[str, Decimal]
    score: Decimal
    limits_price: Decimal
    change_price: Decimal
    net: Decimal
    reason: str
    resource: str | None

    @property
    def is_sound(self) -> bool:
        """Whether the parts make the score, and score less what is charged the net: reckoned anew, to the digit."""
        return sum(self.parts.values(), Decimal(0)) == self.score and self.charged + self.net == self.score

    @property
    def charged(self) -> Decimal:
        """All that is charged: for the limits, and for a change."""
        return self.limits_price + self.change_price


Listed = Mapping[str, Alternative]


def of_clients(run_id: str, client_ids: Iterable[str]) -> dict[str, dict[str, Alternative]]:
    """By client and manager, the alternatives that the run listed; nothing where its files are gone."""
    found: dict[str, dict[str, Alternative]] = {}
    for row in events.of_clients(run_id, "allocation_alternative", sorted(set(client_ids))):
        found.setdefault(row["client_id"], {})[row["manager_code"]] = _alternative(row)
    return found


def _alternative(row: Mapping[str, Any]) -> Alternative:
    return Alternative(
        code=row["manager_code"],
        parts={name: row[name] for name in PARTS},
        score=row["score"],
        limits_price=row["limits_price"],
        change_price=row["change_price"],
        net=row["net"],
        reason=row["alternative_reason"],
        resource=row["resource"],
    )


def not_known(run_id: str, client_ids: Iterable[str]) -> dict[str, list[Any]]:
    """By client, what the run did not know of them and took as neutral, in words; earlier runs do not tell."""
    columns = [name for name in AllocationUse.columns if name.endswith("_known")]
    told = {name: NEUTRAL[name] for name in columns}
    return {
        row["client_id"]: [told[name] for name in columns if not row.get(name, True)]
        for row in events.of_clients(run_id, "allocation_use", sorted(set(client_ids)))
    }


def uses(run_id: str, branch_code: str, client_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """By client, what they take of each limit but the head count; nothing where the run does not tell."""
    hours = dict(AllocationHours.objects.filter(branch_code=branch_code).values_list("grade", "given_hours"))
    return {
        row["client_id"]: {
            str(Resource.HOURS): str(hours.get(row["grade"], 0)),
            str(Resource.VALUE): str(row["n_value_units"]),
            str(Resource.TOP_TIER): str(int(row["is_top_tier"])),
            str(Resource.VULNERABLE): str(int(row["is_vulnerable"])),
        }
        for row in events.of_clients(run_id, "allocation_use", sorted(set(client_ids)))
    }


def taken(
    holders: Mapping[str, str], uses: Mapping[str, Mapping[str, str]]
) -> dict[tuple[str, str], Decimal]:
    """By manager and limit, what the clients whom they have today take of it."""
    found: dict[tuple[str, str], Decimal] = {}
    for client_id, code in holders.items():
        for resource, amount in uses.get(client_id, {}).items():
            found[code, resource] = found.get((code, resource), Decimal(0)) + Decimal(amount)
    return found


def limits_of(branch_code: str) -> list[AllocationLimit]:
    """Limits and prices of the current run in a branch, but the head count, which the desk counts itself."""
    rows = AllocationLimit.objects.filter(branch_code=branch_code).exclude(resource=str(Resource.HEADS))
    return list(rows.order_by("staff_code", "resource"))
