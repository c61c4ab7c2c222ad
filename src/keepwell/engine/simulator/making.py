"""Making the firm: a stream of batches, the same bytes for any size of block and any number of threads."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa

from keepwell.contract.sources import SOURCES
from keepwell.engine.simulator.account_tables import account_tables
from keepwell.engine.simulator.assessments import assessment_tables
from keepwell.engine.simulator.block import Block, Town, found, run_block
from keepwell.engine.simulator.connections import related_parties, stakes
from keepwell.engine.simulator.event_tables import event_tables
from keepwell.engine.simulator.evidence_tables import evidence_tables
from keepwell.engine.simulator.firm import Firm, Size
from keepwell.engine.simulator.firm_tables import firm_tables
from keepwell.engine.simulator.person_tables import person_tables
from keepwell.engine.simulator.record_tables import record_tables
from keepwell.engine.simulator.span import Days, Span
from keepwell.engine.simulator.truth_tables import shared_truth, truth_tables

Batch = tuple[str, pa.RecordBatch]
CHUNK = 2_000
STORIES = "truth.stories"
TRUTHS = (
    "truth.manager",
    STORIES,
    "truth.market",
    "truth.person",
    "truth.record_of",
    "truth.field_error",
    "truth.relation",
    "truth.stake",
    "truth.client_month",
    "truth.decision",
    "truth.match",
    "truth.fee_plant",
)


@dataclass(frozen=True)
class Plan:
    """What a simulation will yield, for progress bars: clients, blocks of them, days, and the names of the tables."""

    n_clients: int
    n_blocks: int
    n_days: int
    first_on: dt.date
    last_on: dt.date
    tables: tuple[str, ...]


def plan(size: Size, span: Span, chunk: int = CHUNK) -> Plan:
    """Counts known before anything is made."""
    epoch = dt.date(1970, 1, 1)
    return Plan(
        size.n_clients,
        -(-size.n_clients // chunk),
        span.n_run,
        epoch + dt.timedelta(days=span.first),
        epoch + dt.timedelta(days=span.last),
        (*(table.name for table in SOURCES), *TRUTHS),
    )


def _tables(town: Town, block: Block) -> Iterator[Batch]:
    yield from record_tables(town, block)
    yield from account_tables(town, block)
    yield related_parties(town, block)
    yield from assessment_tables(town, block)
    yield from evidence_tables(town, block)
    yield from person_tables(town, block)
    yield from event_tables(town, block)
    yield from truth_tables(town, block)
    yield stakes(town, block)


def _made(town: Town, first: int, n: int) -> list[Batch]:
    return list(_tables(town, run_block(town, first, n)))


def _ahead(town: Town, starts: list[int], chunk: int, threads: int) -> Iterator[list[Batch]]:
    """Blocks in order, a few of them being made at a time."""
    n = town.size.n_clients
    if threads <= 1:
        for start in starts:
            yield _made(town, start, min(chunk, n - start))
        return
    waiting: deque[Future[list[Batch]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for start in starts:
            waiting.append(pool.submit(_made, town, start, min(chunk, n - start)))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def simulate(
    firm: Firm,
    size: Size,
    seed: int,
    months: int,
    until: dt.date,
    *,
    trading: Days,
    working: Days,
    n_days: int | None = None,
    chunk: int = CHUNK,
    threads: int = 1,
) -> Iterator[Batch]:
    """Yields (table, batch) of everything the firm would deliver on the last day, and truth tables (``truth.…``).

    The span is the last 21·months of ``trading`` days through ``until``; ``trading`` and ``working`` are sorted days
    since 1970-01-01. ``n_days`` cuts the span after that many days: what happened before is the same. Batches of the
    firm come first, then for each block of ``chunk`` persons one batch a table; put together, the rows of a table do
    not depend on ``chunk`` or ``threads``. An event that the firm learns of after the last day is not delivered yet.
    Money is yuan with two digits; instants are UTC. Raises ValueError when the calendar is too short.
    """
    span = Span.of(trading, working, months, until, n_days)
    town = found(firm, size, seed, span)
    yield from firm_tables(town)
    yield from shared_truth(town)
    for batches in _ahead(town, list(range(0, size.n_clients, chunk)), chunk, threads):
        yield from batches
