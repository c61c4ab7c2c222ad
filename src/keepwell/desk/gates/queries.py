"""What the gates must know of clients and staff: bounded queries, however many clients are asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from keepwell.contract.codes import ProductKind, ProductLevel, RiskLevel
from keepwell.contract.suitable import InvestorKind, MatchOutcome, StartedBy
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients.models import ClientLine, ClientRecord, Product, ProductSuitability
from keepwell.desk.gates.models import NoContact, OpenMatch, Touch
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.records import events
from keepwell.policy.matching import ClientFacts, Mandate, Matched, ProductFacts, matched
from keepwell.policy.suitability import Suitability

CHECKED = "gates.check_match"
CHOICES = 12
HANDLERS = 1_000  # of one institution: all of them, for the one left out might be who may act
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts against contacting one client: days of contacts in the window, and since when they want none."""

    touched_on: tuple[dt.date, ...] = ()
    refused_since_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """The registrations of a member of staff: kinds in force, `None` where the firm delivers none."""

    kinds: frozenset[str] | None = field(default=None)


def records_of(client_ids: Iterable[str]) -> dict[str, str]:
    """Customer number to client, for all numbers of these clients."""
    rows = ClientRecord.objects.filter(client_id__in=list(client_ids))
    return dict(rows.values_list("record_code", "client_id"))


def standings(
    lines: Collection[ClientLine], on: dt.date, n_days: int, records: Mapping[str, str] | None = None
) -> dict[str, Standing]:
    """What stands against contacting each of these clients: three queries, two with `records` given."""
    owners = records_of(line.client_id for line in lines) if records is None else records
    first = on - dt.timedelta(days=n_days - 1)
    touched: dict[str, list[dt.date]] = {
        line.client_id: [line.last_contact_on]
        for line in lines
        if line.last_contact_on and first <= line.last_contact_on <= on
    }
    ledger = Touch.objects.filter(record_code__in=list(owners), touched_on__gte=first, touched_on__lte=on)
    for code, day in ledger.values_list("record_code", "touched_on"):
        touched.setdefault(owners[code], []).append(day)
    refused: dict[str, dt.date] = {}
    wishes = NoContact.objects.filter(record_code__in=list(owners), until_on=None)
    for code, since_on in wishes.values_list("record_code", "since_on"):
        refused[owners[code]] = max(since_on, refused.get(owners[code], since_on))
    return {
        line.client_id: Standing(
            tuple(sorted(set(touched.get(line.client_id, ())))), refused.get(line.client_id)
        )
        for line in lines
    }


def registration(user: User, generation: Generation, on: dt.date) -> Registration:
    """The kinds of registration the user holds on a day, from the firm's own files."""
    if not events.delivers_licences(generation.run_id):
        return Registration()
    rows = events.licences(generation.run_id, user.staff_code) if user.staff_code else []
    held = {
        row["licence_kind"]
        for row in rows
        if row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"])
    }
    return Registration(frozenset(held))


def wish_of(record_codes: Iterable[str]) -> NoContact | None:
    """The wish not to be contacted that holds for one of the records, if any."""
    rows = NoContact.objects.filter(record_code__in=list(record_codes), until_on=None)
    return rows.order_by("-since_on", "-pk").first()


@dataclass(frozen=True, slots=True)
class Suited:
    """What the run knows of one client's suitability: its row, its flags, and the facts that the tests ask."""

    row: Row
    flags: tuple[Row, ...]
    facts: ClientFacts


@dataclass(frozen=True, slots=True)
class Named:
    """One product: name, the level it counts with and why, and the facts that the tests ask."""

    code: str
    name: str
    row: ProductSuitability
    facts: ProductFacts


def suited(run_id: str, client_id: str, on: dt.date) -> Suited | None:
    """The client's suitability as the run decided it, from the run's files; `None` where the run has none.

    Who may act for an institution is told for the day: an authority may have ended since the run.
    """
    rows = events.of_client(run_id, "client_suitability", client_id)
    if not rows:
        return None
    flags = events.of_client(run_id, "suitability_flag", client_id)
    return Suited(rows[0], tuple(flags), _client_facts(rows[0], _mandate(run_id, client_id, on)))


def _client_facts(row: Row, mandate: Mandate | None) -> ClientFacts:
    """The row as the table of matching asks it; what is empty is what nobody knows."""
    wished = row["kinds_wished"]
    return ClientFacts(
        risk_level=RiskLevel.of(row["risk_level"]) if row["risk_level"] else None,
        is_lowest_class=row["is_lowest_class"],
        valid_to=row["valid_to"],
        has_term_limit=row["has_term_limit"],
        term_days_at_most=row["term_days_at_most"],
        kinds_wished=frozenset(ProductKind.of(one) for one in wished.split()) if wished is not None else None,
        age=row["age"],
        investor_kind=InvestorKind.of(row["investor_kind"]),
        has_refused_facts=bool(row.get("has_refused_facts")),
        mandate=mandate,
    )


def _mandate(run_id: str, client_id: str, on: dt.date) -> Mandate | None:
    """An institution's own limits, kind by kind; `None` for whoever has none."""
    rows = limits(run_id, client_id)
    if not rows:
        return None
    permitted = {ProductKind.of(row["product_kind"]): row for row in rows if row["is_permitted"]}
    is_known = any(row["n_handlers"] is not None for row in rows)  # else the firm delivers no handlers
    people = handlers(run_id, list(records_of([client_id]))) if is_known else []
    able = {kind: acting(people, kind, on) for kind in permitted}
    most = {kind: order_amount(able[kind]) for kind in permitted}
    return Mandate(
        frozenset(permitted),
        {kind: row["left_amount"] for kind, row in permitted.items() if row["left_amount"] is not None},
        frozenset(kind for kind in permitted if is_known and not able[kind]),
        {kind: amount for kind, amount in most.items() if amount is not None},
    )


def acting(people: Iterable[Row], kind: ProductKind, on: dt.date) -> list[Row]:
    """Of an institution's handlers those who may order a kind on a day."""
    return [
        one
        for one in people
        if one["product_kind"] in (None, str(kind))
        and one["starts_on"] <= on
        and (one["ends_on"] is None or on <= one["ends_on"])
    ]


def order_amount(able: Iterable[Row]) -> Decimal | None:
    """The most that one order may be of those who may act; nothing where one of them has no limit, or nobody may.

    A run of an earlier version does not know limits.
    """
    amounts: list[Decimal | None] = [one.get("order_amount") for one in able]
    told = [amount for amount in amounts if amount is not None]
    return max(told) if told and len(told) == len(amounts) else None


def limits(run_id: str, client_id: str) -> list[Row]:
    """What an institution's own authorisation leaves room for, kind by kind; no rows where it has none."""
    return events.of_client(run_id, "client_mandate", client_id)


def handlers(run_id: str, record_codes: Sequence[str]) -> list[Row]:
    """Who may act, or might, for the customer numbers, as the firm delivers it: the latest authority first."""
    return events.of_records(run_id, "mandate_handler", record_codes, newest=HANDLERS)


def named(code: str) -> Named | None:
    """The product of a code, `None` where the firm has none or the run did not look at its level."""
    return all_named([code]).get(code)


def all_named(codes: Collection[str]) -> dict[str, Named]:
    """The products of these codes, those without a level that the run looked at left out: two queries."""
    rows = ProductSuitability.objects.filter(pk__in=codes)
    names = dict(Product.objects.filter(pk__in=codes).values_list("pk", "product_name"))
    return {row.pk: Named(row.pk, names.get(row.pk, row.pk), row, _product_facts(row)) for row in rows}


def named_by_staff(client_id: str, product_code: str, since_on: dt.date | None) -> FirmEntry | None:
    """The first check on record since a day in which staff had named the product and were refused."""
    rows = FirmEntry.objects.filter(subject_id=client_id, verb=CHECKED, outcome=FirmEntry.Outcome.REFUSED)
    rows = rows.filter(payload__product=product_code, payload__started_by=str(StartedBy.STAFF))
    if since_on is not None:
        rows = rows.filter(at__gte=timezone.make_aware(dt.datetime.combine(since_on, dt.time.min)))
    return rows.order_by("id").first()


def _product_facts(row: ProductSuitability) -> ProductFacts:
    return ProductFacts(
        ProductLevel.of(row.product_level) if row.product_level else None,
        ProductKind.of(row.product_kind),
        row.is_term_bound,
        row.term_days_left,
    )


def meant(typed: str) -> list[Product]:
    """The products of a name or a code as people type it: the one of that code or name, else those that begin so."""
    exact = list(Product.objects.filter(Q(pk=typed.upper()) | Q(pk=typed) | Q(product_name=typed))[:2])
    if len(exact) == 1:
        return exact
    like = Product.objects.filter(Q(product_name__icontains=typed) | Q(pk__istartswith=typed))
    return list(like.order_by("pk")[: CHOICES + 1])


def fitting(client: ClientFacts, pack: Suitability, on: dt.date) -> tuple[int, list[Named]]:
    """How many products staff may name to the client, and the first of them, the highest level first.

    Products alike in what the tests ask are asked about together.
    """
    alike = ("product_level", "product_kind", "is_term_bound", "term_days_left")
    rows = ProductSuitability.objects.exclude(product_level=None).values_list(*alike).annotate(n=Count("pk"))
    fits: dict[tuple[Any, ...], int] = {}
    for level, kind, is_bound, days, n in rows.order_by():
        facts = ProductFacts(ProductLevel.of(level), ProductKind.of(kind), is_bound, days)
        found = matched(client=client, product=facts, started_by=StartedBy.STAFF, pack=pack, as_of=on)
        if found.outcome is MatchOutcome.MATCH:
            fits[level, kind, is_bound, days] = n
    return sum(fits.values()), _first_of(fits)


def _first_of(fits: Collection[tuple[Any, ...]]) -> list[Named]:
    if not fits:
        return []
    alike = Q(product_level__in={one[0] for one in fits}, product_kind__in={one[1] for one in fits})
    found: list[ProductSuitability] = []
    for row in ProductSuitability.objects.filter(alike).order_by("-product_level", "pk").iterator():
        if (row.product_level, row.product_kind, row.is_term_bound, row.term_days_left) in fits:
            found.append(row)
        if len(found) == CHOICES:
            break
    names = dict(Product.objects.filter(pk__in=[row.pk for row in found]).values_list("pk", "product_name"))
    return [Named(row.pk, names.get(row.pk, row.pk), row, _product_facts(row)) for row in found]


def judged(
    client: ClientFacts,
    product: Named,
    started_by: StartedBy,
    pack: Suitability,
    on: dt.date,
    amount: Decimal | None = None,
) -> Matched:
    """The three tests of one client and one product: the same table as the engine's."""
    facts = replace(product.facts, amount=amount)
    return matched(client=client, product=facts, started_by=started_by, pack=pack, as_of=on)


def owner_of(record_code: str, client_id: str) -> str:
    """Who the client is today, told by the customer number; the one noted where no run knows the number."""
    row = ClientRecord.objects.filter(record_code=record_code).values_list("client_id", flat=True).first()
    return row or client_id


def open_matches(record_codes: Iterable[str]) -> list[OpenMatch]:
    """What was asked for a client, the newest first, told by the customer records."""
    rows = OpenMatch.objects.filter(record_code__in=list(record_codes))
    return list(rows.select_related("asked_by", "recorded_by", "seen_by").order_by("-asked_at", "-pk"))
