"""What is answered: a plan with its grounds, or the smallest set that stands in its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from keepwell.allocating import balance, grounds
from keepwell.allocating.question import Found, Question
from keepwell.assigning import Assigned, Guilty

SHOWN = 5
Give = Callable[[pa.Table], Any]


@dataclass(frozen=True, slots=True)
class Allocated:
    """A plan and its grounds, in frames of the kind that was given; rows by client or manager number.

    ``proposal``, a row a client: whom, why (a code of ``AllocationReason``), score, what is charged, what nets.
    ``alternatives``: each client's best managers with the points of each part, what is charged and what nets.
    ``limits``: loads now and as proposed, fair share, slack, what one more would be worth. ``fairness`` and
    ``leanings``: the plan beside the status quo and beside handing out by assets only. ``groups``: who loses how much.
    ``certificate``: no plan is worth more than the bound; checked by code apart from the solver.
    """

    proposal: Any
    alternatives: Any
    limits: Any
    fairness: Any
    leanings: Any
    groups: Any
    certificate: Any
    plan: Assigned = field(repr=False)
    question: Question = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """One set that cannot hold together: who, which resource, how much is missing, and what would resolve it."""

    why: str
    clients: tuple[str, ...]
    managers: tuple[str, ...]
    resource: str
    missing: float
    remedy: str

    def __str__(self) -> str:
        """One sentence with the remedy."""
        parts = [self.why.replace("_", " ")]
        parts += [f"clients {_listed(self.clients)}"] if self.clients else []
        parts += [f"managers {_listed(self.managers)}"] if self.managers else []
        parts += [f"resource {self.resource}"] if self.resource else []
        parts += [f"missing {self.missing:.12g}"] if self.missing else []
        return ", ".join(parts) + (f": {self.remedy}" if self.remedy else "")


class NoPlan(ValueError):
    """No plan holds all limits, or none was found; ``guilty`` names the smallest sets and the way out."""

    def __init__(self, guilty: list[Standing]) -> None:
        super().__init__("\n".join(map(str, guilty)))
        self.guilty = guilty


def named(guilty: list[Guilty], question: Question) -> list[Standing]:
    """The guilty sets by the numbers of clients and managers."""
    n = len(question.managers)
    return [
        Standing(
            one.why,
            tuple(question.clients[i].as_py() for i in one.clients),
            tuple(question.managers[m].as_py() for m in one.managers if m < n),
            question.resources[one.resource] if one.resource >= 0 else "",
            one.missing,
            one.remedy,
        )
        for one in guilty
    ]


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:SHOWN])
    return shown if len(names) <= SHOWN else f"{shown} and {len(names) - SHOWN} more"


def told(question: Question, found: Found, give: Give) -> Allocated:
    """The answer with all its grounds."""
    charged = grounds.charges(question, found)
    even, leanings = balance.evenness(question, found)
    return Allocated(
        give(grounds.proposal(question, found, charged)),
        give(grounds.alternatives(question, found, charged)),
        give(grounds.limits(question, found)),
        give(even),
        give(leanings),
        give(balance.losses(question, found)),
        give(balance.certificate(question, found)),
        found.plan,
        question,
    )
