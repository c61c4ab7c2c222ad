"""Every test asserts something, and none is left out in silence."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.reading import Source, breaches, dotted, sources

LEAVING_OUT = {"skip", "skipif", "xfail", "importorskip"}


def asserts(function: ast.AST) -> bool:
    calls = [dotted(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    said = any(name.split(".")[-1].startswith(("assert", "raises", "expect")) for name in calls)
    return said or any(isinstance(node, ast.Assert) for node in ast.walk(function))


def silent(source: Source) -> Iterator[str]:
    for node in source.functions:
        if node.name.startswith("test_") and not asserts(node):
            yield source.at(node, f"{node.name} asserts nothing")
    for name in source.nodes(ast.Attribute):
        if name.attr in LEAVING_OUT and dotted(name).startswith("pytest."):
            yield source.at(name, f"{dotted(name)} leaves a test out")
    for check in source.nodes(ast.Assert):
        if isinstance(check.test, ast.Constant):
            yield source.at(check, "asserts a constant")


def test_every_test_asserts_and_none_is_left_out() -> None:
    tests = [s for s in sources("tests") if s.parts[-1].startswith("test_")]
    assert breaches(silent, tests) == []


@pytest.mark.parametrize(
    "planted", ["def test_a():\n    f()", "assert True", "@pytest.mark.skip\ndef g(): ..."]
)
def test_the_scan_can_fail(planted: str) -> None:
    assert list(silent(Source("tests/test_planted.py", planted)))
