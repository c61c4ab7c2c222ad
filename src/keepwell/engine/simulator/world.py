"""What a block of persons lives in, what is remembered of the one being lived, and the tape events are written to."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from keepwell.engine.simulator.accounts import MOST
from keepwell.engine.simulator.compiled import inlined
from keepwell.engine.simulator.streams import Floats, Integers

SLOTS = 10
"""Positions an account can hold at a time."""


class World(NamedTuple):
    """Read only. Money is in fen, prices in .0001 yuan, quantities in .0001 units, rates in 1e-8.

    ``habit``, ``leave``, ``talk`` and ``fees`` are one-row record arrays of ``Behaviour``, ``Leaving``, ``Contact``
    and ``Fees`` (see ``record``). ``acts`` are what is planted in lives: person, day, kind, and two numbers more;
    ``advised`` says who pays for advice; ``actions`` are corporate actions (see ``products``) by product and day.
    """

    seed: int
    first: int
    n_days: int
    rows: Floats
    accounts: Integers
    account_range: Integers
    seat_of: Integers
    match: Floats
    cells: Integers
    price: Integers
    pools: Integers
    on: Integers
    month_end: Integers
    into: Floats
    out: Floats
    month_return: Floats
    stamp: Integers
    passes: Integers
    seats: Integers
    gamma: Floats
    habit: Any
    leave: Any
    talk: Any
    fees: Any
    acts: Integers
    breaks_at: int
    advised: Integers
    actions: Integers
    action_range: Integers


def record(section: tuple[Any, ...]) -> Any:
    """A section of the parameters as an array of one record, which compiled code reads by name."""
    names: tuple[str, ...] = section._fields  # type: ignore[attr-defined]  # every section is a NamedTuple
    kinds = [
        (name, np.float64, (len(value),)) if isinstance(value, tuple) else (name, np.float64)
        for name, value in zip(names, section, strict=True)
    ]
    return np.array([tuple(section)], dtype=kinds)


# columns of ``Life.memory``
(MOOD, NEXT_GAP, GAPS, USUAL_LOGINS, N_MONTHS, LAST_LOGINS, START_VALUE, NET_IN) = range(8)
RETURNS, OUTS, TRADED, TOUCHED = 8, 11, 14, 17  # of the last three months, the latest first
(LAST_CONTACT, LAST_COMPLAINT, STATE, CLOSE_DAY, ORDERS, CLOCK, LOSSES, RETAINED, ARM, MONTH_LOGINS) = range(
    20, 30
)
(MONTH_TRADES, HAZARD, LAST_SERVED, MONTH_OUT, SECOND) = range(30, 35)
CUSTODY_DAY = 35
N_MEMORY = 36
UNDECIDED, GOING, GONE, BACK, CLOSED = range(5)


class Life(NamedTuple):
    """The person being lived: positions by account and slot, plans by account and day, memory."""

    cash: Integers
    debt: Integers
    product: Integers
    quantity: Integers
    cost: Integers
    income: Integers
    dirty: Integers
    shown: Integers
    in_fen: Integers
    out_fen: Integers
    out_share: Floats
    sessions: Integers
    wake: Integers
    visits: Integers
    memory: Floats


class Tape(NamedTuple):
    """Events in the order they happened: whole-number rows whose first cell is the kind, and the truth of months."""

    rows: Integers
    months: Floats
    n: Integers


(TRADE, FLOW, LOGIN, ASSET, CONTACT, SURVEY, COMPLAINT, INCOME, DECISION, TRANSFER, HOLDING, CLOSE) = range(
    12
)
ENTITLED, N_KINDS = 12, 13
# how a day ends in ``World.month_end``: 0 as any other; the last day of all is shown whole though no month ends
MONTH, LAST, QUARTER = 1, 2, 3
WIDTH, MONTH_WIDTH = 13, 13


def new_life(n_planned: int) -> Life:
    """An empty life with room for every planned day."""
    days = n_planned + 2
    return Life(
        np.zeros(MOST, np.int64),
        np.zeros(MOST, np.int64),
        np.zeros((MOST, SLOTS), np.int64),
        np.zeros((MOST, SLOTS), np.int64),
        np.zeros((MOST, SLOTS), np.int64),
        np.zeros(MOST, np.int64),
        np.zeros(MOST, np.int64),
        np.zeros((MOST, 9), np.int64),
        np.zeros((MOST, days), np.int64),
        np.zeros((MOST, days), np.int64),
        np.zeros((MOST, days)),
        np.zeros(days, np.int64),
        np.zeros(days, np.int64),
        np.zeros(64, np.int64),
        np.zeros(N_MEMORY),
    )


@inlined
def reset(s: Life, n_accounts: int) -> None:
    """Forget the person before."""
    s.cash[:n_accounts], s.debt[:n_accounts], s.income[:n_accounts], s.dirty[:n_accounts] = 0, 0, 0, 0
    s.product[:n_accounts], s.quantity[:n_accounts], s.cost[:n_accounts] = -1, 0, 0
    s.shown[:n_accounts], s.in_fen[:n_accounts], s.out_fen[:n_accounts] = -1, 0, 0
    s.out_share[:n_accounts], s.sessions[:], s.wake[:], s.memory[:] = 0.0, 0, 0, 0.0


@inlined
def put(t: Tape, kind: int, who: int, day: int, second: int, a: int, b: int, c: int, d: int) -> int:
    """Writes the first eight cells of an event and returns its row."""
    n = int(t.n[0])
    row = t.rows[n]
    row[0], row[1], row[2], row[3] = kind, who, day, second
    row[4], row[5], row[6], row[7] = a, b, c, d
    t.n[0] = n + 1
    return n
