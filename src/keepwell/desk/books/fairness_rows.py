"""What the page of fairness stands on: each manager's load and limits, and what kinds of clients they have."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from keepwell.contract.codes import Grade
from keepwell.contract.serving import Basis, GroupKind, Resource, Trait
from keepwell.desk.books.models import (
    AllocationCertificate,
    AllocationFairness,
    AllocationGroup,
    AllocationHours,
    AllocationLeaning,
    AllocationLimit,
    AllocationLoad,
)
from keepwell.desk.clients.models import Place
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope

YEARS = (1, 3, 5)  # edges of how long client and manager have known each other


def certificates(user: User) -> QuerySet[AllocationCertificate]:
    """The branches whose fairness somebody may see: the firm's, or the own one."""
    rows = AllocationCertificate.objects.order_by("branch_code")
    if user.scope is Scope.FIRM:
        return rows
    return rows.filter(branch_code=user.branch_code) if user.branch_code else rows.none()


def loads(branch_code: str) -> list[AllocationLoad]:
    """Managers of a branch who may take clients, by staff number."""
    rows = AllocationLoad.objects.filter(branch_code=branch_code, is_eligible=True)
    return list(rows.order_by("staff_code"))


def limits(branch_code: str) -> list[AllocationLimit]:
    """What each manager has of each limit besides the head count, by limit."""
    rows = AllocationLimit.objects.filter(branch_code=branch_code).exclude(resource=str(Resource.HEADS))
    return list(rows.order_by("resource", "staff_code"))


def measures(branch_code: str) -> list[AllocationFairness]:
    """How even each resource is, as it is, as proposed, and by assets only."""
    order = {str(one): at for at, one in enumerate(Basis)}
    resources = {str(one): at for at, one in enumerate(Resource)}
    rows = AllocationFairness.objects.filter(branch_code=branch_code)
    return sorted(rows, key=lambda row: (resources[row.resource], order[row.basis]))


def hours(branch_code: str) -> list[AllocationHours]:
    """Service hours for each client, grade by grade, the highest first."""
    order = [str(one) for one in Grade]
    rows = AllocationHours.objects.filter(branch_code=branch_code)
    return sorted(rows, key=lambda row: order.index(row.grade))


def fair_heads(branch_code: str) -> dict[str, float]:
    """By manager, the fair share of clients by capacity."""
    rows = AllocationLimit.objects.filter(branch_code=branch_code, resource=str(Resource.HEADS))
    return {code: float(fair) for code, fair in rows.values_list("staff_code", "load_fair")}


def gini(branch_code: str) -> dict[str, Any]:
    """By plan, the Gini coefficient of the head count."""
    rows = AllocationFairness.objects.filter(branch_code=branch_code, resource=str(Resource.HEADS))
    return dict(rows.values_list("basis", "gini_share"))


def leanings() -> list[AllocationLeaning]:
    """Whom each way of sharing out favours over the firm, by what it could favour them by."""
    traits, order = [str(one) for one in Trait], [str(one) for one in Basis]
    rows = AllocationLeaning.objects.all()
    return sorted(rows, key=lambda row: (traits.index(row.trait), order.index(row.basis)))


def groups() -> list[AllocationGroup]:
    """Groups of clients over the firm, those that lose most first within each way of grouping."""
    kinds = [str(one) for one in GroupKind]
    rows = AllocationGroup.objects.all()
    return sorted(rows, key=lambda row: (kinds.index(row.group_kind), -(row.mean_loss or 0), row.group_value))


def _existing(branch_code: str) -> QuerySet[Place]:
    return Place.objects.filter(home_branch_code=branch_code, is_existing=True).exclude(manager_code=None)


def grades(branch_code: str) -> dict[str, Counter[str]]:
    """By manager, how many clients of each grade they look after today."""
    rows = _existing(branch_code).order_by().values_list("manager_code", "client__line__grade")
    found: dict[str, Counter[str]] = {}
    for code, grade, n in rows.annotate(n=Count("pk")):
        found.setdefault(str(code), Counter())[grade or ""] += n
    return found


def ages(branch_code: str, on: dt.date) -> dict[str, Counter[int]]:
    """By manager, how many clients they have known for less than 1, 3, 5 years, or longer; -1 is not known."""
    edges = [(years, on - dt.timedelta(days=round(365.25 * years))) for years in YEARS]
    cases: list[Any] = [When(since_on=None, then=Value(-1))]
    cases += [When(since_on__gt=day, then=Value(years)) for years, day in edges]
    aged = Case(*cases, default=Value(99), output_field=IntegerField())
    rows = _existing(branch_code).annotate(aged=aged).order_by().values_list("manager_code", "aged")
    found: dict[str, Counter[int]] = {}
    for code, years, n in rows.annotate(n=Count("pk")):
        found.setdefault(str(code), Counter())[int(years)] += n
    return found
