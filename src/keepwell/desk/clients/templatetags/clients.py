"""Look-ups that templates of this room need: `{% load clients %}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from keepwell.contract import TABLES
from keepwell.desk.clients.sentences import code_text

register = template.Library()


@register.filter
def of(names: Mapping[str, Any], code: str) -> Any:
    """The entry of a mapping, `None` when there is none: `{{ branches|of:row.branch_code }}`."""
    return names.get(code)


@register.simple_tag
def code(table: str, column: str, value: str | None) -> str:
    """A code of an event table in the reader's language: `{% code "trade" "side" row.side %}`."""
    return code_text(TABLES[table], column, value)
