"""R048-R054: questions of many kinds, drawn by seed, checked client by client with nothing of the solver's."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from keepwell.engine.solver.assignment.guilt import Refused
from keepwell.engine.solver.assignment.plan import Plan, solve
from keepwell.engine.solver.assignment.problem import Problem


def _listed(
    random: np.random.Generator, n: int, m: int, few: int, many: int
) -> tuple[np.ndarray, np.ndarray]:
    """Where each client's edges begin, and their managers: between ``few`` and ``many`` each, drawn by lot."""
    degree = random.integers(few, many + 1, n)
    start = np.append(0, np.cumsum(degree))
    return start, np.concatenate([random.permutation(m)[:one] for one in degree]).astype(np.int32)


def _alike(random: np.random.Generator, n: int, m: int) -> Problem:
    """Few kinds of clients, scores in steps, rare clients counted, two managers who leave: ties everywhere."""
    kind = random.integers(0, 40, n)
    score = (random.integers(0, 9, (40, m)) * 12_500 + 400_000)[kind]
    current = random.integers(0, m, n).astype(np.int32)
    score[np.arange(n), current] += 125_000
    use = np.stack([np.ones(n), np.array([24.0, 96.0, 240.0])[kind % 3], (random.random(n) < 0.002) * 1.0])
    fair = use.sum(axis=1) / m
    upper, lower = np.tile(np.ceil(fair * 1.25 + 3), (m, 1)), np.tile(np.floor(fair * 0.75), (m, 1))
    lower[:2], upper[:2, :2] = 0, np.floor(upper[:2, :2] / 2)
    lower[:, 2] = 0
    return Problem(
        np.arange(n + 1) * m, np.tile(np.arange(m, dtype=np.int32), n), score.ravel(), use, lower, upper, current,
        float(n // 8),
    )  # fmt: skip


def _wanted(random: np.random.Generator, n: int, m: int) -> Problem:
    """Everybody wants the same few managers; candidates differ in number; some have nobody yet."""
    start, manager = _listed(random, n, m, 2, min(m, 12))
    score = random.integers(0, 200, len(manager)) + (10_000 // (1 + np.arange(m)))[manager]
    use = np.stack([np.ones(n), np.rint(random.pareto(1.2, n) * 50 + 1)])
    use[1] = np.minimum(use[1], np.ceil(use[1].sum() / m / 3))
    fair = use.sum(axis=1) / m
    current = np.where(random.random(n) < 0.7, manager[start[:-1]], -1).astype(np.int32)
    return Problem(
        start, manager, score, use, np.tile(np.floor(fair * 0.5), (m, 1)), np.tile(np.ceil(fair * 1.3), (m, 1)),
        current, 0.7 * n,
    )  # fmt: skip


def _per_edge(random: np.random.Generator, n: int, m: int) -> Problem:
    """Hours that differ with the manager, dearer where the score is better, as in the literature's hard kind."""
    use = random.integers(5, 26, (1, n * m)).astype(np.float64)
    score = 111 - use[0].astype(np.int64) * 3 + random.integers(-10, 11, n * m)
    upper = np.full((m, 1), np.ceil(0.85 * use.sum() / m / m))
    none = np.full(n, -1, dtype=np.int32)
    return Problem(
        np.arange(n + 1) * m, np.tile(np.arange(m, dtype=np.int32), n), score, use, np.full((m, 1), -np.inf), upper,
        none,
    )  # fmt: skip


def _fractions(random: np.random.Generator, n: int, m: int) -> Problem:
    """Uses and scores that are no whole numbers, one limit without an end, one resource nobody uses."""
    start, manager = _listed(random, n, m, 1, m)
    use = np.stack([random.random(n), random.exponential(0.1, n), np.zeros(n)])
    fair = use.sum(axis=1) / m
    lower, upper = np.tile(fair * 0.6, (m, 1)), np.tile(fair * 1.5 + 1.0, (m, 1))
    upper[0], lower[1] = np.inf, -np.inf
    return Problem(
        start, manager, random.normal(0, 1, len(manager)), use, lower, upper, np.full(n, -1, np.int32)
    )


FAMILIES = {"alike": _alike, "wanted": _wanted, "per_edge": _per_edge, "fractions": _fractions}


def _drawn(kind: str, n: int, m: int, seed: int) -> Problem:
    return FAMILIES[kind](np.random.default_rng(seed), n, m)


def _bound(problem: Problem, plan: Plan) -> float:
    """What no plan can exceed by the plan's prices: everybody's best after prices, and each limit at its price."""
    total: float = plan.switch_price * problem.most_switches if plan.switch_price else 0.0
    for (j, r), price in np.ndenumerate(plan.price):
        total += float(price * (problem.upper if price > 0 else problem.lower)[j, r]) if price else 0.0
    for i, holder in enumerate(problem.current.tolist()):
        nets = []
        for e in range(problem.start[i], problem.start[i + 1]):
            j = int(problem.manager[e])
            used = problem.use[:, e if problem.is_per_edge else i]
            moves = holder >= 0 and holder != j
            nets.append(float(problem.score[e]) - float(plan.price[j] @ used) - plan.switch_price * moves)
        total += max(nets)
    return total


def _check(problem: Problem, plan: Plan) -> float:
    """Count everything again, with nothing of the solver's; the value."""
    loads = np.zeros((problem.n_managers, problem.n_resources))
    value = 0.0
    for i, j in enumerate(plan.manager.tolist()):
        edges = range(problem.start[i], problem.start[i + 1])
        (e,) = [one for one in edges if problem.manager[one] == j]
        loads[j] += problem.use[:, e if problem.is_per_edge else i]
        value += float(problem.score[e])
    assert (loads <= problem.upper + 1e-6).all()
    assert (loads >= problem.lower - 1e-6).all()
    assert ((problem.current >= 0) & (plan.manager != problem.current)).sum() <= problem.most_switches
    assert value == pytest.approx(plan.certificate.value)
    return value


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", FAMILIES)
def test_r048_r054_plan_and_bound_hold_when_each_client_is_counted(kind: str, seed: int) -> None:
    problem = _drawn(kind, 240, 8, seed)
    plan = solve(problem, effort=0.05)
    assert _check(problem, plan) <= plan.certificate.bound
    assert plan.certificate.bound == pytest.approx(_bound(problem, plan), rel=1e-9, abs=1.0)
    assert plan.certificate.gap < 0.01


@pytest.mark.parametrize(("n", "m"), [(9_000, 40), (20_000, 50)])
def test_r048_r054_clients_who_are_all_alike_are_sampled_fairly(n: int, m: int) -> None:
    """Clients of one kind are not drawn all or none: the prices of a sample hold for the firm."""
    problem = _drawn("alike", n, m, 5)
    plan = solve(problem, effort=0.1)
    _check(problem, plan)
    assert plan.certificate.gap < 0.001


@pytest.mark.parametrize("kind", FAMILIES)
def test_r054_earlier_prices_lead_to_a_plan_as_good_within_what_is_proven(kind: str) -> None:
    problem = _drawn(kind, 300, 10, 9)
    cold = solve(problem, effort=0.05)
    some = dataclasses.replace(problem, most_switches=problem.most_switches + 3)
    for asked in (problem, some):
        warm = solve(asked, warm=(cold.price, cold.switch_price), effort=0.05)
        value = _check(asked, warm)
        assert value >= cold.certificate.value - 0.01 * abs(cold.certificate.value)
        assert warm.certificate.bound >= value


def _most_seated(problem: Problem, managers: set[int]) -> int:
    """How many clients find a seat where only these managers have so many and no more: augmenting ways (Berge 1957)."""
    seated: dict[int, list[int]] = {j: [] for j in range(problem.n_managers)}

    def seat(i: int, tried: set[int]) -> bool:
        for j in map(int, problem.manager[problem.start[i] : problem.start[i + 1]]):
            if j in tried:
                continue
            tried.add(j)
            if j not in managers or len(seated[j]) < problem.upper[j, 0]:
                seated[j].append(i)
                return True
            for other in seated[j]:
                if seat(other, tried):
                    seated[j].remove(other)
                    seated[j].append(i)
                    return True
        return False

    return sum(seat(i, set()) for i in range(problem.n_clients))


@pytest.mark.parametrize("seed", range(6))
def test_r048_a_guilty_set_is_guilty_by_itself_and_each_of_it_is_needed(seed: int) -> None:
    """Some clients have only narrow managers to go to; which, an exact count of seats says too."""
    random = np.random.default_rng(seed)
    start, manager = _listed(random, 90, 6, 1, 3)
    inner = random.choice(90, 40, replace=False)
    for i in inner:
        manager[start[i] : start[i + 1]] = random.permutation(3)[: start[i + 1] - start[i]]
    upper = np.array([[12.0], [13.0], [11.0], [40.0], [40.0], [40.0]])
    problem = Problem(
        start, manager, random.integers(0, 99, len(manager)), np.ones((1, 90)), np.zeros((6, 1)), upper,
        np.full(90, -1, np.int32),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        solve(problem)
    (found,) = refused.value.guilty
    guilty = set(found.managers)
    assert _most_seated(problem, guilty) == 90 - found.missing
    for one in guilty:
        assert _most_seated(problem, guilty - {one}) == 90


def test_r054_r057_a_shuffled_list_gives_clients_of_each_kind_the_same_managers() -> None:
    """Of clients alike in everything as many go to a manager; which of them, nothing but the list could say."""
    problem = _drawn("alike", 9_000, 40, 3)
    order = np.random.default_rng(2).permutation(9_000)
    edges = (order[:, None] * 40 + np.arange(40)).ravel()
    other = dataclasses.replace(
        problem, score=problem.score[edges], use=problem.use[:, order], current=problem.current[order]
    )
    told = []
    for asked in (problem, other):
        plan = solve(asked, effort=0.1)
        kinds = np.column_stack([asked.score.reshape(-1, 40), asked.use.T, asked.current, plan.manager])
        told.append((kinds[np.lexsort(kinds.T)].tolist(), plan.price.tobytes()))
    assert told[0] == told[1]
