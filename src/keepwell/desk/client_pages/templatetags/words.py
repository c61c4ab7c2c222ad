"""Texts of the contract in the reader's language."""

from __future__ import annotations

from django import template

from keepwell.contract.schema import Code, Text
from keepwell.desk.columns import in_reader_language

register = template.Library()


@register.filter
def words(value: Code | Text | None) -> str:
    """A text or a code's text; nothing for none."""
    if value is None:
        return ""
    return in_reader_language(value.text if isinstance(value, Code) else value)
