"""R042-R054: plans under ranged limits on several resources are feasible, best where that can be known, and proven."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.engine.solver.assignment.guilt import Refused
from keepwell.engine.solver.assignment.plan import Plan, solve
from keepwell.engine.solver.assignment.problem import Problem
from keepwell.engine.solver.assignment.proof import certify, chosen_edges, upper_bound

FEW = settings(max_examples=40, deadline=None)


@st.composite
def problems(draw: st.DrawFn, most_clients: int = 5) -> Problem:
    """Questions with two resources, lower and upper limits, current managers and a budget; some have no plan."""
    n, m = draw(st.integers(1, most_clients)), draw(st.integers(1, 3))
    numbers = st.integers(0, 9)

    def whole(*shape: int) -> np.ndarray:
        size = int(np.prod(shape))
        return np.array(draw(st.lists(numbers, min_size=size, max_size=size)), dtype=np.int64).reshape(shape)

    is_per_edge = draw(st.booleans())
    use = whole(2, n * m if is_per_edge else n).astype(np.float64)
    load = use.sum(axis=1) / m / (m if is_per_edge else 1)
    lower = np.floor(np.tile(load, (m, 1)) * draw(st.sampled_from([0.0, 0.4])))
    upper = np.ceil(np.tile(load, (m, 1)) * draw(st.sampled_from([1.1, 1.6, 3.0])))
    current = (whole(n) % (m + 1) - 1).astype(np.int32)
    return Problem(
        np.arange(n + 1) * m, np.tile(np.arange(m, dtype=np.int32), n), whole(n * m), use, lower, upper, current,
        float(draw(st.integers(0, n))),
    )  # fmt: skip


def _brute(problem: Problem) -> int | None:
    """Value of the best of all plans, None where none keeps the limits: looks at each."""
    values = []
    for chosen in itertools.product(range(problem.n_managers), repeat=problem.n_clients):
        manager = np.array(chosen, dtype=np.int64)
        at = np.arange(problem.n_clients) * problem.n_managers + manager
        use = problem.use[:, at] if problem.is_per_edge else problem.use
        load = np.stack([np.bincount(manager, row, problem.n_managers) for row in use], axis=1)
        n_switches = int(((problem.current >= 0) & (problem.current != manager)).sum())
        if (
            (load >= problem.lower).all()
            and (load <= problem.upper).all()
            and n_switches <= problem.most_switches
        ):
            values.append(int(problem.score[at].sum()))
    return max(values, default=None)


def _plan(problem: Problem) -> Plan | None:
    try:
        return solve(problem, effort=0.01)
    except Refused:
        return None


@FEW
@given(problems())
def test_r054_small_questions_are_answered_as_by_looking_at_every_plan(problem: Problem) -> None:
    plan, best = _plan(problem), _brute(problem)
    assert (plan is None) == (best is None)
    if plan is not None:
        assert plan.certificate.value == best
        assert plan.certificate.is_feasible
        assert plan.is_proven
        assert plan.certificate.bound >= plan.certificate.value


@FEW
@given(problems(most_clients=30), st.randoms(use_true_random=False))
def test_r054_r057_the_order_of_the_list_does_not_matter(problem: Problem, random: object) -> None:
    n, m = problem.n_clients, problem.n_managers
    problem = dataclasses.replace(problem, score=np.arange(n * m) * 7919 % 1009)
    order = list(range(n))
    random.shuffle(order)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
    edges = (np.array(order)[:, None] * m + np.arange(m)).ravel()
    at = edges if problem.is_per_edge else order
    other = dataclasses.replace(
        problem, score=problem.score[edges], use=problem.use[:, at], current=problem.current[order]
    )
    one, two = _plan(problem), _plan(other)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert one.manager[order].tolist() == two.manager.tolist()
        assert one.price.tobytes() == two.price.tobytes()


@FEW
@given(problems(), st.integers(1, 5))
def test_r048_wider_limits_are_never_worse(problem: Problem, more: int) -> None:
    wider = dataclasses.replace(
        problem,
        lower=problem.lower - more,
        upper=problem.upper + more,
        most_switches=problem.most_switches + more,
    )
    one, two = _plan(problem), _plan(wider)
    if one is not None:
        assert two is not None
        assert two.certificate.value >= one.certificate.value


@FEW
@given(problems(), st.integers(-3, 3), st.integers(0, 3))
def test_r054_any_prices_bound_every_plan(problem: Problem, price: int, switch_price: int) -> None:
    best = _brute(problem)
    prices = np.full(problem.lower.shape, price, dtype=np.float64)
    assert best is None or upper_bound(problem, prices, float(switch_price)) >= best


def _firm(n: int = 400, m: int = 8) -> Problem:
    """A branch with heads, hours and assets, everybody with somebody at first."""
    random = np.random.default_rng(5)
    use = np.stack([np.ones(n), random.integers(1, 9, n), np.rint(random.pareto(1.5, n) * 100 + 1)])
    fair = use.sum(axis=1) / m
    score = random.integers(0, 1000, n * m)
    return Problem(
        np.arange(n + 1) * m, np.tile(np.arange(m, dtype=np.int32), n), score, use, np.tile(fair * 0.9, (m, 1)),
        np.tile(fair * 1.1, (m, 1)), random.integers(0, m, n).astype(np.int32), 300.0,
    )  # fmt: skip


def test_r048_r049_a_branch_is_planned_within_all_limits_close_to_the_bound() -> None:
    problem = _firm()
    plan = solve(problem, effort=0.05)
    assert plan.certificate.is_feasible
    assert plan.certificate.gap < 0.005
    assert plan.certificate.n_switches <= 300
    assert plan.certificate.load.sum(axis=0).tolist() == problem.use.sum(axis=1).tolist()


def test_r054_the_same_question_has_the_same_answer_and_earlier_prices_help() -> None:
    problem = _firm(200, 5)
    one, two = solve(problem, effort=0.01), solve(problem, effort=0.01)
    assert one.certificate == dataclasses.replace(
        two.certificate, load=one.certificate.load, slack=one.certificate.slack
    )
    warm = solve(problem, warm=(one.price, one.switch_price), effort=0.01)
    assert warm.certificate.bound <= one.certificate.bound * (1 + 1e-6)
    assert warm.certificate.is_feasible


def test_r054_the_checker_sees_what_is_broken() -> None:
    problem = _firm(40, 4)
    nobody = np.zeros((4, 3))
    told = certify(problem, np.zeros(40, dtype=np.int64), nobody, 0.0)
    assert not told.is_feasible
    assert (told.slack < 0).any()
    strange = certify(problem, np.full(40, 9), nobody, 0.0)
    assert strange.n_broken >= 40
    assert (chosen_edges(problem, np.full(40, 9)) == -1).all()


def _pair(score: list[int], upper: float, most_switches: float = np.inf) -> Problem:
    n = len(score) // 2
    return Problem(
        np.arange(n + 1) * 2, np.tile(np.arange(2, dtype=np.int32), n), np.array(score), np.ones((1, n)),
        np.zeros((2, 1)), np.full((2, 1), upper), np.zeros(n, dtype=np.int32), most_switches,
    )  # fmt: skip


def test_r048_too_little_room_names_the_part_of_the_firm_and_what_is_missing() -> None:
    with pytest.raises(Refused) as refused:
        solve(_pair([1, 2] * 5, 2.0))
    (guilty,) = refused.value.guilty
    assert (guilty.why, guilty.managers, guilty.missing) == ("not_enough_room", (0, 1), 1.0)


def test_r048_limits_against_the_switching_budget_are_proven_to_contradict() -> None:
    with pytest.raises(Refused) as refused:
        solve(_pair([1, 2] * 6, 3.0, most_switches=2.0))
    (guilty,) = refused.value.guilty
    assert guilty.why == "limits_contradict"
    assert 0 in guilty.managers
    assert guilty.missing == pytest.approx(1.0)
    assert "switching budget" in guilty.remedy
