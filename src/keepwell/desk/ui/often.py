"""Questions that every page asks of the database: put into SQL once for whoever asks, not once a page.

Django takes longer to put such a statement together than the database to answer it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

KEPT = 2_000  # statements of a process; beyond it all are put together anew
A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\b")

_kept: dict[Hashable, tuple[str, Sequence[Any]]] = {}


def asked(key: Hashable, make: Callable[[], QuerySet[Any, Any]]) -> list[tuple[Any, ...]]:
    """The rows of the query `make` answers, as tuples; its SQL is kept by `key`, which holds all it depends on.

    Nothing is kept of a query that was made from other rows (making it asked the database) or that names a day or an
    instant: both may be others the next time.
    """
    statement = _kept.get(key)
    if statement is None:
        statement, is_lasting = _made(make)
        if statement is None:
            return []
        if is_lasting:
            if len(_kept) >= KEPT:
                forget()
            _kept[key] = statement
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return list(cursor.fetchall())


def forget() -> None:
    """Keep nothing: the next time everything is put together anew."""
    _kept.clear()


def _made(make: Callable[[], QuerySet[Any, Any]]) -> tuple[tuple[str, Sequence[Any]] | None, bool]:
    """The statement, `None` where it can have no rows, and whether it stays the same for its key."""
    n_asked = 0

    def counted(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal n_asked
        n_asked += 1
        return execute(*statement)

    with connection.execute_wrapper(counted):
        rows = make()
        try:
            sql, params = rows.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            return None, False
    return (sql, params), n_asked == 0 and not any(_is_time(param) for param in params)


def _is_time(param: Any) -> bool:
    """Whether it is a day or an instant, as PostgreSQL takes them or as SQLite keeps them."""
    return isinstance(param, dt.date) or (isinstance(param, str) and bool(A_DAY.match(param)))
