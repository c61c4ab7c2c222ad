"""An act is a keyword-only verb with its actor and instant: atomic, and audited in the same transaction."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.reading import Source, breaches, dotted, sources

# The log itself writes what the acts tell it.
THE_LOG = "src/keepwell/desk/audit/actions.py"
ACTS = {"actions", "assignments"}
TOLD = {"record", "audit.record", "actions.record"}


def calls(function: ast.AST) -> set[str]:
    return {dotted(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}


def loose(source: Source) -> Iterator[str]:
    acts = [
        node
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    fellows = {act.name for act in acts}
    for act in acts:
        names = {argument.arg for argument in act.args.kwonlyargs}
        decorators = {dotted(d.func if isinstance(d, ast.Call) else d) for d in act.decorator_list}
        if act.args.args or not {"by", "at"} <= names:
            yield source.at(act, f"{act.name} is not keyword-only with by= and at=")
        if "transaction.atomic" not in decorators | calls(act):
            yield source.at(act, f"{act.name} is not atomic")
        if not calls(act) & (TOLD | fellows):
            yield source.at(act, f"{act.name} tells the audit nothing")


def test_every_act_is_atomic_and_audited() -> None:
    acts = [s for s in sources("src/keepwell/desk") if s.parts[-1] in ACTS and s.path != THE_LOG]
    assert acts
    assert breaches(loose, acts) == []


@pytest.mark.parametrize(
    "planted",
    [
        "@transaction.atomic\ndef close(client, *, by, at):\n    record(by=by)",
        "def close(*, by, at):\n    record(by=by)",
        "@transaction.atomic\ndef close(*, by, at):\n    pass",
    ],
)
def test_the_scan_can_fail(planted: str) -> None:
    assert list(loose(Source("src/keepwell/desk/books/actions.py", planted)))
