"""R048-R050: narrow bands on heads, hours and assets are kept where that can be; else the nearest plan is told."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

import numpy as np
import pytest

from keepwell.engine.solver.assignment.contradiction import widened
from keepwell.engine.solver.assignment.guilt import Refused
from keepwell.engine.solver.assignment.plan import Plan, solve
from keepwell.engine.solver.assignment.problem import Problem
from keepwell.engine.solver.assignment.proof import certify


def firm(n: int, m: int, band: float, most_switches: float, seed: int = 7) -> Problem:
    """A firm in which most want the same managers; assets are spread as they are: a few clients hold most."""
    random = np.random.default_rng(seed)
    score = random.integers(0, 1000, (n, m)) + random.integers(0, 300, m)
    use = np.stack(
        [np.ones(n), random.integers(1, 9, n), np.rint(random.lognormal(4, 1.2, n)) + 1], dtype=np.float64
    )
    use[2] = np.minimum(use[2], np.ceil(use[2].sum() / m / 2))
    fair = np.tile(use.sum(axis=1) / m, (m, 1))
    return Problem(
        np.arange(n + 1) * m, np.tile(np.arange(m, dtype=np.int32), n), score.ravel(), use,
        np.ceil(fair * (1 - band)), np.floor(fair * (1 + band)), random.integers(0, m, n).astype(np.int32),
        most_switches,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("n", "m", "band"), [(200, 3, 0.05), (300, 12, 0.1), (2000, 44, 0.1), (2000, 44, 0.03), (8000, 60, 0.1)]
)
def test_r048_r049_narrow_bands_on_three_resources_and_a_budget_are_kept(n: int, m: int, band: float) -> None:
    problem = firm(n, m, band, 0.3 * n)
    plan = solve(problem, effort=0.02)
    told = certify(problem, plan.manager, plan.price, plan.switch_price)
    assert told.is_feasible
    assert told.n_switches <= 0.3 * n
    assert told.gap < 0.01


def _as_text(problem: Problem) -> str:
    plan = solve(problem, effort=0.02)
    return f"{plan.certificate.answer} {plan.certificate.value!r} {plan.certificate.bound!r}"


@pytest.mark.parametrize(("n", "m"), [(300, 12), (8000, 60)])
def test_r054_any_number_of_threads_gives_the_same_bytes(n: int, m: int) -> None:
    told = {
        subprocess.run(
            [sys.executable, __file__, str(n), str(m)],
            env=os.environ | {f"{name}_NUM_THREADS": str(threads) for name in ("NUMBA", "OMP", "OPENBLAS", "MKL")},
            capture_output=True, text=True, check=True,
        ).stdout
        for threads in (1, 2, 4)
    }  # fmt: skip
    assert told == {_as_text(firm(n, m, 0.1, 0.3 * n)) + "\n"}


def test_r054_r057_a_shuffled_list_of_a_whole_firm_gives_everybody_the_same_manager() -> None:
    problem = firm(8000, 60, 0.1, 2400.0)
    order = np.random.default_rng(1).permutation(8000)
    edges = (order[:, None] * 60 + np.arange(60)).ravel()
    other = dataclasses.replace(
        problem, score=problem.score[edges], use=problem.use[:, order], current=problem.current[order]
    )
    one, two = solve(problem), solve(other)
    assert one.manager[order].tolist() == two.manager.tolist()
    assert one.price.tobytes() == two.price.tobytes()


def test_r054_a_known_plan_is_never_given_up_for_a_worse_one() -> None:
    problem = firm(300, 12, 0.1, 300.0)
    best = solve(problem)
    again = solve(problem, effort=0.0, known=best.manager)
    assert again.certificate.value >= best.certificate.value
    assert again.certificate.is_feasible


def _refused(problem: Problem) -> Refused:
    with pytest.raises(Refused) as refused:
        solve(problem, effort=0.02)
    return refused.value


def _after(problem: Problem, refused: Refused) -> Plan:
    assert refused.nearest is not None
    return solve(widened(problem, refused.nearest), effort=0.02, known=refused.nearest)


def test_r048_limits_widened_to_the_nearest_plan_always_have_one() -> None:
    problem = firm(300, 12, 0.1, 40.0)
    problem = dataclasses.replace(problem, lower=np.floor(problem.upper * 0.999))
    refused = _refused(problem)
    plan = _after(problem, refused)
    assert plan.certificate.is_feasible
    assert not certify(problem, plan.manager, plan.price, plan.switch_price).is_feasible


def test_r048_more_must_move_than_may_is_proven_and_the_nearest_plan_is_told() -> None:
    problem = firm(300, 12, 0.1, 1.0)
    refused = _refused(dataclasses.replace(problem, current=np.zeros(300, dtype=np.int32)))
    assert refused.guilty[0].why == "limits_contradict"
    assert "switching budget" in refused.guilty[0].remedy
    assert refused.nearest is not None
    assert len(refused.nearest) == 300


if __name__ == "__main__":
    n_asked, m_asked = map(int, sys.argv[1:])
    sys.stdout.write(_as_text(firm(n_asked, m_asked, 0.1, 0.3 * n_asked)) + "\n")
