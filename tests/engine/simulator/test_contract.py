"""Every table of the delivery keeps the contract: types, codes, bounds, references, grains, order of dates."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from keepwell.contract import Kind, Table
from keepwell.contract.sources import SOURCES
from keepwell.engine.columns import arrow_schema
from keepwell.engine.simulator.firm import Size
from keepwell.engine.simulator.making import TRUTHS, plan
from tests.engine.simulator.making import made, span


def tables() -> dict[str, pa.Table]:
    return made(1_000, 24)


def breaches(table: type[Table], rows: pa.Table) -> Iterator[str]:
    for name, column in table.columns.items():
        values = rows[name].combine_chunks()
        if not column.nullable and values.null_count:
            yield f"{name} is missing {values.null_count} times"
        if column.codes:
            yield from (
                f"{name} = {value}"
                for value in set(values.drop_null().to_pylist()) - set(map(str, column.codes))
            )
        if (
            column.kind is Kind.TEXT
            and len(values)
            and (pc.max(pc.utf8_length(values)).as_py() or 0) > column.length
        ):
            yield f"{name} is too long"
        if (
            column.low is not None
            and len(values)
            and (found := pc.min(values).as_py()) is not None
            and found < column.low
        ):
            yield f"{name} falls to {found}"
        if (
            column.high is not None
            and len(values)
            and (found := pc.max(values).as_py()) is not None
            and found > column.high
        ):
            yield f"{name} rises to {found}"
        if column.references:
            other, key = column.references.split(".")
            missing = set(values.drop_null().to_pylist()) - set(tables()[other][key].to_pylist())
            yield from (f"{name} names {value}, which {other} lacks" for value in sorted(missing)[:3])


@pytest.mark.parametrize("table", SOURCES, ids=lambda table: table.name)
def test_every_row_keeps_the_contract(table: type[Table]) -> None:
    rows = tables()[table.name]
    assert rows.schema.equals(arrow_schema(table))
    assert rows.num_rows > 0
    assert list(breaches(table, rows)) == []
    assert rows.group_by(list(table.grain)).aggregate([]).num_rows == rows.num_rows
    for order in table.orders:
        assert not pc.any(pc.less(rows[order.later], rows[order.earlier])).as_py(), order


def test_the_plan_names_every_table() -> None:
    told = plan(Size.of(1_000), span(24))
    assert set(told.tables) == set(tables())
    assert (told.n_clients, told.n_days, told.n_blocks) == (1_000, 504, 1)
    assert set(TRUTHS) < set(told.tables)


def test_optional_columns_are_used() -> None:
    """What the contract has room for is there in the demo."""
    unused = [
        f"{table.name}.{name}"
        for table in SOURCES
        for name in table.columns
        if tables()[table.name][name].null_count == tables()[table.name].num_rows
    ]
    assert unused == []
