"""The shape every condition answers in: client, occasion, reason and the facts of its sentence."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.moments import MomentFired
from keepwell.contract.reasons.moments import MomentReason
from keepwell.engine.columns import ibis_type

FACTS = ("fact_on", "fact_amount", "fact_share", "fact_days", "fact_code")


def found(clients: Any, occasion: Any, reason: MomentReason | Any, **facts: Any) -> Any:
    """One row a client and occasion; ``occasion`` is a text made of source facts alone, the same in every run."""
    named = {name: facts[name] if name in facts else _unknown(name) for name in FACTS}
    why = ibis.literal(str(reason)) if isinstance(reason, MomentReason) else reason
    return clients.select("client_id", occasion=occasion, moment_reason=why, **named)


def _unknown(name: str) -> Any:
    return ibis.null(ibis_type(MomentFired.columns[name]))


def key(*parts: Any) -> Any:
    """Facts as one text, separated by a slash."""
    texts = [part if isinstance(part, str) else part.cast("string") for part in parts]
    joined = texts[0]
    for text in texts[1:]:
        joined = joined + "/" + text
    return joined
