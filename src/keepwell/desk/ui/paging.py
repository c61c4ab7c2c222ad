"""Keyset pages: no COUNT, no OFFSET; the next page begins after the last row shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import Http404

ROWS = 50
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Keyset(Generic[Row]):
    """One page of rows and the signed cursor of the next, empty at the end."""

    rows: Sequence[Row]
    next_cursor: str
    is_first: bool


def keyset(rows: QuerySet[Row], order: tuple[str, ...], cursor: str = "", size: int = ROWS) -> Keyset[Row]:
    """The page after `cursor` in `order`: columns that are unique together, such as `("-assets", "-client_id")`.

    Keys hold no NULL and may run either way. In range form, `a <= x AND (a < x OR id < i)`, which an index
    on all of them answers at once. A cursor that is not ours is a 404.
    """
    found = rows.order_by(*order)
    if cursor:
        found = found.filter(beyond(order, _read(cursor, _salt(rows.model, order))))
    page = list(found[: size + 1])
    more = len(page) > size
    page = page[:size]
    return Keyset(page, after(page[-1], order) if more else "", not cursor)


def after(row: Model, order: tuple[str, ...]) -> str:
    """The signed cursor of the page that begins behind the row."""
    values = [getattr(row, key.lstrip("-")) for key in order]
    return signing.dumps(values, salt=_salt(type(row), order), serializer=_Plain, compress=False)


def _salt(model: type[Model], order: tuple[str, ...]) -> str:
    """The cursor of one list is no cursor of another."""
    return f"{model.__qualname__} by {', '.join(order)}"


def beyond(order: tuple[str, ...], values: Sequence[Any]) -> Q:
    """What comes after the row with these values in the order."""
    names = [key.lstrip("-") for key in order]
    operators = ["lt" if key.startswith("-") else "gt" for key in order]
    steps = [
        Q(**{f"{name}__{operator}": value})
        for name, operator, value in zip(names, operators, values, strict=True)
    ]
    within = steps[-1]
    for name, value, further in reversed(list(zip(names[1:-1], values[1:-1], steps[1:-1], strict=True))):
        within = further | (Q(**{name: value}) & within)
    return Q(**{f"{names[0]}__{operators[0]}e": values[0]}) & (steps[0] | within)


def _read(cursor: str, salt: str) -> Sequence[Any]:
    try:
        values: Sequence[Any] = signing.loads(cursor, salt=salt, serializer=_Plain)
    except signing.BadSignature as error:
        raise Http404("cursor") from error
    return values


class _Plain(signing.JSONSerializer):
    """JSON in which decimals, dates and instants are their own text: the filter turns them back."""

    def dumps(self, obj: Any) -> bytes:
        plain = [value if isinstance(value, int | float | str) else str(value) for value in obj]
        return super().dumps(plain)
