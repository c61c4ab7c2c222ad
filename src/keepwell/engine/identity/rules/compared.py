"""Which pairs of records may come to be asked about: of the others no night need know that they were compared."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.comparing import PairCompared
from keepwell.engine import columns
from keepwell.engine.identity.rules import enough, evidence, scores
from keepwell.policy.clients import Scoring
from keepwell.policy.packs import Packs


def pair_compared(record_fact: Any, packs: Packs) -> Any:
    """Pairs that meet in a block and may come to be asked about, however the firm grows."""
    scoring = packs.identity.scoring
    facts = evidence.facts(record_fact)
    return promising(scores.couples(facts, scoring), facts, scoring)


def promising(couples: Any, facts: Any, scoring: Scoring) -> Any:
    """Couples without those that weigh too little even if nobody else had the same values."""
    rare = {f"n_{name}": ibis.literal(2) for name in evidence.common_fields(scoring)}
    alone = facts.mutate(**rare, n_facts=ibis.literal(scoring.n_strangers_at_least))
    pair = evidence.pairs(couples, alone)
    n_same, has_part = evidence.shared(pair, scoring)
    weighed = pair.select(
        *PairCompared.names(), bits=scores.weight(pair, scoring), n_same=n_same, has_part=has_part
    )
    limits = [
        (
            (weighed.n_same == n) & (weighed.has_part == part),
            columns.literal(enough.bits(n, part, scoring), evidence.WEIGHT),
        )
        for n in range(len(rare) + 1)
        for part in (False, True)
    ]
    asked = ibis.cases(*limits, else_=columns.literal(enough.EVERY_PAIR, evidence.WEIGHT))
    return weighed.filter(weighed.bits >= asked).select(*PairCompared.names())
