"""From a TOML file to a frozen dataclass: every type, bound and key checked, every fault named.

A pack is described once, by its dataclass; this module reads that description. Allowed field types are ``str``,
``int``, ``bool``, ``Decimal``, ``date``, ``time``, string enums, ``X | None``, ``tuple[X, ...]``, dataclasses of these.
Bounds stand in the type: ``Annotated[int, AtLeast(1)]``. Rules across fields stand in ``__post_init__`` and raise
``ValueError``; the loader adds file and key. Decimals are written as strings, because a TOML float is binary.
"""

from __future__ import annotations

import dataclasses
import tomllib
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from keepwell.policy.errors import PackError

P = TypeVar("P")


@dataclass(frozen=True)
class AtLeast:
    """Lower bound of a number or of a text's or list's length, itself allowed."""

    limit: Decimal | int

    def breach(self, value: Any) -> str | None:
        """What is allowed, if ``value`` (or its length) is below the bound; else None."""
        size = len(value) if isinstance(value, str | tuple) else value
        return f"at least {self.limit}" if size < self.limit else None


@dataclass(frozen=True)
class AtMost:
    """Upper bound of a number or of a text's or list's length, itself allowed."""

    limit: Decimal | int

    def breach(self, value: Any) -> str | None:
        """What is allowed, if ``value`` (or its length) is above the bound; else None."""
        size = len(value) if isinstance(value, str | tuple) else value
        return f"at most {self.limit}" if size > self.limit else None


@dataclass(frozen=True)
class _Place:
    """Where the loader is: the file and the dotted key, for the error message."""

    file: Path
    key: str = ""

    def at(self, name: str) -> _Place:
        return _Place(self.file, f"{self.key}.{name}" if self.key else name)

    def item(self, position: int) -> _Place:
        return _Place(self.file, f"{self.key}[{position}]")

    def refuse(self, value: object, allowed: str) -> PackError:
        return self.fault(repr(value), allowed)

    def fault(self, found: str, allowed: str) -> PackError:
        return PackError(self.file, self.key or "(whole file)", found, allowed)


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file (UTF-8). Raises PackError if it is missing, not UTF-8 or not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PackError(path, "(whole file)", "no such file", "a TOML file at this place") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise PackError(path, "(whole file)", str(fault), "TOML 1.0 in UTF-8") from fault


def load(pack_type: type[P], path: Path) -> P:
    """One pack from one file, fully checked. Raises PackError for the first fault found."""
    return build(pack_type, read_toml(path), path)


def build(pack_type: type[P], tables: Mapping[str, Any], path: Path) -> P:
    """One pack from tables already read (a draft at the desk); ``path`` only names it in errors. Raises PackError."""
    return _dataclass(pack_type, tables, _Place(path))


def _dataclass(kind: type[P], tables: object, place: _Place) -> P:
    if not isinstance(tables, Mapping):
        raise place.refuse(tables, "a table")
    fields = {f.name: f for f in dataclasses.fields(kind) if f.init}  # type: ignore[arg-type]  # P is a dataclass by contract
    for name in tables:
        if name not in fields:
            raise place.at(name).refuse(tables[name], "no such key here; known keys: " + ", ".join(fields))
    hints = _hints(kind)  # type: ignore[arg-type]  # a class is hashable, whatever P is
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in tables:
            values[name] = _value(hints[name], tables[name], place.at(name))
        elif field.default is MISSING and field.default_factory is MISSING:
            raise place.at(name).fault("nothing, the key is missing", _wanted(hints[name]))
    try:
        return kind(**values)
    except ValueError as fault:
        raise place.fault("values that do not fit together", str(fault)) from fault


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    """The fields' types; a pack has many rows of one kind."""
    return get_type_hints(kind, include_extras=True)


def _value(hint: Any, raw: object, place: _Place) -> Any:
    if get_origin(hint) is Annotated:
        bare, *bounds = get_args(hint)
        value = _value(bare, raw, place)
        for bound in bounds:
            if value is not None and (allowed := bound.breach(value)):
                raise place.refuse(raw, allowed)
        return value
    if get_origin(hint) in (Union, types.UnionType):
        (only,) = (arm for arm in get_args(hint) if arm is not type(None))
        return _value(only, raw, place)
    if get_origin(hint) is tuple:
        if not isinstance(raw, list):
            raise place.refuse(raw, "a list")
        return tuple(_value(get_args(hint)[0], one, place.item(i)) for i, one in enumerate(raw))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _dataclass(hint, raw, place)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _code(hint, raw, place)
    return _READERS[hint](raw, place)


def _code(codes: type[Enum], raw: object, place: _Place) -> Enum:
    for code in codes:
        if isinstance(raw, str) and code.value == raw:
            return code
    raise place.refuse(raw, "one of " + ", ".join(str(code.value) for code in codes))


def _text(raw: object, place: _Place) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise place.refuse(raw, "a text that is not blank")
    return raw


def _integer(raw: object, place: _Place) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise place.refuse(raw, "a whole number, without quotes")
    return raw


def _truth(raw: object, place: _Place) -> bool:
    if not isinstance(raw, bool):
        raise place.refuse(raw, "true or false")
    return raw


def _decimal(raw: object, place: _Place) -> Decimal:
    allowed = 'a decimal number in quotes, such as "0.90" (a bare one would lose exactness)'
    if not isinstance(raw, str):
        raise place.refuse(raw, allowed)
    try:
        value = Decimal(raw)
    except InvalidOperation:
        raise place.refuse(raw, allowed) from None
    if not value.is_finite() or raw != format(value, "f"):
        raise place.refuse(raw, allowed)
    return value


def _day(raw: object, place: _Place) -> date:
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise place.refuse(raw, "a date without quotes, such as 2026-11-20")
    return raw


def _clock(raw: object, place: _Place) -> time:
    if not isinstance(raw, time):
        raise place.refuse(raw, "a time of day without quotes, such as 21:00:00")
    return raw


_READERS: dict[Any, Callable[[object, _Place], Any]] = {
    str: _text,
    int: _integer,
    bool: _truth,
    Decimal: _decimal,
    date: _day,
    time: _clock,
}


def _wanted(hint: Any) -> str:
    """What may stand at a missing key, for its error message."""
    if get_origin(hint) is Annotated:
        bare, *bounds = get_args(hint)
        limits = [f"at least {b.limit}" if isinstance(b, AtLeast) else f"at most {b.limit}" for b in bounds]
        return ", ".join([_wanted(bare), *limits])
    if get_origin(hint) is tuple:
        return "a list, each item " + _wanted(get_args(hint)[0])
    if dataclasses.is_dataclass(hint):
        return "a table with " + ", ".join(f.name for f in dataclasses.fields(hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "one of " + ", ".join(str(code.value) for code in hint)
    names = {
        str: "a text",
        int: "a whole number",
        bool: "true or false",
        Decimal: "a decimal in quotes",
        date: "a date",
        time: "a time of day",
    }
    return names.get(hint, "a value")
