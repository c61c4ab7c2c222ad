"""The pipeline compiled as it runs at night, over tables that hold no row."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from keepwell.contract import TABLES, Table
from keepwell.engine.columns import sql_type
from keepwell.engine.pipeline import STAGES
from keepwell.engine.stage import TOUCHED, Rule, views_of
from keepwell.engine.store.decide import Context, query, statement, table_of
from keepwell.engine.store.session import Session
from keepwell.policy.packs import load_packs

AS_OF = dt.date(2026, 11, 20)


@dataclass(frozen=True)
class Compiled:
    """One Ibis rule: the table it writes, the tables it reads, the SQL it becomes."""

    table: type[Table]
    reads: tuple[str, ...]
    sql: str


def context() -> Context:
    """What the rules are asked with: the default packs in force on a day of the last verified year."""
    return Context(AS_OF, load_packs(AS_OF), "test")


def ibis_rules() -> list[Rule]:
    """Every rule that is an expression, in the order of the pipeline."""
    return [rule for stage in STAGES for rule in stage.rules if not rule.arrays]


def ways(rule: Rule) -> dict[str, Context]:
    """A rule's ways to decide, named by its table, with what each is asked with."""
    found = {rule.writes[0].name: context()}
    if rule.renew:
        found[f"{rule.writes[0].name} renewed"] = replace(context(), renews=True)
    return found


DECIDED = [name for rule in ibis_rules() for name in ways(rule)]


@lru_cache
def compiled_rules() -> dict[str, Compiled]:
    """Every Ibis rule of the pipeline by the table it writes, in each of its ways, compiled once for all tests."""
    return {
        name: Compiled(rule.writes[0], rule.views, query(rule, asked))
        for rule in ibis_rules()
        for name, asked in ways(rule).items()
    }


def touched_ways() -> dict[str, Compiled]:
    """What tells who is touched, as the SQL it becomes, by the name under which rules ask for it."""
    return {
        TOUCHED + table: Compiled(TABLES[table], views_of(way), statement(table, way, context()))
        for stage in STAGES
        for table, way in stage.touched.items()
    }


def lay_out(session: Session, names: tuple[str, ...]) -> None:
    """Empty tables under the names a rule reads, in the contract's types."""
    for name in names:
        table = table_of(name)
        held = table.grain if name.startswith(TOUCHED) else table.names()
        columns = ", ".join(f'"{key}" {sql_type(table.columns[key])}' for key in held)
        session.run(f'CREATE TABLE IF NOT EXISTS "{name}" ({columns})')


def bound(session: Session, sql: str) -> Iterator[dict[str, Any]]:
    """Every aggregate and window function of a query as DuckDB binds it, with the types it really has."""
    quoted = sql.replace("'", "''")
    ((text,),) = session.rows(
        f"SELECT json_serialize_plan('{quoted}', optimize := false, skip_null := true, skip_empty := true)"
    )
    plan = json.loads(text)
    if plan["error"]:
        raise ValueError(plan["error_message"])
    return _functions(plan["plans"])


def _functions(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("expression_class") in ("BOUND_AGGREGATE", "BOUND_WINDOW"):
            yield node
        for value in node.values():
            yield from _functions(value)
    elif isinstance(node, list):
        for value in node:
            yield from _functions(value)


def scales() -> set[int]:
    """Every decimal scale the contract uses."""
    return {column.scale for table in TABLES.values() for column in table.columns.values()}
