"""Who must be brought up to date, and how far it has come; every query of clients starts from `reach`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet, Sum

from keepwell.contract.quality import GapKind
from keepwell.desk.clients.models import Branch, Place
from keepwell.desk.clients.scope import places_of, within
from keepwell.desk.identities.models import (
    BranchQuality,
    DataGap,
    GapStatistic,
    IdentityConflict,
    KeptQuality,
    Remediation,
    RemediationStatistic,
    Verification,
)
from keepwell.desk.identities.reach import sees_all
from keepwell.desk.people.models import User
from keepwell.desk.ui.paging import Keyset, keyset

ORDER = ("due_on", "-worth_points", "client_id")
COUNTS = {
    str(GapKind.MISSING): "n_missing",
    str(GapKind.EXPIRED): "n_expired",
    str(GapKind.MISREAD): "n_misread",
    str(GapKind.DIFFERS): "n_differing",
}
PAST = "past"
NOWHERE = "-"  # no branch's code: without one of their own nobody reads the firm's figures
N_FIXES = 10
N_POINTS_OF_TREND = 60
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page asks for: a branch (of those who see the firm), a kind of gap, only what is past its date."""

    branch: str = ""
    kind: str = ""
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How many existing clients have a date, and how many are whole."""

    n_clients: int = 0
    n_done: int = 0
    n_past: int = 0

    @property
    def n_open(self) -> int:
        """How many are not whole yet."""
        return self.n_clients - self.n_done

    @property
    def share(self) -> float:
        """The part that is whole."""
        return self.n_done / self.n_clients if self.n_clients else 0.0


@dataclass(frozen=True, slots=True)
class Sums:
    """The figures of a branch, or of the firm."""

    n_clients: int = 0
    n_to_mend: int = 0
    n_missing: int = 0
    n_expired: int = 0
    n_misread: int = 0
    n_differing: int = 0
    fix_minutes: int = 0


def branch_of(user: User, asked: str) -> str:
    """The branch a page is about: the person's own, or of those who see the firm the one asked for, if any."""
    if not sees_all(user):
        return user.branch_code or NOWHERE
    return asked if asked and Branch.objects.filter(pk=asked).exists() else ""


def clients(user: User, wanted: Wanted, on: dt.date) -> QuerySet[Remediation]:
    """Clients with a date, within reach."""
    rows = _scoped(user, Remediation.objects.filter(due_on__isnull=False), wanted.branch)
    if wanted.kind in COUNTS:
        rows = rows.filter(**{f"{COUNTS[wanted.kind]}__gt": 0})
    return rows.filter(due_on__lt=on) if wanted.is_past else rows


def listed(user: User, wanted: Wanted, on: dt.date, cursor: str) -> Keyset[Remediation]:
    """A page of them: by date, and of one date what is worth most first."""
    return keyset(clients(user, wanted, on).select_related("client__line"), ORDER, cursor)


def fixes(user: User, branch: str) -> list[Remediation]:
    """The clients worth most to mend, whether or not they have a date."""
    rows = _scoped(user, Remediation.objects.select_related("client__line"), branch)
    return list(rows.order_by("-worth_points", "client_id")[:N_FIXES])


def _scoped(user: User, rows: QuerySet[Remediation], branch: str) -> QuerySet[Remediation]:
    if sees_all(user):
        return within(rows, Place.objects.filter(home_branch_code=branch)) if branch else rows
    places = places_of(user)
    return rows.none() if places is None else within(rows, places)


def gaps_of(client_ids: Sequence[str]) -> dict[str, list[DataGap]]:
    """The gaps of clients within reach, by client."""
    found: dict[str, list[DataGap]] = {}
    rows = DataGap.objects.filter(client_id__in=client_ids).order_by("client_id", "gap_kind", "golden_field")
    for row in rows:
        found.setdefault(row.client_id, []).append(row)
    return found


def conflicts_of(client_ids: Sequence[str]) -> dict[str, list[IdentityConflict]]:
    """The conflicts of clients within reach that nobody has settled, the gravest first, by client."""
    settled = Verification.objects.filter(
        state=Verification.State.IN_FORCE, conflict_key=OuterRef("conflict_key")
    )
    rows = IdentityConflict.objects.filter(~Exists(settled), client_id__in=client_ids)
    found: dict[str, list[IdentityConflict]] = {}
    for row in rows.order_by("client_id", "urgency", "conflict_key"):
        found.setdefault(row.client_id, []).append(row)
    return found


def dates(branch: str) -> list[RemediationStatistic]:
    """The dates drawn, with how many clients of a branch or of the firm have each and how many are whole."""
    rows = _of_branch(RemediationStatistic.objects.all(), branch)
    summed = rows.values("due_on").annotate(all=Sum("n_clients"), done=Sum("n_done")).order_by("due_on")
    return [
        RemediationStatistic(
            branch_code=branch, due_on=row["due_on"], n_clients=row["all"], n_done=row["done"]
        )
        for row in summed
    ]


def progress(rows: Iterable[RemediationStatistic], on: dt.date) -> Progress:
    """How far it has come; past its date is what is not whole and was due before the day."""
    told = list(rows)
    return Progress(
        sum(row.n_clients for row in told),
        sum(row.n_done for row in told),
        sum(row.n_clients - row.n_done for row in told if row.due_on < on),
    )


def branches(cursor: str) -> Keyset[BranchQuality]:
    """The branches of the firm by number."""
    return keyset(BranchQuality.objects.all(), ("branch_code", "branch_code"), cursor)


def progress_of(codes: Sequence[str], on: dt.date) -> dict[str, Progress]:
    """How far each of these branches has come."""
    found: dict[str, list[RemediationStatistic]] = {code: [] for code in codes}
    for row in RemediationStatistic.objects.filter(branch_code__in=codes):
        found[row.branch_code].append(row)
    return {code: progress(rows, on) for code, rows in found.items()}


def sums(branch: str) -> Sums:
    """The figures of a branch, or of the firm."""
    names = [one.name for one in fields(Sums)]
    told = _of_branch(BranchQuality.objects.all(), branch).aggregate(
        **{f"all_{name}": Sum(name) for name in names}
    )
    return Sums(**{name: told[f"all_{name}"] or 0 for name in names})


def by_fact(branch: str) -> list[tuple[str, str, int]]:
    """Gaps by fact and kind with the number of clients, most first."""
    rows = _of_branch(GapStatistic.objects.all(), branch).values("golden_field", "gap_kind")
    told = rows.annotate(all=Sum("n_clients")).order_by("-all", "golden_field", "gap_kind")
    return [(row["golden_field"], row["gap_kind"], row["all"]) for row in told]


def trend(branch: str) -> list[KeptQuality]:
    """The kept figures of a branch or of the firm, one point a day: of several runs of a day the latest."""
    rows = _of_branch(KeptQuality.objects.all(), branch)
    latest = rows.filter(on=OuterRef("on")).order_by("-run").values("run")[:1]
    names = (
        "n_clients",
        "n_to_mend",
        "n_missing",
        "n_expired",
        "n_misread",
        "n_differing",
        "n_existing",
        "n_done",
    )
    told: Any = (
        rows.filter(run=latest)
        .values("on")
        .annotate(**{f"all_{name}": Sum(name) for name in names})
        .order_by("-on")[:N_POINTS_OF_TREND]
    )
    return [
        KeptQuality(on=row["on"], branch_code=branch, **{name: row[f"all_{name}"] for name in names})
        for row in reversed(told)
    ]


def _of_branch(rows: QuerySet[Row], branch: str) -> QuerySet[Row]:
    return rows.filter(branch_code=branch) if branch else rows
