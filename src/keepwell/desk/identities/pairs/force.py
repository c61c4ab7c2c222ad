"""What stands of two records: put in force, out of force and back, by acts that hold the clients' lock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from keepwell.contract.codes import Judgement as Said
from keepwell.contract.verdict import Verdict
from keepwell.desk.clients.models import Client
from keepwell.desk.identities.models import Judgement
from keepwell.desk.identities.pairs import queries, rules
from keepwell.desk.people.models import User

State = Judgement.State


@dataclass(frozen=True, slots=True)
class Couple:
    """Two customer records in order, with their clients of today."""

    left_code: str
    right_code: str
    left_client_id: str
    right_client_id: str

    @staticmethod
    def of(one: tuple[str, str], other: tuple[str, str]) -> Couple:
        """From two (customer number, client): the lesser number is the left one."""
        (left, left_client), (right, right_client) = sorted((one, other))
        return Couple(left, right, left_client, right_client)

    def as_fields(self) -> dict[str, str]:
        """By the names of the model's columns."""
        return {
            "left_code": self.left_code,
            "right_code": self.right_code,
            "left_client_id": self.left_client_id,
            "right_client_id": self.right_client_id,
        }


def lock(*client_ids: str) -> None:
    """Go on once nobody else writes about these clients."""
    list(Client.objects.select_for_update().filter(pk__in=set(client_ids)).order_by("pk"))


def follow(stands: Sequence[Judgement]) -> Judgement | None:
    """Put what stands out of force, a proposal above what it would have followed; answers the uppermost.

    Whoever asked for one of them to be taken back asks no more: restored, it stands as two had agreed to it.
    """
    below: Judgement | None = None
    for row in stands:
        under = {"follows": below} if below else {}
        Judgement.objects.filter(pk=row.pk, state__in=Judgement.STANDS).update(
            state=State.FOLLOWED, version=row.version + 1, undo_asked_by=None, undo_asked_at=None, **under
        )
        below = row
    return below


def take_back(row: Judgement, by: User, at: dt.datetime) -> None:
    """Put a judgement out of force for good; what it followed stands again."""
    stood = Judgement.objects.filter(pk=row.pk, state__in=Judgement.STANDS)
    if stood.update(state=State.UNDONE, undone_by=by, undone_at=at, version=row.version + 1):
        restore(row)


def restore(row: Judgement) -> None:
    """What a judgement followed stands again when the judgement does not.

    What was itself taken back or returned meanwhile is passed over; a proposal waits again, above what it had not
    yet followed. A "same" of one person that would by now join two valid documents stays out of force: the pair
    waits for a proof.
    """
    below = row.follows
    while below is not None and below.state not in Judgement.STANDS:
        if below.state == State.FOLLOWED and not _stands_without_proof(below):
            return
        if below.state == State.FOLLOWED:
            was = State.PROPOSED if below.in_force_at is None else State.IN_FORCE
            Judgement.objects.filter(pk=below.pk).update(state=was, version=below.version + 1)
            if was == State.IN_FORCE:
                return
        below = below.follows


def _stands_without_proof(row: Judgement) -> bool:
    """Whether a judgement may come back into force though nobody else agreed to it."""
    if row.judgement != Said.SAME or row.second_by_id or row.in_force_at is None:
        return True
    return bool(have_one_document(row))


def have_one_document(pair: Couple | Judgement) -> Verdict:
    """Whether valid documents on both sides are the same ones, through all that is said to be one (M17)."""
    return rules.have_one_document(*queries.valid_documents(pair.left_code, pair.right_code))
