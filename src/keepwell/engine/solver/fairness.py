"""How evenly clients and work are shared out, and whom a way of sharing out favours: measures over arrays.

``owner`` (N,) is each client's manager from 0, -1 for nobody; ``capacity`` (M,) is each manager's, 0 for those who
take no clients. Whole numbers are summed as whole numbers, so that no measure hangs on the order of the rows.

Sources: Lorenz 1905 and Gini 1912 (here of load per capacity, weighted by capacity); Jain, Chiu and Hawe 1984; Budish
2011 (envy up to one good); Kendall 1938 and 1955 (rank correlation, its variance with ties; strata are added up).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from keepwell.engine.solver.assignment.problem import Floats, Longs, Numbers

SHOWS = 3.0
"""A leaning of so many standard errors is told: by chance alone about one in 370 would."""


@dataclass(frozen=True, slots=True)
class Evenness:
    """Of a load: ``gini`` 0 where it follows capacity exactly; ``jain`` 1 there, 1/M where one carries all.

    ``lowest`` and ``highest`` are the smallest and largest load as a multiple of the fair share.
    """

    gini: float
    jain: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Leaning:
    """How much what managers are given follows a trait of theirs, -1 to 1, and in standard errors of chance."""

    tau: float
    z: float

    @property
    def shows(self) -> bool:
        """Whether chance alone hardly explains it."""
        return abs(self.z) >= SHOWS


@dataclass(frozen=True, slots=True)
class Favour:
    """How many clients are with a manager they are tied to, beside how many would be by capacity alone."""

    n_held: int
    n_expected: float
    z: float

    @property
    def shows(self) -> bool:
        """Whether chance alone hardly explains it."""
        return abs(self.z) >= SHOWS


def loads(owner: Longs, use: Numbers | int, n_managers: int) -> Numbers:
    """What each manager carries of a resource of which each client takes ``use``; those without a manager count not."""
    told = np.zeros(n_managers, dtype=np.int64 if np.asarray(use).dtype.kind in "iub" else np.float64)
    placed = owner >= 0
    np.add.at(told, owner[placed], np.broadcast_to(use, owner.shape)[placed])
    return told


def of_fair_share(load: Numbers, capacity: Numbers) -> Floats:
    """Each manager's load as a multiple of the fair share, that of the own part of all capacity; 0 where there is none.

    A load on somebody without capacity is infinite.
    """
    fair = np.asarray(capacity, dtype=np.float64) * float(np.sum(load)) / max(float(np.sum(capacity)), 1e-300)
    share = np.divide(load, fair, out=np.zeros(len(fair)), where=fair > 0)
    return np.where((fair <= 0) & (np.asarray(load) > 0), np.inf, share)


def evenness(load: Numbers, capacity: Numbers) -> Evenness:
    """The measures of a load over those who have capacity; perfectly even where nobody has any."""
    able = np.asarray(capacity) > 0
    if not able.any() or not np.any(np.asarray(load)[able]):
        return Evenness(0.0, 1.0, 1.0, 1.0)
    share = of_fair_share(np.asarray(load)[able], np.asarray(capacity)[able])
    points = lorenz(load, capacity)
    area = float(np.sum((points[1:, 0] - points[:-1, 0]) * (points[1:, 1] + points[:-1, 1])))
    jain = float(np.sum(share)) ** 2 / (len(share) * float(np.sum(share * share)))
    return Evenness(max(1.0 - area, 0.0), jain, float(share.min()), float(share.max()))


def lorenz(load: Numbers, capacity: Numbers) -> Floats:
    """Points of the Lorenz curve, (K+1, 2): part of all capacity, part of all load, the least loaded first."""
    able = np.asarray(capacity) > 0
    load, capacity = np.asarray(load)[able], np.asarray(capacity)[able]
    order = np.lexsort((capacity, load / np.maximum(capacity, 1e-300)))
    told = np.zeros((len(order) + 1, 2))
    for column, part in enumerate((capacity[order], load[order])):
        told[1:, column] = np.cumsum(part) / max(float(np.sum(part)), 1e-300)
    return told


def envied(value: Numbers, owner: Longs, capacity: Numbers) -> Longs:
    """For each manager, how many others have more value for their capacity even without their best client.

    Clients are worth the same to everybody; those without capacity neither envy nor are envied.
    """
    n = len(capacity)
    total, best = loads(owner, value, n), np.zeros(n, dtype=np.asarray(value).dtype)
    placed = owner >= 0
    np.maximum.at(best, owner[placed], np.asarray(value)[placed])
    able = np.asarray(capacity) > 0
    room = np.where(able, capacity, 1)
    own, without = total / room, np.sort(((total - best) / room)[able])
    above = len(without) - np.searchsorted(without, own * (1 + 1e-12), side="right")
    return np.where(able, above, 0).astype(np.int64)


def mix(owner: Longs, group: Longs, n_managers: int, n_groups: int) -> Longs:
    """How many clients of each group each manager has, (M, G): by grade, or by age of the relationship."""
    told = np.zeros((n_managers, n_groups), dtype=np.int64)
    placed = (owner >= 0) & (group >= 0)
    np.add.at(told, (owner[placed], group[placed]), 1)
    return told


def apart(counts: Longs) -> Floats:
    """How far each manager's mix stands from everybody's, 0 to 1: the part of the book that would have to change."""
    total = counts.sum()
    everybody = counts.sum(axis=0) / max(int(total), 1)
    own = counts / np.maximum(counts.sum(axis=1), 1)[:, None]
    return np.where(counts.sum(axis=1) > 0, np.abs(own - everybody).sum(axis=1) / 2, 0.0)


def loss_by_group(best: Numbers, got: Numbers, group: Longs, n_groups: int) -> tuple[Longs, Numbers]:
    """Of each group of clients how many there are, and what they lose together against their best manager."""
    known = group >= 0
    loss = (np.asarray(best) - np.asarray(got))[known]
    total = np.zeros(n_groups, dtype=loss.dtype)
    np.add.at(total, group[known], loss)
    return np.bincount(group[known], minlength=n_groups).astype(np.int64), total


def standing(value: Numbers, stratum: Longs) -> Floats:
    """Each client's place by value among those of the same stratum, above 0 and below 1; equals share their place."""
    order = np.lexsort((value, stratum))
    ordered, where = np.asarray(value)[order], stratum[order]
    begins = np.append(True, (ordered[1:] != ordered[:-1]) | (where[1:] != where[:-1]))
    run = np.cumsum(begins) - 1
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(order)) - 1
    starts, n_in = np.unique(where, return_index=True)[1], np.unique(where, return_counts=True)[1]
    at = np.repeat(starts, n_in)
    middle = (first[run] + last[run]) / 2 - at
    told = np.empty(len(order))
    told[order] = (middle + 0.5) / np.repeat(n_in, n_in)
    return told


def mean_of(value: Floats, owner: Longs, n_managers: int) -> Floats:
    """The mean over each manager's clients, rounded to millionths; NaN for a manager without any."""
    n = loads(owner, 1, n_managers)
    total = loads(owner, np.rint(value * 1e9).astype(np.int64), n_managers)
    return np.where(n > 0, np.rint(total / np.maximum(n, 1) / 1e3) / 1e6, np.nan)


def leaning(amount: Floats, trait: Numbers, place: Longs) -> Leaning:
    """Whether an amount that managers have follows a trait of theirs, among the managers of the same place.

    NaN amounts count not. Kendall's rank correlation: no unit and no outlier weighs in it.
    """
    known = np.isfinite(amount)
    amount, trait, place = amount[known], np.asarray(trait, dtype=np.float64)[known], place[known]
    agree, most, variance = 0.0, 0.0, 0.0
    for here in np.unique(place):
        x, y = amount[place == here], trait[place == here]
        agree += _concordance(x, y)
        most += math.sqrt(_untied(x) * _untied(y))
        variance += _variance(x, y)
    tau = agree / most if most else 0.0
    return Leaning(tau, agree / math.sqrt(variance) if variance > 0 else 0.0)


@njit(cache=True)
def _concordance(x: Floats, y: Floats) -> float:
    """Pairs in the same order less pairs in opposite order."""
    total = 0.0
    for i in range(len(x)):
        for j in range(i):
            total += np.sign(x[i] - x[j]) * np.sign(y[i] - y[j])
    return total


def _untied(x: Floats) -> float:
    ties = np.unique(x, return_counts=True)[1].astype(np.float64)
    n = float(len(x))
    return (n * (n - 1) - float((ties * (ties - 1)).sum())) / 2


def _variance(x: Floats, y: Floats) -> float:
    """Variance of the concordance where nothing follows anything (Kendall 1955, with ties)."""
    n = float(len(x))
    if n < 2:
        return 0.0
    t, u = (np.unique(side, return_counts=True)[1].astype(np.float64) for side in (x, y))

    def whole(k: Floats) -> float:
        return float((k * (k - 1) * (2 * k + 5)).sum())

    told = (n * (n - 1) * (2 * n + 5) - whole(t) - whole(u)) / 18
    told += float((t * (t - 1)).sum()) * float((u * (u - 1)).sum()) / (2 * n * (n - 1))
    if n > 2:
        threes = float((t * (t - 1) * (t - 2)).sum()) * float((u * (u - 1) * (u - 2)).sum())
        told += threes / (9 * n * (n - 1) * (n - 2))
    return told


def favour(owner: Longs, friend: tuple[Longs, Longs], capacity: Numbers, place: Longs) -> Favour:
    """Whether clients are with managers they are tied to more often than capacity alone would bring about.

    ``friend`` are pairs of client and manager (who developed the client, who is of the same family or town); ``place``
    (M,) is where each manager works: a client could be with any manager of the place, the likelier the more capacity.
    """
    client, manager = friend
    held = owner[client] >= 0
    client, manager = client[held], manager[held]
    room = np.bincount(place, weights=np.asarray(capacity, dtype=np.float64))
    chance = np.asarray(capacity, dtype=np.float64) / np.maximum(room[place], 1e-300)
    odds = np.where(place[manager] == place[owner[client]], chance[manager], 0.0)
    n_held, expected = int((owner[client] == manager).sum()), math.fsum(odds.tolist())
    variance = math.fsum((odds * (1 - odds)).tolist())
    return Favour(n_held, expected, (n_held - expected) / math.sqrt(variance) if variance > 0 else 0.0)


@njit(cache=True)
def by_assets_only(start: Longs, manager: Longs, order: Longs, rank: Longs, room: Longs) -> Longs:
    """The plan that the present way of handing out would make: the richest first, to the most senior with a place left.

    ``start`` (N+1) and ``manager`` (E,) are each client's candidates, ``order`` the clients from the richest, ``rank``
    (M,) 0 for the most senior, ``room`` (M,) how many clients each has places for. Nobody is left over: where all are
    full, whoever is least over the own places takes one more. The comparison of R054, never a proposal.
    """
    held, owner = np.zeros(len(room), np.int64), np.full(len(order), -1, np.int64)
    for i in order:
        chosen, least = -1, np.int64(0)
        for e in range(start[i], start[i + 1]):
            m = manager[e]
            key = rank[m] if held[m] < room[m] else len(rank) * (1 + held[m] - room[m]) + rank[m]
            if chosen < 0 or key < least:
                chosen, least = m, key
        owner[i] = chosen
        if chosen >= 0:
            held[chosen] += 1
    return owner
