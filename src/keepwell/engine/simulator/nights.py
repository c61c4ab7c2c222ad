"""A delivery night by night: the first brings everything so far, each later one what is new since the one before.

Events come once, when the firm knows of them or when one of their dates has come (a complaint that is closed);
tables without events come whole every night, as firms deliver them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract import TABLES, Table
from keepwell.contract.sources.accounts import Holding
from keepwell.engine.columns import arrow_schema

Batch = tuple[str, pa.RecordBatch]
_TRUTH = "truth."


class Nights:
    """Turns what is known on the last day into the delivery of the night, in the order of the nights."""

    def __init__(self) -> None:
        self._before: dt.date | None = None
        self._held: list[pa.RecordBatch] = []

    def deliver(self, batches: Iterator[Batch], on: dt.date, *, is_last: bool) -> Iterator[Batch]:
        """The batches of the night of a day; the truth is told on the last one."""
        since, held, now = self._before, self._held, list[pa.RecordBatch]()
        for name, batch in batches:
            if name == Holding.name:
                now.append(batch)
            if name.startswith(_TRUTH):
                if is_last:
                    yield name, batch
            else:
                yield name, batch if since is None else _fresh(TABLES[name], batch, since, on)
        if since is not None:
            yield Holding.name, _sold_out(held, now, on)
        self._before, self._held = on, now


def _fresh(table: type[Table], batch: pa.RecordBatch, since: dt.date, on: dt.date) -> pa.RecordBatch:
    """Of a table of events the rows with a date after the one day, not after the other; any other table whole."""
    if not table.event_on:
        return batch
    is_fresh = pa.array([False] * batch.num_rows, pa.bool_())
    for column in batch.columns:
        if pa.types.is_date(column.type):
            came = pc.and_(pc.greater(column, since), pc.less_equal(column, on))
            is_fresh = pc.or_(is_fresh, pc.fill_null(came, False))
    return batch.filter(is_fresh)


def _sold_out(before: list[pa.RecordBatch], now: list[pa.RecordBatch], on: dt.date) -> pa.RecordBatch:
    """Positions of the night before that are no more: told once, with nothing in them."""
    schema = arrow_schema(Holding)
    then, today = (pa.Table.from_batches(batches, schema) for batches in (before, now))
    keys = ["account_code", "product_code"]
    gone = then.join(today.select(keys), keys, join_type="left anti").sort_by(
        [(key, "ascending") for key in keys]
    )
    nothing = {"quantity": 0, "market_amount": 0, "cost_amount": 0, "held_on": on}
    columns = [
        pa.array([nothing[name]] * gone.num_rows, schema.field(name).type) if name in nothing else gone[name]
        for name in schema.names
    ]
    whole = pa.table(columns, schema=schema).combine_chunks().to_batches()
    return whole[0] if whole else pa.RecordBatch.from_pylist([], schema=schema)
