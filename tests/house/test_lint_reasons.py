"""A rule that is switched off carries its reason on the same line."""

import re
from collections.abc import Iterator

import pytest

from tests.house.reading import Source, breaches, sources

SWITCHES = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma|fmt:\s*off|nosec)\b(?P<rest>.*)")
CODES = re.compile(r"^\s*(?:\[[\w\-, ]+\]|:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)")
WORDS = 2


def unreasoned(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if (found := SWITCHES.search(line)) and len(
            CODES.sub("", found["rest"]).strip(" #-—").split()
        ) < WORDS:
            yield f"{source.path}:{number} {found[0].strip()} gives no reason"


def test_every_switched_off_rule_gives_its_reason() -> None:
    files = [s for s in sources("src", "tools", "tests", "benchmarks") if "test_lint_reasons" not in s.path]
    assert breaches(unreasoned, files) == []


@pytest.mark.parametrize(
    "planted", ["a = 1  # noqa", "a = 1  # noqa: E501", "a = 1  # type: ignore[arg-type]"]
)
def test_the_scan_can_fail(planted: str) -> None:
    assert list(unreasoned(Source("src/planted.py", planted)))


def test_a_reason_is_seen() -> None:
    assert not list(unreasoned(Source("src/planted.py", "a = b  # type: ignore[misc]  # numba has no types")))
