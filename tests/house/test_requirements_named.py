"""A test that names a requirement names one that exists: only such a test counts as cover."""

import re
from collections.abc import Iterator

import pytest

from tests.house.reading import Source, breaches, sources
from tools.docs_cover import chapters

NAMED = re.compile(r"\b(R\d{3}|X\d{2})\b")


def known() -> set[str]:
    return {number for chapter in chapters() for number in chapter.requirements}


def unknown(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), 1):
        yield from (f"{source.path}:{number} {name}" for name in NAMED.findall(line) if name not in known())


def test_tests_name_requirements_that_exist() -> None:
    assert len(known()) > 100
    assert breaches(unknown, [s for s in sources("tests") if "house" not in s.parts]) == []


@pytest.mark.parametrize("planted", ["# proves R999", '"""X99: nothing."""'])
def test_the_scan_can_fail(planted: str) -> None:
    assert list(unknown(Source("tests/test_planted.py", planted)))
