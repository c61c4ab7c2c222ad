"""Which pairs of records may come to be asked about: of the others no night need know that they were compared."""

from __future__ import annotations

import math
from decimal import ROUND_FLOOR, Decimal
from functools import reduce
from operator import add
from typing import Any

import ibis

from keepwell.contract.comparing import PairCompared
from keepwell.engine import columns
from keepwell.engine.identity.rules import evidence, scores
from keepwell.policy.clients import Scoring
from keepwell.policy.packs import Packs

ROUNDED = 0.05  # in bits: more than rounding can hide
LEAST_SHARE = 6e-7  # so much below a score the same six digits are shown
EVERY_PAIR = Decimal(-100_000)


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
    is_same = [pair[name] == pair[f"right_{name}"] for name in evidence.common_fields(scoring)]
    weighed = pair.select(
        *PairCompared.names(),
        bits=scores.weight(pair, scoring),
        n_same=reduce(add, [same.fill_null(False).cast("int64") for same in is_same], ibis.literal(0)),
    )
    limits = [(weighed.n_same == n, _enough(n, scoring)) for n in range(len(is_same))]
    enough = ibis.cases(
        (weighed.n_same < 0, _enough(0, scoring)), *limits, else_=_enough(len(is_same), scoring)
    )
    return weighed.filter(weighed.bits >= enough).select(*PairCompared.names())


def _enough(n_same: int, scoring: Scoring) -> Any:
    """What a pair must weigh in the smallest firm to be asked about in one of any size.

    ``n_same`` of its values weigh more in a larger firm; against it speak all the records before anything is known.
    """
    asked = float(scoring.asks_at_share) - LEAST_SHARE
    if asked <= 0:
        return columns.literal(EVERY_PAIR, evidence.WEIGHT)
    small, known = scoring.n_strangers_at_least, scoring.n_known_records
    least, most = min(small, evidence.N_FACTS_AT_MOST), max(small, evidence.N_FACTS_AT_MOST)
    grown = n_same * math.log2((evidence.N_FACTS_AT_MOST + known) / (least + known))
    for_one = max(-math.log2(small), grown - math.log2(most))
    bits = math.log2(asked / (1 - asked)) - for_one - ROUNDED
    return columns.literal(Decimal(bits).quantize(Decimal("0.01"), ROUND_FLOOR), evidence.WEIGHT)
