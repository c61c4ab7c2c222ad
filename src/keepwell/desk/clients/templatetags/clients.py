"""Look-ups that templates of this room need: `{% load clients %}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from keepwell.contract import TABLES
from keepwell.contract.behind import FEATURES
from keepwell.desk.clients import hits
from keepwell.desk.clients.sentences import code_text

register = template.Library()
FEATURED = ("client_feature", "client_grade")  # the second repeats what it was decided by


@register.filter
def of(names: Mapping[str, Any], code: str) -> Any:
    """The entry of a mapping, `None` when there is none: `{{ branches|of:row.branch_code }}`."""
    return names.get(code)


@register.filter
def feature_of(place: str) -> str:
    """The feature that an input is, where the rows behind it can be listed: `{{ "client_grade.x"|feature_of }}`."""
    table, _dot, column = place.partition(".")
    return column if table in FEATURED and column in FEATURES else ""


@register.simple_tag
def code(table: str, column: str, value: str | None) -> str:
    """A code of an event table in the reader's language: `{% code "trade" "side" row.side %}`."""
    return code_text(TABLES[table], column, value)


@register.simple_tag(takes_context=True)
def hit_rows(context: Mapping[str, Any]) -> SafeString:
    """The rows of the page's search."""
    lines, user = context["listed"].page.rows, context["user"]
    return hits.rows(lines, user=user, service=context["service"], chinese=context["chinese"])
