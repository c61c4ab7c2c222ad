"""Who may look after whom: what people fixed and ruled out, conflicts of interest, refusals, languages, wishes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract.serving import Language, TieKind, WishKind
from keepwell.engine.allocation.rules.clients import Clients
from keepwell.engine.allocation.rules.managers import Managers
from keepwell.engine.allocation.rules.quantities import Flags, codes_of, place_of
from keepwell.engine.solver.assignment.problem import Longs


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a client and a manager by their places, in the order of the clients."""

    client: Longs
    manager: Longs

    def among(self, first: int, last: int, manager_at: Longs) -> Pairs:
        """Those of the clients from ``first`` to ``last``, with the managers' places among some of them."""
        low, high = np.searchsorted(self.client, [first, last])
        at = manager_at[self.manager[low:high]]
        return Pairs(self.client[low:high][at >= 0] - first, at[at >= 0])

    def moved(self, place: Longs) -> Pairs:
        """The same where each client stands at another place."""
        client = place[self.client]
        order = np.lexsort((self.manager, client))
        return Pairs(client[order], self.manager[order])

    def outside(self, first: int, last: int, manager_at: Longs) -> Longs:
        """Clients of those pairs whose manager is none of some."""
        low, high = np.searchsorted(self.client, [first, last])
        return np.asarray(self.client[low:high][manager_at[self.manager[low:high]] < 0] - first)


@dataclass(frozen=True, slots=True)
class Ties:
    """Everything between clients and managers; ``language`` (N,) is what a client asks for, -1 for nothing."""

    pins: Pairs
    bans: Pairs
    refusals: Pairs
    wishes: Pairs
    language: Longs

    def reordered(self, order: Longs) -> Ties:
        """The same between clients in another order."""
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        pairs = {name: getattr(self, name).moved(place) for name in ("pins", "bans", "refusals", "wishes")}
        return replace(self, language=self.language[order], **pairs)


@dataclass(frozen=True, slots=True)
class Said:
    """The tables of what was said, with who has which customer number."""

    client_record: pa.Table
    tie: pa.Table
    conflict: pa.Table
    wish: pa.Table
    language: pa.Table


def ties_of(said: Said, clients: Clients, managers: Managers, as_of: dt.date) -> Ties:
    """What is in force on the day; conflicts and refusals rule out as bans of people do."""
    where = _Places(
        said.client_record, pa.array(clients.code, pa.string()), pa.array(managers.code, pa.string())
    )
    fixed = {kind: said.tie.filter(pc.equal(said.tie["tie_kind"], str(kind))) for kind in TieKind}
    wish = {kind: said.wish.filter(pc.equal(said.wish["wish_kind"], str(kind))) for kind in WishKind}
    return Ties(
        pins=where.pairs(fixed[TieKind.PIN]),
        bans=where.pairs(fixed[TieKind.BAN]),
        refusals=where.pairs(wish[WishKind.REFUSED], said.conflict.filter(_in_force(said.conflict, as_of))),
        wishes=where.pairs(wish[WishKind.WANTED]),
        language=_languages(said.language, where, len(clients.code)),
    )


@dataclass(frozen=True, slots=True)
class _Places:
    client_record: pa.Table
    clients: pa.Array
    managers: pa.Array

    def client(self, rows: pa.Table) -> Longs:
        """The place of each row's client, by the customer number it concerned."""
        records = self.client_record["record_code"].combine_chunks()
        owner = pc.index_in(rows["record_code"], records)
        return place_of(self.client_record["client_id"].take(owner), self.clients)

    def pairs(self, *tables: pa.Table) -> Pairs:
        """The pairs of some tables, each once, those of unknown clients or managers left out."""
        client = np.concatenate([self.client(rows) for rows in tables])
        manager = np.concatenate([place_of(rows["staff_code"], self.managers) for rows in tables])
        known = (client >= 0) & (manager >= 0)
        found = np.unique(np.column_stack([client[known], manager[known]]), axis=0).reshape(-1, 2)
        return Pairs(found[:, 0], found[:, 1])


def _in_force(rows: pa.Table, as_of: dt.date) -> pa.ChunkedArray:
    today = pa.scalar(as_of)
    begun = pc.fill_null(pc.less_equal(rows["starts_on"], today), True)
    return pc.and_(begun, pc.fill_null(pc.greater(rows["ends_on"], today), True))


def _languages(rows: pa.Table, where: _Places, n_clients: int) -> Longs:
    """What each client asks for; of several the first of the list."""
    told = np.full(n_clients, len(Language), dtype=np.int64)
    client, language = where.client(rows), place_of(rows["language"], codes_of(Language))
    known = (client >= 0) & (language >= 0)
    np.minimum.at(told, client[known], language[known])
    return np.where(told < len(Language), told, -1)


def may_serve(
    ties: Ties, first: int, last: int, managers: Managers, manager_at: Longs
) -> tuple[Flags, Flags]:
    """Which pairs of a branch are open, (N, K), and which of them people ruled out.

    A language that nobody of the branch has told rules nobody out: it cannot be had.
    """
    n, k = last - first, len(managers.code)
    may, banned = np.ones((n, k), dtype=np.bool_), np.zeros((n, k), dtype=np.bool_)
    asked = ties.language[first:last]
    speaks = managers.language[:, np.maximum(asked, 0)].T
    may &= speaks | ((asked < 0) | ~speaks.any(axis=1))[:, None]
    for pairs, is_ban in ((ties.bans, True), (ties.refusals, False)):
        here = pairs.among(first, last, manager_at)
        may[here.client, here.manager] = False
        banned[here.client, here.manager] |= is_ban
    return may, banned
