"""Runs one rule: binds its parameters to tables, compiles, writes what it decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from keepwell.contract import TABLES, Table
from keepwell.engine.stage import CONTEXT, PARENT, Rule, asked
from keepwell.engine.store.session import Session, Written, compiled, unbound
from keepwell.engine.store.statements import kept
from keepwell.policy.packs import Packs

KEPT_WITH = {"packs"}  # a rule that asks for a day or the key of hashed words has other SQL each night


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may ask for besides tables; ``returned_on``: the day up to which people's acts are known.

    ``renews`` says that rules may decide from what the parent run decided, which changes no byte. ``statements`` is
    the folder in which SQL is kept that hangs on code and policy alone; without it all is made anew.
    """

    as_of: dt.date
    packs: Packs
    token_key: str
    returned_on: dt.date | None = None
    renews: bool = False
    statements: Path | None = None

    @property
    def acts_on(self) -> dt.date:
        """The day on which people's acts are in force or not: an act of the night after the cut counts too."""
        return max(self.as_of, self.returned_on or self.as_of)

    def value(self, name: str) -> Any:
        """The context value of that name."""
        return getattr(self, name)


def table_of(parameter: str) -> type[Table]:
    """The contract table a rule's parameter names. Raises ``KeyError`` for an unknown one."""
    return TABLES[parameter.removeprefix(PARENT)] if parameter.startswith(PARENT) else TABLES[parameter]


@lru_cache(maxsize=32)
def query(rule: Rule, context: Context) -> str:
    """The SQL of an Ibis rule over views named as its parameters; the same for the same rule and context."""
    way = rule.way(renews=context.renews)
    names = asked(way)

    def make() -> str:
        return compiled(way(**{name: _given(name, context) for name in names}))

    if context.statements is None or not {*names} & {*CONTEXT} <= KEPT_WITH:
        return make()
    how = "renewed" if way is rule.renew else "anew"
    return kept(context.statements, f"{rule.writes[0].name}-{how}", make)


def _given(name: str, context: Context) -> Any:
    return context.value(name) if name in CONTEXT else unbound(table_of(name), called=name)


def arrays(session: Session, rule: Rule, context: Context) -> dict[str, Any]:
    """What an array rule decides, given Arrow tables in the order of the contract."""
    way = rule.way(renews=context.renews)
    given = {
        name: context.value(name) if name in CONTEXT else session.arrow(_ordered(name)) for name in asked(way)
    }
    return dict(way(**given))


def _ordered(name: str) -> str:
    order = ", ".join(f'"{column}"' for column in table_of(name).order)
    return f'SELECT * FROM "{name}" ORDER BY {order}'


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
