"""Writing the log: an entry inside the act's own transaction, the chain by one sealer afterwards."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from keepwell.contract.verdict import Verdict
from keepwell.desk.audit import chain
from keepwell.desk.audit.models import ENTRIES, SEALS, Entry
from keepwell.desk.ui.models import Job

BATCH = 500
LATE = 10_000  # how many numbers back a commit may come late between two full looks
SEAL_LOCK = 7_240_119  # advisory lock of the sealer on PostgreSQL; SQLite's IMMEDIATE does the same


class Actor(Protocol):
    """Who acts: any object with these, in practice `people.User`."""

    pk: Any
    display_name: Any
    role: Any

    @property
    def audit_stream(self) -> str:
        """`firm` or `aml`."""


def record(
    *,
    by: Actor | None,
    at: dt.datetime,
    verb: str,
    subject_kind: str = "",
    subject_id: str = "",
    payload: Mapping[str, Any] | None = None,
    verdict: Verdict | None = None,
    run: str = "",
    stream: str | None = None,
) -> Entry:
    """Write one entry in the running transaction; a verdict that says no makes it a refusal with its reason.

    `verb` is `room.verb`; `by` is `None` for the machine and for strangers; `stream` follows the actor's role
    unless given. Raises `RuntimeError` outside a transaction: an act and its trace stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{verb}: record() must run inside the act's transaction.atomic()")
    refused = verdict is not None and not verdict
    entry = ENTRIES[stream or (by.audit_stream if by else "firm")](
        at=at,
        actor_id=by.pk if by else None,
        actor_name=by.display_name if by else "",
        actor_role=by.role if by else "",
        verb=verb,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        payload=json.loads(json.dumps(dict(payload or {}), cls=DjangoJSONEncoder)),
        outcome=Entry.Outcome.REFUSED if refused else Entry.Outcome.DONE,
        reason=verdict.reason if verdict is not None and refused else "",
        run=run,
    )
    entry.payload_hash = entry.digest()
    entry.save(force_insert=True)
    return entry


def record_job(*, verb: str, job: Job, by: Actor | None, at: dt.datetime) -> None:
    """Write down what is done to a job, in its owner's log: `by` is `None` when the machine ends it."""
    record(
        by=by,
        at=at,
        verb=verb,
        subject_kind="job",
        subject_id=str(job.pk),
        payload={"kind": job.kind},
        stream=job.stream,
    )


def seal_pending(*, stream: str, recent_only: bool = False) -> int:
    """Chain committed entries that have no seal yet, at most 500 a call; answer how many.

    By anti-join, never by "id greater than the last": a long transaction commits low ids late. `recent_only` looks
    at the last 10,000 numbers, for the loop's each second; the full look each minute finds whatever came later.
    """
    entries, seals = ENTRIES[stream], SEALS[stream]
    sealed = seals.objects.filter(entry_id=OuterRef("id"))  # type: ignore[attr-defined]  # abstract base
    pending = entries.objects.filter(~Exists(sealed)).order_by("id")  # type: ignore[attr-defined]  # the same
    if recent_only:
        last = seals.objects.order_by("-entry_id").first()  # type: ignore[attr-defined]  # the same
        pending = pending.filter(id__gt=last.entry_id - LATE) if last else pending
    if not pending.exists():  # without a lock: most seconds there is nothing to do
        return 0
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        found = list(pending.values_list("id", "payload_hash")[:BATCH])
        links = chain.extend(head(stream), found)
        seals.objects.bulk_create(  # type: ignore[attr-defined]  # the same
            [seals(position=link.position, entry_id=link.entry_id, hash=link.hash) for link in links]
        )
    return len(links)


def head(stream: str) -> chain.Head:
    """The last link of a stream's chain."""
    last = SEALS[stream].objects.order_by("-position").first()  # type: ignore[attr-defined]  # abstract base
    return chain.Head(last.position, last.hash) if last else chain.Head(0, chain.START)


def heads_file(stream: str) -> Path:
    """Where the signed heads of a stream lie, outside the database."""
    return Path(settings.AUDIT_HEADS) / f"heads-{stream}.jsonl"


def sign_head(*, stream: str, key: str, at: dt.datetime) -> None:
    """Append the chain's head, signed, to the file outside the database; nothing when it has not moved."""
    now = head(stream)
    path = heads_file(stream)
    if now.position == 0 or (path.exists() and f'"position": {now.position},' in _last_line(path)):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    when = at.isoformat(timespec="seconds")
    line = {"position": now.position, "hash": now.hash, "at": when, "mac": chain.sign(now, stream, when, key)}
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _last_line(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 400))
        return file.read().decode().rstrip().rpartition("\n")[2]
