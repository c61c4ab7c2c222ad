"""R043, R060: no protected fact of a client comes near a score; age makes a limit, and what groups lose is an audit."""

import ast
import datetime as dt
from collections.abc import Iterator

from keepwell.contract import TABLES
from keepwell.policy.packs import load_packs
from tests.house.reading import Source, breaches, sources

NEVER = load_packs(dt.date(2026, 11, 20)).allocation.never_in_score
MAY_READ = {
    "src/keepwell/engine/allocation/rules/use.py": {
        "birth_on"
    },  # from an age on vulnerable: a limit, never a score
    "src/keepwell/engine/allocation/rules/audit.py": {
        "birth_on",
        "sex",
    },  # what groups lose, told after the plan
}
ROOMS = ("src/keepwell/engine/allocation", "src/keepwell/engine/solver", "src/keepwell/allocating")


def _word(node: ast.AST) -> object:
    """What a node names: an attribute, a variable, a parameter or a text."""
    match node:
        case ast.Attribute():
            return node.attr
        case ast.Name():
            return node.id
        case ast.arg():
            return node.arg
        case ast.Constant():
            return node.value
    return None


def reads_protected(source: Source) -> Iterator[str]:
    never = set(NEVER) - MAY_READ.get(source.path, set())
    for node in source.walked:
        if (word := _word(node)) in never:
            yield source.at(node, f"reads {word}")


def test_no_rule_of_allocation_reads_a_protected_fact_but_for_a_limit_and_the_audit() -> None:
    assert breaches(reads_protected, sources(*ROOMS)) == []


def test_no_table_that_a_score_is_made_from_has_a_protected_fact() -> None:
    shared = {
        name
        for name, table in TABLES.items()
        if name.startswith("allocation_")
        for one in table.names()
        if one in NEVER
    }
    assert shared == set()


def test_the_scan_can_fail() -> None:
    planted = Source("src/keepwell/engine/allocation/rules/scores.py", "def f(c):\n    return c.sex\n")
    assert list(reads_protected(planted)) == [f"{planted.path}:2 reads sex"]
