"""R241: the made-up firm's extracts are the same bytes for any size of batches, and carry control totals."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from keepwell.contract import TABLES
from keepwell.engine.store.about import About, read_about
from keepwell.engine.store.extracts import write_extracts
from keepwell.engine.store.session import file_hash
from tests.book import arrow_rows

FLOW = TABLES["cash_flow"]
DAY = dt.date(2026, 11, 20)


def _flows(n: int) -> pa.Table:
    """Rows that differ, made of one in columns."""
    one = arrow_rows(FLOW, [{"flowed_on": DAY, "known_on": DAY, "flow_amount": Decimal("1.25")}])
    table = pa.concat_tables([one] * n).combine_chunks()
    codes = pa.array([f"F{number:07}" for number in range(n)])
    return table.set_column(0, FLOW.order[-1], codes).select(list(FLOW.names()))


def _write(folder: Path, table: pa.Table, size: int) -> str:
    batches = (("cash_flow", batch) for batch in table.to_batches(max_chunksize=size))
    write_extracts(
        batches, folder / "extracts", folder / "truth", About("某证券", "keepwell", is_made_up=True)
    )
    return file_hash(folder / "extracts" / "cash_flow.parquet")


def test_r241_the_bytes_do_not_depend_on_the_batches(tmp_path: Path) -> None:
    table = _flows(1_000).take(pa.array(list(range(1_000)) * 250))
    assert _write(tmp_path / "a", table, 997) == _write(tmp_path / "b", table, 250_000)
    assert pq.read_table(tmp_path / "a" / "extracts" / "cash_flow.parquet").equals(table)


def test_r238_control_totals_and_origin_are_told(tmp_path: Path) -> None:
    _write(tmp_path, _flows(4), 3)
    with (tmp_path / "extracts" / "control.csv").open(encoding="utf-8") as stream:
        (row,) = csv.DictReader(stream)
    assert row == {"file": "cash_flow.parquet", "rows": "4", "column": "flow_amount", "total": "5.00"}
    assert read_about(tmp_path / "extracts").is_made_up


def test_r241_a_table_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    empty = pa.RecordBatch.from_arrays(
        [pa.array([], field.type) for field in _flows(1).schema], schema=_flows(1).schema
    )
    write_extracts([("cash_flow", empty)], tmp_path / "extracts", tmp_path / "truth", About())
    assert pq.read_table(tmp_path / "extracts" / "cash_flow.parquet").schema.names == list(FLOW.names())
