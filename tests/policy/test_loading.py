"""R230: a pack file is checked to the last key, and every fault is named: file, key, value found, what is allowed."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest

from keepwell.contract.codes import Grade
from keepwell.policy.errors import PackError, PolicyError
from keepwell.policy.loading import AtLeast, AtMost, build, load
from keepwell.policy.packs import DEFAULTS, PACK_TYPES
from keepwell.policy.years import CALENDARS, Week, Year


@dataclass(frozen=True)
class Part:
    """One item of a list."""

    grade: Grade
    cut_amount: Decimal


@dataclass(frozen=True)
class Toy:
    """Every type a pack may use."""

    name: Annotated[str, AtMost(5)]
    n_days: Annotated[int, AtLeast(1), AtMost(31)]
    share: Annotated[Decimal, AtLeast(0), AtMost(1)]
    is_on: bool
    from_on: date
    parts: Annotated[tuple[Part, ...], AtLeast(1)]
    to_on: date | None = None

    def __post_init__(self) -> None:
        if self.to_on is not None and self.to_on <= self.from_on:
            raise ValueError("to_on after from_on")


GOOD = """
name = "toy"
n_days = 5
share = "0.90"
is_on = true
from_on = 2026-01-01
parts = [{ grade = "basic", cut_amount = "1.50" }]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "toy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_r230_a_good_file_becomes_typed_values(tmp_path: Path) -> None:
    toy = load(Toy, written(tmp_path, GOOD))
    assert toy == Toy(
        "toy", 5, Decimal("0.90"), True, date(2026, 1, 1), (Part(Grade.BASIC, Decimal("1.50")),)
    )


FAULTS = {
    "n_days = 5 -> n_days = 32": ("n_days", "32", "at most 31"),
    "n_days = 5 -> n_days = 0": ("n_days", "0", "at least 1"),
    'n_days = 5 -> n_days = "5"': ("n_days", "'5'", "a whole number, without quotes"),
    "n_days = 5 -> n_days = true": ("n_days", "True", "a whole number"),
    "n_days = 5 -> ": ("n_days", "nothing, the key is missing", "a whole number, at least 1, at most 31"),
    "n_days = 5 -> n_days = 5\nextra = 1": ("extra", "1", "no such key here; known keys: name, n_days"),
    'share = "0.90" -> share = 0.9': ("share", "0.9", 'a decimal number in quotes, such as "0.90"'),
    'share = "0.90" -> share = "1e-1"': ("share", "'1e-1'", "a decimal number in quotes"),
    'share = "0.90" -> share = "NaN"': ("share", "'NaN'", "a decimal number in quotes"),
    'share = "0.90" -> share = "nine"': ("share", "'nine'", "a decimal number in quotes"),
    'share = "0.90" -> share = "1.01"': ("share", "'1.01'", "at most 1"),
    'share = "0.90" -> share = "-0.01"': ("share", "'-0.01'", "at least 0"),
    "is_on = true -> is_on = 1": ("is_on", "1", "true or false"),
    "from_on = 2026-01-01 -> from_on = 2026-01-01T00:00:00": ("from_on", "datetime", "a date without quotes"),
    'from_on = 2026-01-01 -> from_on = "2026-01-01"': ("from_on", "'2026-01-01'", "a date without quotes"),
    "is_on = true -> is_on = true\nto_on = 2025-01-01": (
        "(whole file)",
        "values that do not",
        "to_on after from_on",
    ),
    'name = "toy" -> name = "  "': ("name", "'  '", "a text that is not blank"),
    'name = "toy" -> name = "a long name"': ("name", "'a long name'", "at most 5"),
    'grade = "basic" -> grade = "gold"': (
        "parts[0].grade",
        "'gold'",
        "one of strategic, important, regular, basic",
    ),
    'cut_amount = "1.50" -> cut = "1.50"': ("parts[0].cut", "'1.50'", "no such key here"),
    'parts = [{ grade = "basic", cut_amount = "1.50" }] -> parts = []': ("parts", "[]", "at least 1"),
    'parts = [{ grade = "basic", cut_amount = "1.50" }] -> parts = 3': ("parts", "3", "a list"),
    'parts = [{ grade = "basic", cut_amount = "1.50" }] -> parts = [3]': ("parts[0]", "3", "a table"),
    "from_on = 2026-01-01 -> from_on = 2026-02-30": ("(whole file)", "", "TOML 1.0 in UTF-8"),
}


@pytest.mark.parametrize("change", FAULTS)
def test_r230_every_fault_names_file_key_value_and_what_is_allowed(change: str, tmp_path: Path) -> None:
    old, new = change.split(" -> ")
    key, found, allowed = FAULTS[change]
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(PackError) as fault:
        load(Toy, path)
    assert (fault.value.file, fault.value.key) == (str(path), key)
    assert found in fault.value.found
    assert allowed in fault.value.allowed
    for part in (str(path), key, fault.value.found, fault.value.allowed):
        assert part in str(fault.value)


def test_r230_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"gone\.toml.*no such file"):
        load(Toy, tmp_path / "gone.toml")
    path = tmp_path / "gbk.toml"
    path.write_bytes('name = "守客"'.encode("gbk"))
    with pytest.raises(PolicyError, match="UTF-8"):
        load(Toy, path)


def every_file() -> Iterator[tuple[type[Any], Path]]:
    for path in sorted(DEFAULTS.glob("*.toml")):
        yield PACK_TYPES[tomllib.loads(path.read_text("utf-8"))["header"]["id"]], path
    for path in sorted(CALENDARS.glob("*.toml")):
        yield (Year if path.stem[-1].isdecimal() else Week), path


def places(tables: Any, trail: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key and every list item of a file."""
    children = tables.items() if isinstance(tables, dict) else enumerate(tables)
    for name, value in children:
        yield (*trail, name)
        if isinstance(value, dict | list):
            yield from places(value, (*trail, name))


@contextmanager
def changed(tables: dict[str, Any], trail: tuple[Any, ...], value: object) -> Iterator[dict[str, Any]]:
    """The tables with another value at one place, as long as this lasts."""
    parent: Any = tables
    for step in trail[:-1]:
        parent = parent[step]
    absent = object()
    kept = parent.get(trail[-1], absent) if isinstance(parent, dict) else parent[trail[-1]]
    parent[trail[-1]] = value
    yield tables
    if kept is absent:
        del parent[trail[-1]]
    else:
        parent[trail[-1]] = kept


@pytest.mark.parametrize(("kind", "path"), list(every_file()), ids=lambda one: getattr(one, "stem", ""))
def test_r230_no_entry_of_a_default_pack_takes_a_value_of_another_type(kind: type[Any], path: Path) -> None:
    tables = tomllib.loads(path.read_text("utf-8"))
    for trail in list(places(tables)):
        with changed(tables, trail, 0.5) as wrong, pytest.raises(PackError):
            build(kind, wrong, path)
    assert build(kind, tables, path)  # what was changed and put back is the pack itself


@pytest.mark.parametrize(("kind", "path"), list(every_file()), ids=lambda one: getattr(one, "stem", ""))
def test_r230_no_table_of_a_default_pack_takes_an_unknown_key(kind: type[Any], path: Path) -> None:
    tables = tomllib.loads(path.read_text("utf-8"))
    trails = [("surplus",)]
    for trail in places(tables):
        value: Any = tables
        for step in trail:
            value = value[step]
        trails += [(*trail, "surplus")] if isinstance(value, dict) else []
    for trail in trails:
        with changed(tables, trail, 1) as wrong, pytest.raises(PackError, match="no such key here"):
            build(kind, wrong, path)
