"""Reads one client's rows of a published run."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from keepwell.contract import Table
from keepwell.engine.store.folder import RunFolder
from keepwell.engine.store.session import Session


class RunReader:
    """Answers questions about single clients of a run; secret tables are never opened."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._session = Session(threads=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def find_client(self, word: str) -> str | None:
        """The client of a client number, customer number or account; ``None`` when there is none."""
        for table, column in (
            ("client", "client_id"),
            ("client_record", "record_code"),
            ("client_account", "account_code"),
        ):
            path: Path = self._run.path / "tables" / f"{table}.parquet"
            found = self._session.connection.execute(
                f'SELECT client_id FROM read_parquet(?, hive_partitioning = false) WHERE "{column}" = ? LIMIT 1',
                [str(path), word],
            ).fetchall()
            if found:
                return str(found[0][0])
        return None

    def rows(self, table: type[Table], client_id: str) -> list[dict[str, Any]]:
        """All rows of a client in a table, in the table's order."""
        order = ", ".join(f'"{name}"' for name in table.order)
        found = self._session.connection.execute(
            f"SELECT * FROM read_parquet(?, hive_partitioning = false) WHERE client_id = ? ORDER BY {order}",
            [str(self._run.file(table)), client_id],
        )
        names = [head[0] for head in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
