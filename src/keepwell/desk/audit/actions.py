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
from keepwell.desk.asks.models import Ask
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
    entry.write()
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


def record_ask(*, verb: str, ask: Ask, by: Actor, at: dt.datetime) -> None:
    """Write down what somebody asks the engine's host."""
    payload = {"kind": ask.kind, **ask.body}
    record(by=by, at=at, verb=verb, subject_kind="ask", subject_id=ask.pk, payload=payload, run=ask.run_id)


@transaction.atomic
def read_log(*, by: Actor, at: dt.datetime, filters: Mapping[str, Any]) -> None:
    """Trace that someone read the log, and what they looked for."""
    told = {name: str(value) for name, value in filters.items() if value}
    record(by=by, at=at, verb="audit.read_log", subject_kind="log", subject_id="firm", payload=told)


@transaction.atomic
def draw_sample(*, query: str, n: int, by: Actor, at: dt.datetime, entries: list[int], among: int) -> Entry:
    """Trace a random draw: the entry itself is the sample, so that what was drawn cannot be chosen afterwards."""
    payload = {"query": query, "n": n, "among": among, "entries": entries}
    return record(
        by=by, at=at, verb="audit.draw_sample", subject_kind="log", subject_id="firm", payload=payload
    )


@transaction.atomic
def verify_chain(*, by: Actor, at: dt.datetime, sealed: int, findings: int) -> None:
    """Trace what a check of the chain found."""
    payload = {"sealed": sealed, "findings": findings}
    record(by=by, at=at, verb="audit.verify_chain", subject_kind="log", subject_id="firm", payload=payload)


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
    # Looked for without a lock: most seconds there is nothing, and a full look must not hold writers up.
    found = list(pending.values_list("id", "payload_hash")[:BATCH])
    if not found:
        return 0
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        ids = [entry_id for entry_id, _hash in found]
        meanwhile = seals.objects.filter(entry_id__in=ids)  # type: ignore[attr-defined]  # the same
        done = set(meanwhile.values_list("entry_id", flat=True))
        links = chain.extend(head(stream), [one for one in found if one[0] not in done])
        rows = [(link.position, link.entry_id, link.hash) for link in links]
        with connection.cursor() as cursor:  # plain rows: nobody may write while objects are made
            cursor.executemany(
                f"INSERT INTO audit_{stream}_seal (position, entry_id, hash) VALUES (%s, %s, %s)",  # noqa: S608  our own stream
                rows,
            )
    return len(found)


def head(stream: str) -> chain.Head:
    """The last link of a stream's chain."""
    last = SEALS[stream].objects.order_by("-position").first()  # type: ignore[attr-defined]  # abstract base
    return chain.Head(last.position, last.hash) if last else chain.Head(0, chain.START)


def heads_file(stream: str) -> Path:
    """Where the signed heads of a stream lie, outside the database."""
    return Path(settings.AUDIT_HEADS) / f"heads-{stream}.jsonl"


def sign_head(*, stream: str, key: str, at: dt.datetime) -> None:
    """Append the chain's head, signed, to the file outside the database; nothing when it has not moved.

    The line goes out in one write; what a killed sealer left of a line is taken away first.
    """
    now, path = head(stream), heads_file(stream)
    last = _last_line(path)
    if now.position == 0 or (last and last["position"] == now.position):
        return
    before = str(last["mac"]) if last else chain.START
    when = at.isoformat(timespec="seconds")
    mac = chain.sign(now, stream, when, key, before)
    line = {"position": now.position, "hash": now.hash, "at": when, "before": before, "mac": mac}
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, (json.dumps(line) + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _last_line(path: Path) -> dict[str, Any] | None:
    """The last whole line; a torn one behind it is cut off."""
    if not path.exists() or not path.stat().st_size:
        return None
    with path.open("r+b") as file:
        file.seek(max(0, path.stat().st_size - 2000))
        tail = file.read()
        torn = len(tail) - tail.rfind(b"\n") - 1
        if torn:
            file.truncate(path.stat().st_size - torn)
    whole = tail[: len(tail) - torn].rstrip().rpartition(b"\n")[2]
    return dict(json.loads(whole)) if whole else None
