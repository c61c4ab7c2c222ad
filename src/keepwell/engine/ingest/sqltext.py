"""Names, texts and lists as they are written in SQL."""

from __future__ import annotations

from collections.abc import Iterable


def name(identifier: str) -> str:
    """An identifier in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def names(identifiers: Iterable[str], prefix: str = "") -> str:
    """Identifiers in double quotes, parted by commas, each behind ``prefix``."""
    return ", ".join(prefix + name(one) for one in identifiers)


def text(value: object) -> str:
    """A text constant."""
    return "'" + str(value).replace("'", "''") + "'"


def texts(values: Iterable[object]) -> str:
    """Text constants, parted by commas."""
    return ", ".join(text(value) for value in values)


def same(columns: Iterable[str], left: str, right: str) -> str:
    """Whether two rows hold the same in all columns, nulls being equal."""
    return (
        " AND ".join(f"{left}.{name(one)} IS NOT DISTINCT FROM {right}.{name(one)}" for one in columns)
        or "true"
    )
