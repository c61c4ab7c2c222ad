"""``assign``: who goes to whom, for arrays; solves any generalized assignment question, with ranged limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keepwell.engine.solver.assignment.guilt import Guilty, Refused
from keepwell.engine.solver.assignment.plan import Plan, solve
from keepwell.engine.solver.assignment.problem import Floats, Longs, Numbers, Problem
from keepwell.engine.solver.assignment.proof import Certificate

Pairs = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Assigned:
    """A plan: ``manager`` (N,), -1 for those left in the pool, and how good it is at least.

    ``value`` is the sum of scores, ``bound`` what no plan can be better than, ``gap`` their distance as a share of the
    value; ``is_proven`` that there is no better plan. ``load`` and ``slack`` (M, R) are the plan's; ``price`` (M, R)
    is what a unit more of a limit would be worth, negative at a lower limit, and ``switch_price`` what one more switch
    would. ``certificate`` is what code apart from the solver found, for the question as it was solved (with the pool as
    a last manager, and with negated scores when minimising).
    """

    manager: Longs
    value: float
    bound: float
    gap: float
    is_proven: bool
    load: Floats
    slack: Floats
    price: Floats
    switch_price: float
    n_switches: int
    pool: Longs
    certificate: Certificate


def assign(
    scores: ArrayLike,
    *,
    candidates: ArrayLike | None = None,
    use: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    current: ArrayLike | None = None,
    most_switches: float | None = None,
    pins: Pairs = (),
    bans: Pairs = (),
    minimise: bool = False,
    partial: bool = False,
    warm: Assigned | None = None,
    effort: float = 1.0,
    seed: int = 0,
) -> Assigned:
    """Give each client exactly one manager, with the greatest (or least) sum of scores within all limits.

    ``scores`` is (N, M), or (N, K) beside ``candidates`` (N, K), the managers that may take each client, -1 for none.
    ``use`` is what a client takes of each of R resources: nothing given counts heads, (N,) or (N, R) is the same with
    every manager, (N, K, R) differs between them. ``lower`` and ``upper`` are a number, (M,) or (M, R); nothing given
    is no limit. ``current`` (N,) is each client's manager or -1: at most ``most_switches`` of them leave theirs.
    ``pins`` and ``bans`` are pairs of client and manager that must, or must not, be.

    Raises ``Refused`` (a ``ValueError``) with ``guilty``: the smallest set that cannot hold together and what would
    resolve it. With ``partial`` those who cannot be placed stay in a pool instead; being there counts as a switch.
    ``warm`` is an earlier answer to a similar question. The answer hangs on neither the order of clients nor threads;
    ``effort`` scales how long small questions are searched.
    """
    holder, score = _edges(scores, candidates)
    n_managers = _n_managers(holder, lower, upper) if candidates is not None else holder.shape[1]
    may = _pinned(holder, pins, bans) & (holder >= 0)
    _require_numbers(score, holder, may)
    known, signed = _uses(use, holder, score), -score if minimise else score
    limits = _limits(lower, upper, n_managers, known[0].shape[0])
    problem = _problem(holder, signed, may, known, limits, current, most_switches)
    told = _with_pool(problem) if partial else problem
    return _told(solve(told, _warm(warm, told), effort, seed), n_managers, minimise=minimise)


def _n_managers(holder: Longs, lower: ArrayLike | None, upper: ArrayLike | None) -> int:
    sides = [np.asarray(side) for side in (lower, upper) if side is not None]
    return max([int(holder.max(initial=-1)) + 1] + [len(side) for side in sides if side.ndim])


def _edges(scores: ArrayLike, candidates: ArrayLike | None) -> tuple[Longs, Numbers]:
    score = np.asarray(scores)
    if score.ndim != 2 or not score.shape[0] or score.dtype.kind not in "iufb":
        raise ValueError(
            f"scores have shape {score.shape} and type {score.dtype}: a row of numbers for each client is needed"
        )
    if score.dtype.kind in "ub":
        score = score.astype(np.int64)
    if candidates is None:
        return np.broadcast_to(np.arange(score.shape[1]), score.shape), score
    holder = np.asarray(candidates)
    if holder.shape != score.shape or holder.dtype.kind not in "iu":
        raise ValueError(
            f"candidates {holder.shape} are not whole numbers in the shape of scores {score.shape}"
        )
    ordered = np.sort(holder, axis=1)
    twice = np.argwhere((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0))
    if len(twice):
        raise ValueError(f"client {twice[0][0]} has a candidate twice: each manager once")
    return holder, score


def _pinned(holder: Longs, pins: Pairs, bans: Pairs) -> NDArray[np.bool_]:
    """Which edges are left by pins and bans. Raises ``Refused`` where these contradict each other."""
    may = np.ones(holder.shape, dtype=np.bool_)
    for i, m in bans:
        may[i] &= holder[i] != m
    pinned: dict[int, int] = {}
    for i, m in pins:
        if pinned.setdefault(i, m) != m:
            remedy = "a client has one manager: lift one of the two pins"
            raise Refused([Guilty("pins_collide", (i,), (pinned[i], m), remedy=remedy)])
        if not (may[i] & (holder[i] == m)).any():
            remedy = "the manager is no candidate of this client, or banned: lift the pin or the ban"
            raise Refused([Guilty("pins_collide", (i,), (m,), remedy=remedy)])
        may[i] = holder[i] == m
    return may


def _uses(use: ArrayLike | None, holder: Longs, score: Numbers) -> tuple[Floats, bool]:
    """Use with the resources first, (R, N) or (R, N, K), and whether it differs between managers."""
    known = np.ones(len(score)) if use is None else np.asarray(use, dtype=np.float64)
    known = known[:, None] if known.ndim == 1 else known
    is_per_edge = known.ndim == 3
    if known.ndim not in (2, 3) or known.shape[: known.ndim - 1] != (
        score.shape if is_per_edge else score.shape[:1]
    ):
        raise ValueError(f"use {known.shape} fits neither (N, R) nor (N, K, R) of scores {score.shape}")
    listed = known[holder >= 0] if is_per_edge else known
    if not (np.isfinite(listed) & (listed >= 0)).all():
        raise ValueError("use is below zero or no number somewhere: what a client takes is at least zero")
    return np.moveaxis(known, -1, 0), is_per_edge


def _limits(
    lower: ArrayLike | None, upper: ArrayLike | None, n_managers: int, n_resources: int
) -> tuple[Floats, Floats]:
    told = []
    for name, side, nothing in (("lower", lower, -np.inf), ("upper", upper, np.inf)):
        limit = np.asarray(nothing if side is None else side, dtype=np.float64)
        limit = limit[:, None] if limit.ndim == 1 else limit
        if limit.ndim and limit.shape not in ((n_managers, n_resources), (n_managers, 1)):
            raise ValueError(
                f"{name} {limit.shape} does not fit {n_managers} managers and {n_resources} resources"
            )
        if np.isnan(limit).any():
            raise ValueError(f"{name} holds a NaN: leave the limit out as an infinite one")
        told.append(np.array(np.broadcast_to(limit, (n_managers, n_resources))))
    return told[0], told[1]


def _require_numbers(score: Numbers, holder: Longs, may: NDArray[np.bool_]) -> None:
    if score.dtype.kind == "f":
        strange = np.argwhere(~np.isfinite(score) & may)
        if len(strange):
            i, k = map(int, strange[0])
            raise ValueError(
                f"{len(strange)} scores are no numbers, the first that of client {i} with manager {holder[i, k]}: "
                "give a number or ban the pair"
            )


def _problem(
    holder: Longs, score: Numbers, may: NDArray[np.bool_], known: tuple[Floats, bool], limits: tuple[Floats, Floats],
    current: ArrayLike | None, most_switches: float | None,
) -> Problem:  # fmt: skip
    n, (use, is_per_edge) = len(score), known
    start = np.append(0, np.cumsum(may.sum(axis=1))).astype(np.int64)
    if is_per_edge:
        use = np.ascontiguousarray(use[:, may])
    holds = np.full(n, -1, dtype=np.int32) if current is None else np.asarray(current).astype(np.int32)
    if holds.shape != (n,) or holds.max(initial=-1) >= len(limits[0]):
        raise ValueError(f"current {holds.shape} needs a manager or -1 for each of {n} clients")
    most = np.inf if most_switches is None else float(most_switches)
    return Problem(start, holder[may].astype(np.int32), score[may], use, *limits, holds, most)


def _with_pool(problem: Problem) -> Problem:
    """The question with a last manager without limits whom nobody goes to who can go elsewhere."""
    n, score = problem.n_clients, problem.score
    worst = score.min() - 2 * (score.max() - score.min()) - 1 if len(score) else 0
    ends = problem.start[1:]
    use = problem.use
    if problem.is_per_edge:
        use = np.insert(use, ends, 0.0, axis=1)
    none = np.full((1, problem.n_resources), np.inf)
    return Problem(
        problem.start + np.arange(n + 1), np.insert(problem.manager, ends, problem.n_managers),
        np.insert(score, ends, worst), use, np.vstack([problem.lower, -none]), np.vstack([problem.upper, none]),
        problem.current, problem.most_switches,
    )  # fmt: skip


def _warm(earlier: Assigned | None, problem: Problem) -> tuple[Floats, float] | None:
    """Earlier prices for the managers there are; those who came since begin at nothing."""
    if earlier is None:
        return None
    price = np.zeros(problem.lower.shape)
    n = min(len(price), len(earlier.price))
    price[:n] = earlier.price[:n]
    return price, earlier.switch_price


def _told(plan: Plan, n_managers: int, *, minimise: bool) -> Assigned:
    found, sign = plan.certificate, -1.0 if minimise else 1.0
    manager = np.where(plan.manager < n_managers, plan.manager, -1)
    return Assigned(
        manager, sign * found.value, sign * found.bound, found.gap, plan.is_proven, found.load[:n_managers],
        found.slack[:n_managers], plan.price[:n_managers], plan.switch_price, found.n_switches,
        np.flatnonzero(manager < 0), found,
    )  # fmt: skip


__all__ = ["Assigned", "Guilty", "Refused", "assign"]
