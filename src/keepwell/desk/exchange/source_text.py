"""A source's row as it may be shown: every field masked unless it is plainly harmless.

A row of Parquet is JSON, so its columns are known by name; a line of text is not, so its fields are judged by shape:
what is not a date, an amount, a short code or a lower-case word is masked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from keepwell.contract import TABLES
from keepwell.contract.schema import Column, Mask, Sensitivity
from keepwell.desk.ui import formats

HIDDEN = "•••"
MASKS: dict[Mask, Callable[[str], str]] = {
    Mask.NAME: formats.mask_name,
    Mask.ID_NUMBER: formats.mask_id,
    Mask.PHONE: formats.mask_phone,
}
FIELD = re.compile(r"[^,|;\t\"]+")
HARMLESS = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?"  # a date, perhaps with a time
    r"|[-+]?\d{1,12}\.\d{1,6}"  # an amount
    r"|[A-Za-z0-9]{1,5}|[A-Z]{1,4}-\d{1,5}|[a-z_]{1,32}"  # a code
)
RESIDENT = re.compile(r"\d{15}|\d{17}[\dXx]")
MOBILE = re.compile(r"1\d{10}")
TAIL = 4


def shown(column: Column | None, found: str | None, *, may_read: bool) -> str:
    """A found value as it may be shown: secret and personal columns masked, or hidden where no mask fits."""
    if not found:
        return formats.UNKNOWN
    if column is not None and column.sensitivity is Sensitivity.OPEN and column.mask is Mask.NONE:
        return found
    if column is None or not may_read or column.mask not in MASKS:
        return HIDDEN
    return MASKS[column.mask](found)


def fields(table_name: str, raw: str) -> list[tuple[str, str]]:
    """Name and masked value of each field of a row; a line of text is one field without a name."""
    named = _named(raw)
    if named is None:
        return [("", FIELD.sub(lambda field: by_shape(field.group()), raw))]
    table = TABLES.get(table_name)
    known = table.columns if table else {}
    return [(name, _field(known.get(name), value)) for name, value in named.items()]


def _named(raw: str) -> dict[str, Any] | None:
    if not raw.startswith("{"):
        return None
    try:
        found: dict[str, Any] = json.loads(raw)
    except ValueError:  # cut to its length, or a text that only begins like one
        return None
    return found


def _field(column: Column | None, value: Any) -> str:
    if value is None or value == "":
        return formats.UNKNOWN
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shown(column, text, may_read=True) if column is not None else by_shape(text)


def by_shape(field: str) -> str:
    """A field whose column nobody knows: shown when it is harmless, else masked as what it looks like."""
    text = field.strip()
    if not text or HARMLESS.fullmatch(text):
        return text
    if RESIDENT.fullmatch(text):
        return formats.mask_id(text)
    if MOBILE.fullmatch(text):
        return formats.mask_phone(text)
    if text.isascii() and text.isalnum() and len(text) >= 2 * TAIL:
        return f"****{text[-TAIL:]}"
    return HIDDEN if text.isascii() else formats.mask_name(text)
