"""How much a pair must weigh to be asked about in a firm of any size: reckoned once, before a rule is written."""

from __future__ import annotations

import math
from decimal import ROUND_FLOOR, Decimal

from keepwell.engine.identity.rules.rare import N_FACTS_AT_MOST
from keepwell.policy.clients import Scoring

ROUNDED = 0.05  # in bits: more than rounding can hide
LEAST_SHARE = 6e-7  # so much below a score the same six digits are shown
EVERY_PAIR = Decimal(-100_000)


def bits(n_same: int, has_part: bool, scoring: Scoring) -> Decimal:
    """What a pair must weigh, in bits, in the smallest firm to be asked about in one of any size.

    ``n_same`` of its values weigh more in a larger firm, and so does a part of the name; against it speak all the
    records before anything is known.
    """
    asked = float(scoring.asks_at_share) - LEAST_SHARE
    if asked <= 0:
        return EVERY_PAIR
    small, known = scoring.n_strangers_at_least, scoring.n_known_records
    least, most = min(small, N_FACTS_AT_MOST), max(small, N_FACTS_AT_MOST)
    parts = scoring.n_known_parts
    grown = n_same * math.log2((N_FACTS_AT_MOST + known) / (least + known))
    grown += math.log2((N_FACTS_AT_MOST + parts) / (least + parts)) if has_part else 0.0
    for_one = max(-math.log2(small), grown - math.log2(most))
    needed = math.log2(asked / (1 - asked)) - for_one - ROUNDED
    return Decimal(needed).quantize(Decimal("0.01"), ROUND_FLOOR)
