"""From a reason code and the row it stands on to a sentence in the reader's language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from keepwell.contract.codes import CalendarKind, Grade, Occupation, Role, ServiceType
from keepwell.contract.schema import Code, Text
from keepwell.contract.serving import Resource

# Facts that are codes: in a sentence they stand as the words of their list.
CODED: dict[str, type[Code]] = {
    "ruled_grade": Grade,
    "grade_override_role": Role,
    "ruled_service_type": ServiceType,
    "scored_type": ServiceType,
    "type_override_role": Role,
    "occupation": Occupation,
    "resource": Resource,
}
Formatter = Callable[[str, Any, str], str]

UNKNOWN = Text("—", "—")
# Days a sentence names that many clients do not have: said in words, for a dash reads as a fault.
NO_DAY = {name: Text("none on record", "无记录") for name in ("last_trade_on", "last_seen_on")}

# English after a number that is one; Chinese has one form.
OF_ONE = {
    "days": "day",
    "log-in days": "log-in day",
    "trades": "trade",
    "letters": "letter",
    "rows match": "row matches",
    "fields differ": "field differs",
    "products": "product",
    "hours": "hour",
    "marketing contacts": "marketing contact",
}
COUNTED = re.compile(r"\{(\w+)\} (" + "|".join(sorted(OF_ONE, key=len, reverse=True)) + r")\b")


def plain(name: str, value: Any, language: str) -> str:
    """The value as text: amounts with separators, shares as percent, dates ISO, unknown as a dash."""
    if value is None:
        return NO_DAY.get(name, UNKNOWN).in_language(language)
    if isinstance(value, Code):
        return value.text.in_language(language)
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, bool):
        return {True: Text("yes", "是"), False: Text("no", "否")}[value].in_language(language)
    if name.endswith("_share"):
        return f"{Decimal(value) * 100:.1f}%"
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def sentence(reason: Code, row: Mapping[str, Any], language: str, formatter: Formatter = plain) -> str:
    """The reason's sentence with the row's own facts filled in.

    ``row`` maps column names to values; every ``{column}`` of the template must be one of them.
    Raises ``KeyError`` when the template names a column the row does not have.
    """
    template = COUNTED.sub(lambda found: _counted(found, row), reason.text.in_language(language))
    return template.format_map(_Facts(row, language, formatter))


def days_of(n: int, kind: CalendarKind) -> Text:
    """So many days of a calendar: one is "1 working day"."""
    many = kind.text.en
    return Text(f"{n} {many.removesuffix('s') if n == 1 else many}", f"{n} 个{kind.text.zh}")


def _counted(found: re.Match[str], row: Mapping[str, Any]) -> str:
    """The placeholder with its noun, as one or many."""
    name, noun = found.groups()
    return f"{{{name}}} {OF_ONE[noun] if row.get(name) in (1, '1') else noun}"


class _Facts(dict[str, str]):
    def __init__(self, row: Mapping[str, Any], language: str, formatter: Formatter) -> None:
        super().__init__()
        self._row, self._language, self._formatter = row, language, formatter

    def __missing__(self, name: str) -> str:
        value = self._row[name]
        if name in CODED and value is not None:
            return CODED[name].of(value).text.in_language(self._language)
        return self._formatter(name, value, self._language)
