"""The expected commission of a year beside MBG/NBD x Gamma-Gamma: what each expected a year ago, and what came.

``python benchmarks/value.py --data DATA [--run RUN]``. Both know the same: the commission of each client in each full
month up to a year before the run's last full month (a month with commission counts as one purchase). What came in the
twelve months after was seen by neither. Printed: totals and error, by tenths of what was expected, and by quarter: a
quarter's part of the engine's year is that of the year before, the baseline's are its own expectations up to each
quarter's end, for it knows no season. Wants three years of months, the last of them held out.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
from measure import own_cpu, row
from peer_buying import Floats, amount_ahead, fit_buying, fit_spending, purchases_ahead

from keepwell.contract.features import ClientMonth
from keepwell.engine.grading.rules import trade_history
from keepwell.engine.store.folder import DataFolder
from keepwell.engine.store.session import Session, compiled, unbound
from keepwell.policy.packs import load_packs

YEAR = trade_history.YEAR
QUARTERS = (3, 6, 9, 12)
TENTHS = 10


def main() -> None:
    """Read a run's months, expect both ways, print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--run")
    asked = parser.parse_args()
    folder = DataFolder(asked.data)
    published = folder.run(asked.run or folder.current() or "")
    as_of = dt.date.fromisoformat(json.loads((published.path / "manifest.json").read_text("utf-8"))["as_of"])
    with Session() as session:
        session.view_files(ClientMonth, [published.file(ClientMonth)])
        months, ours = _months(session, as_of), _ours(session, as_of)
    clients = sorted(ours)
    by_client = {name: place for place, name in enumerate(clients)}
    amounts = np.zeros((len(clients), max(month["ago"] for month in months) + 1))
    for month in months:
        if month["client_id"] in by_client:
            amounts[by_client[month["client_id"]], month["ago"]] = month["commission"]
    started = own_cpu()
    baseline = _baseline(amounts[:, YEAR:])
    print(f"baseline fitted in {own_cpu() - started:.1f} CPU s; {len(clients)} clients there a year ago\n")
    mine = np.array([float(ours[name]) for name in clients])
    _tell(mine, baseline, amounts)


def _months(session: Session, as_of: dt.date) -> list[dict[str, Any]]:
    history = trade_history.months(unbound(ClientMonth), as_of)
    told = history.filter(history.commission > 0).select("client_id", "ago", "commission")
    rows: list[dict[str, Any]] = session.arrow(compiled(told)).to_pylist()
    return [{**one, "commission": float(one["commission"])} for one in rows]


def _ours(session: Session, as_of: dt.date) -> dict[str, Any]:
    """What the engine's rule expected a year ago, by client, as the calibration has it."""
    pack, history = load_packs(as_of).value.expected, trade_history.months(unbound(ClientMonth), as_of)
    then = trade_history.expected(
        trade_history.traded(history, YEAR, pack), trade_history.learned(history, 2 * YEAR, pack), pack
    )
    told = session.arrow(compiled(then.select("client_id", "amount")))
    return dict(zip(told["client_id"].to_pylist(), told["amount"].to_pylist(), strict=True))


def _baseline(before: Floats) -> Floats:
    """Expected commission up to the end of each quarter of the year ahead; ``before[:, k]`` is ``k`` months ago."""
    bought = before > 0
    number = bought.sum(axis=1)
    knows = number > 0
    age = np.where(knows, before.shape[1] - 1 - np.argmax(bought[:, ::-1], axis=1), 0).astype(np.float64)
    last = np.where(knows, age - np.argmax(bought, axis=1), 0.0)
    x = np.maximum(number - 1, 0).astype(np.float64)
    buying = fit_buying(x[knows], last[knows], age[knows] + 1.0)
    mean = before.sum(axis=1) / np.maximum(number, 1)
    spending = fit_spending(number[knows].astype(np.float64), mean[knows])
    print(f"MBG/NBD {buying}\nGamma-Gamma {spending}")
    worth = amount_ahead(spending, number[knows].astype(np.float64), mean[knows])
    ahead = np.zeros((before.shape[0], len(QUARTERS)))
    for k, until in enumerate(QUARTERS):
        ahead[knows, k] = worth * purchases_ahead(buying, x[knows], last[knows], age[knows] + 1.0, until)
    return ahead


def _tell(mine: Floats, baseline: Floats, amounts: Floats) -> None:
    came, peer = amounts[:, :YEAR].sum(axis=1), baseline[:, -1]
    row("what came against what was expected", "engine", "MBG/NBD x Gamma-Gamma")
    row("---", "---", "---")
    row("came / expected, all", *(f"{came.sum() / one.sum():.3f}" for one in (mine, peer)))
    row("mean absolute error a client, yuan", *(f"{np.abs(one - came).mean():.1f}" for one in (mine, peer)))
    row("rank correlation", *(f"{_rank_correlation(one, came):.3f}" for one in (mine, peer)))
    print("\ncame / expected by tenths of what each expected, the highest first")
    row("tenth", "engine: expected", "came / expected", "baseline: expected", "came / expected")
    row("---", "---", "---", "---", "---")
    for k, (own, other) in enumerate(zip(_tenths(mine), _tenths(peer), strict=True), start=1):
        told = (_calibrated(which, one, came) for which, one in ((own, mine), (other, peer)))
        row(k, *(cell for both in told for cell in both))
    print(
        "\nby quarter of the year held out, million yuan; the engine's year is parted as the year before was"
    )
    row("quarter", "came", "engine", "came / engine", "baseline", "came / baseline")
    row("---", "---", "---", "---", "---", "---")
    year_before = amounts[:, YEAR : 2 * YEAR].sum()
    for k in range(len(QUARTERS)):
        those = slice(YEAR - 3 * (k + 1), YEAR - 3 * k)
        seen = amounts[:, those].sum()
        part = amounts[:, those.start + YEAR : those.stop + YEAR].sum() / year_before
        alone = baseline[:, k].sum() - (baseline[:, k - 1].sum() if k else 0.0)
        ours = mine.sum() * part
        row(
            k + 1,
            *(f"{value:.3f}" for value in (seen / 1e6, ours / 1e6, seen / ours, alone / 1e6, seen / alone)),
        )


def _tenths(expected: Floats) -> list[Any]:
    """Places of the clients by tenths of what is expected, the highest first; ties in the clients' order."""
    return list(np.array_split(np.argsort(-expected, kind="stable"), TENTHS))


def _calibrated(which: Any, expected: Floats, came: Floats) -> tuple[str, str]:
    """The mean expected, and what came of it; where less than a fen is expected a ratio says nothing."""
    mean = float(expected[which].mean())
    return f"{mean:.2f}", f"{came[which].mean() / mean:.2f}" if mean >= 0.01 else "-"


def _rank_correlation(left: Floats, right: Floats) -> float:
    """Of Spearman: equal values share the mean of their ranks."""
    return float(np.corrcoef(_ranks(left), _ranks(right))[0, 1])


def _ranks(values: Floats) -> Floats:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    means = np.cumsum(counts) - (counts - 1) / 2.0
    return np.asarray(means[places], dtype=np.float64)


if __name__ == "__main__":
    main()
