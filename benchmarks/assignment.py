"""Generalized assignment instances in the literature's form: cost, bound, gap, CPU seconds and memory.

``python benchmarks/assignment.py FILE… [--maximise] [--effort 1] [--best best_known.json]`` prints one JSON line
a file: numbers of agents and jobs, costs by agent, uses by agent, capacities (OR-Library; Yagiura et al.). Feasibility
and cost are checked here from the file alone. Kernels are compiled before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import resource
from pathlib import Path
from typing import NamedTuple

import numpy as np
from measure import own_cpu

from keepwell.assigning import Assigned, assign


class Instance(NamedTuple):
    """Costs and uses, a row for each agent, and the agents' capacities."""

    cost: np.ndarray
    use: np.ndarray
    capacity: np.ndarray


def main() -> None:
    """Solve file by file and print a line for each."""
    asked = _arguments()
    known = json.loads(asked.best.read_text("utf-8"))["instances"] if asked.best else {}
    made = np.random.default_rng(1).integers(1, 9, (2, 3, 9))
    _solved(Instance(made[0], made[1], np.full(3, 20)), asked)
    for path in asked.files:
        instance = read(path)
        started = own_cpu()
        found = _solved(instance, asked)
        line = _line(instance, found) | {
            "file": f"{path.parent.name}/{path.name}",
            "cpu_seconds": round(own_cpu() - started, 2),
            "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, 3),
        }
        best = known.get(line["file"], {}).get("best_known")
        if best:
            line |= {"best_known": best, "over_best": round((line["cost"] - best) / best, 6)}
        print(json.dumps(line, sort_keys=True), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--maximise", action="store_true")
    parser.add_argument("--effort", type=float, default=1.0)
    parser.add_argument("--best", type=Path, help="a file with the best known values")
    return parser.parse_args()


def read(path: Path) -> Instance:
    """An instance: agents, jobs, then rows of costs, rows of uses and one row of capacities."""
    numbers = np.array(path.read_text("utf-8").split(), dtype=np.float64)
    agents, jobs = int(numbers[0]), int(numbers[1])
    parts = np.split(numbers[2:], [agents * jobs, 2 * agents * jobs])
    whole = [part.astype(np.int64) if (part == np.rint(part)).all() else part for part in parts]
    return Instance(whole[0].reshape(agents, jobs), whole[1].reshape(agents, jobs), whole[2][:agents])


def _solved(instance: Instance, asked: argparse.Namespace) -> Assigned:
    return assign(
        instance.cost.T, use=instance.use.T[:, :, None], upper=instance.capacity, minimise=not asked.maximise,
        effort=asked.effort,
    )  # fmt: skip


def _line(instance: Instance, found: Assigned) -> dict[str, object]:
    """What the plan is, counted from the file alone."""
    jobs = np.arange(instance.cost.shape[1])
    load = np.bincount(found.manager, instance.use[found.manager, jobs], len(instance.capacity))
    cost = instance.cost[found.manager, jobs].sum().item()
    return {
        "agents": len(instance.capacity),
        "jobs": len(jobs),
        "cost": cost,
        "bound": found.bound,
        "gap": round(abs(cost - found.bound) / max(abs(cost), 1e-12), 6),
        "feasible": bool((load <= instance.capacity).all() and len(found.manager) == len(jobs)),
        "proven": found.is_proven,
    }


if __name__ == "__main__":
    main()
