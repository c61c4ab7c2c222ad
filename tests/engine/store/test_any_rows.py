"""R230, R242: whatever rows the contract allows are stored and read back unchanged; what it forbids is refused."""

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from keepwell.contract import SOURCES, TABLES, Table
from keepwell.engine.columns import arrow_schema
from keepwell.engine.store.errors import BrokenTable
from keepwell.engine.store.session import Session
from tests.strategies import Row, rows, stored

FEW = settings(
    max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
NUMBER = itertools.count()


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(1) as opened:
        yield opened


def write(session: Session, table: type[Table], given_rows: list[Row]) -> list[dict[str, Any]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{next(NUMBER)}.parquet"
        written = session.write_arrow(
            table, pa.Table.from_pylist(given_rows, schema=arrow_schema(table)), path
        )
        assert written.n_rows == len(given_rows)
        return session.arrow(f"SELECT * FROM read_parquet('{path}')").to_pylist()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_any_valid_rows_come_back_as_they_went_in(name: str, session: Session) -> None:
    table = TABLES[name]

    @FEW
    @given(rows(table))
    def holds(given_rows: list[Row]) -> None:
        assert write(session, table, given_rows) == stored(table, given_rows)

    holds()


@pytest.mark.parametrize("table", SOURCES, ids=lambda table: table.name)
def test_drawn_dates_stand_in_the_order_the_contract_asks(table: type[Table]) -> None:
    @FEW
    @given(rows(table))
    def holds(given_rows: list[Row]) -> None:
        for row, rule in itertools.product(given_rows, table.orders):
            later, earlier = row.get(rule.later), row.get(rule.earlier)
            assert later is None or earlier is None or later >= earlier

    holds()


@FEW
@given(data=st.data())
def test_a_value_the_contract_forbids_is_refused_and_named(data: st.DataObject, session: Session) -> None:
    table = TABLES["cash_flow"]
    given_rows = data.draw(rows(table, least=1))
    name, bad = data.draw(
        st.sampled_from(
            [("side", "sideways"), ("flow_amount", -1), ("account_code", None), ("known_on", None)]
        )
    )
    given_rows[-1][name] = bad
    with pytest.raises(BrokenTable, match=f"column {name}"):
        write(session, table, given_rows)


@FEW
@given(data=st.data())
def test_a_key_that_stands_twice_is_refused(data: st.DataObject, session: Session) -> None:
    table = TABLES["trade"]
    given_rows = data.draw(rows(table, least=1, most=3))
    twin = {**given_rows[0], "traded_at": given_rows[0]["traded_at"] + dt.timedelta(days=1)}
    assume(twin["trade_code"])
    with pytest.raises(BrokenTable, match="grain"):
        write(session, table, [*given_rows, twin])
