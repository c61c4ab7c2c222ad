"""What notices and the log call a finding, and the putting off of a due date: client numbers, no name."""

from __future__ import annotations

from typing import Any

from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import naming
from keepwell.desk.identities.models import Extension, Verification


def of_finding(row: Verification, generation: Generation) -> dict[str, Any]:
    """What the log says of a finding, of which client, by which run."""
    payload = {"verification": row.pk, "conflict": row.conflict_key, "record": row.record_code}
    payload |= {"finding": row.finding, "how": row.how}
    return {"run": generation.run_id, "payload": payload, **naming.subject(row.client_id)}


def of_extension(row: Extension, generation: Generation) -> dict[str, Any]:
    """What the log says of a later due date, of which client, by which run."""
    days = {"from": row.from_on.isoformat(), "to": row.to_on.isoformat()}
    payload = {"extension": row.pk, "conflict": row.conflict_key, **days, "reason": row.reason}
    return {"run": generation.run_id, "payload": payload, **naming.subject(row.client_id)}


def title(row: Extension) -> str:
    """What a notice calls a later due date: the client number and the days, no name."""
    return f"{row.client_id}: {row.from_on} → {row.to_on}"


def key(row: Extension) -> str:
    """By what notices know it."""
    return f"identities.extension:{row.pk}"
