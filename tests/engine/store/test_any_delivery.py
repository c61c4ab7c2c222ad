"""R238: whatever the contract allows can be delivered as text and is taken in unchanged."""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from keepwell.contract import TABLES
from keepwell.engine.store.session import Session
from tests.engine.ingest.firm import PRODUCT, deliver, rows_of, taken
from tests.strategies import Row, rows, stored

FEW = settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])


def written(value: Any) -> str:
    """A value as the contract's own form writes it."""
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


@pytest.mark.parametrize("name", ["product", "index_price", "exchange_rate"])
def test_any_valid_rows_written_as_csv_are_taken_in_unchanged(name: str) -> None:
    table = TABLES[name]
    known = [PRODUCT] if name == "product" else []

    @FEW
    @given(rows(table, least=1, most=8))
    def holds(given_rows: list[Row]) -> None:
        texts = [{key: written(value) for key, value in row.items()} for row in given_rows]
        with TemporaryDirectory() as folder, Session(1) as session:
            extracts = deliver(Path(folder) / "extracts", **{name: [*texts, *known]})
            intake = taken(extracts, Path(folder) / "sources", session)
            found = rows_of(intake, session, table)
        assert [row for row in found if row[table.grain[0]] != "600000"] == stored(table, given_rows)

    holds()
