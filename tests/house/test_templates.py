"""A template takes pieces from its own room or the ui floor, holds no inline script, and links to no case."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.reading import Source, breaches, sources

TAKES = re.compile(r"""{%\s*(?:include|extends|partial_from)\s+["']([^"']+)["']""")
# The clients' card shows what rooms hang on it; whoever extends the base takes it from ui.
FREE = {"ui", "registration"}
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|\son[a-z]+=[\"']|javascript:", re.IGNORECASE
)


def room(path: str) -> str:
    parts = Path(path).parts
    return parts[parts.index("desk") + 1] if "desk" in parts else parts[0]


def foreign(source: Source) -> Iterator[str]:
    for taken in TAKES.findall(source.text):
        if Path(taken).parts[0] not in FREE | {room(source.path)}:
            yield f"{source.path} takes {taken}"
    yield from (f"{source.path} has an inline script: {found}" for found in INLINE.findall(source.text))


def to_cases(source: Source) -> Iterator[str]:
    if room(source.path) not in {"cases", "site", "exchange"} and re.search(
        r"\bcases[:.][A-Za-z_]+", source.text
    ):
        yield f"{source.path} points into the case room"


def test_templates_take_only_from_their_own_room_or_ui() -> None:
    assert breaches(foreign, sources("src/keepwell/desk", ending=".html")) == []


def test_nothing_outside_the_case_room_points_into_it() -> None:
    files = [*sources("src/keepwell/desk", ending=".html"), *sources("src/keepwell/desk")]
    assert breaches(to_cases, files) == []


@pytest.mark.parametrize(
    "planted",
    [
        '{% include "books/row.html" %}',
        "<script>go()</script>",
        '<a onclick="go()">',
        "{% extends 'x.html' %}",
    ],
)
def test_the_scan_of_pieces_can_fail(planted: str) -> None:
    assert list(foreign(Source("src/keepwell/desk/clients/templates/clients/list.html", planted)))


@pytest.mark.parametrize("planted", ["{% url 'cases:list' %}", "apps.get_model('cases.Alert')"])
def test_the_scan_of_the_wall_can_fail(planted: str) -> None:
    assert list(to_cases(Source("src/keepwell/desk/clients/templates/clients/list.html", planted)))
