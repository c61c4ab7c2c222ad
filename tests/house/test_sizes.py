"""A function fits on a screen (40 lines), a file can be read in one go (400)."""

from collections.abc import Iterator

import pytest

from tests.house.reading import Source, breaches, sources

FUNCTION, FILE = 40, 400


def too_long(source: Source) -> Iterator[str]:
    if (lines := source.text.count("\n")) > FILE:
        yield f"{source.path} has {lines} lines"
    for node in source.functions:
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION:
            yield source.at(node, f"{node.name} has {lines} lines")


def test_functions_and_files_are_short() -> None:
    assert breaches(too_long, sources("src", "tools", "tests", "benchmarks")) == []


@pytest.mark.parametrize("planted", ["def f():\n" + "    a = 1\n" * FUNCTION, "a = 1\n" * (FILE + 1)])
def test_the_scan_can_fail(planted: str) -> None:
    assert list(too_long(Source("src/keepwell/planted.py", planted)))
