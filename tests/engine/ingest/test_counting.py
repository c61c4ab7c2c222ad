"""R238: rows read = accepted + quarantined + repeated, whatever a file holds."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepwell.contract.sources.events import Trade
from keepwell.engine.store.acceptance import Account
from keepwell.engine.store.session import Session
from tests.engine.ingest.firm import TRADE, bad_rows, deliver, rows_of, taken

VALUES = {
    "trade_code": st.sampled_from(["T1", "T2", "T3", "", "T\x01"]),
    "account_code": st.sampled_from(["A1", "A1", "A1", "A9"]),
    "traded_on": st.sampled_from(["2026-11-20", "2026-11-19", "2019-01-01", "20261120", "2027-01-01"]),
    "quantity": st.sampled_from(["1", "1", "2", "-1", "1,000", "1.00001", "x", ""]),
    "price": st.sampled_from(["10.5", "10.50", "1e3"]),
}
ROWS = st.lists(st.fixed_dictionaries(VALUES), max_size=12)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(first=ROWS, second=ROWS)
def test_every_row_is_counted_once_and_is_where_it_was_counted_r238(
    first: list[dict[str, str]], second: list[dict[str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, Session(threads=1) as session:
        path = Path(folder)
        for number, rows in enumerate((first, second)):
            deliver(
                path / f"in{number}",
                trade=[{**TRADE, "trade_code": "T0"}, *({**TRADE, **row} for row in rows)],
            )
            intake = taken(path / f"in{number}", path / "sources", session)
            (delivery,) = [one for one in intake.deliveries if one["table_name"] == "trade"]
            n_bad = len(bad_rows(intake, session))
            assert delivery["n_read"] == len(rows) + 1
            assert (
                delivery["n_read"]
                == delivery["n_accepted"] + delivery["n_quarantined"] + delivery["n_repeated"]
            )
            assert delivery["n_quarantined"] == n_bad
        current = rows_of(intake, session, Trade)
        assert max(Counter(row["trade_code"] for row in current).values()) == 1


def test_a_count_that_does_not_add_up_cannot_be_made_r238() -> None:
    with pytest.raises(AssertionError, match="rows were lost or made up"):
        Account(n_read=3, n_accepted=1, n_quarantined=1, n_repeated=0, n_superseding=0)
