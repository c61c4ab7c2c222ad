"""A module is named for what it is about; names that could hold anything are not used."""

from collections.abc import Iterator

import pytest

from tests.house.reading import Source, breaches, sources

BANNED = {"utils", "helpers", "common", "misc", "base", "core", "shared", "service", "handler", "processor"}
# Django asks for a database engine's `base`.
LAWFUL = {"src/keepwell/desk/site/sqlite/base.py"}
BANNED |= {"util", "helper", "services", "handlers", "processors", "stuff"}


def vague(source: Source) -> Iterator[str]:
    for part in set(source.parts) & (BANNED if source.path not in LAWFUL else set()):
        yield f"{source.path}: {part} could hold anything"


def test_no_module_has_a_vague_name() -> None:
    assert breaches(vague, sources("src", "tools", "tests", "benchmarks")) == []


@pytest.mark.parametrize("planted", ["src/keepwell/engine/utils.py", "src/keepwell/desk/core/views.py"])
def test_the_scan_can_fail(planted: str) -> None:
    assert list(vague(Source(planted, "")))
