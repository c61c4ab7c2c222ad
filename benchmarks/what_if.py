"""What would an allocation be if? One branch of any size asked of the host's own function, from the night's prices.

``python benchmarks/what_if.py [--sizes 10000,100000] [--managers 50] [--rounds 3]``

A branch is drawn by seed: grades, needs and assets as a firm has them, two managers who take nobody any more. The night
plans it first; then each round asks other bands, another budget, other weights, one who leaves and one who joins. A
JSON line a size: median and worst of wall and CPU seconds, the worst gap, how many loads stand outside their limits.
The bars: 3 s of wall time at 1e4 clients, 15 s at 1e5; a machine that others keep busy shows in the load printed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import statistics
import sys
import time
from typing import Any

import numpy as np
from measure import exponent, own_cpu

from keepwell.contract import Table
from keepwell.contract import allocation as tables
from keepwell.contract.codes import Grade, Need, ServiceType, TradingStyle
from keepwell.contract.reasons.allocation import AllocationReason
from keepwell.contract.serving import Language
from keepwell.engine.allocation.rules.answering import answered
from keepwell.engine.allocation.rules.clients import Clients
from keepwell.engine.allocation.rules.fairness import owners_of
from keepwell.engine.allocation.rules.firm import Firm
from keepwell.engine.allocation.rules.managers import Managers
from keepwell.engine.allocation.rules.proposal import of_branch
from keepwell.engine.allocation.rules.quantities import MICRO, stored
from keepwell.engine.allocation.rules.question import question_of
from keepwell.engine.allocation.rules.ties import Pairs, Ties
from keepwell.engine.host.inputs import Night
from keepwell.engine.host.trying import TOLD, Held, tried
from keepwell.policy.packs import load_packs

BRANCH, DAY = "B0", dt.date(2026, 11, 20)
BARS = {10_000: 3.0, 100_000: 15.0}
ASKS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "wider bands": {"policy": {"bands": "0.70,1.30"}},
    "a budget of a fifth": {"policy": {"stay": {"changes_at_most_share": "0.20"}}},
    "needs count more": {"policy": {"stay": {"bonus_share": "0.02"}}},
    "one leaves": {"leaves": ["S07"]},
    "one joins": {"joins": ["S08"]},
}


def branch(n: int, k: int, seed: int = 7) -> Firm:
    """One branch: few clients are strategic, needs are few and often not known, a tenth have nobody yet."""
    random = np.random.default_rng(seed)
    codes = np.array([f"S{m:02d}" for m in range(k)], dtype=object)
    grade = random.choice(len(Grade), n, p=[0.01, 0.06, 0.28, 0.65])
    holder = codes[random.integers(0, k, n)]
    holder[random.random(n) >= 0.9] = None
    need = np.zeros((n, len(Need)), np.int64)
    told = random.random(n) < 0.6
    need[np.arange(n), random.integers(0, len(Need), n)] = np.where(
        told, random.choice([500_000, MICRO], n), 0
    )
    value = np.minimum(np.rint(random.lognormal(1, 1.6, n)), 1_000).astype(np.int64)
    none = np.zeros(0, dtype=np.int64)
    clients = Clients(
        np.array([f"C{i:08d}" for i in range(n)], dtype=object), np.full(n, BRANCH, dtype=object), holder, grade,
        random.integers(0, len(ServiceType), n), random.integers(-1, len(TradingStyle), n), need, value, grade == 0,
        random.random(n) < 0.04, grade < 2, random.random(n) < 0.1, random.random(n) < 0.8,
    )  # fmt: skip
    pairs = Pairs(none, none)
    ties = Ties(pairs, pairs, pairs, pairs, np.full(n, -1, np.int64))
    return Firm(
        clients, _staff(codes, random), ties, (BRANCH,), np.array([0, n]), np.array([0], np.int64), as_of=DAY
    )


def _staff(codes: np.ndarray, random: np.random.Generator) -> Managers:
    """Staff of all levels, one in five on part time, the last two taking nobody any more."""
    k = len(codes)
    capacity = np.where(random.random(k) < 0.2, MICRO // 2, MICRO)
    capacity[-2:] = 0
    reason = np.where(capacity > 0, str(AllocationReason.ELIGIBLE), str(AllocationReason.HAS_LEFT))
    return Managers(
        codes, np.full(k, BRANCH, dtype=object), reason.astype(object), capacity, capacity * 0,
        random.integers(1, 6, k),
        random.integers(MICRO // 2, MICRO, k), random.choice([750_000, MICRO], k), random.random(k) < 0.5,
        random.choice([0, 300_000, 600_000, MICRO], (k, len(Need))), random.random((k, len(TradingStyle))) < 0.5,
        random.random((k, len(ServiceType))) < 0.6, np.ones((k, len(Language)), dtype=np.bool_),
    )  # fmt: skip


def night_of(firm: Firm) -> Held:
    """The branch as the night planned it, with what it wrote. Hours: what the clients want, and a tenth more."""
    packs = load_packs(DAY)
    wanted = np.array([float(row.wanted_hours) for row in packs.allocation.service_hours])
    total = wanted[firm.clients.grade].sum() * 1.1 * 100
    staff = firm.managers
    staff.hours[:] = np.rint(total * staff.capacity / staff.capacity.sum()).astype(np.int64)
    asked = question_of(firm, 0, packs.allocation)
    answer = answered(asked, packs.allocation)
    nobody = np.full(len(firm.clients.code), None, dtype=object)
    rows = of_branch(asked, answer, owners_of(asked, answer), nobody, packs)
    kept: tuple[type[Table], ...] = (*TOLD, tables.AllocationProposal)
    wrote = {table.name: stored(table, rows[table.name]) for table in kept}
    return Held(Night("000001", DAY, packs, {}, wrote), firm)


def _body(held: Held, told: dict[str, Any]) -> dict[str, Any]:
    """What is asked, bands written out for every resource."""
    policy = dict(told.get("policy", {}))
    if isinstance(policy.get("bands"), str):
        low, high = policy["bands"].split(",")
        policy["bands"] = [
            {"resource": str(one.resource), "lower_share": low if one.lower_share else "0", "upper_share": high,
             "n_slack": one.n_slack}
            for one in held.night.packs.allocation.bands
        ]  # fmt: skip
    return {"branch_code": BRANCH, **told, **({"policy": policy} if policy else {})}


def _is_outside(row: dict[str, Any]) -> bool:
    """Whether a load lies outside its limits."""
    low, high = (row[name] for name in ("load_lower", "load_upper"))
    load = float(row["load_proposed"])
    return (low is not None and load < float(low)) or (high is not None and load > float(high))


def measured(n: int, k: int, rounds: int) -> dict[str, Any]:
    """Ask everything some times over; what each ask took, and the answers' gaps."""
    began = own_cpu()
    held = night_of(branch(n, k))
    night, spent, gaps, seen = own_cpu() - began, [], [], []
    walls: dict[str, list[float]] = {}
    n_outside = 0
    for _ in range(rounds):
        for name, told in ASKS.items():
            wall, cpu = time.monotonic(), own_cpu()
            trial = tried(held, _body(held, told))
            walls.setdefault(name, []).append(time.monotonic() - wall)
            spent.append(own_cpu() - cpu)
            seen.append(str(trial.state))
            (found,) = trial.body["after"][tables.AllocationCertificate.name]
            gaps.append((float(found["bound"]) - float(found["value"])) / float(found["value"]))
            n_outside += sum(map(_is_outside, trial.body["after"][tables.AllocationLimit.name]))
    every = [one for many in walls.values() for one in many]
    return {
        "clients": n, "managers": k, "night_cpu": round(night, 2), "asks": len(every),
        "median_wall": round(statistics.median(every), 2), "worst_wall": round(max(every), 2),
        "median_cpu": round(statistics.median(spent), 2), "worst_cpu": round(max(spent), 2),
        "bar_wall": BARS.get(n), "worst_gap": max(gaps), "n_outside": n_outside, "states": sorted(set(seen)),
        "median_wall_of_each": {name: round(statistics.median(many), 2) for name, many in walls.items()},
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, 2),
        "load": [round(one, 1) for one in os.getloadavg()],
    }  # fmt: skip


def main() -> None:
    """Each size, after a small one for which kernels are compiled; then how CPU grows with the clients."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--managers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    for warm in (1_000, 8_000):
        tried(night_of(branch(warm, asked.managers)), {"branch_code": BRANCH})
    sizes = [int(float(one)) for one in asked.sizes.split(",")]
    lines = []
    for n in sizes:
        lines.append(measured(n, asked.managers, asked.rounds))
        print(json.dumps(lines[-1]), flush=True)
    if len(sizes) > 1:
        print(json.dumps({"growth_exponent": exponent(sizes, [line["median_cpu"] for line in lines])}))
    late = [line["clients"] for line in lines if line["bar_wall"] and line["worst_wall"] > line["bar_wall"]]
    if late:
        sys.stdout.write(json.dumps({"over_the_bar": late}) + "\n")


if __name__ == "__main__":
    main()
