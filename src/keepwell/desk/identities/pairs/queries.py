"""Which pairs wait, and what people said of two records; every query starts from `reach` or its clients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from keepwell.contract.codes import EvidenceField
from keepwell.contract.codes import Judgement as Said
from keepwell.desk.clients.models import (
    ClientFeature,
    ClientProfile,
    ClientRecord,
    SearchToken,
)
from keepwell.desk.clients.scope import visible_ids
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.models import Judgement, PairEvidence, PairLine
from keepwell.desk.identities.models.lines import ORDER
from keepwell.desk.identities.numbers import DOCUMENT
from keepwell.desk.identities.reach import sees_all, within
from keepwell.desk.people.models import User
from keepwell.desk.ui.paging import Keyset, beyond, keyset

COUNTED_TO = 10_000
PEOPLE = ("by", "second_by", "undone_by", "undo_asked_by")
State = Judgement.State


def waiting(user: User, generation: Generation) -> QuerySet[PairLine]:
    """The run's pairs that nobody has settled since: what a run knew and lists all the same waits again."""
    settled = Q(state=State.PROPOSED) | Q(state=State.IN_FORCE)
    if generation.returns_cut is not None:
        settled = Q(state=State.PROPOSED) | Q(state=State.IN_FORCE, in_force_at__gt=generation.returns_cut)
    same = Judgement.objects.filter(
        settled, left_code=OuterRef("left_code"), right_code=OuterRef("right_code")
    )
    return within(user, PairLine.objects.filter(~Exists(same)), "left_client_id", "right_client_id")


def n_waiting(user: User, generation: Generation) -> int:
    """How many pairs wait, counted up to 10,000."""
    return waiting(user, generation).order_by()[:COUNTED_TO].count()


def one(user: User, generation: Generation, left_code: str, right_code: str) -> PairLine | None:
    """A pair that waits for the person, `None` when it is settled, out of reach or unknown."""
    return waiting(user, generation).filter(left_code=left_code, right_code=right_code).first()


def listed(user: User, left_code: str, right_code: str) -> PairLine | None:
    """A pair of the run within reach, whether or not it still waits."""
    rows = PairLine.objects.filter(left_code=left_code, right_code=right_code)
    return within(user, rows, "left_client_id", "right_client_id").first()


def queue(user: User, generation: Generation, n: int, after: PairLine | None = None) -> list[PairLine]:
    """The first pairs of the queue, or those behind one of them: most at stake first, then longest waiting."""
    rows = waiting(user, generation).order_by(*ORDER)
    if after is not None:
        values = [getattr(after, key.lstrip("-")) for key in ORDER]
        rows = rows.filter(beyond(ORDER, values))
    return list(rows[:n])


def evidence(pair: PairLine) -> list[PairEvidence]:
    """How the two records agree, what says most first."""
    return _weightiest(PairEvidence.objects.filter(left_code=pair.left_code, right_code=pair.right_code))


def evidence_within(codes: Sequence[str]) -> dict[tuple[str, str], list[PairEvidence]]:
    """The same of the pairs that a score joined, of the records of one client; by both customer numbers."""
    rows = PairEvidence.objects.filter(left_code__in=codes, right_code__in=codes).order_by(
        "left_code", "right_code"
    )
    pairs = groupby(rows, key=lambda row: (row.left_code, row.right_code))
    return {pair: _weightiest(of_pair) for pair, of_pair in pairs}


def _weightiest(rows: Iterable[PairEvidence]) -> list[PairEvidence]:
    fields = list(EvidenceField)
    return sorted(rows, key=lambda row: (-abs(row.weight or 0), fields.index(row.evidence_field)))


def assets(client_ids: Iterable[str]) -> dict[str, Any]:
    """What the clients have, by client."""
    rows = ClientFeature.objects.filter(pk__in=list(client_ids))
    return dict(rows.values_list("client_id", "assets_amount"))


def records(codes: Iterable[str]) -> dict[str, ClientRecord]:
    """Customer records by number."""
    return ClientRecord.objects.in_bulk(list(codes))


def standing(left_code: str, right_code: str) -> list[Judgement]:
    """What stands about two records: what is in force, then what is proposed."""
    rows = Judgement.objects.filter(left_code=left_code, right_code=right_code, state__in=Judgement.STANDS)
    return list(rows.select_related("by").order_by("state"))  # "in_force" before "proposed"


def valid_documents(left_code: str, right_code: str) -> tuple[set[str], set[str]]:
    """The valid document numbers on either side of a pair of records, as keyed hashes.

    A side is the record's client of today and every client that what is in force says to be the same: the run joins
    them all. A masked number would not do, two numbers can be masked alike.
    """
    left, right = _said_to_be_one((left_code, right_code))
    valid = ClientProfile.objects.filter(pk__in=left | right, id_is_valid=True)
    documents: dict[str, set[str]] = {client_id: set() for client_id in valid.values_list("pk", flat=True)}
    tokens = SearchToken.objects.filter(client_id__in=list(documents), token_kind=DOCUMENT)
    for client_id, token in tokens.values_list("client_id", "token"):
        documents[client_id].add(token)
    one, other = (
        {word for client_id in side & documents.keys() for word in documents[client_id] or {client_id}}
        for side in (left, right)
    )
    return one, other


def _said_to_be_one(codes: Sequence[str]) -> list[set[str]]:
    """For each record its client, with all that a chain of "the same" in force joins to that."""
    same = Judgement.objects.filter(state=State.IN_FORCE, judgement=Said.SAME)
    client_of: dict[str, str] = {}
    pairs: set[tuple[str, str]] = set()
    asked: set[str] = set()
    while new := {*codes, *(one for pair in pairs for one in pair)} - asked - client_of.keys():
        asked |= new
        met = ClientRecord.objects.filter(record_code__in=new).values("client_id")
        held = dict(ClientRecord.objects.filter(client_id__in=met).values_list("record_code", "client_id"))
        client_of |= held
        said = same.filter(Q(left_code__in=held) | Q(right_code__in=held))
        pairs |= set(said.values_list("left_code", "right_code"))
    joins = [{client_of[one] for one in pair if one in client_of} for pair in pairs]
    return [_joined({client_of[code]} if code in client_of else set(), joins) for code in codes]


def _joined(clients: set[str], joins: Sequence[set[str]]) -> set[str]:
    """The clients with all that hang together with them."""
    while more := {one for join in joins if join & clients for one in join} - clients:
        clients = clients | more
    return clients


def about(user: User, codes: Sequence[str]) -> list[Judgement]:
    """What was said of any of these records, splits apart; newest first."""
    rows = _of_own(user, Judgement.objects.filter(Q(left_code__in=codes) | Q(right_code__in=codes)))
    return list(rows.select_related(*PEOPLE).order_by("-at", "-pk")[:50])


def _of_own(user: User, rows: QuerySet[Judgement]) -> QuerySet[Judgement]:
    """Splits apart; a branch reads only what was said of two records that are both of its clients today.

    By number, not by client: of two clients whom a run has joined since, one is a client no more.
    """
    rows = rows.filter(split=None)
    if sees_all(user):
        return rows
    own = ClientRecord.objects.filter(client_id__in=visible_ids(user)).values("record_code")
    return rows.filter(left_code__in=own, right_code__in=own)


def judged(user: User, cursor: str) -> Keyset[Judgement]:
    """What was judged within the person's reach, newest first; splits apart."""
    rows = Judgement.objects.select_related(*PEOPLE)
    return keyset(_of_own(user, rows), ("-at", "-id"), cursor)


def judgement(user: User, pk: int) -> Judgement | None:
    """A judgement within reach that is no part of a split."""
    return _of_own(user, Judgement.objects.filter(pk=pk).select_related("by")).first()


def proposed(user: User) -> list[Judgement]:
    """Proposals that wait for a second person, oldest first."""
    rows = Judgement.objects.filter(state=State.PROPOSED).select_related("by")
    return list(within(user, rows, "left_client_id", "right_client_id").order_by("at", "pk")[:200])


def undo_asked(user: User) -> list[Judgement]:
    """Judgements of two people that one wants taken back, oldest first."""
    found = _undo_asked(user).select_related("undo_asked_by")
    return list(found.order_by("undo_asked_at", "pk")[:200])


def undo_open_to(user: User) -> QuerySet[Judgement]:
    """Those of them that wait for this person: what one asked for oneself is somebody else's work."""
    return _undo_asked(user).exclude(undo_asked_by=user)


def _undo_asked(user: User) -> QuerySet[Judgement]:
    rows = Judgement.objects.filter(state=State.IN_FORCE).exclude(undo_asked_by=None)
    return within(user, rows, "left_client_id", "right_client_id")


def open_to(user: User) -> QuerySet[Judgement]:
    """Proposals that wait for this person: the own ones are somebody else's work."""
    rows = Judgement.objects.filter(state=State.PROPOSED).exclude(by=user)
    return within(user, rows, "left_client_id", "right_client_id")


def seconded_by(user: User) -> list[Judgement]:
    """What the person has agreed to or returned, newest first."""
    return list(Judgement.objects.filter(second_by=user).select_related("by").order_by("-second_at")[:20])
