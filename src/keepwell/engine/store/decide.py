"""Runs one rule: binds its parameters to tables, compiles, writes what it decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from keepwell.contract import TABLES, Table
from keepwell.engine.stage import CONTEXT, PARENT, Rule
from keepwell.engine.store.session import Session, Written, compiled, unbound
from keepwell.policy.packs import Packs


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may ask for besides tables; ``returned_on``: the day up to which people's acts are known."""

    as_of: dt.date
    packs: Packs
    token_key: str
    returned_on: dt.date | None = None

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
    arguments = {name: context.value(name) for name in rule.parameters if name in CONTEXT}
    tables = {name: unbound(table_of(name), called=name) for name in rule.reads}
    return compiled(rule.decide(**arguments, **tables))


def arrays(session: Session, rule: Rule, context: Context) -> dict[str, Any]:
    """What an array rule decides, given Arrow tables in the order of the contract."""
    arguments = {name: context.value(name) for name in rule.parameters if name in CONTEXT}
    tables = {name: session.arrow(_ordered(name)) for name in rule.reads}
    return dict(rule.decide(**arguments, **tables))


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
