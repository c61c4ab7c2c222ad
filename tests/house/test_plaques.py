"""A room's door plate says the question it answers, what it reads and writes, and who looks at it."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.reading import ROOT, Source, breaches

SAID = ("?", "reads", "writes", "look")
FLOORS = ("src/keepwell/engine", "src/keepwell/desk")
NO_ROOMS = {"static", "templates", "locale", "site", "ui", "cli", "run"}  # doors and floors are nobody's pile


def unsaid(source: Source) -> Iterator[str]:
    plaque = ast.get_docstring(source.tree) or ""
    yield from (f"{source.path} does not say: {word}" for word in SAID if word not in plaque.lower())


def rooms() -> list[Source]:
    folders = [
        path for floor in FLOORS if (ROOT / floor).is_dir() for path in sorted((ROOT / floor).iterdir())
    ]
    kept = [
        path for path in folders if path.is_dir() and path.name not in NO_ROOMS and any(path.rglob("*.py"))
    ]
    doors = [path / "__init__.py" for path in kept]
    return [
        Source(str(door.relative_to(ROOT)), door.read_text("utf-8") if door.exists() else "")
        for door in doors
    ]


def test_every_room_has_its_plaque() -> None:
    assert rooms()
    assert breaches(unsaid, rooms()) == []


@pytest.mark.parametrize("planted", ["", '"""Grades."""', '"""Which grade? Reads a. Writes b."""'])
def test_the_scan_can_fail(planted: str) -> None:
    assert list(unsaid(Source("src/keepwell/engine/grading/__init__.py", planted)))
