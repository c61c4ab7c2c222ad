"""A block of persons: traits, records, accounts, fees, manager and the lives they lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from keepwell.engine.simulator import fees, persons, purposes, world
from keepwell.engine.simulator.accounts import A_PERSON, account_rows, record_rows
from keepwell.engine.simulator.compiled import compiled
from keepwell.engine.simulator.firm import Firm, Size
from keepwell.engine.simulator.life import live
from keepwell.engine.simulator.market import Index, market_index
from keepwell.engine.simulator.products import Goods, goods
from keepwell.engine.simulator.seating import seating
from keepwell.engine.simulator.span import Span, day_number
from keepwell.engine.simulator.staff import Workforce, tilt, workforce
from keepwell.engine.simulator.stories import Stories, tell
from keepwell.engine.simulator.streams import Floats, Integers, uniforms
from keepwell.engine.simulator.world import LAST, QUARTER

FEES_LOWERED = day_number(dt.date(2023, 8, 28))
_CAPACITY = 1 << 18


@dataclass(frozen=True)
class Town:
    """All that persons share: the firm's parameters, the days, the market, the products, the staff."""

    firm: Firm
    size: Size
    seed: int
    span: Span
    index: Index
    goods: Goods
    staff: Workforce
    stories: Stories


@dataclass(frozen=True)
class Block:
    """Persons ``first`` to ``first + n − 1`` with all that happened to them; ``events`` by kind of event."""

    first: int
    n: int
    rows: Floats
    records: Integers
    accounts: Integers
    account_range: Integers
    plants: Integers
    excess: Floats
    seat_of: Integers
    match: Floats
    events: dict[int, Integers]
    months: Floats


def found(firm: Firm, size: Size, seed: int, span: Span) -> Town:
    """The shared part of a simulation. Deterministic in its arguments."""
    index = market_index(firm.market, span, seed)
    things = goods(firm.market, index, size, span, seed)
    staff = workforce(firm, size, span, seed)
    return Town(firm, size, seed, span, index, things, staff, tell(firm, size, seed, span, things, staff))


def _world(
    town: Town, block: tuple[int, Floats, Integers, Integers], seat_of: Integers, match: Floats
) -> world.World:
    first, rows, accounts, ranges = block
    span, firm = town.span, town.firm
    b = firm.behaviour
    into, out = span.flow_weights(b.middle_days_share, b.december_factor, b.festival_out_factor)
    lowered = span.on >= FEES_LOWERED
    return world.World(
        town.seed,
        first,
        span.n_run,
        rows,
        accounts,
        ranges,
        seat_of,
        match,
        town.goods.cells,
        town.goods.price,
        town.goods.pools,
        span.on,
        _ends(span),
        into,
        out,
        town.index.month_return,
        np.where(lowered, 50_000, 100_000),
        np.where(lowered, 5_410, 6_870),
        town.staff.seats,
        town.staff.gamma,
        world.record(b),
        world.record(firm.leaving),
        world.record(firm.contact),
        world.record(firm.fees),
        town.stories.acts_of(first, rows.shape[0]),
        firm.regime_break,
        _advised(town, first, rows, seat_of),
        town.goods.actions,
        town.goods.action_range,
    )


def _ends(span: Span) -> Integers:
    """Which days end a month or a quarter, and which is the last of all."""
    ends = span.month_ends().astype(np.int64)
    ends[(ends == 1) & (span.calendar_months()[: span.n_run] % 3 == 2)] = QUARTER
    if span.n_run == span.on.size:
        ends[-1] = LAST
    return ends


def _advised(town: Town, first: int, rows: Floats, seat_of: Integers) -> Integers:
    """Who pays for advice: some of the clients of advisers."""
    who = first + np.arange(rows.shape[0])
    asks = uniforms(town.seed, who, purposes.ADVICE, who * 0, 0) < town.firm.fees.advised_share
    by_adviser = town.staff.is_adviser[np.maximum(seat_of, 0)] & (seat_of >= 0)
    return (asks & by_adviser & (rows[:, persons.LIVES] > 0)).astype(np.int64)


def _ranges(accounts: Integers, n: int) -> Integers:
    person = accounts[:, A_PERSON]
    return np.stack(
        [np.searchsorted(person, np.arange(n)), np.searchsorted(person, np.arange(n), side="right")], axis=1
    ).astype(np.int64)


def _lives(w: world.World, n: int, n_planned: int, n_months: int) -> Iterator[tuple[Integers, Floats]]:
    """Runs the block until all have lived; yields the tape each time it is full, to be read before it goes on."""
    margin = 500 * n_months + 40_000
    tape = world.Tape(
        np.empty((max(_CAPACITY, 3 * margin), world.WIDTH), np.int64),
        np.empty((max(n * 4, 4_096) + n_months, world.MONTH_WIDTH)),
        np.zeros(2, np.int64),
    )
    life, at = world.new_life(n_planned), 0
    while at < n:
        tape.n[:] = 0
        at = live(w, life, tape, at, n, margin, n_months)
        yield tape.rows[: tape.n[0]], tape.months[: tape.n[1]].copy()


@compiled
def _sorted(rows: Integers) -> tuple[Integers, Integers]:
    """The rows of a tape by kind, in the order they were written, and where each kind begins."""
    cuts = np.zeros(world.N_KINDS + 1, np.int64)
    for r in range(rows.shape[0]):
        cuts[rows[r, 0] + 1] += 1
    for kind in range(world.N_KINDS):
        cuts[kind + 1] += cuts[kind]
    at, out = cuts.copy(), np.empty_like(rows)
    for r in range(rows.shape[0]):
        kind = rows[r, 0]
        out[at[kind]] = rows[r]
        at[kind] += 1
    return out, cuts


def run_block(town: Town, first: int, n: int) -> Block:
    """Generates persons ``first`` to ``first + n − 1`` and lets them live."""
    firm, span, seed = town.firm, town.span, town.seed
    noise = firm.identity
    rows = persons.traits(firm, span, seed, first, n)
    town.stories.overlay(rows, first)
    shares = np.array(noise.hard_record_shares if firm.hard_identity else noise.record_shares)
    records = record_rows(seed, first, rows, span.on, shares, town.staff.branch_ends, noise.id_fifteen)
    accounts = account_rows(seed, first, rows, records, firm.clients)
    plants, excess = fees.set_fees(seed, first, rows, records, accounts, firm.fees, span.first, span.on.size)
    ranges = _ranges(accounts, n)
    seat_of, match = seating(
        seed,
        first,
        rows,
        town.staff.branch_ends,
        town.staff.seat_range,
        town.staff.seats,
        town.staff.taste,
        np.array(tilt(firm.bias)),
        firm.staff,
        firm.leaving,
    )
    town.stories.seat(seat_of, match, rows, first, town.staff)
    w = _world(town, (first, rows, accounts, ranges), seat_of, match)
    tapes = [(_sorted(rows), months) for rows, months in _lives(w, n, span.on.size, span.n_months)]
    months = np.concatenate([months for _, months in tapes])
    events = {
        kind: np.concatenate([rows[cuts[kind] : cuts[kind + 1]] for (rows, cuts), _ in tapes])
        for kind in range(world.N_KINDS)
    }
    return Block(first, n, rows, records, accounts, ranges, plants, excess, seat_of, match, events, months)
