"""What every rule pack carries: its owner, the article it stands on, when it holds, how well each number is known."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Annotated

from keepwell.contract.codes import Role
from keepwell.contract.schema import Code, Text
from keepwell.policy.loading import AtLeast, AtMost

Leaf = object


class Mark(Code):
    """How well a number is known; [P] is nobody's rule, only a start to be decided by the firm."""

    VERIFIED = "V", "Verified in the text of the rule", "已核对原文"
    PARTLY_VERIFIED = "V*", "Verified in part", "部分核对"
    KNOWLEDGE = "K", "From knowledge, to be confirmed by compliance", "据经验,待合规确认"
    PRACTICE = "P", "Practice, the firm's own choice", "实务惯例，由公司自定"


@dataclass(frozen=True)
class Evidence:
    """How well one number or section is known: ``key`` is its dotted path, ``source`` where it was read."""

    key: str
    mark: Mark
    source: str


@dataclass(frozen=True)
class Header:
    """Who answers for a pack and when it holds: from ``in_force_from`` up to, not including, ``in_force_to``."""

    id: Annotated[str, AtMost(40)]
    title: Text
    version: Annotated[str, AtMost(20)]
    owner: Role
    regulation: Text
    article: Text
    in_force_from: date
    in_force_to: date | None = None
    regulation_in_force_from: date | None = None

    def __post_init__(self) -> None:
        if self.in_force_to is not None and self.in_force_to <= self.in_force_from:
            raise ValueError(f"in_force_to after in_force_from, {self.in_force_from}, not {self.in_force_to}")

    def is_in_force(self, as_of: date) -> bool:
        """Whether the pack decides on ``as_of``."""
        return self.in_force_from <= as_of and (self.in_force_to is None or as_of < self.in_force_to)


@dataclass(frozen=True)
class Pack:
    """A signed set of rules. Subclasses add the sections; each value in them but plain text has an evidence mark."""

    header: Header
    evidence: Annotated[tuple[Evidence, ...], AtLeast(1)]

    def __post_init__(self) -> None:
        keys = [path for path, _ in self._rules()]
        for path, value in self._rules():
            if _is_rule(value) and not any(_covers(e.key, path) for e in self.evidence):
                raise ValueError(
                    f"an evidence mark for {path}; add [[evidence]] with key = {_section(path)!r}"
                )
        for e in self.evidence:
            if not any(_covers(e.key, path) for path in keys):
                raise ValueError(f"evidence only for entries of this pack, not for {e.key!r}")

    def mark_of(self, key: str) -> Evidence:
        """The evidence of the entry at dotted path ``key``: the longest one that covers it. Raises KeyError."""
        covering = [e for e in self.evidence if _covers(e.key, key)]
        if not covering:
            raise KeyError(key)
        return max(covering, key=lambda e: len(e.key))

    def entries(self) -> list[tuple[str, Leaf, Evidence]]:
        """Every rule of the pack as (dotted path, value, evidence), in the order of its description."""
        return [(path, value, self.mark_of(path)) for path, value in self._rules() if _is_rule(value)]

    @cached_property
    def sha256(self) -> str:
        """Hash of the canonical form: values only, so comments and the order of keys do not matter."""
        canonical = {path: _written(value) for path, value in _leaves("", self)}
        text = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def version(self) -> str:
        """The human version with the first twelve digits of the hash, such as ``1.0+3f2a9c81d0aa``."""
        return f"{self.header.version}+{self.sha256[:12]}"

    def _rules(self) -> Iterator[tuple[str, Leaf]]:
        for field in dataclasses.fields(self):
            if field.name not in ("header", "evidence"):
                yield from _leaves(field.name, getattr(self, field.name))


def _leaves(path: str, value: object) -> Iterator[tuple[str, Leaf]]:
    if isinstance(value, Text):
        yield path, value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _leaves(f"{path}.{field.name}" if path else field.name, getattr(value, field.name))
    elif isinstance(value, tuple) and any(dataclasses.is_dataclass(one) for one in value):
        for i, one in enumerate(value):
            yield from _leaves(f"{path}[{i}]", one)
    else:
        yield path, value


def _is_rule(value: Leaf) -> bool:
    """Names and sentences decide nothing and need no evidence; numbers, codes, dates, switches and lists do."""
    return not isinstance(value, Text) and type(value) is not str


def _covers(key: str, path: str) -> bool:
    return path == key or (path.startswith(key) and path[len(key)] in ".[")


def _section(path: str) -> str:
    return path.split(".")[0].split("[")[0]


def _written(value: Leaf) -> object:
    if isinstance(value, Text):
        return [value.en, value.zh]
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value if value is None or isinstance(value, bool | int) else str(value)
