"""Reading the log and checking its chain."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from keepwell.desk.audit import chain
from keepwell.desk.audit.actions import BATCH, head, heads_file
from keepwell.desk.audit.models import ENTRIES, SEALS, FirmEntry, FirmSeal
from keepwell.desk.audit.verbs import alike

DRAWN_AMONG = 100_000
HEADS_LATE = dt.timedelta(minutes=15)  # heads are signed each minute; the rest is for acts that commit late


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of one stream found."""

    stream: str
    sealed: int
    unsealed: int
    heads: int
    findings: list[chain.Finding]


def firm_log(
    reader: Any,
    *,
    verb: str = "",
    actor: str = "",
    subject: str = "",
    outcome: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[FirmEntry]:
    """Entries of the firm's log that a reader may see: person by the whole name, subject by its number.

    What auditors look at is their draft until they report: only auditors read it (audit apart from compliance).
    """
    entries = FirmEntry.objects.all()
    if not reader.may("audit.read_auditors"):
        entries = entries.exclude(actor_role="audit")
    chosen = {"actor_name": actor, "subject_id": subject, "outcome": outcome}
    entries = entries.filter(**{name: value for name, value in chosen.items() if value})
    if verb:
        entries = entries.filter(verb__in=alike(verb))
    if since:
        entries = entries.filter(at__gte=_midnight(since))
    if until:
        entries = entries.filter(at__lt=_midnight(until + dt.timedelta(days=1)))
    return entries


def draw(entries: QuerySet[FirmEntry], n: int) -> tuple[list[int], int]:
    """Numbers of `n` entries at random among the newest 100,000 that pass, and among how many they were drawn."""
    ids = list(entries.order_by("-id").values_list("id", flat=True)[:DRAWN_AMONG])
    return sorted(secrets.SystemRandom().sample(ids, min(n, len(ids))), reverse=True), len(ids)


def sample(reader: Any, pk: int) -> FirmEntry | None:
    """A draw, as the log keeps it, if the reader may read it."""
    return firm_log(reader, verb="audit.draw_sample").filter(pk=pk).first()


def sampled(reader: Any, drawn: FirmEntry) -> list[FirmEntry]:
    """The entries of a draw, newest first."""
    return list(firm_log(reader).filter(pk__in=drawn.payload["entries"]).order_by("-id"))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def verbs() -> list[str]:
    """The verbs in the firm's log, by one step of the index a verb: DISTINCT would read the whole log."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE step(verb) AS (
                SELECT MIN(verb) FROM audit_firm_entry
                UNION ALL
                SELECT (SELECT MIN(e.verb) FROM audit_firm_entry e WHERE e.verb > step.verb)
                FROM step WHERE step.verb IS NOT NULL
            )
            SELECT verb FROM step WHERE verb IS NOT NULL
            """
        )
        return [verb for (verb,) in cursor.fetchall()]


def last_sealed() -> FirmEntry | None:
    """The newest sealed entry of the firm's log."""
    seal = FirmSeal.objects.order_by("-position").first()
    return FirmEntry.objects.filter(pk=seal.entry_id).first() if seal else None


def verify(stream: str, key: str, *, heads: Path | None = None, now: dt.datetime | None = None) -> Report:
    """Check every link, every entry and every signed head of a stream; see `verifying`."""
    steps = verifying(stream, key, heads=heads, now=now)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            report: Report = end.value
            return report


def verifying(
    stream: str, key: str, *, heads: Path | None = None, now: dt.datetime | None = None
) -> Generator[int, None, Report]:
    """The check, batch by batch: yields the position it has reached and returns the report.

    `heads` is a copy of the signed heads kept elsewhere; `now` lets it miss heads that should have been signed.
    """
    entries: Any = ENTRIES[stream].objects  # type: ignore[attr-defined]  # abstract base
    seals: Any = SEALS[stream].objects  # type: ignore[attr-defined]  # the same
    signed, findings = signed_heads(stream, key, heads)
    hash_at: dict[int, str] = {}
    wanted = {one.position for one in signed}
    before = chain.Head(0, chain.START)
    for links in _batches(seals):
        rows = entries.in_bulk([link.entry_id for link in links])
        held = {pk: (row.payload_hash, row.digest()) for pk, row in rows.items()}
        findings += chain.check(links, held, before)
        before = chain.Head(links[-1].position, links[-1].hash)
        hash_at.update({link.position: link.hash for link in links if link.position in wanted})
        yield before.position
    findings += chain.check_heads(signed, hash_at)
    findings += _unsigned(entries, seals, signed, now) if now else []
    unsealed = entries.filter(~Exists(seals.filter(entry_id=OuterRef("id")))).count()
    return Report(stream, before.position, unsealed, len(signed), findings)


def _unsigned(entries: Any, seals: Any, signed: list[chain.Head], now: dt.datetime) -> list[chain.Finding]:
    """A seal far older than a minute with no head behind it: heads are missing, or nobody signs."""
    first = max((one.position for one in signed), default=0) + 1
    seal = seals.filter(position=first).first()
    entry = entries.filter(pk=seal.entry_id).first() if seal else None
    late = entry is not None and entry.at < now - HEADS_LATE
    return [chain.Finding("heads_missing", first)] if late else []


def _batches(seals: Any) -> Iterator[list[chain.Link]]:
    after = 0
    while rows := list(seals.filter(position__gt=after).order_by("position")[:BATCH]):
        after = rows[-1].position
        yield [chain.Link(row.position, row.entry_id, row.hash) for row in rows]


def signed_heads(
    stream: str, key: str, path: Path | None = None
) -> tuple[list[chain.Head], list[chain.Finding]]:
    """The heads that our key signed, and a finding for each line that it did not or that is not there any more.

    A line that a killed sealer left unfinished ends the file without a line's end, and is none.
    """
    path = path or heads_file(stream)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    heads, findings, last = [], [], chain.START
    for line in text[: text.rfind("\n") + 1].splitlines():
        try:
            row = json.loads(line)
            found, mac = chain.Head(int(row["position"]), str(row["hash"])), str(row["mac"])
            before, at = str(row["before"]), str(row["at"])
        except (ValueError, KeyError, TypeError):
            findings.append(chain.Finding("forged", 0))
            continue
        if not chain.is_signed(found, stream, at, key, mac, before):
            findings.append(chain.Finding("forged", found.position))
            continue
        if before != last:
            findings.append(chain.Finding("heads_missing", found.position))
        heads.append(found)
        last = mac
    return heads, findings


__all__ = [
    "Report",
    "draw",
    "firm_log",
    "head",
    "last_sealed",
    "sample",
    "sampled",
    "signed_heads",
    "verbs",
    "verify",
    "verifying",
]
