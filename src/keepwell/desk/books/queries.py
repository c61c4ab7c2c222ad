"""Sums over the books a user may see: today's clients of a part of the firm, the run's own sums for the whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from keepwell.desk.books import standing
from keepwell.desk.books.models import (
    AllocationCertificate,
    AllocationLoad,
    BranchMonth,
    BranchStatistic,
    BranchSum,
    FirmMonth,
    FirmStatistic,
)
from keepwell.desk.books.standing import CLASSES, EXISTING, NOBODY, UNTOUCHED_DAYS, Cell
from keepwell.desk.clients import overlay
from keepwell.desk.clients.models import Assignment, ClientLine, Place
from keepwell.desk.clients.scope import team_codes
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.work.queries import of_moments

MONTHS = 12
BEFORE_ALL = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


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
    """The distribution over the scope: today's clients of a part of the firm, the run's own sums for the whole.

    Contacts since the run are taken off the run's sum of those without one: a day's few.
    """
    if user.scope is not Scope.FIRM:
        return standing.of(user)
    rows = FirmStatistic.objects.order_by(*CLASSES)
    sums = ("n_clients", "assets_amount", "contribution_365d_amount", "n_untouched_90d")
    reached = reached_since()
    found = []
    for row in rows.values_list(*CLASSES, *sums):
        cell = Cell(*row)
        n = reached.get(tuple(row[: len(CLASSES)]), 0)
        found.append(replace(cell, n_untouched=cell.n_untouched - n) if cell.n_untouched and n else cell)
    return found


def reached_since() -> dict[tuple[str, ...], int]:
    """By class, how many of those whom the run counts without a contact were reached since."""
    by = {f"told_{name}": Coalesce(name, Value(NOBODY)) for name in CLASSES}
    of_run = Q(days_since_contact__gte=UNTOUCHED_DAYS) | Q(last_contact_on=None)
    few = ClientLine.objects.filter(overlay.reached_since())
    rows = few.filter(of_run, n_contacts_365d__isnull=False).annotate(**by)
    counted = rows.exclude(standing.untouched()).order_by().values_list(*by).annotate(n=Count("client_id"))
    return {tuple(codes): n for *codes, n in counted}


def largest_branches(n: int) -> list[BranchSum]:
    """The branches with the most assets of existing clients: as many rows at 300 branches as at six."""
    return list(of_branches().order_by(F("assets_amount").desc(nulls_last=True), "branch_code")[:n])


def of_branches() -> QuerySet[BranchSum]:
    """Existing clients and their assets by branch, over the whole firm."""
    return BranchSum.objects.filter(population=EXISTING)


@dataclass(slots=True)
class Moved:
    """What clients' wishes since the run add to a branch, or take from it."""

    n: int = 0
    assets: Decimal = Decimal(0)


def moved_since(cut: dt.datetime | None) -> dict[str, Moved]:
    """By branch, existing clients who wished for another home after the acts that the run knows: a day's few."""
    acts = Assignment.objects.filter(
        relation=Assignment.Relation.HOME,
        at__gt=cut or BEFORE_ALL,
        ends_on=None,
        grounds=Place.Grounds.WISH,
        client__place__is_existing=True,
    ).exclude(client__place__home_branch_code=F("client__line__home_branch_code"))
    pairs = acts.order_by().values_list("client__line__home_branch_code", "client__place__home_branch_code")
    counted = pairs.annotate(n=Count("pk"), assets=Sum("client__line__assets_amount"))
    moved: dict[str, Moved] = {}
    for before, after, n, assets in counted:
        for code, sign in ((before, -1), (after, 1)):
            one = moved.setdefault(code, Moved())
            one.n += sign * n
            one.assets += sign * (assets or Decimal(0))
    return moved


def n_of_run(user: User) -> int:
    """How many existing clients the run counted in the scope, by the managers of its night."""
    rows = within(user, BranchStatistic.objects.filter(population=EXISTING))
    n: int | None = rows.aggregate(n=Sum("n_clients"))["n"]
    return n or 0


def certificates_of(codes: Iterable[str]) -> dict[str, AllocationCertificate]:
    """Certificates of some branches."""
    return {row.branch_code: row for row in AllocationCertificate.objects.filter(branch_code__in=list(codes))}


def n_proposed(branch_code: str) -> int:
    """How many clients the run proposed to give another manager in a branch."""
    rows = AllocationCertificate.objects.filter(branch_code=branch_code)
    return rows.values_list("n_changes", flat=True).first() or 0


def n_unmanaged_of_firm(at_most: int) -> int:
    """Existing clients of the firm whom nobody looks after today, counted up to a limit.

    An index holds those alone, so that it takes as long in a large firm as in a small one.
    """
    return Place.objects.filter(is_existing=True, manager_code=None).order_by()[:at_most].count()


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


def late(user: User, on: dt.date, manager: str = "") -> QuerySet[Any]:
    """The occasions in the user's scope whose deadline has passed, of one manager's clients of today, or nobody's."""
    rows = of_moments(user, on).filter(due__lt=on)
    if manager:
        rows = rows.filter(client__place__manager_code=None if manager == NOBODY else manager)
    return rows.select_related("client__line")


def due(user: User, on: dt.date, at_most: int = 20) -> list[Any]:
    """The most pressing occasions in the user's scope that nothing settles: by deadline, then the rule's priority."""
    rows = of_moments(user, on).select_related("client__line")
    return list(rows.order_by("due", "priority", "client_id", "rule", "occasion")[:at_most])
