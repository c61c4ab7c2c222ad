"""Keeping the anchors in step with a generation: add the new, mark the absent, never delete."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.db.models import Exists, OuterRef

from keepwell.desk.clients import places
from keepwell.desk.clients.models import Client, ClientProfile, ClientRecord
from keepwell.desk.clients.places import pieces
from keepwell.desk.generations.attach import use


def settle(run_id: str, previous_run: str | None, *, as_of: dt.date, at: dt.datetime) -> None:
    """See that every client of the run has an anchor and a place, and that those it no longer has are marked.

    An absent client whose records are all with one other client now points to it (`merged_into`).
    Leaves the connection reading `run_id`.
    """
    use(run_id)
    for ids in pieces(ClientProfile.objects.filter(~_anchored()).order_by("pk").values_list("pk", flat=True)):
        _add(ids[0], ids[-1], run_id)
    decided = Exists(ClientProfile.objects.filter(pk=OuterRef("pk")))
    for ids in pieces(
        Client.objects.filter(decided).exclude(absent_since_run="").values_list("pk", flat=True)
    ):
        Client.objects.filter(pk__in=ids).update(absent_since_run="", merged_into=None)
    for ids in pieces(Client.objects.filter(~decided, absent_since_run="").values_list("pk", flat=True)):
        heirs = _heirs(ids, run_id, previous_run)
        for one in ids:
            Client.objects.filter(pk=one).update(absent_since_run=run_id, merged_into=heirs.get(one))
    places.settle(run=run_id, as_of=as_of, at=at)


def _add(first: str, last: str, run_id: str) -> None:
    """Anchor the run's clients from `first` to `last` that have none, inside the database: a first load has all."""
    anchor, decided = Client._meta.db_table, ClientProfile._meta.db_table  # noqa: SLF001  Django's public API for it
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {anchor} (client_id, born_run, absent_since_run) "  # noqa: S608  names of models
            f"SELECT p.client_id, %s, '' FROM {decided} p WHERE p.client_id BETWEEN %s AND %s "
            f"AND NOT EXISTS (SELECT 1 FROM {anchor} a WHERE a.client_id = p.client_id)",
            [run_id, first, last],
        )


def _anchored() -> Exists:
    return Exists(Client.objects.filter(pk=OuterRef("pk")))


def _heirs(ids: list[str], run_id: str, previous_run: str | None) -> dict[str, str]:
    if previous_run is None:
        return {}
    use(previous_run)
    owned = list(ClientRecord.objects.filter(client_id__in=ids).values_list("client_id", "record_code"))
    use(run_id)
    codes = [code for _client, code in owned]
    now = dict(ClientRecord.objects.filter(pk__in=codes).values_list("record_code", "client_id"))
    heirs: dict[str, set[str]] = {}
    for client, code in owned:
        heirs.setdefault(client, set()).add(now.get(code, ""))
    return {client: found.pop() for client, found in heirs.items() if len(found) == 1 and "" not in found}
