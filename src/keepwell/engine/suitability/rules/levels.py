"""Levels as places in their list, so that they can be compared, and back."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.schema import Code


def place(level: Any, codes: type[Code]) -> Any:
    """The place of a level in its list, from 1; null for none."""
    return ibis.cases(*[(level == str(code), n) for n, code in enumerate(codes, 1)])


def placed(at: Any, codes: type[Code]) -> Any:
    """The level at a place of its list; null for a place that is none."""
    return ibis.cases(*[(at == n, str(code)) for n, code in enumerate(codes, 1)])


def number_of(code: Code) -> int:
    """The place of a level in its list, from 1."""
    return list(type(code)).index(code) + 1
