"""How many of all pairs are one client, found from the records alone; and what a score is then (R211)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from keepwell.engine.identity.rules.scores import STEP
from keepwell.policy.clients import Scoring
from keepwell.policy.packs import Packs

N_ROUNDS = 30
BELIEVED = (
    100  # so many pairs of one client are believed before the records are seen: small sets change little
)

Doubles = NDArray[np.float64]


def unmerged(packs: Packs) -> Packs:
    """The packs with a merging score next to the one asked about: what a rule holds back is found by it."""
    scoring = packs.identity.scoring
    least = replace(scoring, merges_at_share=scoring.asks_at_share + 2 * STEP)
    return replace(packs, identity=replace(packs.identity, scoring=least))


def calibrated(pair_score: pa.Table, n_records: int, n_linked: int, scoring: Scoring) -> pa.Table:
    """Scores with the chance that holds among these records, in place of the pack's one in all records.

    Expectation and maximisation of that one chance: nobody's truth is read, weights stay as signed. Pairs that a key
    has linked are one client. What was held back for a person stays below the merging score: in ``pair_score``, which
    is made with the packs of ``unmerged``, that is whatever is no higher than the least that is asked about.
    """
    scores = pair_score["score"].cast(pa.float64()).to_numpy()
    kept_back = float(scoring.merges_at_share - STEP)
    is_held = scores < float(scoring.asks_at_share + 2 * STEP) - float(STEP) / 2
    odds = scores / np.maximum(1 - scores, float(STEP) / 2)
    before = max(n_records, scoring.n_strangers_at_least)
    n_pairs = BELIEVED * scoring.n_strangers_at_least + n_records * (n_records - 1) / 2
    times, sure = 1.0, scores
    for _round in range(N_ROUNDS):
        sure = times * odds / (1 + times * odds)
        times = (BELIEVED + n_linked + float(np.sum(sure))) / n_pairs * before
    told = np.where(is_held, np.minimum(sure, kept_back), sure)
    place = pair_score.schema.get_field_index("score")
    column = pa.array(np.round(told, 6)).cast(pair_score.schema.field(place).type)
    return pair_score.set_column(place, "score", column)
