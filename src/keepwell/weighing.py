"""The pairs of a frame of records, weighed: by the signed weights, or by those the records teach themselves."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract.comparing import RecordFact
from keepwell.contract.identity import PairScore, RecordLink
from keepwell.engine.columns import arrow_schema
from keepwell.engine.identity.rules import learned, observed, scores
from keepwell.engine.solver import meeting
from keepwell.engine.store.fingerprints import code_hash, digest
from keepwell.engine.store.session import Session, compiled, file_hash, unbound
from keepwell.engine.store.statements import kept, libraries
from keepwell.policy.packs import Packs

ENDS = list(scores.ENDS)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Scored pairs with what each field weighed in them: ``bits`` and ``levels`` have a row for each field."""

    scores: pa.Table
    fields: tuple[str, ...]
    levels: learned.Longs
    bits: learned.Longs


def weighed(session: Session, packs: Packs, *, learns: bool) -> Weighed:
    """Score the pairs that meet, make ``pair_score`` mean them, and tell why.

    ``packs`` are those of ``observed.asked_of``. What the pack holds back for a person stays below the merging score.
    """
    found = _scored(session, packs, learns=learns)
    session.take(PairScore.name, found.scores)
    return found


def _scored(session: Session, packs: Packs, *, learns: bool) -> Weighed:
    scoring = packs.identity.scoring
    fields = tuple(str(one.field) for one in scoring.weights)
    if not (scoring.blocks and scoring.weights):
        nothing = np.zeros((len(fields), 0), dtype=np.int64)
        return Weighed(arrow_schema(PairScore).empty_table(), fields, nothing, nothing)
    n_records = session.count(RecordFact.name)
    ((n_linked,),) = session.rows("SELECT count(*) FROM record_link WHERE record_code <> anchor_code")
    _compare(session, n_records, packs, learns=learns)
    counted = session.arrow(observed.counted(is_far=False))
    alike, bits = learned.patterns(counted, scoring), learned.hundredths(scoring)
    if learns:
        strangers = learned.patterns(session.arrow(observed.counted(is_far=True)), scoring)
        bits = learned.learned(alike, strangers, n_records, int(n_linked), scoring)
    sure = np.round(learned.chances(alike, bits, n_records, int(n_linked), scoring), 6)
    told = _asked(session, counted.append_column("score", pa.array(sure)), packs)
    levels = learned.levels(told["pattern"].to_numpy(), scoring)
    added = np.stack([told[observed.added(name)].to_numpy().astype(np.int64) for name in fields])
    scored = told.select(list(PairScore.names())).cast(arrow_schema(PairScore))
    return Weighed(scored, fields, levels, np.take_along_axis(bits, levels, axis=1) + added)


def _compare(session: Session, n_records: int, packs: Packs, *, learns: bool) -> None:
    """Note the pairs that meet and some strangers, as they agree."""
    for name, sql in pairs_sql(packs, learns=learns):
        session.note(name, sql)
        if name == observed.NUMBERED:
            session.note(observed.FAR, observed.far(n_records, packs.identity.scoring))
            _meet(session, packs)


def _meet(session: Session, packs: Packs) -> None:
    """Find the pairs that stand near each other in a block."""
    blocks = packs.identity.scoring.blocks
    met = (
        _near(session.arrow(sql), block.n_next) for sql, block in zip(blocks_sql(packs), blocks, strict=True)
    )
    session.take(observed.MET, pa.table(dict(zip(ENDS, meeting.each_once(met), strict=True))))


def _near(records: pa.Table, n_next: int) -> meeting.Longs:
    shared = records["shared"].combine_chunks()
    is_first = np.ones(len(shared), dtype=np.bool_)
    is_first[1:] = pc.not_equal(shared[1:], shared[:-1]).to_numpy(zero_copy_only=False)
    return meeting.next_ones(records["record_code"].to_numpy(), is_first, n_next)


@lru_cache(maxsize=32)
def pairs_sql(packs: Packs, *, learns: bool) -> tuple[tuple[str, str], ...]:
    """SQL of the pairs as they agree, in steps; made once for frames of the same columns: that takes longest."""
    told = _kept(
        "pairs-learned" if learns else "pairs", packs, lambda: json.dumps(_pairs_sql(packs, learns=learns))
    )
    return tuple((name, sql) for name, sql in json.loads(told))


def _pairs_sql(packs: Packs, *, learns: bool) -> list[tuple[str, str]]:
    numbered = observed.fact_numbered(unbound(RecordFact), packs)
    facts = observed.noted(numbered)
    known, levels = observed.pair_levels(facts, packs)
    return [
        (observed.NUMBERED, compiled(numbered)),
        (observed.LINKED, compiled(observed.pair_linked(facts, unbound(RecordLink)))),
        (observed.COMPARED, compiled(known)),
        (observed.AGREES, observed.agreement(compiled(levels), packs, learns=learns)),
    ]


@lru_cache(maxsize=32)
def blocks_sql(packs: Packs) -> list[str]:
    """SQL of the records of each block, near ones side by side."""
    told: list[str] = json.loads(_kept("blocks", packs, lambda: json.dumps(_blocks_sql(packs))))
    return told


def _blocks_sql(packs: Packs) -> list[str]:
    facts = observed.noted(observed.fact_numbered(unbound(RecordFact), packs))
    return [compiled(block) for block in observed.met_in(facts, packs)]


@lru_cache(maxsize=32)
def held_sql(packs: Packs) -> str:
    """SQL of the likely pairs that wait for a person."""
    return _kept("held", packs, lambda: _held_sql(packs))


def _held_sql(packs: Packs) -> str:
    facts = observed.noted(observed.fact_numbered(unbound(RecordFact), packs))
    return compiled(observed.pair_held(facts, packs))


def _kept(name: str, packs: Packs, make: Callable[[], str]) -> str:
    folder = statements(packs)
    return kept(folder, name, make) if folder else make()


def statements(packs: Packs) -> Path | None:
    """Where the SQL of this code, these packs and libraries lies between one process and the next; none if nowhere.

    In the user's cache folder, for the user alone: what others could write there would be run. That of other code goes.
    """
    code, policy = _marks(packs)
    try:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "keepwell"
        mine = root / code / policy
        mine.mkdir(parents=True, exist_ok=True)
        for folder in (root, root / code, mine):
            folder.chmod(0o700)
        for other in root.iterdir():
            if other != root / code:
                shutil.rmtree(other, ignore_errors=True)
    except (OSError, RuntimeError):
        return None
    return mine if os.access(mine, os.W_OK) else None


@lru_cache(maxsize=32)
def _marks(packs: Packs) -> tuple[str, str]:
    code = {"code": code_hash(), "libraries": libraries(), "own": file_hash(Path(__file__))}
    return digest(code), digest({"versions": packs.versions(), "identity": repr(packs.identity)})


def _asked(session: Session, scored: pa.Table, packs: Packs) -> pa.Table:
    """The pairs to be asked about, with their scores: lower where a pair that would merge waits for a person."""
    scoring = packs.identity.scoring
    high = scored.filter(pc.greater_equal(scored["score"], float(scoring.asks_at_share)))
    with _named(session, observed.SCORED, high):
        session.note(observed.ASKED, observed.asked())
    session.view(observed.LIKELY, observed.likely(scoring))
    is_strict = not (scoring.merges_other_names and scoring.merges_other_births)
    return session.arrow(observed.told(held_sql(packs) if is_strict else None, scoring))


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
        level = pa.array(observed.LEVELS).take(pa.array(place))
        number = pc.cast(pa.array(bits / learned.HUNDRED), pa.decimal128(18, 2)).cast(pa.string())
        text = pc.binary_join_element_wise(f"{name} ", level, " ", number, "")
        parts.append(pc.if_else(pa.array(place == learned.KNOWN), None, text))
    if not parts:
        return pa.nulls(weighed.scores.num_rows, pa.string())
    return pc.binary_join_element_wise(*parts, "; ", null_handling="skip")
