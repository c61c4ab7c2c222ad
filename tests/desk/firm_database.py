"""The small run is taken in once a process, into a second database beside the empty one; tests turn to it and back.

What a test writes there goes with its transaction, as it does in the empty one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection


class FirmDatabase:
    """A copy of the migrated test database that is filled when it is first turned to."""

    def __init__(self) -> None:
        self.name = ""
        self.raw: Any = None

    @contextmanager
    def turned_to(self, fill: Callable[[], object]) -> Iterator[None]:
        """The default connection is one to the filled database as long as this lasts."""
        empty, raw = connection.settings_dict["NAME"], connection.connection
        try:
            if self.name:
                self._point(self.name, self.raw)
            else:
                raw = self._copy(empty)
                fill()
                self.name = connection.settings_dict["NAME"]
            yield
        finally:
            self.raw = connection.connection
            self._point(empty, raw)

    @staticmethod
    def _point(name: str, raw: Any) -> None:
        connection.settings_dict["NAME"], connection.connection = name, raw

    def _copy(self, empty: str) -> Any:
        """Connect to a copy; answers what stays of the connection to the empty database."""
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            raw = connection.connection
            self._point("file:keepwell_firm?mode=memory&cache=shared", None)
            connection.ensure_connection()
            raw.backup(connection.connection)
            return raw
        connection.close()  # who is copied has no sessions
        name = f"{empty}_firm"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{empty}"')
        self._point(name, None)
        return None

    def end(self) -> None:
        """Remove the copy."""
        if self.raw is not None:
            self.raw.close()
        if self.name and connection.vendor != "sqlite":
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{self.name}"')


class KeptFile:
    """A file that each test finds as it was made, whatever became of it in the one before."""

    def __init__(self, path: Path) -> None:
        self.path, self.content, self.mark = path, path.read_bytes(), self._now(path)

    @staticmethod
    def _now(path: Path) -> tuple[int, int] | None:
        if not path.exists():
            return None
        told = path.stat()
        return told.st_ino, told.st_mtime_ns

    def restore(self) -> None:
        """Write it anew if it is another one."""
        if self._now(self.path) != self.mark:
            aside = self.path.with_name(f".kept-{self.path.name}")
            aside.write_bytes(self.content)
            aside.replace(self.path)
            self.mark = self._now(self.path)
