"""The one work list: the run's moments and people's items, without what is settled, bounded and in one order.

Order: overdue, deadline, the rule's priority, assets. A window stands by the day it closes and is never overdue.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat

from keepwell.contract.codes import CalendarKind, Role
from keepwell.desk.clients.models import ClientLine, ClientRecord, Moment, Place
from keepwell.desk.clients.queries import with_products
from keepwell.desk.clients.scope import visible_to, within
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.work.kinds import kind
from keepwell.desk.work.models import Outcome, WorkItem

LEGAL = "legal"
PAGE = 50
LOOKING_AFTER = {Scope.OWN, Scope.TEAM}


@dataclass(frozen=True, slots=True)
class Item:
    """A task as the list shows it; exactly one of `moment` and `opened` is given."""

    key: str
    client_id: str
    record_code: str
    line: ClientLine
    due_on: dt.date
    priority: int
    is_capped: bool
    moment: Any = None
    opened: WorkItem | None = None

    @property
    def rule(self) -> str:
        """The rule or kind behind the task."""
        return str(self.moment.rule) if self.moment else self.opened.kind if self.opened else ""

    @property
    def owner_role(self) -> str:
        """The role that the rule names; empty where it is whoever looks after the client."""
        return str(self.moment.owner_role) if self.moment else self.opened.owner_role if self.opened else ""

    @property
    def calendar_kind(self) -> str:
        """The calendar its deadline counts on; what people promise counts every day."""
        told = self.opened.facts if self.opened else {}
        return str(self.moment.calendar_kind if self.moment else told.get("calendar", CalendarKind.NATURAL))

    @property
    def is_scripted(self) -> bool:
        """Whether an approved script may be offered for it."""
        return self.opened is None or kind(self.opened.kind).is_scripted

    @property
    def is_legal(self) -> bool:
        """Whether it is a legal duty."""
        return bool(self.moment and self.moment.moment_kind == LEGAL)

    @property
    def name(self) -> str:
        """What tells the task from all others: client and key."""
        return f"{self.client_id}/{self.key}"

    @property
    def is_window(self) -> bool:
        """Whether it has no deadline, only a last day on which it makes sense."""
        return self.moment is not None and self.moment.due_on is None

    def is_late(self, on: dt.date) -> bool:
        """Whether its deadline has passed; a window closes and is gone."""
        return self.due_on < on

    @property
    def rank(self) -> tuple[dt.date, int, Decimal, str]:
        """Where it stands in the order: what is overdue has the earliest deadline."""
        return (self.due_on, self.priority, -self.line.sort_amount, self.name)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks are open: overdue, due today, in the rest of the week, later; and put off to a later day."""

    overdue: int = 0
    today: int = 0
    week: int = 0
    later: int = 0
    put_off: int = 0

    @property
    def due(self) -> int:
        """What is to be done today: overdue and due."""
        return self.overdue + self.today

    @property
    def listed(self) -> int:
        """What the page of a day lists."""
        return self.due + self.week

    @property
    def open(self) -> int:
        """All that is open, listed or not."""
        return self.listed + self.later + self.put_off


def week_end(on: dt.date) -> dt.date:
    """The Sunday of the week."""
    return on + dt.timedelta(days=6 - on.weekday())


def of_moments(user: User, on: dt.date, lines: QuerySet[ClientLine] | None = None) -> QuerySet[Any]:
    """The open moments in the user's scope that nothing settles on the day, with `key` and `due`."""
    return _moments(user, on, lines).filter(~Exists(_settling(Q(until_on=None) | Q(until_on__gt=on))))


def _moments(user: User, on: dt.date, lines: QuerySet[ClientLine] | None = None) -> QuerySet[Any]:
    lines = visible_to(user, on) if lines is None else lines
    rows = Moment.objects.filter(client_id__in=lines.values("client_id"), expires_on__gte=on)
    return rows.annotate(
        key=Concat(F("rule"), Value("/"), F("occasion")), due=Coalesce(F("due_on"), F("expires_on"))
    )


def _settling(standing: Q) -> QuerySet[ClientRecord]:
    """Customer records that are the moment's client today and hold such an outcome in force of its key.

    One record after the other, each by its own and the key: an index answers at once on both databases.
    """
    rows = Outcome.objects.filter(
        record_code=OuterRef("record_code"), key=OuterRef(OuterRef("key")), is_in_force=True
    )
    return ClientRecord.objects.filter(Exists(rows.filter(standing)), client_id=OuterRef("client_id"))


def of_items(user: User, on: dt.date, lines: QuerySet[ClientLine] | None = None) -> QuerySet[WorkItem]:
    """The open items of the clients in the user's scope: they follow the client, whoever opened them."""
    return _opened(user, on, lines).filter(listed_from_on__lte=on)


def _opened(user: User, on: dt.date, lines: QuerySet[ClientLine] | None = None) -> QuerySet[WorkItem]:
    lines = visible_to(user, on) if lines is None else lines
    records = ClientRecord.objects.filter(client_id__in=lines.values("client_id")).values("record_code")
    return WorkItem.objects.filter(record_code__in=records, is_open=True)


def waiting(user: User, on: dt.date, pk: int) -> Outcome | None:
    """What put a task of a client in the user's scope off to a later day."""
    row = Outcome.objects.filter(pk=pk, is_in_force=True, until_on__gt=on).first()
    if row is None:
        return None
    owner = owners_of([row.record_code]).get(row.record_code, row.client_id)
    return row if visible_to(user, on).filter(client_id=owner).exists() else None


def is_listed_for(user: User, owner_role: str) -> bool:
    """Whether tasks of a role stand on the user's list.

    Whoever looks after clients has what the run found of them, under whichever role the rule names: they know the
    client. Every other role has what is its own.
    """
    return owner_role == user.role or (user.scope in LOOKING_AFTER and not owner_role)


def listed_moments(user: User, on: dt.date, lines: QuerySet[ClientLine] | None = None) -> QuerySet[Any]:
    """The open moments on the user's own list."""
    return _own(of_moments(user, on, lines), user)


def _own(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    return rows if user.scope in LOOKING_AFTER else rows.filter(owner_role=user.role)


def put_off_moments(user: User, on: dt.date, lines: QuerySet[ClientLine] | None = None) -> QuerySet[Any]:
    """The moments of the user's list that wait for a later day."""
    waits = Exists(_settling(Q(until_on__gt=on)))
    return _own(_moments(user, on, lines), user).filter(waits, ~Exists(_settling(Q(until_on=None))))


def listed_items(user: User, on: dt.date) -> QuerySet[WorkItem]:
    """The open items on the user's own list: never one that is about the user."""
    return _own_items(of_items(user, on), user)


def _own_items(rows: QuerySet[WorkItem], user: User) -> QuerySet[WorkItem]:
    roles = [user.role, ""] if user.scope in LOOKING_AFTER else [user.role]
    rows = rows.filter(owner_role__in=roles)
    return rows.exclude(barred_code=user.staff_code) if user.staff_code else rows


def put_off_items(user: User, on: dt.date) -> QuerySet[WorkItem]:
    """The opened items of the user's list that wait for a later day."""
    return _own_items(_opened(user, on), user).filter(listed_from_on__gt=on)


def put_off(user: User, on: dt.date, limit: int = PAGE) -> list[tuple[Item, Outcome]]:
    """The tasks that wait for a later day, the nearest first, each with what put it off: six queries at most."""
    items = [*_first(put_off_moments(user, on), limit), *_items(put_off_items(user, on)[:limit])]
    acts = Outcome.objects.filter(key__in=[item.key for item in items], is_in_force=True, until_on__gt=on)
    rows = list(acts.order_by("pk"))
    owners = owners_of({row.record_code for row in rows})
    waits = {(owners.get(row.record_code, row.client_id), row.key): row for row in rows}
    found = [(item, waits[item.client_id, item.key]) for item in items if (item.client_id, item.key) in waits]
    return sorted(found, key=lambda pair: (pair[1].until_on, pair[0].rank))[:limit]


def counts(user: User, on: dt.date, through: dt.date | None = None) -> Counts:
    """How many tasks are open for the user: three queries. Today reaches `through` the days off that follow it."""
    lines = visible_to(user, on)
    found = listed_moments(user, on, lines).aggregate(**_spans("due", on, through))
    now, later = Q(listed_from_on__lte=on), Count("client_id", filter=Q(listed_from_on__gt=on))
    rows = _own_items(_opened(user, on, lines), user)
    opened = rows.aggregate(**_spans("due_on", on, through, now), put_off=later)
    opened["put_off"] += put_off_moments(user, on, lines).count()
    return Counts(**{name: n + found.get(name, 0) for name, n in opened.items()})


def _spans(due: str, on: dt.date, through: dt.date | None, also: Q | None = None) -> dict[str, Count]:
    when = {name: span(due, on, through or on) for name, span in SPANS.items()}
    return {name: Count("client_id", filter=also & span if also else span) for name, span in when.items()}


def n_due(user: User, on: dt.date, through: dt.date | None = None) -> int:
    """The number beside Today: overdue and due today. Two queries."""
    last = through or on
    n_moments = listed_moments(user, on).filter(due__lte=last).count()
    return n_moments + listed_items(user, on).filter(due_on__lte=last).count()


def n_of_staff(staff_code: str, on: dt.date) -> int:
    """How many tasks wait about the clients somebody looks after: they follow the clients to whoever is next."""
    lines = within(ClientLine.objects.all(), Place.objects.filter(manager_code=staff_code))
    nobody = User(role=str(Role.MANAGER))
    return of_moments(nobody, on, lines).count() + of_items(nobody, on, lines).count()


SPANS: Mapping[str, Callable[[str, dt.date, dt.date], Q]] = {
    "overdue": lambda due, on, _through: Q(**{f"{due}__lt": on}),
    "today": lambda due, on, through: Q(**{f"{due}__gte": on, f"{due}__lte": through}),
    "week": lambda due, on, through: Q(**{f"{due}__gt": through, f"{due}__lte": week_end(on)}),
    "later": lambda due, on, through: Q(**{f"{due}__gt": max(week_end(on), through)}),
}


def open_items(
    user: User,
    on: dt.date,
    *,
    span: str = "",
    kinds: Iterable[str] = (),
    limit: int = PAGE,
    until: dt.date | None = None,
    through: dt.date | None = None,
) -> list[Item]:
    """The first tasks of the list in its order, at most `limit`: two queries, and two more where items are opened.

    `span` is one of `SPANS`; without it all that is listed today: overdue, due, and the rest of the week, or `until`.
    Today reaches `through` the days off that follow it.
    """
    reach = through or on
    moments, opened = listed_moments(user, on), listed_items(user, on)
    if span:
        chosen = SPANS[span]
        moments, opened = moments.filter(chosen("due", on, reach)), opened.filter(chosen("due_on", on, reach))
    else:
        last = until or max(week_end(on), reach)
        moments, opened = moments.filter(due__lte=last), opened.filter(due_on__lte=last)
    if wanted := list(kinds):
        moments, opened = (
            moments.filter(Q(rule__in=wanted) | Q(also_rule__in=wanted)),
            opened.filter(kind__in=wanted),
        )
    found = [*_first(moments, limit), *_items(opened.order_by("due_on", "pk")[:limit])]
    return sorted(found, key=lambda item: item.rank)[:limit]


def _first(moments: QuerySet[Any], limit: int) -> list[Item]:
    order = ("due", "priority", F("client__line__sort_amount").desc(), "client_id", "key")
    rows = moments.select_related("client__line").order_by(*order)[:limit]
    return [_of_moment(row) for row in with_products(rows)]


def _of_moment(row: Any, record_code: str = "") -> Item:
    return Item(
        key=row.key,
        client_id=row.client_id,
        record_code=record_code,
        line=row.client.line,
        due_on=row.due,
        priority=row.priority,
        is_capped=row.is_capped,
        moment=row,
    )


def _items(rows: Iterable[WorkItem]) -> list[Item]:
    """Items with their client of today, told by the record; what no current record tells stays with its anchor."""
    rows = list(rows)
    if not rows:
        return []
    owners = owners_of({row.record_code for row in rows})
    ids = {owners.get(row.record_code, row.client_id) for row in rows}
    lines = ClientLine.objects.in_bulk(ids)
    found = []
    for row in rows:
        line = lines.get(owners.get(row.record_code, row.client_id))
        if line is not None:
            known = kind(row.kind)
            found.append(
                Item(
                    key=row.key,
                    client_id=line.client_id,
                    record_code=row.record_code,
                    line=line,
                    due_on=row.due_on,
                    priority=row.facts.get("priority", known.priority),
                    is_capped=known.is_capped,
                    opened=row,
                )
            )
    return found


def owners_of(record_codes: Iterable[str]) -> dict[str, str]:
    """The client that each customer record belongs to in the current generation."""
    rows = ClientRecord.objects.filter(record_code__in=list(record_codes))
    return dict(rows.values_list("record_code", "client_id"))


def find(user: User, client_id: str, key: str, on: dt.date) -> Item | None:
    """One open task of a client in the user's scope, `None` when it is settled, over or unknown."""
    lines = visible_to(user, on).filter(client_id=client_id)
    rule, _slash, occasion = key.partition("/")
    moment = (
        of_moments(user, on, lines)
        .filter(rule=rule, occasion=occasion)
        .select_related("client__line")
        .first()
    )
    if moment is not None:
        return _of_moment(*with_products([moment]))
    rows = of_items(user, on, lines).filter(key=key)
    found = _items(rows[:1])
    return found[0] if found else None


def is_open(item: Item, on: dt.date) -> bool:
    """Whether a task that was read still waits: asked again where it is settled."""
    if item.opened is not None:
        return WorkItem.objects.filter(pk=item.opened.pk, is_open=True, listed_from_on__lte=on).exists()
    own = ClientRecord.objects.filter(client_id=item.client_id).values("record_code")
    settled = Outcome.objects.filter(is_in_force=True, record_code__in=own, key=item.key)
    return not settled.filter(Q(until_on=None) | Q(until_on__gt=on)).exists()


def of_client(user: User, client_id: str, on: dt.date, limit: int) -> list[Item]:
    """The open tasks of one client in the user's scope, in the list's order."""
    lines = visible_to(user, on).filter(client_id=client_id)
    opened = _items(of_items(user, on, lines).order_by("due_on", "pk")[:limit])
    found = [*_first(of_moments(user, on, lines), limit), *opened]
    return sorted(found, key=lambda item: item.rank)[:limit]


def open_of(client_ids: Sequence[str], owners: Mapping[str, str], on: dt.date) -> list[tuple[str, dt.date]]:
    """Client and deadline of every open task of some clients, whoever they are for: two queries.

    `owners` are the clients by customer number.
    """
    lines = ClientLine.objects.filter(client_id__in=client_ids)
    nobody = User(role=str(Role.MANAGER))
    found = list(of_moments(nobody, on, lines).values_list("client_id", "due"))
    opened = WorkItem.objects.filter(record_code__in=list(owners), is_open=True, listed_from_on__lte=on)
    found += [(owners[code], due_on) for code, due_on in opened.values_list("record_code", "due_on")]
    return found


def settled_on(user: User, on: dt.date, limit: int = PAGE) -> list[Outcome]:
    """What the user settled on a day and did not take back, newest first."""
    rows = Outcome.objects.filter(by_id=user.pk, on=on, is_in_force=True).exclude(outcome="undone")
    return list(rows.order_by("-pk")[:limit])


def n_settled_on(user: User, on: dt.date) -> int:
    """How many tasks the user settled on a day."""
    return Outcome.objects.filter(by_id=user.pk, on=on, is_in_force=True).exclude(outcome="undone").count()


def last_by(user: User, pk: int) -> Outcome | None:
    """An outcome of the user's own that is in force."""
    return Outcome.objects.filter(pk=pk, by_id=user.pk, is_in_force=True).first()
