"""R033: the baseline beside the expected value foretells real purchases: CDNOW, a quarter of it held out."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from benchmarks.peer_buying import Floats, fit_buying, purchases_ahead

CUT, LAST, WEEK = dt.date(1997, 6, 30), dt.date(1997, 9, 30), 7.0
AHEAD = (LAST - CUT).days / WEEK


@pytest.fixture(scope="module")
def customers(real_data: Path) -> dict[str, Floats]:
    """Repeat days up to the cut, weeks of the last one and since the first; days with a purchase after it."""
    days: dict[str, set[dt.date]] = defaultdict(set)
    with (real_data / "retention" / "cdnow.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            days[row["customer_id"]].add(dt.date.fromisoformat(row["date"]))
    told = []
    for each in days.values():
        before = sorted(day for day in each if day <= CUT)
        after = sum(CUT < day <= LAST for day in each)
        last, age = ((day - before[0]).days / WEEK for day in (before[-1], CUT))
        told.append((len(before) - 1, last, age, after))
    columns = np.array(told, dtype=np.float64).T
    return dict(zip(("repeats", "last", "age", "came"), columns, strict=True))


def test_r033_the_baseline_foretells_what_customers_buy(customers: dict[str, Floats]) -> None:
    """The whole within a tenth, and each customer better than by going on as before or by the mean of all."""
    known, came = (customers["repeats"], customers["last"], customers["age"]), customers["came"]
    expected = purchases_ahead(fit_buying(*known), *known, AHEAD)
    assert (expected >= 0).all()
    assert np.isfinite(expected).all()
    assert 0.9 <= came.sum() / expected.sum() <= 1.1
    as_before = customers["repeats"] / customers["age"] * AHEAD
    for other in (as_before, np.full_like(came, came.mean())):
        assert np.mean((expected - came) ** 2) < np.mean((other - came) ** 2)
