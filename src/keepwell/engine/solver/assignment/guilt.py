"""Why there is no plan: the smallest set of clients, managers and limits that cannot hold together, and the way out.

What can be seen without solving is looked for first; what needs prices is in ``contradiction``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from keepwell.engine.solver.assignment.problem import Floats, Longs, Problem
from keepwell.engine.solver.assignment.survey import survey

Why = Literal[
    "pins_collide", "pins_exceed", "no_candidate", "crossed_limits", "negative_limit", "too_large", "not_enough_room",
    "too_few_to_fill", "too_many_must_switch", "limits_contradict", "no_whole_plan", "not_found",
]  # fmt: skip
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Guilty:
    """One set that cannot hold together: who, which resource (-1: none, or the switches), and how much is missing."""

    why: Why
    clients: tuple[int, ...] = ()
    managers: tuple[int, ...] = ()
    resource: int = -1
    missing: float = 0.0
    remedy: str = ""

    def __str__(self) -> str:
        """One sentence with the remedy."""
        parts = [self.why.replace("_", " ")]
        parts += [f"clients {_listed(self.clients)}"] if self.clients else []
        parts += [f"managers {_listed(self.managers)}"] if self.managers else []
        parts += [f"resource {self.resource}"] if self.resource >= 0 else []
        parts += [f"missing {self.missing:.12g}"] if self.missing else []
        return ", ".join(parts) + (f": {self.remedy}" if self.remedy else "")


@dataclass
class Refused(ValueError):
    """There is no plan within the limits, or none was found; ``guilty`` says who and what stands in the way.

    ``nearest`` (N,) is the plan of whole clients that misses least, where one was looked for.
    """

    guilty: list[Guilty] = field(default_factory=list)
    nearest: Longs | None = None

    def __str__(self) -> str:
        """All guilty sets, one a line."""
        return "\n".join(str(one) for one in self.guilty) or "no plan"


def _listed(numbers: tuple[int, ...]) -> str:
    shown = ", ".join(str(one) for one in numbers[:SHOWN])
    return shown if len(numbers) <= SHOWN else f"{shown} and {len(numbers) - SHOWN} more"


def foreseen(problem: Problem) -> list[Guilty]:
    """What cannot be planned for reasons that need no solving: the first kind found, each with its set and way out."""
    if found := _limits(problem):
        return found
    seen = survey(problem)
    if seen.n_lonely:
        return _lonely(problem)
    if seen.n_large:
        return _large(problem)
    if found := _parts(problem, seen.part):
        return found
    if seen.n_sole and (found := _sole(problem)):
        return found
    return _switches(problem) if seen.n_must_switch > problem.most_switches else []


def _limits(problem: Problem) -> list[Guilty]:
    told: list[Guilty] = []
    for m, r in np.argwhere(problem.upper < 0):
        value = float(problem.upper[m, r])
        told.append(
            Guilty("negative_limit", (), (int(m),), int(r), -value, "an upper limit is at least zero")
        )
    for m, r in np.argwhere((problem.lower > problem.upper) & (problem.upper >= 0)):
        apart = float(problem.lower[m, r] - problem.upper[m, r])
        told.append(
            Guilty("crossed_limits", (), (int(m),), int(r), apart, "lower the lower limit or raise the upper")
        )
    return told


def _lonely(problem: Problem) -> list[Guilty]:
    alone = np.flatnonzero(np.diff(problem.start) == 0)
    remedy = "give them a candidate, lift a ban, or ask for a partial plan"
    return [Guilty("no_candidate", tuple(map(int, alone)), remedy=remedy)] if len(alone) else []


def _large(problem: Problem) -> list[Guilty]:
    """Clients who alone are more than any of their candidates may take."""
    owner = problem.client_of()
    told: list[Guilty] = []
    for r, row in enumerate(problem.use):
        use = row if problem.is_per_edge else row[owner]
        short = use - problem.upper[problem.manager, r]
        least = np.minimum.reduceat(short, problem.start[:-1])
        room = problem.room()[:-1].max(initial=0.0)
        for i in np.flatnonzero(least > room):
            who = problem.manager[problem.start[i] : problem.start[i + 1]]
            told.append(
                Guilty("too_large", (int(i),), tuple(map(int, who)), r, float(least[i]),
                       "raise one of these limits by what is missing, or leave the client out")
            )  # fmt: skip
    return told


def _parts(problem: Problem, part_of: Longs) -> list[Guilty]:
    """Parts of the firm that share no candidate with the rest, such as branches, by their totals."""
    owner = part_of[problem.manager[problem.start[:-1]]]
    told: list[Guilty] = []
    for r, row in enumerate(problem.use):
        least, most = (_by_client(problem, row, pick) for pick in (np.minimum, np.maximum))
        need = np.bincount(owner, weights=least, minlength=problem.n_managers)
        can = np.bincount(owner, weights=most, minlength=problem.n_managers)
        room = np.bincount(part_of, weights=problem.upper[:, r], minlength=problem.n_managers)
        wanted = np.bincount(
            part_of, weights=np.maximum(problem.lower[:, r], 0.0), minlength=problem.n_managers
        )
        slip = problem.room()[r : -1 : problem.n_resources].sum()
        over, under = need - room, wanted - can
        told += [
            _of_part(np.flatnonzero(part_of == part), r, over[part], under[part])
            for part in np.flatnonzero((over > slip) | (under > slip))
        ]
    return told


def _of_part(managers: Longs, r: int, over: float, under: float) -> Guilty:
    who = tuple(map(int, managers))
    if over > 0:
        return Guilty(
            "not_enough_room", (), who, r, float(over), "raise their upper limits by what is missing together"
        )
    return Guilty(
        "too_few_to_fill", (), who, r, float(under), "cut their lower limits by what is missing together"
    )


def _by_client(problem: Problem, row: Floats, pick: np.ufunc) -> Floats:
    if not problem.is_per_edge:
        return row
    return np.asarray(pick.reduceat(row, problem.start[:-1]))


def _sole(problem: Problem) -> list[Guilty]:
    """Clients with one candidate, pinned or not, can be more than a manager may take."""
    sole = np.flatnonzero(np.diff(problem.start) == 1)
    edge = problem.start[sole]
    holder, at = problem.manager[edge], edge if problem.is_per_edge else sole
    told: list[Guilty] = []
    for r, row in enumerate(problem.use):
        over = np.bincount(holder, row[at], problem.n_managers) - problem.upper[:, r]
        for m in np.flatnonzero(over > problem.room()[r : -1 : problem.n_resources]):
            who = tuple(map(int, sole[holder == m]))
            remedy = (
                "lift one of these pins, give one another candidate or raise the limit by what is missing"
            )
            told.append(Guilty("pins_exceed", who, (int(m),), r, float(over[m]), remedy))
    return told


def _switches(problem: Problem) -> list[Guilty]:
    """Clients whose manager is no candidate any more have to change hands."""
    stays = problem.manager == np.repeat(problem.current, np.diff(problem.start))
    can_stay = np.maximum.reduceat(stays, problem.start[:-1])
    must = np.flatnonzero((problem.current >= 0) & ~can_stay)
    missing = len(must) - problem.most_switches
    if missing <= 0:
        return []
    return [
        Guilty(
            "too_many_must_switch",
            tuple(map(int, must)),
            missing=float(missing),
            remedy="raise the switching budget by what is missing",
        )
    ]
