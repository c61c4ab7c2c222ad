"""The pairs of a frame of records, weighed: by the signed weights, or by those the records teach themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from keepwell.contract.comparing import RecordFact
from keepwell.contract.identity import PairScore, RecordLink
from keepwell.engine.columns import arrow_schema
from keepwell.engine.identity.rules import evidence, learned, observed, scores
from keepwell.engine.store.session import Session, compiled, unbound
from keepwell.policy.packs import Packs

ENDS = list(scores.ENDS)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Scored pairs with what each field weighed in them: ``bits`` and ``levels`` have a row for each field."""

    scores: pa.Table
    fields: tuple[str, ...]
    levels: learned.Longs
    bits: learned.Longs


def weighed(session: Session, folder: Path, packs: Packs, *, learns: bool) -> Weighed:
    """Score the pairs that meet, make ``pair_score`` mean them, and tell why.

    ``packs`` are those of ``observed.asked_of``. What the pack holds back for a person stays below the merging score.
    """
    found = _scored(session, packs, learns=learns)
    path = folder / f"{PairScore.name}.parquet"
    session.write_arrow(PairScore, found.scores, path)
    session.view_files(PairScore, [path])
    return found


def _scored(session: Session, packs: Packs, *, learns: bool) -> Weighed:
    scoring = packs.identity.scoring
    fields = tuple(str(one.field) for one in scoring.weights)
    if not (scoring.blocks and scoring.weights):
        nothing = np.zeros((len(fields), 0), dtype=np.int64)
        return Weighed(arrow_schema(PairScore).empty_table(), fields, nothing, nothing)
    n_records = session.count(RecordFact.name)
    ((n_linked,),) = session.rows("SELECT count(*) FROM record_link WHERE record_code <> anchor_code")
    session.note(observed.FAR, observed.far(n_records, scoring))
    pairs = _observed(session, packs)
    is_far = pairs["is_far"].to_numpy()
    seen = learned.seen(pairs, scoring)
    met = seen.take(~is_far)
    alike = learned.patterns(met)
    bits = learned.hundredths(scoring)
    if learns:
        bits = learned.learned(alike, seen.take(is_far), n_records, int(n_linked), scoring)
    sure = np.round(learned.chances(alike, bits, n_records, int(n_linked), scoring), 6)[alike.place]
    asked = (sure >= float(scoring.asks_at_share)) & ~met.is_linked
    told = pairs.filter(pa.array(~is_far)).filter(pa.array(asked))
    kept = met.take(asked)
    weights = np.take_along_axis(bits, kept.levels, axis=1) + kept.added
    return Weighed(_held_back(session, told, sure[asked], packs), fields, kept.levels, weights)


def _observed(session: Session, packs: Packs) -> pa.Table:
    sql = observed_sql(packs)
    return session.arrow(f"{sql} ORDER BY is_far, left_code, right_code").combine_chunks()


@lru_cache(maxsize=32)
def observed_sql(packs: Packs) -> str:
    """SQL of the pairs as they agree; it takes longer to make than to run, so the next frame takes it over."""
    return compiled(observed.pair_observed(unbound(RecordFact), unbound(RecordLink), packs))


@lru_cache(maxsize=32)
def held_sql(packs: Packs) -> str:
    """SQL of the likely pairs that wait for a person."""
    return compiled(observed.pair_held(unbound(RecordFact), packs))


def _held_back(session: Session, told: pa.Table, sure: NDArray[np.float64], packs: Packs) -> pa.Table:
    """The scores, lower where a pair that would merge waits for a person."""
    scoring = packs.identity.scoring
    high = sure >= float(scoring.merges_at_share)
    held = _held(session, told.filter(pa.array(high)), packs)
    places = {
        pair: place for place, pair in enumerate(zip(*(told[end].to_pylist() for end in ENDS), strict=True))
    }
    below = np.array([places[pair] for pair in held], dtype=np.int64)
    limit = float(scoring.merges_at_share - scores.STEP)
    lowered = sure.copy()
    lowered[below] = np.minimum(lowered[below], limit)
    schema = arrow_schema(PairScore)
    column = pa.array(np.round(lowered, 6)).cast(schema.field("score").type)
    return told.select(ENDS).append_column("score", column).cast(schema)


def _held(session: Session, likely: pa.Table, packs: Packs) -> list[tuple[str, str]]:
    scoring = packs.identity.scoring
    if not likely.num_rows or (scoring.merges_other_names and scoring.merges_other_births):
        return []
    names = [evidence.level(one.field) for one in scoring.weights]
    with _named(session, observed.LIKELY, likely.select(ENDS + names)):
        found = session.rows(held_sql(packs))
    return [(left, right) for left, right in found]


@contextmanager
def _named(session: Session, name: str, table: pa.Table) -> Iterator[None]:
    session.connection.register(name, table)
    try:
        yield
    finally:
        session.connection.unregister(name)


def best(weighed: Weighed, owner: pa.Array, clients: pa.Array) -> tuple[pa.Array, pa.Array]:
    """For each record the best score with another of its own client, and what was weighed in it; null without one."""
    table = weighed.scores
    ends = [pc.index_in(table[side].combine_chunks(), owner) for side in ENDS]
    inside = pc.equal(clients.take(ends[0]), clients.take(ends[1])).to_numpy(zero_copy_only=False)
    chosen = np.flatnonzero(inside)
    record = np.concatenate([end.to_numpy()[chosen] for end in ends])
    pair = np.concatenate([chosen, chosen])
    score = table["score"].cast(pa.float64()).to_numpy()
    order = np.lexsort((pair, -score[pair], record))
    mine, first = np.unique(record[order], return_index=True)
    places = np.full(len(owner), -1, dtype=np.int64)
    places[mine] = pair[order][first]
    taken = pa.array(places, mask=places < 0)
    return pa.array(score, pa.float64()).take(taken), _sentences(weighed).take(taken)


def _sentences(weighed: Weighed) -> pa.Array:
    """What each field of a pair weighed: ``client_name close 9.9; birth_on same 12.3``."""
    parts = []
    for name, place, bits in zip(weighed.fields, weighed.levels, weighed.bits, strict=True):
        level = pa.array(learned.LEVELS).take(pa.array(place))
        number = pc.cast(pa.array(bits / learned.HUNDRED), pa.decimal128(18, 2)).cast(pa.string())
        text = pc.binary_join_element_wise(f"{name} ", level, " ", number, "")
        parts.append(pc.if_else(pa.array(place == learned.KNOWN), None, text))
    if not parts:
        return pa.nulls(weighed.scores.num_rows, pa.string())
    return pc.binary_join_element_wise(*parts, "; ", null_handling="skip")
