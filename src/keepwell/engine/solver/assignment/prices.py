"""Prices of limits: the smoothed dual, minimised by Newton steps at falling temperature.

The dual of the relaxed problem is a sum of maxima; each is softened to T log sum exp(./T) (Nesterov 2005; DuaLip, Basu
et al. 2020), each row's price term to a parabola between its limits. The Hessian is a sum of covariances over the edges
a client wavers between, applied without being built; steps come from conjugate gradients preconditioned by a block for
each manager (Hestenes and Stiefel 1952), damped by Armijo's rule and capped when the temperature has just fallen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from keepwell.engine.solver.assignment.lean import lean
from keepwell.engine.solver.assignment.problem import Floats, Longs
from keepwell.engine.solver.assignment.work import FAR, Picked, Work, cost, use

NEGLIGIBLE = 1e-7
STEEPEST = 18.0
MOST_STEPS, MOST_CONJUGATE = 20, 40
ENOUGH = 1e-5
CAP = 6.0
FEW = 20.0


class Wavering(NamedTuple):
    """Edges between which clients waver at some prices, with their shares; ``n`` clients are listed."""

    start: Longs
    client: Longs
    edge: Longs
    share: Floats
    n: Longs


@dataclass(frozen=True, slots=True)
class Rows:
    """Limits of all rows in the units of the work; ``narrow`` is how much less than a unit of price softens each.

    ``unit`` is one over the row's mean use: the price at which a unit of score pays for a client's use.
    """

    lower: Floats
    upper: Floats
    narrow: Floats
    unit: Floats
    cold: float

    def width(self, temperature: float) -> Floats:
        """The width of price over which each row is softened: a unit while it is hot, less only near the end.

        A row of wide limits bends by all their distance there, which no Newton step foresees while it is narrow.
        """
        return temperature * self.unit * np.minimum(1.0, self.narrow * max(temperature / self.cold, 1.0))

    @property
    def middle(self) -> Floats:
        """Half-way between the limits."""
        return (self.lower + self.upper) / 2

    @property
    def half(self) -> Floats:
        """Half the distance of the limits."""
        return (self.upper - self.lower) / 2


def rows_for(
    picked: Picked, lower: Floats, upper: Floats, cold: float = 1.0, *, is_part: bool = False
) -> Rows:
    """Limits clipped to what can be used at all, so that all are finite.

    At ``cold``, the last temperature, a width is the row's unit, less where limits lie so wide that the parabola would
    cost the bound more than a few clients' scores. ``is_part``: those without a choice are only so at present prices.
    """
    most, n_users, total = _reach(picked.work, len(lower))
    top = np.maximum(most, 1.0)
    mean = np.where(n_users > 0, total / np.maximum(n_users, 1.0), 1.0)
    low, high = np.clip(lower - picked.load, -1.0, top * 2), np.clip(upper - picked.load, -1.0, top * 2)
    if is_part:
        low, high = np.minimum(low, most), np.maximum(high, 0.0)
    clients_wide = (high - low) / (2 * mean)
    return Rows(low, high, np.minimum(1.0, FEW / np.maximum(clients_wide, 1.0)), 1.0 / mean, cold)


def minimise(work: Work, rows: Rows, price: Floats, temperature: float, *, is_last: bool) -> Floats:
    """Prices at a temperature; before the last one less exactly."""
    enough = (ENOUGH if is_last else 1e-3) * temperature * float(work.weight.sum())
    return _newton(work, rows, price, temperature, enough, 1e-3 if is_last else 0.03)


def _newton(work: Work, rows: Rows, price: Floats, temperature: float, enough: float, close: float) -> Floats:
    wavering = _room(work)
    value, slope, bend = _state(work, rows, price, temperature, wavering)
    for _ in range(MOST_STEPS):
        step = _direction(work, wavering, slope, bend, temperature, rows, close)
        largest = float(np.abs(step / (rows.unit * temperature)).max(initial=0.0))
        step *= min(1.0, CAP / max(largest, 1e-300))
        decrease = -float((slope * step).sum())
        if decrease < enough:
            break
        length = 1.0
        while length > 1e-3:
            tried = _state(work, rows, price + length * step, temperature, wavering)
            if tried[0] <= value - 1e-4 * length * decrease:
                break
            length /= 3
        if length <= 1e-3:
            break
        price, (value, slope, bend) = price + length * step, tried
    return price


def _state(
    work: Work, rows: Rows, price: Floats, temperature: float, wavering: Wavering
) -> tuple[float, Floats, Floats]:
    """Value, slope and the rows' own curvature of the softened dual; fills what clients waver between."""
    load = np.zeros(len(price))
    value = _soften(work, price, temperature, load, wavering)
    width, half = rows.width(temperature), rows.half
    inside = np.clip(price / width, -1.0, 1.0)
    parabola = half * width * (inside * inside) / 2 + half * (np.abs(price) - width) * (np.abs(inside) == 1.0)
    value += float((rows.middle * price + parabola).sum())
    bend = np.where(np.abs(price) < width, half / width, 0.0)
    return value, rows.middle + half * inside - load, bend


def _room(work: Work) -> Wavering:
    n, n_edges = len(work.client), len(work.edge)
    return Wavering(
        np.zeros(n + 1, np.int64), np.empty(n, np.int64), np.empty(n_edges, np.int64), np.empty(n_edges),
        np.zeros(1, np.int64),
    )  # fmt: skip


def _direction(
    work: Work,
    wavering: Wavering,
    slope: Floats,
    bend: Floats,
    temperature: float,
    rows: Rows,
    close: float,
) -> Floats:
    """An inexact Newton step by preconditioned conjugate gradients."""
    n_resources = work.use.shape[1] - 1
    blocks = np.zeros(((len(slope) - 1) // max(n_resources, 1), n_resources, n_resources))
    last = _blocks(work, wavering, 1.0 / temperature, blocks)
    ridge = 1e-6 / (rows.unit * rows.unit) / temperature
    own = bend + ridge + np.abs(slope) / (CAP * rows.unit * temperature)
    diagonal = np.arange(n_resources)
    blocks[:, diagonal, diagonal] += own[:-1].reshape(-1, n_resources)
    inverse = np.linalg.inv(blocks)
    corner = 1.0 / (last + own[-1])
    step, left = np.zeros_like(slope), -slope
    eased = _ease(inverse, corner, left)
    going, size = eased.copy(), float((left * eased).sum())
    target = size * close
    for _ in range(MOST_CONJUGATE):
        if size <= target or size <= 0:
            break
        bent = own * going
        _curve(work, wavering, going, 1.0 / temperature, bent)
        length = size / float((going * bent).sum())
        step += length * going
        left = left - length * bent
        eased = _ease(inverse, corner, left)
        size, before = float((left * eased).sum()), size
        going = eased + size / before * going
    return step


def _ease(inverse: Floats, corner: float, left: Floats) -> Floats:
    n_resources = inverse.shape[1]
    parts = left[:-1].reshape(-1, 1, n_resources)
    return np.append((inverse * parts).sum(axis=2).ravel(), corner * left[-1])


@njit(cache=True)
def _reach(work: Work, n_rows: int) -> tuple[Floats, Floats, Floats]:
    """For each row the most that can be used, and number and sum of the edges that use it."""
    n_resources = work.use.shape[1] - 1
    most, n_users, total = np.zeros(n_rows), np.zeros(n_rows), np.zeros(n_rows)
    for i in range(work.client.shape[0]):
        for e in range(work.start[i], work.start[i + 1]):
            base = work.manager[e] * n_resources
            for r in range(n_resources + 1):
                row = base + r if r < n_resources else n_rows - 1
                if work.use[e, r] > 0:
                    most[row] += work.weight[i] * work.use[e, r]
                    n_users[row] += work.weight[i]
                    total[row] += work.weight[i] * work.use[e, r]
    return most, n_users, total


@njit(cache=True)
def _soften(work: Work, price: Floats, temperature: float, load: Floats, wavering: Wavering) -> float:
    """Sum of the clients' softened maxima; adds the loads they make and lists who wavers between which edges."""
    value, n, at = 0.0, 0, 0
    net = np.empty(0 if work.client.shape[0] == 0 else (work.start[1:] - work.start[:-1]).max())
    for i in range(work.client.shape[0]):
        first, last, top = work.start[i], work.start[i + 1], -FAR
        for e in range(first, last):
            net[e - first] = work.score[e] - cost(work, e, price)
            top = max(top, net[e - first])
        total, weight = 0.0, work.weight[i]
        for e in range(first, last):
            fall = (net[e - first] - top) / temperature
            net[e - first] = np.exp(fall) if fall > -STEEPEST else 0.0
            total += net[e - first]
        value += weight * (top + temperature * np.log(total))
        begin = at
        for e in range(first, last):
            share = net[e - first] / total
            if share > NEGLIGIBLE:
                use(work, e, weight * share, load)
                wavering.edge[at], wavering.share[at] = e, share
                at += 1
        if at - begin == 1:
            at = begin
        else:
            wavering.client[n] = i
            n += 1
            wavering.start[n] = at
    wavering.n[0] = n
    return value


@lean
def _curve(work: Work, wavering: Wavering, going: Floats, factor: float, bent: Floats) -> None:
    """Add the Hessian of the clients' part, applied to a direction."""
    for i in range(wavering.n[0]):
        first, last, mean = wavering.start[i], wavering.start[i + 1], 0.0
        weight = factor * work.weight[wavering.client[i]]
        for place in range(first, last):
            mean += wavering.share[place] * cost(work, wavering.edge[place], going)
        for place in range(first, last):
            e = wavering.edge[place]
            use(work, e, weight * wavering.share[place] * (cost(work, e, going) - mean), bent)


@lean
def _blocks(work: Work, wavering: Wavering, factor: float, blocks: Floats) -> float:
    """Each manager's own block of the Hessian, and the switches' corner."""
    corner, n_resources = 0.0, work.use.shape[1] - 1
    for i in range(wavering.n[0]):
        moving, weight = 0.0, factor * work.weight[wavering.client[i]]
        for place in range(wavering.start[i], wavering.start[i + 1]):
            e, share = wavering.edge[place], wavering.share[place]
            moving += share * work.use[e, n_resources]
            for r in range(n_resources):
                for c in range(n_resources):
                    blocks[work.manager[e], r, c] += (
                        weight * share * (1.0 - share) * work.use[e, r] * work.use[e, c]
                    )
        corner += weight * moving * (1.0 - moving)
    return corner
