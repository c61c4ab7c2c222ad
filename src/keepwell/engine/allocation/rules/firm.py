"""The whole firm as arrays: its clients by the branch that may look after them, its staff, what stands between them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from keepwell.engine.allocation.rules.anew import Before
from keepwell.engine.allocation.rules.clients import Clients
from keepwell.engine.allocation.rules.managers import Managers
from keepwell.engine.allocation.rules.quantities import MICRO, Objects
from keepwell.engine.allocation.rules.ties import Ties, may_serve
from keepwell.engine.solver.assignment.problem import Longs


@dataclass(frozen=True, slots=True)
class Firm:
    """All clients to be placed, sorted by branch and id, all staff with a book, and what stands between them.

    ``first`` (B+1) says where a branch's clients begin; ``city_tier`` (B,) is -1 where it is not known. ``before`` is
    the plan of the run before, none where everybody is to be decided anew.
    """

    clients: Clients
    managers: Managers
    ties: Ties
    branches: tuple[str, ...]
    first: Longs
    city_tier: Longs
    as_of: dt.date = dt.date.min
    before: Before | None = None

    def staff_at(self, at: int) -> tuple[Longs, Longs, Longs]:
        """Who holds a book in a branch, who of them may take clients, and the place of each of the firm among these."""
        here = np.flatnonzero(self.managers.branch == self.branches[at])
        able = np.flatnonzero(self.managers.is_eligible[here])
        place = np.full(len(self.managers.code), -1, dtype=np.int64)
        place[here[able]] = np.arange(len(able))
        return here, able, place


def across(firm: Firm, region: Objects) -> Firm:
    """Clients whom nobody of their own branch may look after stand with other branches of the region.

    ``region`` (B,) is that of each branch, none where it is not known. Who stands elsewhere is shared out to where
    there are the fewest clients for the capacity; in the end nobody may serve them there either, and they are told.
    """
    guests = [_unserved(firm, at) for at in range(len(firm.branches))]
    if not any(map(len, guests)):
        return firm
    served = np.repeat(np.arange(len(firm.branches)), np.diff(firm.first))
    n_clients, capacity = np.diff(firm.first) - np.array([len(who) for who in guests]), _capacity(firm)
    for name in sorted({one for one in region if one is not None}):
        inside = np.flatnonzero(region == name)
        for home in inside:
            hosts = inside[(inside != home) & (capacity[inside] > 0)]
            if len(hosts) and len(guests[home]):
                n_each = _filled(n_clients[hosts], capacity[hosts], len(guests[home]))
                served[guests[home]] = np.repeat(hosts, n_each)
                n_clients[hosts] += n_each
    return _sorted_by(firm, served)


def _unserved(firm: Firm, at: int) -> Longs:
    """Clients of a branch without anybody there who may look after them."""
    first, last = int(firm.first[at]), int(firm.first[at + 1])
    here, able, place = firm.staff_at(at)
    may, _ = may_serve(firm.ties, first, last, firm.managers.take(here[able]), place)
    return np.asarray(first + np.flatnonzero(~may.any(axis=1)))


def _capacity(firm: Firm) -> Longs:
    """The capacity of each branch."""
    held = [firm.managers.capacity[firm.managers.branch == name] for name in firm.branches]
    return np.array([int(one.sum()) for one in held], dtype=np.int64)


def _filled(n_clients: Longs, capacity: Longs, n: int) -> Longs:
    """How many of ``n`` go to each, so that clients by capacity come out as even as can be; the first take the rest."""
    order = np.argsort(n_clients * MICRO // capacity, kind="stable")
    low = (n + np.cumsum(n_clients[order])) / np.cumsum(capacity[order])
    reached = np.flatnonzero(n_clients[order] / capacity[order] <= low)
    level = low[reached[-1]]
    each = np.zeros(len(n_clients), dtype=np.int64)
    kept = order[: reached[-1] + 1]
    each[kept] = np.maximum(np.floor(level * capacity[kept]).astype(np.int64) - n_clients[kept], 0)
    each[kept[: n - int(each.sum())]] += 1
    return each


def _sorted_by(firm: Firm, served: Longs) -> Firm:
    """The firm with its clients in the order of the branch that serves them."""
    order = np.argsort(served, kind="stable")
    return replace(
        firm,
        clients=firm.clients.take(order),
        ties=firm.ties.reordered(order),
        first=np.searchsorted(served[order], np.arange(len(firm.branches) + 1)).astype(np.int64),
        before=firm.before.take(order) if firm.before else None,
    )
