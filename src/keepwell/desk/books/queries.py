"""Sums over the books a user may see; the scope is that of `clients.queries.visible_to`, on the run's own sums."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Sum

from keepwell.desk.books.models import (
    AllocationCertificate,
    AllocationLoad,
    BranchMonth,
    BranchStatistic,
    BranchSum,
    FirmMonth,
    FirmStatistic,
)
from keepwell.desk.clients.models import Moment
from keepwell.desk.clients.scope import team_codes, visible_to
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope

CLASSES = ("population", "grade", "service_type", "activity_state")
MONTHS = 12


@dataclass(frozen=True)
class Cell:
    """Clients of one population, class and state in the scope; what follows from an undelivered table is None."""

    population: str
    grade: str
    service_type: str
    activity_state: str
    n_clients: int
    assets_amount: Decimal | None
    contribution_amount: Decimal | None
    n_untouched: int | None


def within(user: User, rows: QuerySet[Any], manager_column: str = "manager_code") -> QuerySet[Any]:
    """Rows of sums that belong to the user's scope; by manager for one's own and the team's books."""
    match user.scope:
        case Scope.FIRM:
            return rows
        case Scope.BRANCH if user.branch_code:
            return rows.filter(branch_code=user.branch_code)
        case Scope.TEAM if user.team_code:
            return rows.filter(**{f"{manager_column}__in": team_codes(user)})
        case Scope.OWN if user.staff_code:
            return rows.filter(**{manager_column: user.staff_code})
    return rows.none()


def cells(user: User) -> list[Cell]:
    """The distribution over the scope, one cell a population, class and state."""
    of_firm = user.scope is Scope.FIRM
    rows = (
        FirmStatistic.objects.all() if of_firm else within(user, BranchStatistic.objects.all())
    ).values_list(*CLASSES)
    summed = rows.annotate(
        n=Sum("n_clients"),
        assets=Sum("assets_amount"),
        contribution=Sum("contribution_365d_amount"),
        untouched=Sum("n_untouched_90d"),
    )
    return [Cell(*row) for row in summed.order_by(*CLASSES)]


def by_branch() -> list[tuple[str, int, Decimal | None]]:
    """Existing clients and their assets by branch, over the whole firm."""
    rows = BranchSum.objects.filter(population="existing").order_by("branch_code")
    return [(row.branch_code, row.n_clients, row.assets_amount) for row in rows]


def by(user: User, column: str) -> list[tuple[str, int, Decimal | None]]:
    """Existing clients and their assets by branch or manager."""
    rows = within(user, BranchStatistic.objects.filter(population="existing")).values_list(column)
    return list(rows.annotate(n=Sum("n_clients"), assets=Sum("assets_amount")).order_by(column))


def months(user: User) -> list[dict[str, Any]]:
    """Assets and money moved over the scope at the last twelve month ends, oldest first."""
    of_firm = user.scope is Scope.FIRM
    rows = (FirmMonth.objects.all() if of_firm else within(user, BranchMonth.objects.all())).values(
        "month_on"
    )
    names = ("assets_amount", "inflow_amount", "outflow_amount")
    summed = rows.annotate(**{f"sum_{name}": Sum(name) for name in names})
    latest = reversed(summed.order_by("-month_on")[:MONTHS])
    return [{"month_on": row["month_on"], **{name: row[f"sum_{name}"] for name in names}} for row in latest]


def loads(user: User) -> list[AllocationLoad]:
    """Loads of the managers in the scope, by staff number."""
    rows = within(user, AllocationLoad.objects.all(), "staff_code")
    return list(rows.order_by("branch_code", "staff_code"))


def certificates(user: User) -> dict[str, AllocationCertificate]:
    """Certificates of the branches in the scope, by branch."""
    rows = AllocationCertificate.objects.all()
    if user.scope is not Scope.FIRM:
        rows = rows.filter(branch_code=user.branch_code)
    return {row.branch_code: row for row in rows}


def due(user: User, at_most: int = 20) -> list[Moment]:
    """The most pressing occasions in the user's scope: by deadline, then the rule's priority."""
    rows = Moment.objects.filter(client__in=visible_to(user).values("client_id"))
    rows = rows.select_related("client__line").order_by(
        F("due_on").asc(nulls_last=True), "priority", "client_id", "rule", "occasion"
    )
    return list(rows[:at_most])
