"""A pack with some of its numbers changed: a draft, checked as strictly as a signed one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from keepwell.policy.loading import build

P = TypeVar("P")
DRAFT = Path("what-if")


def drafted(pack: P, changes: Mapping[str, Any]) -> P:
    """The pack with what ``changes`` tells in the same places as its file would: tables merge, all else replaces.

    Raises ``PackError`` naming the key, the value and what is allowed.
    """
    return build(type(pack), _merged(_written(pack), changes), DRAFT) if changes else pack


def _merged(told: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(told)
    for name, value in changes.items():
        before = merged.get(name)
        merged[name] = (
            _merged(before, value) if isinstance(before, dict) and isinstance(value, Mapping) else value
        )
    return merged


def _written(value: Any) -> Any:
    """A value as the file of a pack writes it; what is not told is left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.init}
        return {name: _written(one) for name, one in fields.items() if one is not None}
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.value if isinstance(value, Enum) else value
