"""Reading the log and checking its chain."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from keepwell.desk.audit import chain
from keepwell.desk.audit.actions import BATCH, head, heads_file
from keepwell.desk.audit.models import ENTRIES, SEALS, FirmEntry, FirmSeal


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of one stream found."""

    stream: str
    sealed: int
    unsealed: int
    heads: int
    findings: list[chain.Finding]


def firm_log(
    *, verb: str = "", actor: str = "", since: dt.date | None = None, until: dt.date | None = None
) -> QuerySet[FirmEntry]:
    """Entries of the firm's log: verb by its beginning, actor by the whole name, Beijing days inclusive."""
    entries = FirmEntry.objects.all()
    if verb:
        entries = entries.filter(verb=verb)
    if actor:
        entries = entries.filter(actor_name=actor)
    if since:
        entries = entries.filter(at__gte=_midnight(since))
    if until:
        entries = entries.filter(at__lt=_midnight(until + dt.timedelta(days=1)))
    return entries


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


def verify(stream: str, key: str) -> Report:
    """Check every link, every entry and every signed head of a stream."""
    entries: Any = ENTRIES[stream].objects  # type: ignore[attr-defined]  # abstract base
    seals: Any = SEALS[stream].objects  # type: ignore[attr-defined]  # the same
    heads, findings = signed_heads(stream, key)
    hash_at: dict[int, str] = {}
    wanted = {one.position for one in heads}
    before = chain.Head(0, chain.START)
    for links in _batches(seals):
        rows = entries.in_bulk([link.entry_id for link in links])
        held = {pk: (row.payload_hash, row.digest()) for pk, row in rows.items()}
        findings += chain.check(links, held, before)
        before = chain.Head(links[-1].position, links[-1].hash)
        hash_at.update({link.position: link.hash for link in links if link.position in wanted})
    findings += chain.check_heads(heads, hash_at)
    unsealed = entries.filter(~Exists(seals.filter(entry_id=OuterRef("id")))).count()
    return Report(stream, before.position, unsealed, len(heads), findings)


def _batches(seals: Any) -> Iterator[list[chain.Link]]:
    after = 0
    while rows := list(seals.filter(position__gt=after).order_by("position")[:BATCH]):
        after = rows[-1].position
        yield [chain.Link(row.position, row.entry_id, row.hash) for row in rows]


def signed_heads(stream: str, key: str) -> tuple[list[chain.Head], list[chain.Finding]]:
    """The heads that our key signed, and a finding for each line that it did not."""
    path = heads_file(stream)
    heads, findings = [], []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            row = json.loads(line)
            found = chain.Head(int(row["position"]), str(row["hash"]))
            signed = chain.is_signed(found, stream, str(row["at"]), key, str(row["mac"]))
        except (ValueError, KeyError, TypeError):
            findings.append(chain.Finding("forged", 0))
            continue
        if signed:
            heads.append(found)
        else:
            findings.append(chain.Finding("forged", found.position))
    return heads, findings


__all__ = ["Report", "firm_log", "head", "last_sealed", "signed_heads", "verbs", "verify"]
