"""What it takes from agreement that others have the same value too (R211)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.schema import share
from keepwell.engine import columns
from keepwell.policy.clients import Scoring

# From so many records on a rare value weighs no more for that: what may ever be asked about is known before.
N_FACTS_AT_MOST = 10_000_000
BITS = "decimal(18,2)"
SHARE = share("Share of records", "记录占比")


def same_as(n_same: Any, n_facts: Any, scoring: Scoring) -> Any:
    """What the same value weighs less, in bits: as many others have it."""
    others = ibis.greatest(n_same, 2) - 1
    return _common(others * scoring.n_known_records, n_facts, scoring.n_known_records)


def as_part(n_same: Any, n_facts: Any, scoring: Scoring) -> Any:
    """What a part of a name weighs less than one that is as common as is usual, in bits."""
    usual = columns.literal(scoring.usual_part_share, SHARE).cast("float64")
    as_usual = (ibis.greatest(n_same, 2) - 1).cast("float64") / usual + scoring.n_known_parts
    return _common(as_usual, n_facts, scoring.n_known_parts)


def _common(others: Any, n_facts: Any, n_known: int) -> Any:
    share = others.cast("float64") / (ibis.least(n_facts, N_FACTS_AT_MOST) + n_known).cast("float64")
    return share.log2().round(2).cast(BITS)
