"""What may be taken away as a file: rooms register kinds; `people.exports` asks, lets go and writes (flows.md §5).

It lies on the ground because the log, which lies below people, is taken away too. Whoever registers decides the
columns and reads the rows within the user's scope; limit, purpose, second person, watermark and log are the same
for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Label = str | Promise
AT_MOST = 5_000
ALONE_UP_TO = 50
COUNTED_TO = 100_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. Its name is the verb under which taking it away is logged (`clients.export_list`).

    `count(user, query, at_most)` and `rows(user, query)` read what the address' `query` asks for within the user's
    scope, masked as on the page; `columns(user)` are the labels, one a value of a row. `told(query)` says the
    filters in words. `pages` is the URL name of the list it belongs to.
    """

    label: Label
    permission: str
    columns: Callable[[Any], Sequence[Label]]
    rows: Callable[[Any, str], Iterable[Sequence[Any]]]
    count: Callable[[Any, str, int], int]
    told: Callable[[str], str] = str
    page: str = ""


_kinds: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Add a kind (call it in `AppConfig.ready`)."""
    _kinds[name] = kind


def kind_of(name: str) -> Kind | None:
    """The kind of that name, if there is one."""
    return _kinds.get(name)


def label_of(name: str) -> str:
    """What a kind is called in the reader's language."""
    return str(_kinds[name].label) if name in _kinds else name


def kinds_of(user: Any) -> list[str]:
    """The kinds a user may take away, and so may let others take away."""
    return [name for name, kind in _kinds.items() if user.may(kind.permission)]
