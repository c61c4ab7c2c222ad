"""Limits that contradict each other, proven by prices; and what the nearest plan misses where nothing is proven.

With all scores zero the dual is homogeneous: prices with a value below zero prove that no plan exists, not even in
fractions (Farkas 1902). Managers are then left out one by one while the rest still proves it.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from keepwell.engine.solver.assignment.guilt import Guilty
from keepwell.engine.solver.assignment.keys import order
from keepwell.engine.solver.assignment.prices import minimise, rows_for
from keepwell.engine.solver.assignment.problem import Floats, Longs, Problem, is_whole
from keepwell.engine.solver.assignment.proof import chosen_edges, loads, n_switches, upper_bound
from keepwell.engine.solver.assignment.work import FAR, asked, select

MOST_CLIENTS = 50_000
MOST_PASSES = 200


def contradiction(problem: Problem) -> list[Guilty]:
    """The limits that prove by themselves that there is no plan; empty where prices prove nothing."""
    free = dataclasses.replace(problem, score=np.zeros(len(problem.manager), dtype=np.int32))
    price, switch_price = _ray(free)
    value = upper_bound(free, price, switch_price)
    if not value < -1e-7 * float(np.abs(price).max(initial=0.0)):
        return []
    price = _fewest(free, price, switch_price)
    if upper_bound(free, price, 0.0) < 0:
        switch_price = 0.0
    return _told(free, price, switch_price, upper_bound(free, price, switch_price))


def _ray(free: Problem) -> tuple[Floats, float]:
    """Prices along which the dual falls, if it falls below zero anywhere."""
    clients, managers, _ = order(free)
    of = asked(free, managers)
    n = min(len(clients), MOST_CLIENTS)
    shape = (free.n_managers, free.n_resources)
    lower, upper = free.ends()
    ends = [np.append(side[:-1].reshape(shape)[managers].ravel(), side[-1]) for side in (lower, upper)]
    start = np.zeros(len(lower))
    weight = np.full(n, len(clients) / n)
    picked = select(of, clients[:n], start, int(np.diff(free.start).max()), FAR, weight)
    rows, price = rows_for(picked, ends[0], ends[1]), start
    for temperature in (1.0, 0.3, 0.1):
        price = minimise(picked.work, rows, price, temperature, is_last=temperature < 0.2)
    limits = np.where(price > 0, ends[1], ends[0])
    price = np.where(np.isfinite(limits), price, 0.0)
    by_manager = np.empty(shape)
    by_manager[managers] = price[:-1].reshape(shape)
    return by_manager, max(float(price[-1]), 0.0)


def _fewest(free: Problem, price: Floats, switch_price: float) -> Floats:
    """The same prices for as few managers as still prove it, those with little to say left out first."""
    said = np.abs(price).max(axis=1)
    for m in np.argsort(said, kind="stable")[-MOST_PASSES:]:
        tried = price.copy()
        tried[m] = 0.0
        if upper_bound(free, tried, switch_price) < 0:
            price = tried
    for r in range(free.n_resources):
        tried = price.copy()
        tried[:, r] = 0.0
        if upper_bound(free, tried, switch_price) < 0:
            price = tried
    return price


def _told(free: Problem, price: Floats, switch_price: float, value: float) -> list[Guilty]:
    who = tuple(map(int, np.flatnonzero((price != 0).any(axis=1))))
    told = []
    for r in np.flatnonzero((price != 0).any(axis=0)):
        missing = -value / float(np.abs(price[:, r]).max())
        if is_whole(free.use[r]):
            missing = float(np.ceil(missing - 1e-6))
        remedy = "widen these limits by at least what is missing"
        if switch_price > 0:
            remedy += ", or raise the switching budget"
        told.append(Guilty("limits_contradict", (), who, int(r), missing, remedy))
    return told


def nearest(problem: Problem, edge: Longs) -> list[Guilty]:
    """What the nearest plan found still misses."""
    load = loads(problem, edge)
    missing = np.maximum(load - problem.upper, problem.lower - load)
    remedy = "no plan was found, nor proven impossible; the nearest misses this much: widen the limit or search longer"
    told = [
        Guilty("not_found", (), (int(m),), int(r), float(missing[m, r]), remedy)
        for m, r in np.argwhere(missing > problem.room()[:-1].reshape(load.shape))
    ]
    over = n_switches(problem, problem.manager[edge].astype(np.int64)) - problem.most_switches
    if over > 0:
        told.append(Guilty("not_found", missing=float(over), remedy="raise the switching budget"))
    return told


def widened(problem: Problem, manager: Longs) -> Problem:
    """The question with those limits that a plan (``Refused.nearest``) misses moved to where it keeps them."""
    load = loads(problem, chosen_edges(problem, manager))
    return dataclasses.replace(
        problem,
        lower=np.minimum(problem.lower, load),
        upper=np.maximum(problem.upper, load),
        most_switches=max(problem.most_switches, float(n_switches(problem, manager))),
    )
