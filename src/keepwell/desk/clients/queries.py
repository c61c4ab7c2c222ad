"""What may be read about clients; every query starts from `visible_to`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from keepwell.contract.codes import CarriedChange, Population
from keepwell.contract.schema import Table
from keepwell.desk.clients import overlay
from keepwell.desk.clients.filters import Filters
from keepwell.desk.clients.models import (
    Branch,
    ClientAccount,
    ClientChange,
    ClientLine,
    ClientRecord,
    Moment,
    Place,
    Product,
    SearchToken,
    Staff,
)
from keepwell.desk.clients.scope import guests_of, numbered, placed, visible_ids, visible_one, visible_to
from keepwell.desk.generations.queries import pinned
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.records import events
from keepwell.desk.ui.paging import Keyset, keyset

COUNTED_TO = 10_000
SERVICE = "clients.read_service"
HITS = 500
FOUND = 20
# Changes of managers that come by the thousand, each a kind of its own: the manager whom an approved plan gave and who
# still is it, and whoever holds the clients of one who left.
BY_PLAN, OF_LEAVER = "by_plan", "of_leaver"
AT_ONCE: dict[str, Q] = {
    BY_PLAN: Q(
        changed=str(CarriedChange.MANAGER),
        client__place__grounds=Place.Grounds.PLAN,
        client__place__manager_code=F("after"),
    ),
    OF_LEAVER: Q(changed=str(CarriedChange.MANAGER), client__place__grounds=Place.Grounds.LEAVER),
}


@dataclass(frozen=True)
class Listed:
    """A page of a client list; `n_found` is counted up to 10,000."""

    page: Keyset[ClientLine]
    n_found: int


def named(rows: Iterable[ClientLine]) -> None:
    """Set the current manager and home branch on the rows of a page, with names: three queries, however many rows."""
    rows = list(rows)
    placed(rows)
    staff = staff_names(row.manager_code for row in rows)
    branches = branch_names({row.home_branch_code for row in rows})
    for row in rows:
        row.manager_name = staff.get(row.manager_code or "", row.manager_code or "")
        row.branch_name = branches.get(row.home_branch_code, row.home_branch_code)


def listed(user: User, filters: Filters, cursor: str) -> Listed:
    """One page of the user's clients, largest assets first; counted only up to 10,000."""
    rows = filters.applied(visible_to(user))
    n_found = rows.order_by()[:COUNTED_TO].count()
    page = keyset(rows, ("-sort_amount", "-client_id"), cursor)
    named(page.rows)
    _laid(user, page.rows)
    return Listed(page, n_found)


def _laid(user: User, rows: Sequence[ClientLine]) -> None:
    """Lay what people did since the run over the rows, for those who see it: AML officers have no part in it."""
    if user.may(SERVICE):
        overlay.laid(rows, record_owners(row.client_id for row in rows) if rows else {})


def found(user: User, wanted: Sequence[Q]) -> Listed:
    """The user's clients that have one of the words: the 20 with the largest assets, `n_found` 21 where there are more.

    Those who see the firm follow the first 500 words of what they typed.
    """
    if not wanted:
        return Listed(Keyset((), "", is_first=True), 0)
    at_most = HITS if user.scope is Scope.FIRM else None
    lines, hits = visible_to(user), _hits(wanted, at_most)
    lines = numbered(lines, hits) if isinstance(hits, list) else lines.filter(client_id__in=hits)
    found = lines.order_by("-sort_amount", "-client_id")
    rows = list(found[: FOUND + 1])
    named(rows[:FOUND])
    return Listed(Keyset(rows[:FOUND], "", is_first=True), len(rows))


def _hits(wanted: Sequence[Q], at_most: int | None) -> QuerySet[Any] | list[str]:
    """Clients who have one of the words; up to a bound one kind of word after the other, each read in its own order.

    All kinds in one condition would be sorted before the first is taken: of a million clients many thousands.
    """
    ordered = SearchToken.objects.order_by("token_kind", "token", "client_id")
    if at_most is None or len(wanted) == 1:
        return ordered.filter(reduce(or_, wanted)).values("client_id")[:at_most]
    hits: list[str] = []
    for one_kind in wanted:
        hits += ordered.filter(one_kind).values_list("client_id", flat=True)[: at_most - len(hits)]
        if len(hits) == at_most:
            break
    return hits


def guests_found(user: User, wanted: Sequence[Q]) -> list[ClientLine]:
    """Clients at home elsewhere who have a customer number in the user's branch, found by one of the words."""
    if not wanted or user.scope is not Scope.BRANCH:
        return []
    rows = list(guests_of(user).filter(client_id__in=_hits(wanted, HITS)).order_by("client_id")[:10])
    named(rows)
    return rows


def here(line: ClientLine, branch_code: str) -> dict[str, list[Any]]:
    """The client's customer numbers and accounts at one branch."""
    records = ClientRecord.objects.filter(client_id=line.client_id, branch_code=branch_code)
    accounts = ClientAccount.objects.filter(client_id=line.client_id, branch_code=branch_code)
    return {
        "records": list(records.order_by("opened_on", "record_code")),
        "accounts": list(accounts.order_by("opened_on", "account_code")),
    }


def one(user: User, client_id: str) -> ClientLine | None:
    """A client with all that is decided about them in one query, or `None`: outside the scope is unknown."""
    related = ("profile", "features", "grade", "proposal", "place")
    lines = visible_one(user, client_id).select_related("client", *(f"client__{name}" for name in related))
    line = lines.first()
    if line is not None:
        if place := getattr(line.client, "place", None):
            vars(line).update(manager_code=place.manager_code, home_branch_code=place.home_branch_code)
        _laid(user, [line])
    return line


class Told:
    """A row of a table that the run decided and the generation does not hold: its columns by name, as a row there."""

    def __init__(self, table: type[Table], values: Mapping[str, Any]) -> None:
        self.contract_table = table
        self.stored = tuple(values)
        vars(self).update(values)

    def __getattr__(self, name: str) -> Any:
        """Only what the run's file has not: a column of a later version is unknown."""
        if name in vars(self)["contract_table"].columns:
            return None
        raise AttributeError(name)


def told_of(line: ClientLine, run_id: str, table: type[Table]) -> list[Told]:
    """The client's rows of such a table, from the run's files."""
    return [Told(table, row) for row in events.of_client(run_id, table.name, line.client_id)]


def record_owners(client_ids: Iterable[str]) -> dict[str, str]:
    """Customer number to client, for all numbers of some clients."""
    rows = ClientRecord.objects.filter(client_id__in=list(client_ids))
    return dict(rows.values_list("record_code", "client_id"))


def accounts(line: ClientLine) -> list[ClientAccount]:
    """The client's fund accounts over branches."""
    return list(ClientAccount.objects.filter(client_id=line.client_id).order_by("opened_on", "account_code"))


def records(line: ClientLine) -> list[ClientRecord]:
    """The client's customer records with the evidence that joined them."""
    return list(ClientRecord.objects.filter(client_id=line.client_id).order_by("opened_on", "record_code"))


def moments(line: ClientLine, on: dt.date) -> list[Moment]:
    """The client's open occasions in the order of Today: by deadline, a window by the day it closes, then priority."""
    rows = Moment.objects.filter(client_id=line.client_id, expires_on__gte=on)

    def pressing(row: Moment) -> tuple[Any, ...]:
        return (row.due_on or row.expires_on, row.priority, row.rule, row.occasion)

    return with_products(sorted(rows, key=pressing))


def with_products(moments: Iterable[Any]) -> list[Any]:
    """The moments, each with the name of the product it speaks of as `fact_name`: one query where any does."""
    rows = list(moments)
    names = product_names(row.fact_code for row in rows)
    for row in rows:
        row.fact_name = names.get(row.fact_code or "", "")
    return rows


def product_names(codes: Iterable[str | None]) -> dict[str, str]:
    """Names of products by code; a code the firm does not name is missing."""
    wanted = {code for code in codes if code}
    return dict(Product.objects.filter(pk__in=wanted).values_list("pk", "product_name")) if wanted else {}


def changes(user: User, changed: str, cursor: str) -> Keyset[ClientChange]:
    """What the run decided differently about the user's clients, by client.

    What comes by the thousand stands under its own kind and under managers, not in all.
    """
    rows = _changes(user)
    if changed:
        rows = rows.filter(AT_ONCE.get(changed, Q(changed=changed)))
    for at_once in () if changed else AT_ONCE.values():
        rows = rows.exclude(at_once)
    return keyset(
        rows.select_related(
            *(f"client__{name}" for name in ("line", "profile", "grade", "features", "place"))
        ),
        ("client_id", "changed"),
        cursor,
    )


def n_at_once(user: User) -> dict[str, int]:
    """How many changes of each such kind there are, counted up to 10,000."""
    rows = _changes(user).order_by()
    return {kind: rows.filter(asked)[: COUNTED_TO + 1].count() for kind, asked in AT_ONCE.items()}


def _changes(user: User) -> QuerySet[ClientChange]:
    rows = ClientChange.objects.all()
    if user.scope is Scope.FIRM:  # a list of all clients would be read before the first change
        return rows
    return rows.filter(client__in=visible_ids(user))


def staff_names(codes: Iterable[str | None]) -> dict[str, str]:
    """Names of staff by number; a number the run does not know is missing."""
    known = _all_staff(_run()) if (wanted := {code for code in codes if code}) else {}
    return {code: known[code] for code in wanted if code in known}


def branch_names(codes: Collection[str] | None = None) -> dict[str, str]:
    """Names of some branches by code, or of all."""
    known = _all_branches(_run())
    return dict(known) if codes is None else {code: known[code] for code in codes if code in known}


def _run() -> str:
    """What the names are kept by: a generation's do not change, and the manifest's hash tells its files apart."""
    generation = pinned()
    return generation.manifest_hash if generation else ""


@lru_cache(maxsize=2)
def _all_staff(_run: str) -> dict[str, str]:
    return dict(Staff.objects.values_list("pk", "staff_name"))


@lru_cache(maxsize=2)
def _all_branches(_run: str) -> dict[str, str]:
    return dict(Branch.objects.values_list("pk", "branch_name"))


def managers_in_scope(user: User) -> list[tuple[str, str]]:
    """Number and name of those who hold a book or a client, a leader among them, for the filter.

    None for those who see one book or the firm.
    """
    holds = Exists(Place.objects.filter(manager_code=OuterRef("pk")))
    holders = Staff.objects.filter(Q(has_book=True) | holds)
    match user.scope:
        case Scope.TEAM:
            holders = holders.filter(team_code=user.team_code)
        case Scope.BRANCH:
            holders = holders.filter(branch_code=user.branch_code)
        case _:
            return []
    return list(holders.order_by("pk").values_list("pk", "staff_name"))


def populations(user: User) -> list[Population]:
    """The populations that have at least one client in the user's scope."""
    return [code for code in Population if visible_to(user).filter(population=str(code)).exists()]


def facts(*rows: Any) -> dict[str, Any]:
    """Columns and values of several decided rows, for a reason's sentence; later rows win."""
    return {name: getattr(row, name) for row in rows if row for name in row.stored}
