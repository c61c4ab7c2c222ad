"""What agreement weighs among these records: expectation and maximisation in bounded steps from the signed weights.

Only for records linked by themselves (`keepwell.link`); a firm's nights keep the weights that are signed. Nobody's
truth is read. Shares are counted in whole millionths and weights stand in hundredths of a bit, so that neither the
order of the records nor the number of threads can change a digit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from keepwell.contract.codes import EvidenceField
from keepwell.engine.identity.rules import evidence
from keepwell.engine.identity.rules.observed import LEVELS
from keepwell.policy.clients import Scoring, Weights

KNOWN = len(LEVELS) - 1
SAME = LEVELS.index(evidence.SAME)
N_ROUNDS = 10
N_CHANCE_ROUNDS = 30
BELIEVED = (
    100  # so many pairs of one client are believed before the records are seen: small sets change little
)
TRUSTED = 200  # with so many pairs of one client the records say as much as the signature
DRIFT = 300  # hundredths of a bit: so far from what is signed a weight may be found
LEAST = 0.002  # of one client's pairs at each level: what a file does not show may be there all the same
LEAST_FAR = 1  # and of so many strangers
MILLION = 1_000_000
HUNDRED = 100
ROUND = 10  # hundredths: weights stand with one digit, as in the pack

Doubles = NDArray[np.float64]
Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Pairs that agree alike, once each: the place of each field's level, what commonness adds in hundredths of a bit.

    ``levels`` has a row for each weight of the scoring and a column for each pattern. ``n`` pairs agree so, of which no
    key links ``n_unlinked``.
    """

    levels: Longs
    added: Longs
    n: Longs
    n_unlinked: Longs


def patterns(counted: pa.Table, scoring: Scoring) -> Patterns:
    """The patterns of a table of ``pattern``, ``added``, ``n`` and ``n_unlinked``."""
    numbers = [counted[name].to_numpy().astype(np.int64) for name in ("pattern", "added", "n", "n_unlinked")]
    return Patterns(levels(numbers[0], scoring), *numbers[1:])


def levels(pattern: Longs, scoring: Scoring) -> Longs:
    """The place of each field's level; a day of birth that stands in both numbers counts as untold."""
    fields = [one.field for one in scoring.weights]
    parts = [pattern // len(LEVELS) ** nth % len(LEVELS) for nth in reversed(range(len(fields)))]
    is_counted = pattern // len(LEVELS) ** len(fields) == 1
    told = [
        np.where(is_counted, KNOWN, part) if field == EvidenceField.BIRTH_ON else part
        for field, part in zip(fields, parts, strict=True)
    ]
    return np.stack(told)


def hundredths(scoring: Scoring) -> Longs:
    """The weights in hundredths of a bit, a row for each field; what is missing weighs nothing."""
    return np.array([[*_levels_of(one), 0] for one in scoring.weights], dtype=np.int64)


def _levels_of(one: Weights) -> list[int]:
    bits = (one.same_bits, one.close_bits, one.near_bits, one.part_bits, one.different_bits)
    return [int(value * HUNDRED) for value in bits]


def learned(pairs: Patterns, strangers: Patterns, n_records: int, n_linked: int, scoring: Scoring) -> Longs:
    """The weights these records teach, in hundredths of a bit, after a fixed number of rounds."""
    signed = hundredths(scoring)
    usual = [_usual(row, strangers.n, scoring) for row in strangers.levels]
    now = signed
    for _round in range(N_ROUNDS):
        is_one = np.rint(chances(pairs, now, n_records, n_linked, scoring) * MILLION) * pairs.n
        now = np.stack([
            _stepped(signed[field], np.bincount(pairs.levels[field], is_one, KNOWN + 1)[:KNOWN] / MILLION, usual[field])
            for field in range(len(signed))
        ])  # fmt: skip
    return now


def _usual(levels: Longs, n_pairs: Longs, scoring: Scoring) -> Doubles:
    """How often strangers agree how far; for the same value of a field it is told as of one that nobody else has."""
    n = np.bincount(levels, n_pairs, KNOWN + 1)[:KNOWN]
    share = np.maximum(n, LEAST_FAR) / max(int(n.sum()), 1)
    share[SAME] = 1 / scoring.n_known_records
    return np.asarray(share, dtype=np.float64)


def _stepped(signed: Longs, counted: Doubles, usual: Doubles) -> Longs:
    """Weights between what is signed and what the pairs say, by how many they are; never further than ``DRIFT``.

    What weighed no less than another level as signed does so still: more agreement never comes to speak against.
    """
    n = float(counted.sum())
    if n == 0:
        return signed
    said = HUNDRED * np.log2(np.maximum(counted / n, LEAST) / usual)
    way = n / (n + TRUSTED) * (said - signed[:KNOWN])
    step = np.where(counted > 0, np.clip(way, -DRIFT, DRIFT), 0)
    now: Longs = signed[:KNOWN] + (np.rint(step / ROUND) * ROUND).astype(np.int64)
    for level in range(1, KNOWN):
        above = now[:level][signed[:level] >= signed[level]]
        now[level] = min(now[level], *above) if above.size else now[level]
    return np.append(now, 0)


def chances(pairs: Patterns, bits: Longs, n_records: int, n_linked: int, scoring: Scoring) -> Doubles:
    """How likely each pattern is one client, with the chance that holds among these records.

    Expectation and maximisation of that one chance: how many of all pairs are one client. Pairs that a key has linked
    are one client.
    """
    total = pairs.added + sum(row[place] for row, place in zip(bits, pairs.levels, strict=True))
    before = max(n_records, scoring.n_strangers_at_least)
    odds = np.exp2(total / HUNDRED) / before
    n_pairs = BELIEVED * scoring.n_strangers_at_least + n_records * (n_records - 1) / 2
    times, sure = 1.0, odds / (1 + odds)
    for _round in range(N_CHANCE_ROUNDS):
        sure = times * odds / (1 + times * odds)
        n_one = float(np.sum(np.rint(sure * MILLION) * pairs.n_unlinked)) / MILLION
        times = (BELIEVED + n_linked + n_one) / n_pairs * before
    return np.asarray(times * odds / (1 + times * odds), dtype=np.float64)
