"""Sums over the books a user may see; the scope is that of `clients.queries.visible_to`, on the run's own sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from keepwell.desk.books.models import (
    AllocationCertificate,
    AllocationLoad,
    BranchMonth,
    BranchStatistic,
    BranchSum,
    FirmMonth,
    FirmStatistic,
)
from keepwell.desk.clients.models import ClientLine, Moment, Place
from keepwell.desk.clients.scope import team_codes, visible_to
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope

CLASSES = ("population", "grade", "service_type", "activity_state")
MONTHS = 12
BOOKS = {Scope.OWN, Scope.TEAM}
NOBODY = "-"


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
    if user.scope in BOOKS:
        return _live_cells(user)
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


def largest_branches(n: int) -> list[BranchSum]:
    """The branches with the most assets of existing clients: as many rows at 300 branches as at six."""
    return list(of_branches().order_by(F("assets_amount").desc(nulls_last=True), "branch_code")[:n])


def of_branches() -> QuerySet[BranchSum]:
    """Existing clients and their assets by branch, over the whole firm."""
    return BranchSum.objects.filter(population="existing")


def certificates_of(codes: Iterable[str]) -> dict[str, AllocationCertificate]:
    """Certificates of some branches."""
    return {row.branch_code: row for row in AllocationCertificate.objects.filter(branch_code__in=list(codes))}


def n_unmanaged_of_firm(at_most: int) -> int:
    """Existing clients of the firm whom nobody looks after, counted up to a limit.

    The run's own lines say where to look: by day nobody can take a manager away without giving another.
    """
    lines = ClientLine.objects.filter(manager_code=None, population="existing")
    rows = lines.filter(Exists(Place.objects.filter(client_id=OuterRef("client_id"), manager_code=None)))
    return rows.order_by()[:at_most].count()


def _live_cells(user: User) -> list[Cell]:
    """The same over the clients that are in one's books today, covers among them: some hundred lines to a few thousand.

    The run's sums stand by the managers of its night, and people reassign by day.
    """
    lines = visible_to(user).annotate(
        **{f"shown_{name}": Coalesce(name, Value(NOBODY)) for name in CLASSES},
        is_untouched=Case(
            When(client__features__n_contacts_90d=0, then=1),
            When(client__features__n_contacts_90d__gt=0, then=0),
        ),
    )
    rows = lines.order_by().values_list(*(f"shown_{name}" for name in CLASSES))
    summed = rows.annotate(
        n=Count("client_id"),
        assets=Sum("assets_amount"),
        contribution=Sum("contribution_365d_amount"),
        untouched=Sum("is_untouched"),
    )
    return [Cell(*row) for row in summed.order_by(*(f"shown_{name}" for name in CLASSES))]


def by_manager(user: User) -> list[tuple[str, int, Decimal | None]]:
    """Existing clients and their assets by who looks after them today, within a part of the firm."""
    lines = visible_to(user).filter(population="existing")
    told = lines.annotate(told=Coalesce("client__place__manager_code", Value(NOBODY)))
    rows = told.order_by().values_list("told")
    return list(rows.annotate(n=Count("client_id"), assets=Sum("assets_amount")).order_by("told"))


def by(user: User, column: str) -> list[tuple[str, int, Decimal | None]]:
    """Existing clients and their assets by branch or manager."""
    if column == "manager_code" and user.scope is not Scope.FIRM:
        return by_manager(user)
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
