"""The question in the order of its keys, as the steps of the method share it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.engine.solver.assignment.keys import Words, order
from keepwell.engine.solver.assignment.problem import Floats, Longs, Problem
from keepwell.engine.solver.assignment.work import FAR, Asked, asked, best_sum, select

SMALL = 300_000
"""Questions with at most so many edges keep all edges for the prices and are searched longer."""
MOST_LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class Setting:
    """Rows of limits by rank of the manager, clients in order; ``words`` are the clients', rising, as if drawn
    by lot; ``spread`` is a client's usual span of scores.
    """

    problem: Problem
    of: Asked
    clients: Longs
    words: Words
    managers: Longs
    lower: Floats
    upper: Floats
    spread: float
    effort: float
    seed: int

    @property
    def is_small(self) -> bool:
        """Whether there is time to look at every edge again and again."""
        return len(self.problem.manager) <= SMALL

    @property
    def most_degree(self) -> int:
        """More than any client has edges."""
        return int(np.diff(self.problem.start).max(initial=0))

    def told(self, price: Floats) -> tuple[Floats, float]:
        """Prices by rank as prices by manager, and the price of a switch."""
        by_manager = np.empty_like(self.problem.lower)
        by_manager[self.managers] = price[:-1].reshape(by_manager.shape)
        return by_manager, float(price[-1])

    def bound(self, price: Floats) -> float:
        """What no plan can exceed, but for rounding; ``proof`` counts it again."""
        limits = np.where(price > 0, self.upper, self.lower)
        rows = np.where(price == 0, 0.0, price * np.where(price == 0, 0.0, limits))
        return best_sum(self.of, self.clients, price) + float(rows.sum())


def setting(problem: Problem, effort: float, seed: int) -> Setting:
    """Order what is asked; what is of fractions may stand half of ``problem.room`` over its limits in the search."""
    clients, managers, words = order(problem)
    room = problem.room()
    shape = (problem.n_managers, problem.n_resources)
    lower, upper = problem.ends()
    ends = [
        np.append((side[:-1] + sign * room[:-1] / 2).reshape(shape)[managers].ravel(), side[-1])
        for side, sign in ((lower, -1), (upper, 1))
    ]
    of = asked(problem, managers)
    some = clients[:MOST_LOOKED_AT]
    spans = select(of, some, np.zeros(len(lower)), int(np.diff(problem.start).max(initial=1)), FAR).work
    spread = float(spans.regret[spans.start[1:] - 1].sum()) / max(len(some), 1)
    return Setting(
        problem, of, clients, words[clients], managers, ends[0], ends[1], max(spread, 1e-9), effort, seed
    )
