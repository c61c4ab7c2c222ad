"""MBG/NBD and Gamma-Gamma: how often a customer still buys, and for how much; the usual baseline of expected value.

Modified beta-geometric/NBD (Batislam, Denizel and Filiztekin 2007): a customer buys by a Poisson process whose rate is
gamma distributed, and may leave after each purchase, the first included, with a chance that is beta distributed.
Gamma-Gamma (Fader and Hardie 2013): the mean of what a purchase brings. Both are fitted by their likelihood, in numpy
alone: purchases are counts, so that whoever bought alike is one row.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TERMS = 2000
"""Of the power series; its argument stays below one."""
_GAMMA = np.frompyfunc(math.lgamma, 1, 1)


def _lgamma(value: Floats) -> Floats:
    return np.asarray(_GAMMA(value), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Buying:
    """Parameters of MBG/NBD: rate gamma(r, alpha), chance to leave beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float


@dataclass(frozen=True, slots=True)
class Spending:
    """Parameters of Gamma-Gamma."""

    p: float
    q: float
    v: float


def fit_buying(repeats: Floats, last: Floats, age: Floats) -> Buying:
    """By maximum likelihood from repeat purchases, when the last one was and how long ago the first."""
    alike, number = np.unique(np.stack([repeats, last, age]), axis=1, return_counts=True)
    found = _lowest(lambda logs: -float(number @ _log_buying(np.exp(logs), *alike)), np.zeros(4))
    return Buying(*(float(one) for one in np.exp(found)))


def _log_buying(told: Floats, x: Floats, last: Floats, age: Floats) -> Floats:
    r, alpha, a, b = told
    rate = _lgamma(r + x) - math.lgamma(r) + r * math.log(alpha)
    stays = _beta(a, b + x + 1.0) - _beta(a, np.asarray(b))
    alive = -(r + x) * np.log(alpha + age)
    gone = np.log(a / (b + x)) - (r + x) * np.log(alpha + last)
    return np.asarray(rate + stays + np.logaddexp(alive, gone), dtype=np.float64)


def _beta(a: float, b: Floats) -> Floats:
    return math.lgamma(a) + _lgamma(b) - _lgamma(a + b)


def purchases_ahead(told: Buying, x: Floats, last: Floats, age: Floats, ahead: float) -> Floats:
    """Purchases to expect of each customer in the time ahead."""
    r, alpha, a, b = told.r, told.alpha, told.a, told.b
    z = ahead / (alpha + age + ahead)
    series = _hypergeometric(r + x, b + x + 1.0, a + b + x, z)
    shrunk = ((alpha + age) / (alpha + age + ahead)) ** (r + x)
    odds_gone = (a / (b + x)) * ((alpha + age) / (alpha + last)) ** (r + x)
    return np.asarray((a + b + x) / (a - 1.0) * (1.0 - shrunk * series) / (1.0 + odds_gone))


def _hypergeometric(a: Floats, b: Floats, c: Floats, z: Floats) -> Floats:
    term = np.ones_like(z)
    whole = term.copy()
    for n in range(TERMS):
        term = term * (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z
        whole += term
        if float(np.max(np.abs(term) / whole)) < 1e-12:
            return whole
    raise ArithmeticError(f"the series does not settle in {TERMS} terms")


def fit_spending(purchases: Floats, mean: Floats) -> Spending:
    """By maximum likelihood from the number of purchases and the mean of what they brought."""
    unit = float(mean.mean())  # amounts in units of their mean, so that the search begins near
    found = np.exp(
        _lowest(lambda logs: -float(_log_spending(np.exp(logs), purchases, mean / unit).sum()), np.ones(3))
    )
    return Spending(float(found[0]), float(found[1]), float(found[2]) * unit)


def _log_spending(told: Floats, x: Floats, mean: Floats) -> Floats:
    p, q, v = told
    pairs = _lgamma_of_counts(p, q, x)
    return (
        pairs
        + q * math.log(v)
        + (p * x - 1.0) * np.log(mean)
        + p * x * np.log(x)
        - (p * x + q) * np.log(x * mean + v)
    )


def _lgamma_of_counts(p: float, q: float, x: Floats) -> Floats:
    """Counts are few: each is reckoned once."""
    counts, places = np.unique(x, return_inverse=True)
    each = _lgamma(p * counts + q) - _lgamma(p * counts) - math.lgamma(q)
    return np.asarray(each[places], dtype=np.float64)


def amount_ahead(told: Spending, x: Floats, mean: Floats) -> Floats:
    """What a purchase of each customer is expected to bring."""
    return np.asarray(told.p * (told.v + x * mean) / (told.p * x + told.q - 1.0))


def _lowest(cost: Callable[[Floats], float], start: Floats, steps: int = 800) -> Floats:
    """Where a smooth cost is lowest, by the simplex of Nelder and Mead."""
    points = [start, *(start + 0.5 * row for row in np.eye(start.size))]
    costs = [cost(point) for point in points]
    for _ in range(steps):
        order = sorted(range(len(points)), key=costs.__getitem__)
        points, costs = [points[k] for k in order], [costs[k] for k in order]
        if costs[-1] - costs[0] < 1e-9 * (1.0 + abs(costs[0])):
            break
        middle = np.mean(points[:-1], axis=0)
        found = _moved(cost, middle, points[-1], costs)
        if found is None:
            points = [points[0], *(points[0] + 0.5 * (point - points[0]) for point in points[1:])]
            costs = [costs[0], *(cost(point) for point in points[1:])]
        else:
            points[-1], costs[-1] = found
    return points[int(np.argmin(costs))]


def _moved(
    cost: Callable[[Floats], float], middle: Floats, worst: Floats, costs: list[float]
) -> tuple[Floats, float] | None:
    """Instead of the worst corner its mirror image, further out or nearer in; none where all are worse."""
    mirrored = 2.0 * middle - worst
    at_mirror = cost(mirrored)
    if at_mirror < costs[0]:
        further = 3.0 * middle - 2.0 * worst
        at_further = cost(further)
        return (further, at_further) if at_further < at_mirror else (mirrored, at_mirror)
    if at_mirror < costs[-2]:
        return mirrored, at_mirror
    nearer = 0.5 * (middle + (mirrored if at_mirror < costs[-1] else worst))
    at_nearer = cost(nearer)
    return (nearer, at_nearer) if at_nearer < min(at_mirror, costs[-1]) else None
