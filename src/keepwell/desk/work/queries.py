"""The one work list: the run's moments and people's items, without what is settled, bounded and in one order.

Order: overdue legal duties, then by deadline, the rule's priority, the client's assets.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat

from keepwell.contract.codes import Role
from keepwell.desk.clients.models import ClientLine, ClientRecord, Moment, Place
from keepwell.desk.clients.scope import visible_to, within
from keepwell.desk.people.models import User
from keepwell.desk.work.kinds import kind
from keepwell.desk.work.models import Outcome, WorkItem

LEGAL = "legal"
PAGE = 50


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
    def is_legal(self) -> bool:
        """Whether it is a legal duty."""
        return bool(self.moment and self.moment.moment_kind == LEGAL)

    @property
    def name(self) -> str:
        """What tells the task from all others: client and key."""
        return f"{self.client_id}/{self.key}"

    def rank(self, on: dt.date) -> tuple[bool, dt.date, int, Decimal, str]:
        """Where it stands in the order of a day."""
        overdue_duty = self.is_legal and self.due_on < on
        return (not overdue_duty, self.due_on, self.priority, -self.line.sort_amount, self.name)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks wait: overdue, due today, in the rest of the week, later; legal duties among the overdue."""

    overdue: int = 0
    duties: int = 0
    today: int = 0
    week: int = 0
    later: int = 0

    @property
    def due(self) -> int:
        """What is to be done today: overdue and due."""
        return self.overdue + self.today

    @property
    def listed(self) -> int:
        """What the page of a day lists."""
        return self.due + self.week


def week_end(on: dt.date) -> dt.date:
    """The Sunday of the week."""
    return on + dt.timedelta(days=6 - on.weekday())


def of_moments(user: User, on: dt.date, lines: QuerySet[ClientLine] | None = None) -> QuerySet[Any]:
    """The open moments in the user's scope that nothing settles on the day, with `key` and `due`."""
    lines = visible_to(user, on) if lines is None else lines
    rows = Moment.objects.filter(client_id__in=lines.values("client_id"), expires_on__gte=on)
    rows = rows.annotate(
        key=Concat(F("rule"), Value("/"), F("occasion")), due=Coalesce(F("due_on"), F("expires_on"))
    )
    return rows.filter(~Exists(_settling(on)))


def _settling(on: dt.date) -> QuerySet[ClientRecord]:
    """Customer records that are the moment's client today and hold an outcome in force of its key.

    One record after the other, each by its own and the key: an index answers at once on both databases.
    """
    rows = Outcome.objects.filter(
        record_code=OuterRef("record_code"), key=OuterRef(OuterRef("key")), is_in_force=True
    )
    standing = rows.filter(Q(until_on=None) | Q(until_on__gt=on))
    return ClientRecord.objects.filter(Exists(standing), client_id=OuterRef("client_id"))


def of_items(user: User, on: dt.date, lines: QuerySet[ClientLine] | None = None) -> QuerySet[WorkItem]:
    """The open items of the clients in the user's scope: they follow the client, whoever opened them."""
    lines = visible_to(user, on) if lines is None else lines
    records = ClientRecord.objects.filter(client_id__in=lines.values("client_id")).values("record_code")
    return WorkItem.objects.filter(record_code__in=records, is_open=True, listed_from_on__lte=on)


def _spans(due: str, on: dt.date) -> dict[str, Count]:
    last = week_end(on)
    spans = {
        "overdue": {f"{due}__lt": on},
        "today": {due: on},
        "week": {f"{due}__gt": on, f"{due}__lte": last},
        "later": {f"{due}__gt": last},
    }
    return {name: Count("client_id", filter=Q(**span)) for name, span in spans.items()}


def counts(user: User, on: dt.date) -> Counts:
    """How many tasks wait for the user: two queries."""
    duties = Count("client_id", filter=Q(due__lt=on, moment_kind=LEGAL))
    found = of_moments(user, on).aggregate(**_spans("due", on), duties=duties)
    opened = of_items(user, on).aggregate(**_spans("due_on", on))
    return Counts(**{name: n + opened.get(name, 0) for name, n in found.items()})


def n_due(user: User, on: dt.date) -> int:
    """The number beside Today: overdue and due today. Two queries."""
    n_moments = of_moments(user, on).filter(due__lte=on).count()
    return n_moments + of_items(user, on).filter(due_on__lte=on).count()


def n_of_staff(staff_code: str, on: dt.date) -> int:
    """How many tasks wait about the clients somebody looks after: they follow the clients to whoever is next."""
    lines = within(ClientLine.objects.all(), Place.objects.filter(manager_code=staff_code))
    nobody = User(role=str(Role.MANAGER))
    return of_moments(nobody, on, lines).count() + of_items(nobody, on, lines).count()


SPANS: Mapping[str, Callable[[str, dt.date], Q]] = {
    "overdue": lambda due, on: Q(**{f"{due}__lt": on}),
    "today": lambda due, on: Q(**{due: on}),
    "week": lambda due, on: Q(**{f"{due}__gt": on, f"{due}__lte": week_end(on)}),
    "later": lambda due, on: Q(**{f"{due}__gt": week_end(on)}),
}


def open_items(
    user: User,
    on: dt.date,
    *,
    span: str = "",
    kinds: Iterable[str] = (),
    limit: int = PAGE,
    until: dt.date | None = None,
) -> list[Item]:
    """The first tasks of the list in its order, at most `limit`: two queries, and two more where items are opened.

    `span` is one of `SPANS`; without it all that is listed today: overdue, due, and the rest of the week, or `until`.
    """
    moments, opened = of_moments(user, on), of_items(user, on)
    if span:
        moments, opened = moments.filter(SPANS[span]("due", on)), opened.filter(SPANS[span]("due_on", on))
    else:
        last = until or week_end(on)
        moments, opened = moments.filter(due__lte=last), opened.filter(due_on__lte=last)
    if wanted := list(kinds):
        moments, opened = moments.filter(rule__in=wanted), opened.filter(kind__in=wanted)
    found = [*_first(moments, on, limit), *_items(opened.order_by("due_on", "pk")[:limit])]
    return sorted(found, key=lambda item: item.rank(on))[:limit]


def _first(moments: QuerySet[Any], on: dt.date, limit: int) -> list[Item]:
    overdue_duty = Case(
        When(due__lt=on, moment_kind=LEGAL, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    order = (overdue_duty, "due", "priority", F("client__line__sort_amount").desc(), "client_id", "key")
    rows = moments.select_related("client__line").order_by(*order)[:limit]
    return [_of_moment(row) for row in rows]


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
                    priority=known.priority,
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
        return _of_moment(moment)
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
    return sorted([*_first(of_moments(user, on, lines), on, limit), *opened], key=lambda item: item.rank(on))[
        :limit
    ]


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
