"""Who looks after whom today, in one reading: the clients of a book, a team or a branch by manager, class and state.

Places in force decide, as on every list, so that a figure and the list behind it are the same clients. The run's own
sums stand by the managers of its night; what its proposal would change is counted beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from keepwell.desk.clients import overlay, plans
from keepwell.desk.clients.models import Place
from keepwell.desk.clients.scope import places_of
from keepwell.desk.generations.queries import pinned
from keepwell.desk.people.models import User

EXISTING = "existing"
NOBODY = "-"
CLASSES = ("population", "grade", "service_type", "activity_state")
UNTOUCHED_DAYS = 90


@dataclass(frozen=True, slots=True)
class Cell:
    """Clients of one manager, population, class and state; what follows from an undelivered table is None."""

    population: str
    grade: str
    service_type: str
    activity_state: str
    n_clients: int
    assets_amount: Decimal | None
    contribution_amount: Decimal | None
    n_untouched: int | None
    manager_code: str = NOBODY


def of(user: User) -> list[Cell]:
    """The clients in the scope of a user who sees a part of the firm: one query, some thousand lines at most."""
    places = places_of(user)
    return [] if places is None else _cells(places)


def _cells(places: QuerySet[Place]) -> list[Cell]:
    line = "client__line__"
    by = {f"told_{name}": Coalesce(f"{line}{name}", Value(NOBODY)) for name in CLASSES}
    by["told_manager_code"] = Coalesce("manager_code", Value(NOBODY))
    rows: Any = places.filter(client__line__isnull=False).annotate(**by, is_untouched=_untouched(line))
    counted = (
        rows.order_by()
        .values(*by)
        .annotate(
            told_n_clients=Count("client_id"),
            told_assets_amount=Sum(f"{line}assets_amount"),
            told_contribution_amount=Sum(f"{line}contribution_365d_amount"),
            told_n_untouched=Sum("is_untouched"),
        )
    )
    told = len("told_")
    return [Cell(**{name[told:]: value for name, value in row.items()}) for row in counted.order_by(*by)]


def _untouched(line: str) -> Case:
    """1 for a client without a contact for 90 days, as the list's filter says it; unknown without contacts."""
    return Case(
        When(**{f"{line}n_contacts_365d": None}, then=None),
        When(untouched(line), then=1),
        default=0,
        output_field=IntegerField(),
    )


def untouched(line: str = "") -> Q:
    """Nobody reached the client for 90 days up to the run's date, or ever; contacts since the run count."""
    generation = pinned()
    silent = overlay.silent(UNTOUCHED_DAYS, generation.as_of_on, line) if generation else Q()
    return silent | overlay.never_reached(line)


@dataclass(frozen=True, slots=True)
class Held:
    """A manager's existing clients: how many, with what assets, how many without a contact for 90 days."""

    n: int
    assets: Decimal | None
    n_untouched: int | None

    @property
    def share_covered(self) -> Decimal | None:
        """The share with a contact in the last 90 days, unknown where contacts are not delivered."""
        return (
            Decimal(self.n - self.n_untouched) / self.n if self.n and self.n_untouched is not None else None
        )


def by_manager(cells: Iterable[Cell]) -> dict[str, Held]:
    """What each manager holds today; under a dash whom nobody looks after."""
    parts: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.population == EXISTING:
            parts.setdefault(cell.manager_code, []).append(cell)
    return {code: _held(found) for code, found in sorted(parts.items())}


def _held(cells: list[Cell]) -> Held:
    assets = [cell.assets_amount for cell in cells if cell.assets_amount is not None]
    untouched = [cell.n_untouched for cell in cells if cell.n_untouched is not None]
    return Held(
        sum(cell.n_clients for cell in cells),
        sum(assets, Decimal(0)) if assets else None,
        sum(untouched) if untouched else None,
    )


@dataclass(slots=True)
class Moves:
    """What the run's proposal would still change for a manager: clients coming, clients going."""

    n_in: int = 0
    n_out: int = 0


def proposed_moves(branch_code: str) -> dict[str, Moves]:
    """By manager, what the proposal would still change in a branch; under a dash the clients of nobody."""
    if not branch_code:
        return {}
    pairs = plans.of_branch(branch_code).order_by()
    counted = pairs.values_list("manager_code", "client__proposal__manager_code").annotate(n=Count("pk"))
    moves: dict[str, Moves] = {}
    for before, after, n in counted:
        moves.setdefault(before or NOBODY, Moves()).n_out += n
        moves.setdefault(after, Moves()).n_in += n
    return moves
