"""Runs one rule: binds its parameters to tables, compiles, writes what it decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from keepwell.contract import TABLES, Table
from keepwell.engine.ingest.sqltext import names
from keepwell.engine.stage import CONTEXT, TOUCHED, Rule, asked, table_name
from keepwell.engine.store.session import Session, Written, compiled, typed_form, unbound
from keepwell.engine.store.statements import kept
from keepwell.policy.packs import Packs

UNKNOWN = "nobody knows this day yet"


class Stand:
    """Stands for a day that a rule may only tell as a constant: reckoning with it and comparing it fail."""

    def __init__(self, day: dt.date) -> None:
        self._day = day

    def __eq__(self, other: object) -> bool:
        raise TypeError(UNKNOWN)

    def __hash__(self) -> int:
        raise TypeError(UNKNOWN)

    def __repr__(self) -> str:
        raise TypeError(UNKNOWN)

    def isoformat(self) -> str:
        """The day of no run that stands for it in the SQL."""
        return self._day.isoformat()


# What stands in kept SQL for what is another each night, or shall not lie there.
STANDS: dict[str, dt.date] = {
    "as_of": dt.date(9876, 5, 4),
    "acts_on": dt.date(9876, 5, 3),
    "since_on": dt.date(9876, 5, 2),
    "until_on": dt.date(9876, 5, 1),
}
KEY_STANDS = "{the key of hashed words}"


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may ask for besides tables; ``returned_on``: the day up to which people's acts are known.

    ``renews`` says that rules may decide from what the parent run decided, which changes no byte; ``before`` are then
    the parent run's days. ``statements`` is the folder in which SQL is kept, with nobody's days and key in it; without
    it all is made anew.
    """

    as_of: dt.date
    packs: Packs
    token_key: str
    returned_on: dt.date | None = None
    renews: bool = False
    statements: Path | None = None
    before: tuple[dt.date, ...] = ()

    @property
    def acts_on(self) -> dt.date:
        """The day on which people's acts are in force or not: an act of the night after the cut counts too."""
        return max(self.as_of, self.returned_on or self.as_of)

    @property
    def since_on(self) -> dt.date:
        """The first day that may have passed between the parent run and this one."""
        return min(self.as_of, *self.before, self.acts_on)

    @property
    def until_on(self) -> dt.date:
        """The last day that may have passed between the parent run and this one."""
        return max(self.as_of, *self.before, self.acts_on)

    def value(self, name: str) -> Any:
        """The context value of that name."""
        return getattr(self, name)


def table_of(parameter: str) -> type[Table]:
    """The contract table a rule's parameter names. Raises ``KeyError`` for an unknown one."""
    return TABLES[table_name(parameter)]


def query(rule: Rule, context: Context) -> str:
    """The SQL of an Ibis rule over views named as its parameters."""
    way = rule.way(renews=context.renews)
    how = "renewed" if way is rule.renew else "anew"
    return statement(f"{rule.writes[0].name}-{how}", way, context)


def statement(name: str, way: Callable[..., Any], context: Context) -> str:
    """The SQL of a way to decide, kept under that name if the context keeps any."""
    if context.statements is None:
        return made_anew(way, _told(way, context))
    try:
        sql = kept(context.statements, name, lambda: _made(way, _stands(way, context)))
    except (AttributeError, TypeError):
        # The rule reckons with a day before any table is read: its SQL is another each night.
        return made_anew(way, _told(way, context))
    for asked_for, day in STANDS.items():
        sql = sql.replace(_spelled(day), _spelled(context.value(asked_for)))
    return sql.replace(KEY_STANDS, context.token_key)


Told = tuple[tuple[str, Any], ...]


def _told(way: Callable[..., Any], context: Context) -> Told:
    """What a way to decide asks of the context."""
    return tuple((name, context.value(name)) for name in asked(way) if name in CONTEXT)


def _stands(way: Callable[..., Any], context: Context) -> Told:
    """The same with what stands for it in kept SQL."""
    stands: dict[str, Any] = {name: Stand(day) for name, day in STANDS.items()} | {"token_key": KEY_STANDS}
    return tuple((name, stands.get(name, value)) for name, value in _told(way, context))


@lru_cache(maxsize=128)
def made_anew(way: Callable[..., Any], told: Told) -> str:
    """The SQL of a way to decide for what it is told; made once for the same."""
    return _made(way, told)


def _made(way: Callable[..., Any], told: Told) -> str:
    known = dict(told)
    return compiled(way(**{name: known[name] if name in known else _view(name) for name in asked(way)}))


def _spelled(day: dt.date) -> str:
    """A day as compiled SQL tells it."""
    return f"MAKE_DATE({day.year}, {day.month}, {day.day})"


def _view(name: str) -> Any:
    table = table_of(name)
    return unbound(table, table.grain if name.startswith(TOUCHED) else None, called=name)


def arrays(session: Session, rule: Rule, context: Context) -> dict[str, Any]:
    """What an array rule decides, given Arrow tables in the order of the contract."""
    way = rule.way(renews=context.renews)
    given = {
        name: context.value(name) if name in CONTEXT else session.arrow(_ordered(name, rule.given.get(name)))
        for name in asked(way)
    }
    return dict(way(**given))


def _ordered(name: str, columns: tuple[str, ...] | None = None) -> str:
    told = names(columns) if columns else "*"
    return f'SELECT {told} FROM "{name}" ORDER BY {names(table_of(name).order)}'


def execute(
    session: Session, rule: Rule, context: Context, place: Callable[[type[Table]], Path]
) -> list[Written]:
    """Decide, write each table to its place and make its name mean that file for the rules that follow."""
    if not rule.arrays:
        (table,) = rule.writes
        written = [session.write(table, query(rule, context), place(table))]
    else:
        decided = arrays(session, rule, context)
        written = [session.write_arrow(table, decided[table.name], place(table)) for table in rule.writes]
    for table, result in zip(rule.writes, written, strict=True):
        session.view_files(table, [result.path])
    return written


def hold(session: Session, rule: Rule, context: Context) -> None:
    """Decide, and make each table's name mean what is decided, in memory: for those who keep nothing of it."""
    if not rule.arrays:
        (table,) = rule.writes
        session.note(table.name, typed_form(table, query(rule, context)))
        return
    for name, rows in arrays(session, rule, context).items():
        session.take(name, rows)
