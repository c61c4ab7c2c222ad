"""Who looks after whom, at any size, beside OR-Tools (min-cost flow, PDLP) and HiGHS on the same seeded instances.

``python benchmarks/allocation.py [--sizes 10000,100000] [--candidates 50] [--limit 60] [--peers flow,pdlp,highs]``

Each client has a current manager among its candidates; heads, hours and assets of each manager lie within a tenth of
the fair share; three in ten may change hands. Every method runs in a process of its own, so that memory is its own;
feasibility and bound of ours are counted again by ``proof``. PDLP and HiGHS solve the relaxation in fractions only; the
flow knows heads alone. A peer that is not installed says so; one that has no answer within its CPU seconds is ended.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import signal
import subprocess
import sys
from typing import Any

import numpy as np
from measure import exponent, own_cpu

from keepwell.engine.solver.assignment.plan import solve
from keepwell.engine.solver.assignment.problem import Problem
from keepwell.engine.solver.assignment.proof import certify, chosen_edges

Line = dict[str, Any]
PEERS = ("flow", "pdlp", "highs")
PART = 100_000


def instance(n: int, k: int, seed: int = 7) -> Problem:
    """A made-up firm: a manager for each thousand clients at the largest, for each hundred at the smallest."""
    random = np.random.default_rng(seed)
    m = max(20, min(1000, int(n**0.5)))
    k = min(k, m)
    holder, score = np.empty((n, k), np.int32), np.empty((n, k), np.int32)
    liked = random.integers(0, 300, m, dtype=np.int32)
    for begin in range(0, n, PART):  # no temporary array as large as the instance
        some = slice(begin, min(begin + PART, n))
        holder[some] = (random.integers(0, m, (len(holder[some]), 1)) + np.arange(k)) % m
        score[some] = random.integers(0, 1000, score[some].shape, dtype=np.int32) + liked[holder[some]]
    current = holder[np.arange(n), random.integers(0, k, n)]
    use = np.stack(
        [np.ones(n), random.integers(1, 9, n).astype(float), np.rint(random.lognormal(4, 1.2, n)) + 1]
    )
    use[2] = np.minimum(use[2], np.ceil(use[2].sum() / m / 2))  # nobody alone is more than half a book
    fair = np.tile(use.sum(axis=1) / m, (m, 1))
    return Problem(
        np.arange(n + 1) * k, holder.ravel(), score.ravel(), use, np.ceil(fair * 0.9), np.floor(fair * 1.1), current,
        0.3 * n,
    )  # fmt: skip


def ours(problem: Problem, _limit: float) -> Line:
    """The price method, and the value of leaving everybody where they are."""
    plan = solve(problem)
    spent = own_cpu()
    found = certify(problem, plan.manager, plan.price, plan.switch_price)
    stay = float(problem.score[chosen_edges(problem, problem.current.astype(np.int64))].sum())
    return {
        "value": found.value, "bound": found.bound, "gap": found.gap, "feasible": found.is_feasible,
        "gap_to_gain": (found.bound - found.value) / max(found.bound - stay, 1e-9), "checking_cpu": own_cpu() - spent,
        "peak_gib": _peak(),
    }  # fmt: skip


def flow(problem: Problem, _limit: float) -> Line:
    """Exact by OR-Tools' min-cost flow, for heads alone."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    n, m = problem.n_clients, problem.n_managers
    graph = SimpleMinCostFlow()
    owner, low, high = problem.client_of(), problem.lower[:, 0], problem.upper[:, 0]
    graph.add_arcs_with_capacity_and_unit_cost(
        owner, n + problem.manager.astype(np.int64), np.ones(len(owner), np.int64), -problem.score.astype(np.int64)
    )  # fmt: skip
    sink, ones = np.full(m, n + m), np.zeros(m, np.int64)
    managers = n + np.arange(m)
    graph.add_arcs_with_capacity_and_unit_cost(managers, sink, low.astype(np.int64), ones - 10**6)
    graph.add_arcs_with_capacity_and_unit_cost(managers, sink, (high - low).astype(np.int64), ones)
    graph.set_nodes_supplies(np.append(np.arange(n), n + m), np.append(np.ones(n, np.int64), -n))
    status = graph.solve()
    value = -float(graph.optimal_cost()) - 1e6 * float(low.sum())
    return {"value": value, "status": str(status), "resources": 1, "peak_gib": _peak()}


def pdlp(problem: Problem, limit: float) -> Line:
    """The relaxation by OR-Tools' PDLP at 1e-4."""
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("PDLP")
    rows = [solver.Constraint(1.0, 1.0) for _ in range(problem.n_clients)]
    ends = zip(*(side.tolist() for side in problem.ends()), strict=True)
    limits = [solver.Constraint(low, high) for low, high in ends]
    goal = solver.Objective()
    owner, n_resources = problem.client_of(), problem.n_resources
    for e, (i, j) in enumerate(zip(owner.tolist(), problem.manager.tolist(), strict=True)):
        x = solver.NumVar(0.0, 1.0, "")
        rows[i].SetCoefficient(x, 1.0)
        for r in range(n_resources):
            limits[j * n_resources + r].SetCoefficient(x, float(problem.use[r, i]))
        if j != problem.current[i]:
            limits[-1].SetCoefficient(x, 1.0)
        goal.SetCoefficient(x, float(problem.score[e]))
    goal.SetMaximization()
    started = _limited(limit)
    status = solver.Solve()
    return {
        "value": goal.Value(), "status": str(status), "whole": False, "solving_cpu": own_cpu() - started,
        "peak_gib": _peak(),
    }  # fmt: skip


def highs(problem: Problem, limit: float) -> Line:
    """The relaxation by HiGHS' interior point method."""
    import highspy

    lp, e = highspy.HighsLp(), len(problem.manager)
    owner, n_resources = problem.client_of(), problem.n_resources
    n, n_rows = problem.n_clients, problem.n_clients + len(problem.ends()[0])
    moves = (problem.manager != problem.current[owner]).astype(float)
    row = np.stack(
        [owner, *(n + problem.manager * n_resources + r for r in range(n_resources)), np.full(e, n_rows - 1)]
    )
    value = np.stack([np.ones(e), *(problem.use[r, owner] for r in range(n_resources)), moves])
    lp.num_col_, lp.num_row_, lp.sense_ = e, n_rows, highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = problem.score.astype(float), np.zeros(e), np.ones(e)
    lower, upper = problem.ends()
    lp.row_lower_, lp.row_upper_ = np.append(np.ones(n), lower), np.append(np.ones(n), upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.arange(e + 1) * len(row)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = row.T.ravel(), value.T.ravel()
    solver = highspy.Highs()
    for name, option in (
        ("output_flag", False),
        ("solver", "ipm"),
        ("run_crossover", "off"),
    ):
        solver.setOptionValue(name, option)
    solver.passModel(lp)
    started = _limited(limit)
    solver.run()
    told = solver.getInfo().objective_function_value
    return {
        "value": told, "status": str(solver.getModelStatus()), "whole": False, "solving_cpu": own_cpu() - started,
        "peak_gib": _peak(),
    }  # fmt: skip


METHODS = {"ours": ours, "flow": flow, "pdlp": pdlp, "highs": highs}
NEEDS = {"flow": "ortools", "pdlp": "ortools", "highs": "highspy"}


def _limited(limit: float) -> float:
    """Let this process be ended after so many more CPU seconds, which a busy machine does not shorten; those spent."""
    started = own_cpu()
    most = int(started + limit) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5))
    return started


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, 3)


def _one(method: str, n: int, k: int, limit: float) -> None:
    """Run in a process of its own: compile on a small instance first, then the clock starts."""
    if importlib.util.find_spec(NEEDS.get(method, "numpy")) is None:
        print(json.dumps({"method": method, "n": n, "not_installed": NEEDS[method]}))
        return
    if method == "ours":
        solve(instance(7000, k))
    problem = instance(n, k)
    started = own_cpu()
    line = METHODS[method](problem, limit)
    cpu = own_cpu() - started - line.get("checking_cpu", 0.0)
    shape = {"n": n, "k": k, "managers": problem.n_managers, "edges": len(problem.manager)}
    print(json.dumps({"method": method, **shape, **line, "cpu_seconds": round(cpu, 2)}))


def main() -> None:
    """All methods at all sizes, then how our cost grows with the edges."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--candidates", type=int, default=50)
    parser.add_argument(
        "--limit", type=float, default=60.0, help="CPU seconds PDLP and HiGHS may take to solve"
    )
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--only", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    sizes = [int(float(one)) for one in asked.sizes.split(",")]
    if asked.only:
        _one(asked.only, sizes[0], asked.candidates, asked.limit)
        return
    costs = []
    for n in sizes:
        lines = [_apart(method, n, asked) for method in ("ours", *filter(None, asked.peers.split(",")))]
        if "cpu_seconds" not in lines[0]:
            sys.exit("no plan, see above")
        costs.append(lines[0]["cpu_seconds"])
        for line in lines[1:]:
            took = line.get("cpu_seconds", line.get("no_answer_within_cpu_seconds"))
            if took:
                print(json.dumps({"n": n, "cpu_ours_to_" + line["method"]: costs[-1] / took}))
    if len(sizes) > 1:
        print(json.dumps({"growth_exponent": exponent(sizes, costs)}))


def _apart(method: str, n: int, asked: argparse.Namespace) -> Line:
    own = [
        "--only",
        method,
        "--sizes",
        str(n),
        "--candidates",
        str(asked.candidates),
        "--limit",
        str(asked.limit),
    ]
    told = subprocess.run([sys.executable, __file__, *own], capture_output=True, text=True, check=False)
    if told.returncode == -signal.SIGXCPU:
        line: Line = {"method": method, "n": n, "no_answer_within_cpu_seconds": asked.limit}
    elif told.returncode:
        line = {"method": method, "n": n, "failed": told.stderr.strip().splitlines()[-1:]}
    else:
        line = json.loads(told.stdout.splitlines()[-1])
    print(json.dumps(line), flush=True)
    return line


if __name__ == "__main__":
    main()
