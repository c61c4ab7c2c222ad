"""How much of each resource a manager may carry: bands around the fair share of the branch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.contract.serving import Resource
from keepwell.engine.allocation.rules.clients import Clients
from keepwell.engine.allocation.rules.quantities import CENTI, MICRO, micro
from keepwell.engine.solver.assignment.problem import Floats, Longs
from keepwell.policy.allocation import Allocation

RESOURCES = (Resource.HEADS, Resource.HOURS, Resource.VALUE, Resource.TOP_TIER, Resource.VULNERABLE)
"""What a service manager has limits of, in the order of all arrays; hours count hundredths, the others ones."""
HOURS = RESOURCES.index(Resource.HOURS)
PER_UNIT = np.array([1 if one is Resource.HOURS else CENTI for one in RESOURCES], dtype=np.int64)
"""Hundredths in a unit: a load with two digits is its whole number times this."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Lower and upper limits (K, R), infinite where there is none; ``fair`` (K, R) is the fair share in hundredths."""

    lower: Floats
    upper: Floats
    fair: Longs

    def without(self, resource: int) -> Limits:
        """The same without limits of one resource."""
        lower, upper = self.lower.copy(), self.upper.copy()
        lower[:, resource], upper[:, resource] = -np.inf, np.inf
        return Limits(lower, upper, self.fair)

    def has(self, resource: int) -> bool:
        """Whether there are limits of the resource."""
        return bool((np.isfinite(self.lower) | np.isfinite(self.upper))[:, resource].any())


def use_of(clients: Clients, given: Longs) -> Longs:
    """What each client takes, (R, N): one head, the hours of its grade, its value, and what it counts as."""
    return np.stack(
        [
            np.ones(len(clients.code), dtype=np.int64),
            given[clients.grade],
            clients.value,
            clients.is_top_tier.astype(np.int64),
            clients.is_vulnerable.astype(np.int64),
        ]
    )


def fair_shares(total: Longs, capacity: Longs, per_unit: Longs) -> Longs:
    """Each manager's part of a total by capacity, (K, R), in hundredths of a unit."""
    return np.asarray(total * per_unit * capacity[:, None] // max(int(capacity.sum()), 1))


def limits_of(use: Longs, capacity: Longs, hours: Longs, short: int, rules: Allocation) -> Limits:
    """Bands in whole units with their slack, never below zero; hours no more than there are, unless floors ask it."""
    fair = fair_shares(use.sum(axis=1), capacity, PER_UNIT)
    bands = [rules.band(resource) for resource in RESOURCES]
    slack = np.array([band.n_slack for band in bands], dtype=np.int64) * CENTI // PER_UNIT
    low = np.array([micro(band.lower_share) for band in bands], dtype=np.int64)
    high = np.array([micro(band.upper_share) for band in bands], dtype=np.int64)
    lower = np.maximum(fair * low // (MICRO * PER_UNIT) - slack, 0)
    upper = -(-fair * high // (MICRO * PER_UNIT)) + slack
    if not short:
        upper[:, HOURS] = np.minimum(upper[:, HOURS], np.maximum(hours, lower[:, HOURS]))
    return Limits(lower.astype(np.float64), upper.astype(np.float64), fair)
