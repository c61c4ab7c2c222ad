"""World, life and tape as single pointers for compiled code.

A named tuple of forty arrays is passed array by array, each counted in and out at every call: slow to compile and slow
to run. Compiled code builds one heap object of it once and hands the pointer around.
"""

from __future__ import annotations

from typing import Any, cast

from numba import types
from numba.experimental import structref

from keepwell.engine.simulator.compiled import inlined
from keepwell.engine.simulator.world import Life, Tape, World


class _Fields(types.StructRef):
    def preprocess_fields(self, fields: Any) -> Any:
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


@structref.register
class _WorldType(_Fields):
    pass


@structref.register
class _LifeType(_Fields):
    pass


@structref.register
class _TapeType(_Fields):
    pass


class _WorldObject:
    """Made in compiled code only."""


class _LifeObject:
    """Made in compiled code only."""


class _TapeObject:
    """Made in compiled code only."""


for _made, _kind, _tuple in (
    (_WorldObject, _WorldType, World),
    (_LifeObject, _LifeType, Life),
    (_TapeObject, _TapeType, Tape),
):
    structref.define_constructor(_made, _kind, list(_tuple._fields))
    structref.define_attributes(_kind)

_new_world, _new_life, _new_tape = (
    cast("Any", _WorldObject),
    cast("Any", _LifeObject),
    cast("Any", _TapeObject),
)


@inlined
def world_object(w: World) -> World:
    """The world behind one pointer."""
    made: World = _new_world(
        w.seed, w.first, w.n_days, w.rows, w.accounts, w.account_range, w.seat_of, w.match, w.cells, w.price, w.pools,
        w.on, w.month_end, w.into, w.out, w.month_return, w.stamp, w.passes, w.seats, w.gamma, w.habit, w.leave, w.talk,
        w.fees, w.acts, w.breaks_at, w.advised, w.actions, w.action_range,
    )  # fmt: skip  # in the order of World
    return made


@inlined
def life_object(s: Life) -> Life:
    """The life behind one pointer."""
    made: Life = _new_life(
        s.cash, s.debt, s.product, s.quantity, s.cost, s.income, s.dirty, s.shown, s.in_fen, s.out_fen, s.out_share,
        s.sessions, s.wake, s.visits, s.memory,
    )  # fmt: skip  # in the order of Life
    return made


@inlined
def tape_object(t: Tape) -> Tape:
    """The tape behind one pointer."""
    made: Tape = _new_tape(t.rows, t.months, t.n)
    return made
