"""``allocate``: who looks after whom, for any data frames; a plan with its grounds, as the engine's nights make it.

``from keepwell import allocate``. Clients and managers are put in the order of their numbers first: neither the order
of the rows nor threads change a byte of the answer.

Doors: ``reading`` (of frames), ``scores``, ``parts`` (branch by branch), ``answer`` > ``grounds`` and ``balance``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from keepwell import framing
from keepwell.allocating import reading
from keepwell.allocating.answer import Allocated, NoPlan, Standing, named, told
from keepwell.allocating.parts import Asked, solved
from keepwell.allocating.question import Found, Question
from keepwell.allocating.reading import CLIENTS, LIMITS, MANAGERS, PAIRS, TIES, Bands
from keepwell.assigning import Assigned, Refused
from keepwell.policy.packs import Packs, load_packs


def allocate(
    clients: Any, managers: Any, *, pairs: Any = None, limits: Any = None, ties: Any = None,
    bands: Bands | None = None, most_changes: int | None = None, groups: Sequence[str] = (), n_alternatives: int = 5,
    partial: bool = False, warm: Allocated | None = None, effort: float = 1.0, packs: Packs | None = None,
    as_of: dt.date | None = None,
) -> Allocated:  # fmt: skip
    """The plan with the greatest sum of scores within all limits, and its grounds, in frames of the clients' kind.

    ``clients`` has columns of ``CLIENTS``, ``managers`` of ``MANAGERS``; ``pairs`` (of ``PAIRS``) say who may go to
    whom, and scores of one's own instead of the signed ones; ``limits`` and ``ties`` have the columns of ``LIMITS`` and
    ``TIES``. ``bands`` tells for ``heads`` or a column of clients between which multiples of the fair share each
    manager shall stand: without it ``heads`` as the pack says, ``{}`` for none. At most ``most_changes`` clients leave
    their manager. ``groups`` are columns of clients whose losses are told; they are never scored. ``warm`` is an
    earlier answer to a similar question: what-ifs start from its prices; ``effort`` scales how long is searched.

    Raises ``NoPlan`` naming the smallest set that cannot hold together and what would resolve it; with ``partial``
    whoever finds no place stays in the pool. Raises ``UnknownFrame``, naming the column, for what cannot be read.
    """
    signed = packs or load_packs(as_of or dt.datetime.now(tz=dt.UTC).date())
    asked = bands if bands is not None else reading.signed_band(signed)
    resources = reading.resources_of(limits, asked)
    question = reading.question_of(clients, managers, signed.allocation.version, groups, resources)
    candidates, score, points = reading.scored(question, pairs, signed)
    lower, upper = reading.limits_of(question, limits, asked)
    pins, bans = reading.ties_of(question, ties)
    earlier = reading.warm_of(warm, question)
    plan = _planned(
        question, Asked(candidates, score, lower, upper, pins, bans, most_changes, partial, effort, earlier)
    )
    left = reading.without(candidates, bans)
    found = Found(plan, left, score, points, lower, upper, dict(pins), n_alternatives)
    return told(question, found, lambda table: framing.as_given(table, clients))


def _planned(question: Question, asked: Asked) -> Assigned:
    try:
        return solved(question, asked)
    except Refused as refused:
        raise NoPlan(named(refused.guilty, question)) from refused


__all__ = ["CLIENTS", "LIMITS", "MANAGERS", "PAIRS", "TIES", "Allocated", "NoPlan", "Standing", "allocate"]
