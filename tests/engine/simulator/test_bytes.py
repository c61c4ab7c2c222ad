"""The same seed gives the same rows, whatever the block, the threads, the size of the firm or the day it is cut."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from keepwell.engine.simulator.persons import OPENED, OPENS_AT, traits
from tests.engine.simulator.making import SEED, firm, made, span

EVENTS = {
    "trade": "traded_on",
    "cash_flow": "flowed_on",
    "login": "logged_in_on",
    "contact": "contacted_on",
    "complaint": "received_on",
    "survey": "answered_on",
    "other_income": "earned_on",
    "entitlement": "paid_on",
    "transfer": "transferred_on",
    "daily_asset": "held_on",
    "index_price": "priced_on",
    "exchange_rate": "quoted_on",
    "application": "staged_on",
}


@pytest.mark.parametrize(("chunk", "threads"), [(1, 1), (37, 4)])
def test_blocks_and_threads_change_nothing(chunk: int, threads: int) -> None:
    whole, pieces = made(100, 6), made(100, 6, chunk=chunk, threads=threads)
    assert set(whole) == set(pieces)
    assert [name for name in whole if not whole[name].equals(pieces[name])] == []


def test_traits_of_a_person_are_alike_at_any_size() -> None:
    few, many = traits(firm(), span(12), SEED, 40, 20), traits(firm(), span(12), SEED, 0, 3_000)
    assert np.array_equal(few, many[40:60])


@pytest.mark.parametrize("n_days", [1, 130, 200])
def test_a_cut_leaves_a_prefix(n_days: int) -> None:
    """What happens on a day never depends on a later one: not on prices, plans, or the end of the simulation."""
    whole, cut = made(300, 12), made(300, 12, n_days=n_days)
    last = pa.scalar(span(12, n_days).last, pa.int32()).cast(pa.date32())
    for name, on in EVENTS.items():
        known = "known_on" if "known_on" in whole[name].column_names else on
        before = whole[name].filter(pc.less_equal(whole[name][known], last))
        assert before.equals(cut[name]), name
    months = cut["truth.client_month"]
    assert months.num_rows < whole["truth.client_month"].num_rows


def test_clients_open_within_the_span_or_before() -> None:
    rows = traits(firm(), span(12), SEED, 0, 2_000)
    new = rows[:, OPENS_AT] >= 0
    assert 0.09 < new.mean() < 0.15
    assert (rows[~new, OPENED] < span(12).first).all()
