"""What runs and people joined and parted: which splits stand, wait for somebody, or take two people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from keepwell.desk.clients.models import (
    ClientLine,
)
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.models import (
    Judgement,
    KeptEvent,
    Split,
)
from keepwell.desk.identities.numbers import clients_seen
from keepwell.desk.identities.reach import within
from keepwell.desk.people.models import User
from keepwell.desk.ui.paging import Keyset, keyset

State = Split.State
PEOPLE = ("by", "second_by", "undone_by", "undo_asked_by")
LATELY = 20


def of_clients(user: User, client_ids: Iterable[str], codes: Sequence[str]) -> list[Split]:
    """Splits of clients, newest first: within reach, or of nothing but these customer numbers."""
    asked = list(client_ids)
    rows = Split.objects.filter(client_id__in=asked).select_related(*PEOPLE).order_by("-at", "-pk")
    seen = clients_seen(user, asked)
    return [row for row in rows[:50] if row.client_id in seen or {*row.taken, *row.kept} <= set(codes)]


def one(user: User, pk: int) -> Split | None:
    """A split within reach."""
    return within(user, Split.objects.filter(pk=pk).select_related(*PEOPLE), "client_id").first()


def ahead(user: User, generation: Generation) -> list[Split]:
    """Splits within reach that no run has taken yet."""
    return list(within(user, _ahead(generation), "client_id").order_by("-at", "-pk")[:50])


def _ahead(generation: Generation) -> QuerySet[Split]:
    new = Q(state=State.IN_FORCE)
    if generation.returns_cut is not None:
        new &= Q(in_force_at__gt=generation.returns_cut)
    return Split.objects.filter(new | Q(state=State.PROPOSED)).select_related(*PEOPLE)


def ahead_of(codes: Iterable[str], generation: Generation) -> Split | None:
    """A split of any of these customer numbers that no run has taken yet."""
    asked = set(codes)
    rows = _ahead(generation).order_by("-at", "-pk")
    return next((row for row in rows if asked & {*row.taken, *row.kept}), None)


def agreed_across(taken: Iterable[str], kept: Iterable[str]) -> list[Judgement]:
    """What two people have agreed to of a number here and a number there: one alone puts none of it out of force."""
    here, there = list(taken), list(kept)
    across = Q(left_code__in=here, right_code__in=there) | Q(left_code__in=there, right_code__in=here)
    rows = Judgement.objects.filter(across, state=Judgement.State.IN_FORCE).exclude(second_by=None)
    return list(rows.order_by("left_code", "right_code"))


def waiting(user: User) -> list[Split]:
    """What waits for a second person, the parting or the taking back of one, oldest first."""
    return list(_waiting(user).select_related(*PEOPLE).order_by("at", "pk")[:200])


def open_to(user: User) -> QuerySet[Split]:
    """Those of them that wait for this person: what one asked for oneself is somebody else's work."""
    return _waiting(user).exclude(Q(state=State.PROPOSED, by=user) | Q(undo_asked_by=user))


def _waiting(user: User) -> QuerySet[Split]:
    asked = Q(state=State.IN_FORCE, undo_asked_by__isnull=False)
    return within(user, Split.objects.filter(asked | Q(state=State.PROPOSED)), "client_id")


def seconded_by(user: User) -> list[Split]:
    """What the person has agreed to or returned, newest first."""
    rows = Split.objects.filter(second_by=user).select_related("by")
    return list(rows.order_by("-second_at")[:LATELY])


def events(user: User, cursor: str) -> Keyset[KeptEvent]:
    """Merges and splits of all runs within reach, newest first."""
    return keyset(within(user, KeptEvent.objects.all(), "to_client_id"), ("-id", "-id"), cursor)


def events_of(line: ClientLine, codes: Sequence[str]) -> list[KeptEvent]:
    """What became of a client's numbers, newest first."""
    is_of = Q(record_code__in=codes) | Q(to_client_id=line.client_id) | Q(from_client_id=line.client_id)
    return list(KeptEvent.objects.filter(is_of).order_by("-id")[:50])
