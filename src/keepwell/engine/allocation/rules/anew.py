"""Whom a night decides anew: everybody, or where changes only are planned, those of whom something that counts changed.

The others stay as the plan before had them. Assets are no ground to decide anew, they move daily; a class does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from keepwell.contract.reasons.allocation import AnewReason
from keepwell.engine.allocation.rules.clients import Clients
from keepwell.engine.allocation.rules.managers import Managers
from keepwell.engine.allocation.rules.quantities import Flags, Objects, Rows, codes_of, place_of, texts, told
from keepwell.engine.allocation.rules.ties import Ties
from keepwell.engine.solver.assignment.problem import Longs
from keepwell.policy.allocation import Allocation, Extent

Words = NDArray[np.uint64]
ODD, SPREAD = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)
REASONS = list(AnewReason)
OF_A_CLIENT = (
    "grade",
    "served_as",
    "style",
    "is_top_tier",
    "is_vulnerable",
    "is_advised",
    "is_untouched",
    "is_risk_known",
)
"""What counts of a client besides needs, words and ties; who has the client counts by itself."""


@dataclass(frozen=True, slots=True)
class Before:
    """The plan before of N clients, and what counts of them now; ``key`` is never below zero, -1 where none was.

    ``decided`` are days since 1970; ``is_comparable`` whether the same policy made it.
    """

    key: Longs
    was_key: Longs
    manager: Objects
    current: Objects
    decided: Longs
    is_comparable: Flags

    def take(self, rows: slice | Longs) -> Before:
        """Some of the clients."""
        return Before(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Anew:
    """Of N clients: why each is decided anew or not, since when the decision stands, and the facts' key.

    ``kept`` is the manager by place with whom a client stays undecided, -1 for who is decided anew; ``before`` the same
    for those too whose manager before might go on.
    """

    kept: Longs
    before: Longs
    reason: Longs
    decided: Longs
    key: Longs

    @property
    def is_partial(self) -> bool:
        """Whether anybody stays undecided."""
        return bool((self.kept >= 0).any())


def before_of(
    parent_proposal: pa.Table, parent_anew: pa.Table, clients: Clients, key: Longs, version: str
) -> Before:
    """The plan of the run before for today's clients."""
    code = pa.array(clients.code, pa.string())
    proposal = parent_proposal.take(pc.index_in(code, parent_proposal["client_id"].combine_chunks()))
    earlier = parent_anew.take(pc.index_in(code, parent_anew["client_id"].combine_chunks()))
    return Before(
        key,
        _known(earlier["facts_key"]),
        texts(proposal["manager_code"]),
        texts(proposal["current_code"]),
        _known(pc.cast(earlier["decided_on"], pa.int32())),
        np.asarray(pc.fill_null(pc.equal(proposal["policy_version"], version), False), dtype=np.bool_),
    )


def _known(column: pa.ChunkedArray) -> Longs:
    return np.asarray(pc.fill_null(column, -1).to_numpy(), dtype=np.int64)


def facts_key(clients: Clients, ties: Ties, managers: Managers) -> Longs:
    """A number for all that counts of each client but assets, the same in any order of clients and staff."""
    key: Words = np.zeros(len(clients.code), dtype=np.uint64)
    for name in OF_A_CLIENT:
        key = _mixed(key, getattr(clients, name))
    for need in clients.need.T:
        key = _mixed(key, need)
    key = _mixed(key, ties.language)
    staff = np.array([_word(code) for code in managers.code], dtype=np.uint64)
    for pairs in (ties.pins, ties.bans, ties.refusals, ties.wishes):
        said: Words = np.zeros(len(key), dtype=np.uint64)
        np.add.at(said, pairs.client, staff[pairs.manager])
        key = _mixed(key, said)
    return np.asarray((key >> np.uint64(1)).astype(np.int64))


def _mixed(key: Words, values: NDArray[Any]) -> Words:
    """One more fact in the key; numbers of 64 bits wrap around."""
    mixed = (key ^ values.astype(np.uint64)) * ODD
    return np.asarray(mixed ^ (mixed >> SPREAD))


def _word(code: str) -> int:
    return int.from_bytes(blake2b(str(code).encode(), digest_size=8).digest(), "big")


def everybody(n_clients: int, before: Before | None, as_of: dt.date, reason: AnewReason) -> Anew:
    """All of a branch decided anew."""
    nobody = np.full(n_clients, -1, dtype=np.int64)
    key = before.key if before else np.zeros(n_clients, dtype=np.int64)
    day = np.full(n_clients, _day(as_of), dtype=np.int64)
    return Anew(nobody, nobody, np.full(n_clients, REASONS.index(reason)), day, key)


def anew_of(
    before: Before | None, clients: Clients, managers: Managers, may: Flags, extent: Extent, rules: Allocation,
    as_of: dt.date,
) -> Anew:  # fmt: skip
    """Who of a branch is decided anew: those new, changed or due, and whose manager may go on no more."""
    n = len(clients.code)
    if before is None or extent is Extent.WHOLE or not before.is_comparable.any():
        return everybody(n, before, as_of, AnewReason.WHOLE)
    codes = pa.array(managers.code, pa.string())
    then, now = (place_of(pa.array(one, pa.string()), codes) for one in (before.manager, clients.current))
    serves, could = _may(may, then), _may(may, now)
    is_handed = could & (now != then) & np.asarray(clients.current != before.current, dtype=np.bool_)
    oldest = _day(as_of) - rules.runs.n_days_kept_at_most
    cases = (
        (~before.is_comparable | (before.was_key < 0), AnewReason.NEW),
        (~serves & ~is_handed, AnewReason.ORPHANED),
        (before.key != before.was_key, AnewReason.CHANGED),
        (before.decided <= oldest, AnewReason.DUE),
        (is_handed, AnewReason.HANDED_OVER),
    )
    reason = np.select(
        [holds for holds, _ in cases],
        [REASONS.index(why) for _, why in cases],
        REASONS.index(AnewReason.KEPT),
    )
    stays = {AnewReason.HANDED_OVER: now, AnewReason.KEPT: then}
    kept = np.full(n, -1, dtype=np.int64)
    for why, place in stays.items():
        kept = np.where(reason == REASONS.index(why), place, kept)
    decided = np.where(kept >= 0, before.decided, _day(as_of))
    return Anew(kept, np.where(kept >= 0, kept, np.where(serves, then, -1)), reason, decided, before.key)


def _may(may: Flags, place: Longs) -> Flags:
    """Whether each client may be with the manager of a place."""
    if not may.shape[1]:
        return np.zeros(len(place), dtype=np.bool_)
    return np.asarray((place >= 0) & may[np.arange(len(place)), np.maximum(place, 0)])


def _day(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days


def anew_rows(anew: Anew, clients: Clients) -> Rows:
    """One row a client."""
    return {
        "client_id": clients.code,
        "branch_code": clients.branch,
        "anew_reason": told(codes_of(AnewReason).to_pylist(), anew.reason),
        "is_anew": anew.kept < 0,
        "decided_on": anew.decided.astype("datetime64[D]"),
        "facts_key": anew.key,
    }
