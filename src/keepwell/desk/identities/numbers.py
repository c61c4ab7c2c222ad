"""Customer numbers: whose they are, at which branches they lie, and who may know of it."""

from __future__ import annotations

from collections.abc import Iterable

from keepwell.desk.clients.models import (
    Client,
    ClientAccount,
    ClientLine,
    ClientProfile,
    ClientRecord,
)
from keepwell.desk.clients.scope import visible_ids
from keepwell.desk.clients.search import secret_word
from keepwell.desk.identities.reach import reach, sees_all
from keepwell.desk.people.models import User

MERGES_FOLLOWED = 8
DOCUMENT = "id"  # the kind of search word that a document number is


def client(user: User, client_id: str) -> ClientLine | None:
    """A client within reach."""
    return reach(user).filter(client_id=client_id).select_related("client__place").first()


def found(user: User, number: str) -> ClientLine | None:
    """The client of a customer number, or of a client number of today or of before a merge; within reach."""
    return client(user, _holder(number))


def asked_for(number: str) -> str:
    """What a trace calls somebody who was looked for and not shown: the client, whoever sees it, else a keyed hash.

    What is no number of the firm may be anything, a document number for one, and is kept nowhere readable.
    """
    holder = _holder(number)
    return holder if Client.objects.filter(pk=holder).exists() else digest_of(number) or "?"


def _holder(number: str) -> str:
    record = ClientRecord.objects.filter(pk=number).first()
    return str(record.client_id) if record else _merged(number)


def _merged(client_id: str) -> str:
    for _step in range(MERGES_FOLLOWED):
        into = Client.objects.filter(pk=client_id).values_list("merged_into_id", flat=True).first()
        if not into:
            break
        client_id = into
    return client_id


def records_of(line: ClientLine) -> list[ClientRecord]:
    """The client's customer records, first opened first."""
    rows = ClientRecord.objects.filter(client_id=line.client_id)
    return list(rows.order_by("opened_on", "record_code"))


def accounts(codes: Iterable[str]) -> dict[str, list[ClientAccount]]:
    """The fund accounts of customer records, by number."""
    found: dict[str, list[ClientAccount]] = {}
    for row in ClientAccount.objects.filter(record_code__in=list(codes)).order_by("account_code"):
        found.setdefault(row.record_code, []).append(row)
    return found


def profiles(client_ids: Iterable[str]) -> dict[str, ClientProfile]:
    """Who the clients are, by client."""
    return ClientProfile.objects.in_bulk(list(client_ids))


def branches_of(codes: Iterable[str]) -> set[str]:
    """The branches at which customer numbers lie today."""
    rows = ClientRecord.objects.filter(record_code__in=list(codes))
    return set(rows.values_list("branch_code", flat=True))


def clients_seen(user: User, client_ids: Iterable[str]) -> set[str]:
    """Which of these clients, of today or of before a merge, the person may know of."""
    asked = set(client_ids)
    if sees_all(user):
        return asked
    seen = visible_ids(user)
    merged = Client.objects.filter(pk__in=asked, merged_into_id__in=seen)
    return {
        *reach(user).filter(client_id__in=asked).values_list("client_id", flat=True),
        *merged.values_list("pk", flat=True),
    }


def shares_all(user: User, codes: Iterable[str]) -> bool:
    """Whether all of these branches are the person's own, or the person works for the firm."""
    return sees_all(user) or set(codes) <= {user.branch_code}


def digest_of(number: str) -> str:
    """The number as a keyed hash; empty while the data folder has no key."""
    return secret_word(DOCUMENT, number)
